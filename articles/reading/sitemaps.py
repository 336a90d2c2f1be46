"""What search engines may know of: live articles, and the lists that hold any."""

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Exists, Max, OuterRef

from articles.models import Page, PublishedArticle, PublishedByline, PublishedTagging, Section, Tag
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
        return PublishedArticle.objects.live().newest().for_sitemap()

    def lastmod(self, article):
        return article.modified_at

    def get_latest_lastmod(self):
        return PublishedArticle.objects.live().aggregate(latest=Max("modified_at"))["latest"]


class SectionMap(SiteMap):
    def items(self):
        live = PublishedArticle.objects.live().filter(section=OuterRef("pk"))
        return Section.objects.filter(Exists(live))


class TagMap(SiteMap):
    def items(self):
        used = PublishedTagging.objects.filter(live_now("article__"), tag=OuterRef("pk"))
        return Tag.objects.filter(Exists(used))


class AuthorMap(SiteMap):
    def items(self):
        signed = PublishedByline.objects.filter(live_now("article__"), author=OuterRef("pk"))
        return Author.objects.filter(Exists(signed))


class PageMap(SiteMap):
    def items(self):
        return Page.objects.all()


SITEMAPS = {
    "articles": ArticleMap,
    "rubriques": SectionMap,
    "tags": TagMap,
    "auteurs": AuthorMap,
    "pages": PageMap,
}
