from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class NoteQuerySet(models.QuerySet):
    def open(self):
        """Notes that nobody has resolved yet."""
        return self.filter(resolved_at=None)


class Note(models.Model):
    """What a colleague says of a working copy, or of one passage. Readers never see it."""

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="notes")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    text = models.TextField(_("note"), max_length=2000)
    passage = models.TextField(max_length=500, blank=True)  # the words that it is about
    is_blocking = models.BooleanField(
        _("blocking"),
        default=False,
        help_text=_("The article cannot be published before the note is resolved."),
    )
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.text
