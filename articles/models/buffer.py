from django.conf import settings
from django.db import models
from django.http import QueryDict
from django.utils import timezone


class Buffer(models.Model):
    """What an editor typed into an article's form and has not saved: private, never a revision.

    One row an open form (`key`); saving the form, or dropping the text, takes it away.
    """

    key = models.UUIDField()
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    article = models.ForeignKey(  # None: an article that was never saved
        "articles.Article", on_delete=models.CASCADE, null=True, related_name="+"
    )
    data = models.TextField()  # the form as the browser would post it, URL-encoded
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-saved_at"]
        constraints = [models.UniqueConstraint(fields=["editor", "key"], name="buffer_of_a_form")]

    def __str__(self):
        return str(self.key)

    @property
    def title(self) -> str:
        """The title as it was typed, maybe empty."""
        return QueryDict(self.data).get("title", "")


class Presence(models.Model):
    """Who had an article's form open, and when last."""

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="+")
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "editor"], name="presence_once")]

    def __str__(self):
        return f"{self.editor}, {self.seen_at}"
