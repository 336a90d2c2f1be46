import re

from django.db import models
from django.utils.translation import gettext_lazy as _
from taggit.managers import _TaggableManager
from taggit.models import ItemBase, TagBase

from articles.reading.addresses import address_of
from articles.slugs import fold, slugify

WORD = re.compile(r"[^\W_]+")


def tag_key(name: str) -> str:
    """Return what tells tags apart: the name without case, accents and doubled spaces."""
    return " ".join(fold(name).split())


def near_key(name: str) -> str:
    """Return what tags that are likely the same have in common: "F-35", "f 35" and "F35s".

    Letters and digits alone, each word without its mark of the plural; "" of signs alone.
    """
    return "".join(word.rstrip("sx") or word for word in WORD.findall(fold(name)))


class TagQuerySet(models.QuerySet["Tag"]):
    def named(self, name):
        """Return the tag of this name, however it is typed; make it if there is none."""
        name = " ".join(name.split())
        return self.get_or_create(key=tag_key(name), defaults={"name": name})[0]

    def all_of(self, tags):
        """Return these tags; those of which only the name is given are made if need be."""
        return [tag if isinstance(tag, Tag) else self.named(tag) for tag in tags]

    def with_twins(self):
        """Tags that look like another one (see `near_key`)."""
        shared = (
            Tag.objects.exclude(near="")
            .order_by()
            .values("near")
            .annotate(count=models.Count("pk"))
            .filter(count__gt=1)
        )
        return self.filter(near__in=shared.values("near"))

    def looking_like(self, name):
        """Tags that look like this name and are called otherwise."""
        near = near_key(name)
        return self.filter(near=near).exclude(key=tag_key(name)) if near else self.none()


class Tag(TagBase):
    """A keyword of articles. « Rafale » and « rafale » are one tag."""

    key = models.CharField(max_length=300, unique=True, editable=False)
    near = models.CharField(max_length=300, db_index=True, editable=False)  # see near_key
    description = models.TextField(
        _("description"), blank=True, help_text=_("Shown at the top of the tag's page.")
    )
    image = models.ForeignKey(
        "articles.Image",
        verbose_name=_("picture"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Shown at the top of the tag's page."),
    )
    seo_title = models.CharField(_("title for search engines"), max_length=120, blank=True)
    seo_description = models.TextField(
        _("description for search engines"), max_length=320, blank=True
    )

    objects = TagQuerySet.as_manager()

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]

    def save(self, *args, **kwargs):
        self.key, self.near = tag_key(self.name), near_key(self.name)
        super().save(*args, **kwargs)

    def slugify(self, tag, i=None):
        return (slugify(tag) or "tag") + (f"-{i}" if i else "")

    def get_absolute_url(self):
        return address_of("tag", self.slug)


class TaggingManager(_TaggableManager):
    """taggit's manager, matching names as `Tag.objects.named` does."""

    def _to_tag_model_instances(self, tags, tag_kwargs):
        return list(dict.fromkeys(Tag.objects.all_of(tags)))


class Tagging(ItemBase):
    """A tag of a working copy."""

    content_object = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, related_name="+"
    )
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="taggings")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["content_object", "tag"], name="tagging_once")
        ]


class PublishedTagging(models.Model):
    """A tag of a readers' copy. The date is repeated here so that a tag's page needs no sort."""

    article = models.ForeignKey(
        "articles.PublishedArticle", on_delete=models.CASCADE, related_name="taggings"
    )
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="published_taggings")
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["tag", "-published_at", "-article"], name="tagging_newest"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["article", "tag"], name="published_tagging_once")
        ]

    def __str__(self):
        return str(self.tag)
