import secrets
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LIFE = timedelta(hours=72)


class InvitationManager(models.Manager):
    def renew(self, user, by) -> str:
        """Give an account a new link and return its token; a link from before opens no more."""
        token = secrets.token_urlsafe(32)
        values = {"digest": _digest(token), "sent_at": timezone.now(), "sent_by": by}
        self.update_or_create(user=user, defaults=values)
        return token

    def open_with(self, token: str):
        """Return the invitation that a token opens; None if it is over, revoked or made up."""
        since = timezone.now() - LIFE
        found = self.filter(digest=_digest(token), sent_at__gt=since, user__is_active=True)
        return found.select_related("user").first()


class Invitation(models.Model):
    """A link, good once and for 72 hours, by which somebody chooses the account's password.

    The token itself is kept nowhere: who reads the database opens no account with it.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invitation"
    )
    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of the token
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = InvitationManager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self):
        return str(self.user)

    @property
    def is_over(self) -> bool:
        return timezone.now() > self.sent_at + LIFE


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
