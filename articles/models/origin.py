from django.db import models
from django.utils.translation import gettext_lazy as _


class Origin(models.Model):
    """Where something that was brought over from another site stood there, and what it is here.

    An import that is run again finds by it what it brought before. Without any of its targets,
    it is known and not brought yet, or was deleted here since (`digest` is not empty then).
    """

    class Kind(models.TextChoices):
        AUTHOR = "author", _("author")
        CATEGORY = "category", _("category")
        TAG = "tag", _("tag")
        FILE = "file", _("file")
        BLOCK = "block", _("reusable block")
        POST = "post", _("article")
        PAGE = "page", _("page")

    source = models.CharField(max_length=200)  # host and path of the other site
    kind = models.CharField(max_length=10, choices=Kind)
    key = models.CharField(max_length=250)  # its id there, or its slug or login
    path = models.CharField(max_length=500, blank=True)  # its address there; of a file: the upload
    said = models.JSONField(default=dict)  # what is needed to bring it over
    kept = models.JSONField(default=dict)  # what was said of it there and has no place here
    digest = models.CharField(max_length=64, blank=True)  # of what was brought over
    version = models.PositiveIntegerField(null=True)  # of the working copy as it was brought over

    article = models.ForeignKey("articles.Article", models.SET_NULL, null=True, related_name="+")
    page = models.ForeignKey("articles.Page", models.SET_NULL, null=True, related_name="+")
    image = models.ForeignKey("articles.Image", models.SET_NULL, null=True, related_name="+")
    section = models.ForeignKey("articles.Section", models.SET_NULL, null=True, related_name="+")
    tag = models.ForeignKey("articles.Tag", models.SET_NULL, null=True, related_name="origins")
    author = models.ForeignKey("authors.Author", models.SET_NULL, null=True, related_name="+")
    file = models.CharField(max_length=300, blank=True)  # its name in the storage: no picture

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "kind", "key"], name="origin_once"),
        ]
        indexes = [models.Index(fields=["source", "kind", "path"], name="origin_path")]

    def __str__(self):
        return f"{self.source} {self.kind} {self.key}"
