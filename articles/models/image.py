import hashlib
import secrets
from datetime import timedelta
from pathlib import PurePath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.images.fingerprints import is_near
from articles.slugs import fold

EXPIRY_NOTICE = timedelta(days=14)
SHARE = [MinValueValidator(0), MaxValueValidator(1)]  # of a side


def secret_name(_image, filename):
    """Give a file a name that nobody guesses, not even who has the picture: drafts hold it, too."""
    return f"images/{secrets.token_hex(16)}{PurePath(filename).suffix.lower()[:10]}"


def validate_size(file):
    """Refuse a file above UPLOAD_MAX_BYTES."""
    limit = settings.UPLOAD_MAX_BYTES
    if file.size > limit:
        raise ValidationError(
            _("This file weighs %(size)s; the limit is %(limit)s.")
            % {"size": filesizeformat(file.size), "limit": filesizeformat(limit)}
        )


class ImageQuerySet(models.QuerySet):
    def found_by(self, words):
        """Pictures whose texts hold each of the first eight words, in any case and accent."""
        found = self
        for word in words.split()[:8]:
            tagged = Image.tags.through.objects.filter(tag__key__contains=fold(word))
            found = found.filter(
                models.Q(search_text__contains=fold(word)) | models.Q(pk__in=tagged.values("image"))
            )
        return found

    def without_alt(self):
        return self.filter(alt="", is_decorative=False)

    def expiring(self):
        """Pictures that may not be used any more, or only for EXPIRY_NOTICE longer."""
        return self.filter(usable_until__lte=timezone.localdate() + EXPIRY_NOTICE)

    def like(self, content_hash, fingerprint):
        """Return up to four pictures that have the same bytes or look nearly the same.

        fingerprint: see articles/images/fingerprints.py.
        """
        alike = [
            pk
            for pk, same, other in self.values_list("pk", "content_hash", "fingerprint")
            if same == content_hash or is_near(other, fingerprint)
        ]
        return list(self.filter(pk__in=alike[:4]))


class Image(models.Model):
    """A picture of the library, with all that must be said about it."""

    class Licence(models.TextChoices):
        RESERVED = "reserved", _("all rights reserved")
        AGENCY = "agency", _("agency")
        PRESS_KIT = "press", _("press kit")
        CC_BY = "cc-by", "CC BY"
        CC_BY_SA = "cc-by-sa", "CC BY-SA"
        CC_BY_ND = "cc-by-nd", "CC BY-ND"
        CC_BY_NC = "cc-by-nc", "CC BY-NC"
        CC_BY_NC_SA = "cc-nc-sa", "CC BY-NC-SA"
        CC_BY_NC_ND = "cc-nc-nd", "CC BY-NC-ND"
        CC0 = "cc0", _("CC0 or public domain")
        OWN = "own", _("our own")

    DEEDS: dict[str, str] = {  # where each licence of Creative Commons says what it allows
        Licence.CC_BY: "by/4.0/",
        Licence.CC_BY_SA: "by-sa/4.0/",
        Licence.CC_BY_ND: "by-nd/4.0/",
        Licence.CC_BY_NC: "by-nc/4.0/",
        Licence.CC_BY_NC_SA: "by-nc-sa/4.0/",
        Licence.CC_BY_NC_ND: "by-nc-nd/4.0/",
    }
    SEARCHED = ["title", "alt", "caption", "credit", "creator", "copyright", "city", "source_url"]

    title = models.CharField(_("title"), max_length=200)
    file = models.ImageField(
        _("file"),
        upload_to=secret_name,
        width_field="width",
        height_field="height",
        validators=[validate_size],
    )
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    alt = models.CharField(
        _("alternative text"),
        max_length=300,
        blank=True,
        help_text=_("What the picture shows, for those who cannot see it."),
    )
    is_decorative = models.BooleanField(
        _("decorative"),
        default=False,
        help_text=_("It tells nothing: screen readers pass over it."),
    )
    caption = models.CharField(_("caption"), max_length=500, blank=True)
    credit = models.CharField(
        _("credit"), max_length=200, help_text=_("Who made the picture, as it must be printed.")
    )
    licence = models.CharField(
        _("licence"), max_length=10, choices=Licence, default=Licence.RESERVED
    )
    licence_url = models.URLField(
        _("address of the licence"),
        max_length=500,
        blank=True,
        help_text=_("Where the terms stand. Of Creative Commons, the usual address is known."),
    )
    creator = models.CharField(_("creator"), max_length=200, blank=True)
    copyright = models.CharField(_("copyright notice"), max_length=300, blank=True)
    source_url = models.URLField(
        _("source"),
        max_length=500,
        blank=True,
        help_text=_("Where the picture comes from, and where others may acquire it."),
    )
    usable_until = models.DateField(
        _("usable until"),
        null=True,
        blank=True,
        help_text=_("The last day on which the licence allows it. Empty: without end."),
    )
    taken_on = models.DateField(_("taken on"), null=True, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    tags = models.ManyToManyField(
        "articles.Tag", verbose_name=_("tags"), blank=True, related_name="images"
    )
    keywords = models.JSONField(default=list, editable=False)  # the file's own, not taken as tags
    focal_x = models.FloatField(
        _("from the left"),
        default=0.5,
        validators=SHARE,
        help_text=_("From 0 to 1; 0.5 is the middle."),
    )
    focal_y = models.FloatField(_("from the top"), default=0.5, validators=SHARE)
    renditions = models.JSONField(default=dict, editable=False)  # see articles/images/renditions.py
    content_hash = models.CharField(max_length=64, editable=False, db_index=True)
    fingerprint = models.CharField(max_length=16, default="", editable=False)
    search_text = models.TextField(default="", editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("uploaded by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)

    objects = ImageQuerySet.as_manager()

    class Meta:
        verbose_name = _("image")
        verbose_name_plural = _("images")
        ordering = ["-uploaded_at", "-pk"]
        permissions = [
            ("change_any_image", "Can change the pictures of others and those that readers see"),
        ]
        constraints = [
            models.CheckConstraint(
                name="image_has_pixels", condition=models.Q(width__gt=0, height__gt=0)
            ),
            models.CheckConstraint(
                name="focal_point_inside",
                condition=models.Q(focal_x__range=(0, 1), focal_y__range=(0, 1)),
            ),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self.search_text = fold(" ".join(getattr(self, name) for name in self.SEARCHED))
        if self.file and not getattr(self.file, "_committed", True):  # a new file, not stored yet
            self.content_hash = hashlib.file_digest(self.file.open(), "sha256").hexdigest()
            self.file.seek(0)
        super().save(*args, **kwargs)

    @property
    def licence_address(self) -> str:
        """Where the terms of the licence stand; "" if nobody said."""
        if self.licence_url or self.licence not in self.DEEDS:
            return self.licence_url
        return f"https://creativecommons.org/licenses/{self.DEEDS[self.licence]}deed.fr"

    @property
    def is_shared(self) -> bool:
        """Whether the licence is one of Creative Commons, which ask to be named."""
        return self.licence in self.DEEDS

    @property
    def is_expired(self) -> bool:
        return self.usable_until is not None and self.usable_until < timezone.localdate()

    @property
    def expires_soon(self) -> bool:
        return (
            self.usable_until is not None
            and self.usable_until <= timezone.localdate() + EXPIRY_NOTICE
        )
