from datetime import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from authors.models import validate_links

LEGAL = ["publication_director", "publisher", "host", "contact_email"]  # what the law wants said


class SiteSettings(models.Model):
    """What the title says about itself: one row, edited in the admin."""

    name = models.CharField(_("name of the title"), max_length=80, default="Avion")
    tagline = models.CharField(_("tagline"), max_length=160, blank=True)
    logo = models.ImageField(
        _("logo"),
        upload_to="logo/",
        blank=True,
        help_text=_("Stands before the name; left empty, the aircraft stands there."),
    )
    independence_line = models.CharField(
        _("independence line"),
        max_length=300,
        blank=True,
        help_text=_("Printed under every article: who owns this title, and who does not."),
    )
    about = models.TextField(
        _("about the title"), blank=True, help_text=_("Two or three sentences, for the footer.")
    )
    publication_director = models.CharField(_("publication director"), max_length=150, blank=True)
    publisher = models.CharField(
        _("publisher"), max_length=300, blank=True, help_text=_("Company, legal form, address.")
    )
    host = models.CharField(
        _("host"), max_length=300, blank=True, help_text=_("Name, address, telephone.")
    )
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    social_links = models.TextField(
        _("social networks"),
        blank=True,
        validators=[validate_links],
        help_text=_("Addresses of the title's own accounts, one a line."),
    )

    # The front page: see avion/front.py.
    front = models.JSONField(default=list, editable=False)  # [{"article": id or None, "until": …}]
    alert_text = models.CharField(max_length=200, blank=True, editable=False)
    alert_address = models.CharField(max_length=300, blank=True, editable=False)
    alert_until = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("site settings")
        verbose_name_plural = _("site settings")
        constraints = [
            models.CheckConstraint(name="site_settings_one_row", condition=models.Q(pk=1))
        ]

    def __str__(self):
        return self.name

    @classmethod
    def load(cls):
        """Return the settings; those of a new site if none were saved yet."""
        return cls.objects.first() or cls(pk=1)

    def pins(self, at=None) -> list[int | None]:
        """Return the ids of the articles that the newsroom placed on the front page, in order.

        None of a place that is empty, or whose end has come. at: a moment; None means now.
        """
        now = at or timezone.now()
        return [
            None
            if place["until"] and datetime.fromisoformat(place["until"]) <= now
            else place["article"]
            for place in self.front
        ]

    def alert(self, at=None) -> dict | None:
        """Return {"text", "address"} of the alert that is on at a moment; None if none is."""
        now = at or timezone.now()
        is_on = self.alert_text and self.alert_until and self.alert_until > now
        return {"text": self.alert_text, "address": self.alert_address} if is_on else None

    def missing(self) -> list[str]:
        """Return the names of what the law or the readers want and is not filled in."""
        wanted = ["independence_line", *self.missing_by_law()]
        return [
            str(field.verbose_name)
            for field in self._meta.fields
            if field.name in wanted and not getattr(self, field.name)
        ]

    def missing_by_law(self) -> list[str]:
        """Return the fields of the legal notice that are not filled in."""
        return [name for name in LEGAL if not getattr(self, name).strip()]

    @property
    def social_link_list(self) -> list[str]:
        return self.social_links.split()
