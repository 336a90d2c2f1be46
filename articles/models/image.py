import hashlib
from pathlib import PurePath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

SHARE = [MinValueValidator(0), MaxValueValidator(1)]  # of a side


def content_name(image, filename):
    """Name a file after its content: it cannot be guessed, and never changes under its name."""
    return f"images/{image.content_hash[:32]}{PurePath(filename).suffix.lower()[:10]}"


def validate_size(file):
    """Refuse a file above UPLOAD_MAX_BYTES."""
    limit = settings.UPLOAD_MAX_BYTES
    if file.size > limit:
        raise ValidationError(
            _("This file weighs %(size)s; the limit is %(limit)s.")
            % {"size": filesizeformat(file.size), "limit": filesizeformat(limit)}
        )


class Image(models.Model):
    """A picture of the library, with all that must be said about it."""

    class Licence(models.TextChoices):
        RESERVED = "reserved", _("all rights reserved")
        AGENCY = "agency", _("agency")
        PRESS_KIT = "press", _("press kit")
        CC_BY = "cc-by", "CC BY"
        CC_BY_SA = "cc-by-sa", "CC BY-SA"
        CC0 = "cc0", _("CC0 or public domain")
        OWN = "own", _("our own")

    title = models.CharField(_("title"), max_length=200)
    file = models.ImageField(
        _("file"),
        upload_to=content_name,
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
    focal_x = models.FloatField(
        _("from the left"),
        default=0.5,
        validators=SHARE,
        help_text=_("From 0 to 1; 0.5 is the middle."),
    )
    focal_y = models.FloatField(_("from the top"), default=0.5, validators=SHARE)
    renditions = models.JSONField(default=dict, editable=False)  # see articles/images/renditions.py
    content_hash = models.CharField(max_length=64, editable=False, db_index=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("uploaded by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)

    class Meta:
        verbose_name = _("image")
        verbose_name_plural = _("images")
        ordering = ["-uploaded_at", "-pk"]
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
        if self.file and not getattr(self.file, "_committed", True):  # a new file, not stored yet
            self.content_hash = hashlib.file_digest(self.file.open(), "sha256").hexdigest()
            self.file.seek(0)
        super().save(*args, **kwargs)
