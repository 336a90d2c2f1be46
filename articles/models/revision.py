from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Revision(models.Model):
    """What a working copy held after one act of the desk: who did it, when and why.

    Written by `articles.desk.history`, never changed. Several acts on an unchanged copy
    (saved, then published) are several revisions of one version.
    """

    class Act(models.TextChoices):
        FOUND = "found", _("as it was before the history began")
        SAVED = "saved", _("saved")
        SUBMITTED = "submitted", _("submitted for review")
        SENT_BACK = "sent-back", _("sent back to its writer")
        READY = "ready", _("marked ready")
        PUBLISHED = "published", _("published")
        SCHEDULED = "scheduled", _("scheduled")
        MOVED = "moved", _("moved to another moment")
        ENDING = "ending", _("moment of withdrawal set")
        WITHDRAWN = "withdrawn", _("withdrawn")
        RESTORED = "restored", _("restored")

    article = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, related_name="revisions"
    )
    version = models.PositiveIntegerField()
    act = models.CharField(max_length=10, choices=Act)
    content = models.JSONField()  # see articles.desk.content
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["article", "version"], name="revision_of_version")]

    def __str__(self):
        return f"{self.article_id}, version {self.version}"
