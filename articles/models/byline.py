from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.reading.querysets import PublishedBylineQuerySet


class Byline(models.Model):
    """An author's place among those who sign a working copy."""

    article = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, related_name="bylines"
    )
    author = models.ForeignKey(
        "authors.Author", verbose_name=_("author"), on_delete=models.PROTECT, related_name="+"
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("byline")
        verbose_name_plural = _("bylines")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "author"],
                name="byline_once",
                violation_error_message=_("This author signs the article already."),
            )
        ]

    def __str__(self):
        return str(self.author)


class PublishedByline(models.Model):
    """An author of a readers' copy. The date is repeated here so that their page needs no sort."""

    article = models.ForeignKey(
        "articles.PublishedArticle", on_delete=models.CASCADE, related_name="bylines"
    )
    author = models.ForeignKey("authors.Author", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    published_at = models.DateTimeField()

    objects = PublishedBylineQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        indexes = [
            models.Index(fields=["author", "-published_at", "-article"], name="byline_newest"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["article", "author"], name="published_byline_once")
        ]

    def __str__(self):
        return str(self.author)
