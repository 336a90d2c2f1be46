import re

from django.db import models

from articles.models.image import Image

PICTURES = re.compile(r'data-(?:file|picture)="([1-9][0-9]{0,17})"')


class PictureUses(models.Manager):
    def record(self, holder, text):
        """Note which pictures of the library the text of a saved row holds, and no others."""
        wanted = {int(pk) for pk in PICTURES.findall(text)}
        noted = set(self.filter(holder=holder).values_list("image", flat=True))
        if wanted == noted:
            return
        self.filter(holder=holder).exclude(image__in=wanted).delete()
        new = Image.objects.filter(pk__in=wanted - noted)  # what is gone cannot be used
        self.bulk_create(self.model(holder=holder, image=image) for image in new)


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
