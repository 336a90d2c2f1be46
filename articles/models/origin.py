import re
from urllib.parse import unquote, urlsplit

from django.core.files.storage import default_storage
from django.db import models
from django.utils.translation import gettext_lazy as _

UPLOADS = re.compile(r".*/(?:uploads|files|media)/(?:sites/\d+/)?", re.DOTALL)
# WordPress's own marks of a copy in another size: photo-1024x683.jpg, photo-scaled.jpg
VARIANT = re.compile(r"(?:-\d{2,5}x\d{2,5}|-scaled|-rotated|-e\d{10,13})+(?=\.\w+$)")


def upload_key(address: str) -> str:
    """Return what names an upload wherever it lies: "2020/05/photo.jpg", "" of no address.

    Image proxies (Jetpack's i0.wp.com) and what follows a question mark do not matter.
    """
    try:
        path = unquote(urlsplit(address).path)
    except ValueError:
        return ""
    return UPLOADS.sub("", path.replace("\x00", "")).lstrip("/")


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

    article = models.ForeignKey(
        "articles.Article", models.SET_NULL, null=True, related_name="origins"
    )
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
        indexes = [
            models.Index(fields=["source", "kind", "path"], name="origin_path"),
            models.Index(fields=["kind", "path"], name="origin_upload"),
        ]

    def __str__(self):
        return f"{self.source} {self.kind} {self.key}"

    @classmethod
    def of_upload(cls, address, source="") -> "Origin | None":
        """Return the file of an address, in whatever size it names it; None if unknown."""
        key = upload_key(address).lower()
        if not key:
            return None
        plain = VARIANT.sub("", key)
        stem, suffix = plain.rsplit(".", 1) if "." in plain else (plain, "")
        keys = [key, plain, f"{stem}-scaled.{suffix}"]
        files = cls.objects.filter(kind=cls.Kind.FILE, path__in=keys).select_related("image")
        if source:
            files = files.filter(source=source)
        by_path = {origin.path: origin for origin in files.order_by("-pk")}
        return next((by_path[key] for key in keys if key in by_path), None)

    @property
    def file_address(self) -> str:
        """Where a file that was brought over is read now; "" if it is not here."""
        if self.image:
            return self.image.file.url
        return default_storage.url(self.file) if self.file else ""
