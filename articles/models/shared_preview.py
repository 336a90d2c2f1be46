import secrets
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone


def new_token() -> str:
    """Return 32 characters that nobody guesses."""
    return secrets.token_urlsafe(24)


class SharedPreviewQuerySet(models.QuerySet):
    def valid(self):
        """Links that still open: neither expired nor revoked."""
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())


class SharedPreview(models.Model):
    """A link by which somebody without an account reads one working copy, for a while."""

    HOURS = [24, 72, 168]  # what the desk may choose
    DEFAULT_HOURS = 72

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="+")
    token = models.CharField(max_length=40, unique=True, default=new_token)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    openings = models.PositiveIntegerField(default=0)

    objects = SharedPreviewQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self):
        return self.token

    def get_absolute_url(self):
        return reverse("shared-preview", args=[self.token])

    @classmethod
    def share(cls, article, by, hours=DEFAULT_HOURS):
        """Make a link that opens for so many hours from now."""
        expires_at = timezone.now() + timedelta(hours=hours)
        return cls.objects.create(article=article, created_by=by, expires_at=expires_at)

    @property
    def is_valid(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()
