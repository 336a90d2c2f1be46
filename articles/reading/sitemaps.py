"""What search engines may know of: live articles, and the lists that hold any."""

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import CharField, Exists, Max, OuterRef, Value
from django.urls import reverse

from articles.models import (
    Dossier,
    Page,
    PublishedArticle,
    PublishedByline,
    PublishedTagging,
    Section,
    Tag,
)
from articles.reading.querysets import live_now
from authors.models import Author


class SiteMap(Sitemap):
    """A sitemap at the site's own address, whatever host the request came by."""

    protocol = settings.SITE_URL.scheme
    limit = 5000

    def get_domain(self, site=None):
        return settings.SITE_URL.netloc


class ArticleMap(SiteMap):
    def items(self):
        return PublishedArticle.objects.live().filter(robots="").newest().for_sitemap()

    def lastmod(self, article):
        return article.modified_at

    def get_latest_lastmod(self):
        return PublishedArticle.objects.live().aggregate(latest=Max("modified_at"))["latest"]


class TagMap(SiteMap):
    def items(self):
        used = PublishedTagging.objects.filter(live_now("article__"), tag=OuterRef("pk"))
        return Tag.objects.filter(Exists(used))


class AuthorMap(SiteMap):
    def items(self):
        signed = PublishedByline.objects.filter(live_now("article__"), author=OuterRef("pk"))
        return Author.objects.filter(Exists(signed))


class PageMap(SiteMap):
    """Sections, dossiers and pages: few of each, so they share a map and a query."""

    def items(self):
        def rows(queryset, kind):
            named = Value(kind, output_field=CharField())
            return queryset.order_by().values_list(named, "slug")

        live = PublishedArticle.objects.live().filter(section=OuterRef("pk"))
        sections = rows(Section.objects.filter(Exists(live)), "section")
        dossiers = rows(Dossier.objects.with_live_counts(), "dossier")
        pages = rows(Page.objects.public(), "article")
        return sorted(sections.union(dossiers, pages, all=True).order_by())

    def location(self, item):
        kind, slug = item
        return reverse(kind, args=[slug])


SITEMAPS = {
    "articles": ArticleMap,
    "tags": TagMap,
    "auteurs": AuthorMap,
    "pages": PageMap,
}
