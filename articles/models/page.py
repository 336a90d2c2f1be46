from functools import cached_property

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.images.figures import pictures_in
from articles.reading.addresses import address_of


class PageQuerySet(models.QuerySet):
    def public(self):
        """Those that readers can open."""
        return self.filter(is_public=True)


class Page(models.Model):
    """A page that stands outside the news: à propos, mentions légales, contact."""

    title = models.CharField(_("title"), max_length=150)
    slug = models.SlugField(_("address"), max_length=100, unique=True)
    body = models.TextField(_("text"))
    html = models.TextField(editable=False)  # the body as readers see it: see publish_page
    position = models.PositiveSmallIntegerField(
        _("position"), default=100, help_text=_("The smallest number comes first.")
    )
    is_public = models.BooleanField(
        _("public"), default=True, help_text=_("Otherwise nobody but the desk sees the page.")
    )
    in_footer = models.BooleanField(_("in the footer"), default=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects = PageQuerySet.as_manager()

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["position", "title"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return address_of("article", self.slug)

    @cached_property
    def pictures(self) -> dict:
        """The pictures within the text by their ids, as the library has them now."""
        return pictures_in(self.html)
