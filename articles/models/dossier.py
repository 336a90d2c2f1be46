from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.published import PublishedArticle
from articles.reading.addresses import address_of


class DossierQuerySet(models.QuerySet):
    def with_live_counts(self):
        """Dossiers that readers can open, each with `live_count`, its number of live articles."""
        live = DossierPart.objects.filter(
            models.Exists(PublishedArticle.objects.live().filter(pk=models.OuterRef("article"))),
            dossier=models.OuterRef("pk"),
        )
        count = live.order_by().values("dossier").annotate(n=models.Count("pk")).values("n")
        return self.annotate(live_count=models.Subquery(count)).filter(live_count__gt=0)


class Dossier(models.Model):
    """A series: articles in an order that the newsroom gives them, with an introduction."""

    title = models.CharField(_("title"), max_length=120)
    slug = models.SlugField(
        _("address"), max_length=100, unique=True, help_text=_("The end of the page's address.")
    )
    introduction = models.TextField(
        _("introduction"), help_text=_("What the dossier is about. An empty line parts paragraphs.")
    )
    position = models.PositiveSmallIntegerField(
        _("position"), default=100, help_text=_("The smallest number comes first.")
    )
    on_front = models.BooleanField(_("on the front page"), default=True)

    objects = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = _("dossier")
        verbose_name_plural = _("dossiers")
        ordering = ["position", "-pk"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return address_of("dossier", self.slug)

    def arrange(self, articles):
        """Give the dossier these working copies, in this order, in place of those before."""
        self.parts.all().delete()
        DossierPart.objects.bulk_create(
            DossierPart(dossier=self, article=article, position=place)
            for place, article in enumerate(articles)
        )


class DossierPart(models.Model):
    """An article's place in a dossier. Readers see it once the article has a live copy."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="parts")
    article = models.ForeignKey(
        "articles.Article",
        verbose_name=_("articles"),
        on_delete=models.CASCADE,
        related_name="dossier_parts",
    )
    position = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("place in a dossier")
        verbose_name_plural = _("places in dossiers")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "article"], name="dossier_part_once"),
        ]

    def __str__(self):
        return str(self.article)
