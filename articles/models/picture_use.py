from django.db import models
from lxml import html as lxml_html

from articles.models.image import Image

LONGEST_ID = 19  # digits that a database can hold


class PictureUses(models.Manager):
    def record(self, holder, text):
        """Note which pictures of the library the text of a saved row holds, and no others."""
        wanted = _pictures_in(text)
        noted = set(self.filter(holder=holder).values_list("image", flat=True))
        if wanted == noted:
            return
        self.filter(holder=holder).exclude(image__in=wanted).delete()
        new = Image.objects.filter(pk__in=wanted - noted)  # what is gone cannot be used
        self.bulk_create(self.model(holder=holder, image=image) for image in new)


def _pictures_in(text) -> set[int]:
    """Return the ids of the pictures in a working copy's or a readers' text."""
    if "<img" not in text:
        return set()
    root = lxml_html.fragment_fromstring(text, create_parent="div")
    ids = root.xpath(".//img/@data-file | .//img/@data-picture")
    return {int(pk) for pk in ids if pk.isdecimal() and len(pk) < LONGEST_ID}


class PictureUse(models.Model):
    """A picture within a text. The database keeps a picture that is used from being deleted."""

    holder: models.ForeignKey  # the row whose text it is
    image = models.ForeignKey(Image, on_delete=models.PROTECT, related_name="%(class)ss")

    objects = PictureUses()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["holder", "image"], name="%(class)s_once"),
        ]

    def __str__(self):
        return str(self.holder)


class ArticlePicture(PictureUse):
    holder = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="+")


class PublishedPicture(PictureUse):
    holder = models.ForeignKey(
        "articles.PublishedArticle", on_delete=models.CASCADE, related_name="picture_uses"
    )


class PagePicture(PictureUse):
    holder = models.ForeignKey("articles.Page", on_delete=models.CASCADE, related_name="+")
