from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """A line of the audit log: who did what, when, from where. Written once, never changed."""

    class Act(models.TextChoices):
        SIGNED_IN = "signed_in", _("signed in")
        REFUSED = "refused", _("sign-in refused")
        LOCKED_OUT = "locked_out", _("locked out")
        CONFIRMED = "confirmed", _("identity confirmed")
        SIGNED_OUT = "signed_out", _("signed out")
        PASSWORD = "password", _("password changed")
        FACTOR = "factor", _("second factor changed")
        SESSIONS = "sessions", _("sessions ended")
        INVITED = "invited", _("invitation or link sent")
        REVOKED = "revoked", _("link revoked")
        ACCOUNT = "account", _("account changed")
        ROLE = "role", _("role changed")
        CLOSED = "closed", _("account closed")
        REOPENED = "reopened", _("account reopened")
        ERASED = "erased", _("data erased")
        DELETED = "deleted", _("account deleted")
        EXPORTED = "exported", _("exported")
        IMPORTED = "imported", _("imported")
        SETTINGS = "settings", _("settings changed")
        PUBLISHED = "published", _("publication")

    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    act = models.CharField(_("act"), max_length=12, choices=Act)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    who = models.CharField(_("who"), max_length=254, blank=True)  # as it was called then
    address = models.GenericIPAddressField(_("from where"), null=True)
    about = models.CharField(_("what"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("entry of the audit log")
        verbose_name_plural = _("entries of the audit log")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["act", "-at"], name="audit_act")]

    def __str__(self):
        return f"{self.get_act_display()}: {self.about or self.who}"
