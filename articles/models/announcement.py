from django.db import models
from django.utils import timezone


class Announcement(models.Model):
    """What search engines or feed readers are still to be told: see articles/announcing.py."""

    class Channel(models.TextChoices):
        INDEXNOW = "indexnow", "IndexNow"
        WEBSUB = "websub", "WebSub"

    channel = models.CharField(max_length=10, choices=Channel)
    article = models.ForeignKey(
        "articles.Article", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    paths = models.JSONField()  # of the site's addresses that changed
    due_at = models.DateTimeField(default=timezone.now)
    claimed_until = models.DateTimeField(null=True)  # by who is telling it
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["channel", "due_at"], name="announcement_due")]

    def __str__(self):
        return f"{self.get_channel_display()}: {', '.join(self.paths)}"
