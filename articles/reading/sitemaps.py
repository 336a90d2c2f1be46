"""What search engines may know of: live articles by month, the news of two days, and the lists.

Formats: sitemaps.org, and Google's extensions for images and for news (developers.google.com).
"""

from datetime import date, datetime, timedelta
from itertools import batched, chain

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import CharField, DateField, Exists, Max, OuterRef, Value
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.models import (
    Dossier,
    MonthCount,
    Page,
    PublishedArticle,
    PublishedByline,
    Section,
    Tag,
)
from articles.reading.caching import cached
from articles.reading.counts import live_counts, local_months
from articles.reading.querysets import live_now
from articles.reading.statements import STATEMENTS
from authors.models import Author

XML = "application/xml; charset=utf-8"
COMPOUND = 400  # months that one query asks about; SQLite takes five hundred SELECTs
CHUNK = 2000  # articles of a month read and written at a time, in 2 queries
NEWS_AGE, NEWS_MOST = timedelta(hours=48), 1000  # what Google takes for news
ALWAYS = ("home", "team", "corrections", "most-read", "archives", "tags")
TAGGED = 2  # articles that a tag has at least: with one, its page says what the article says


def _told(articles=PublishedArticle.objects):
    """The live ones of articles that search engines are to find, and to find here."""
    return articles.live().filter(robots="", canonical_url="")


@cached()
@require_safe
def index(request):
    """The maps: of articles one a month, newest first, with their last change; then the lists."""
    maps: list[tuple[str, datetime | None]] = [
        (reverse("sitemap-month", args=[month.year, month.month]), changed)
        for month, changed in _months()
    ]
    maps += [(reverse("sitemap-list", args=[name]), None) for name in LISTS]
    return render(request, "sitemap-index.xml", {"maps": maps}, content_type=XML)


def _months() -> list[tuple[date, datetime]]:
    """Return (first day, last change) of the months whose articles are told, newest first.

    An index alone answers for each month, `published_told`.
    """
    changes = [
        _told(PublishedArticle.objects.in_month(first.year, first.month))
        .order_by()
        .values(month=Value(first, output_field=DateField()))
        .annotate(changed=Max("modified_at"))
        .values_list("month", "changed")
        for first, _count in local_months()
    ]
    found: list = []
    for part in batched(changes, COMPOUND, strict=False):
        found += part[0].union(*part[1:], all=True).order_by()
    return sorted((pair for pair in found if pair[1]), reverse=True)


@cached()
@require_safe
def month(request, year, month):
    """The articles of a month with their pictures, written while they are read."""
    articles = _told(PublishedArticle.objects.in_month(year, month)).for_sitemap().iterator(CHUNK)
    first = next(articles, None)
    if first is None:
        raise Http404
    template = get_template("sitemap-article.xml")
    root = request.site_root
    rows = (
        template.render({"article": article, "root": root}) for article in chain([first], articles)
    )
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">\n'
    )
    return StreamingHttpResponse(chain([head], rows, ["</urlset>\n"]), content_type=XML)


@cached()
@require_safe
def news(request):
    """The articles that came out in the last 48 hours, as Google News reads them."""
    since = timezone.now() - NEWS_AGE
    lately = _told().filter(published_at__gte=since)  # by index: it is never before the first time
    articles = lately.filter(first_published_at__gte=since).newest()
    articles = articles.only("slug", "title", "first_published_at")[:NEWS_MOST]
    return render(request, "news-sitemap.xml", {"articles": articles}, content_type=XML)


class SiteMap(Sitemap):
    """A sitemap at the site's own address, whatever host the request came by."""

    protocol = settings.SITE_URL.scheme
    limit = 50_000

    def get_domain(self, site=None):
        return settings.SITE_URL.netloc


class TagMap(SiteMap):
    def items(self):
        uses = live_counts(MonthCount.Kind.TAG, "key")
        return [tag for tag in Tag.objects.only("slug") if uses[tag.pk] >= TAGGED]


class AuthorMap(SiteMap):
    def items(self):
        signed = PublishedByline.objects.filter(live_now("article__"), author=OuterRef("pk"))
        return Author.objects.filter(Exists(signed))


class PageMap(SiteMap):
    """Sections, dossiers and pages: few of each, so they share a map and a query.

    Those that every site has (the front page, the team, the statements) come first.
    """

    def items(self):
        def rows(queryset, kind):
            named = Value(kind, output_field=CharField())
            return queryset.order_by().values_list(named, "slug")

        live = PublishedArticle.objects.live().filter(section=OuterRef("pk"))
        sections = rows(Section.objects.filter(Exists(live)), "section")
        dossiers = rows(Dossier.objects.with_live_counts(), "dossier")
        pages = rows(Page.objects.public(), "article")
        known = sorted(sections.union(dossiers, pages, all=True).order_by())
        own = [(name, None) for name in (*ALWAYS, *STATEMENTS)]
        return [*own, *((kind, slug) for kind, slug in known if slug not in STATEMENTS)]

    def location(self, item):
        kind, slug = item
        return reverse(kind, args=[slug] if slug else [])


LISTS: dict[str, type[Sitemap]] = {"tags": TagMap, "auteurs": AuthorMap, "pages": PageMap}
