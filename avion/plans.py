"""How the database finds what readers' pages ask for: by index, or by reading whole tables."""

import re
from dataclasses import dataclass

from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.models import PublishedArticle
from articles.reading import sitemaps
from articles.reading.pagination import PER_PAGE

# Tables that grow with the articles; the others do with sections, authors, tags and months alone.
GROWING = {
    "articles_publishedarticle",
    "articles_publishedbyline",
    "articles_publishedtagging",
    "articles_publishedpicture",
    "articles_redirect",
    "articles_origin",
    "articles_dailyreads",
}
# Not articles_search: its plan names two ways, of which one is taken (articles/search/ranking.py).
READ_WHOLE = {
    "sqlite": re.compile(r"\bSCAN (\w+)\b"),  # a table, or what the query calls it
    "postgresql": re.compile(r"\bSeq Scan on (\w+)\b"),
}
CALLED = re.compile(r'"(\w+)" "([A-Z]+\d+)"')  # a table of a subquery, and what Django calls it


FEW = 1000  # rows, which a database may well read from end to end


def large_tables() -> set[str]:
    """Return the growing tables that have grown."""
    models = [model for model in apps.get_models() if model._meta.db_table in GROWING]
    return {
        model._meta.db_table for model in models if model._base_manager.all()[:FEW].count() == FEW
    }


@dataclass
class Plan:
    """One query of a page. whole: the growing tables that it reads from end to end."""

    path: str
    sql: str
    text: str

    @property
    def whole(self) -> list[str]:
        tables: dict[str, set[str]] = {}
        for table, alias in CALLED.findall(self.sql):
            tables.setdefault(alias, set()).add(table)
        found: set[str] = set()
        for name in READ_WHOLE[connection.vendor].findall(self.text):
            meant = tables.get(name, {name})
            # Subqueries beside each other share a name: one of a small table may be the one.
            found |= meant if meant.issubset(GROWING) else set()
        return sorted(found)


def addresses() -> list[str]:
    """Return a page of each kind, of what the site has. It must have an article with a tag."""
    live = PublishedArticle.objects.live()
    article = live.exclude(taggings=None).newest().for_page().first()
    if article is None:
        return []
    tag, author, at = article.tags[0], article.authors[0], timezone.localtime(article.published_at)
    last = max(1, live.count() // PER_PAGE)
    return [
        reverse("home"),
        reverse("latest", args=[max(2, last)]),
        article.get_absolute_url(),
        article.section.get_absolute_url(),
        tag.get_absolute_url(),
        author.get_absolute_url(),
        reverse("section", args=[article.section.slug, 2]),
        reverse("tag", args=[tag.slug, 2]),
        reverse("author", args=[author.slug, 2]),
        reverse("archives"),
        reverse("tags"),
        reverse("team"),
        reverse("most-read"),
        reverse("month", args=[at.year, at.month]),
        reverse("day", args=[at.year, at.month, at.day]),
        reverse("corrections"),
        reverse("feed"),
        reverse("section-feed", args=[article.section.slug]),
        reverse("tag-feed", args=[tag.slug]),
        reverse("author-feed", args=[author.slug]),
        reverse("news-sitemap"),
        reverse("sitemap"),
        *(reverse("sitemap-list", args=[name]) for name in sitemaps.LISTS),
        reverse("sitemap-month", args=[at.year, at.month]),
        f"{reverse('search')}?q=avion",
        f"{reverse('search')}?auteur={author.slug}",
        reverse("api-articles"),
        "/une-adresse-que-personne-ne-connait/",
    ]


def plans(path) -> list[Plan]:
    """Return how the database answers what a page asks."""
    host = {"host": "localhost"}
    with CaptureQueriesContext(connection) as asked:
        Client(headers=host).get(path, secure=True).getvalue()
    found = []
    with connection.cursor() as cursor:
        for query in asked.captured_queries:
            sql = query["sql"]
            if sql.lstrip("( ").upper().startswith(("SELECT", "WITH")):
                found.append(Plan(path, sql, _explained(cursor, sql)))
    return found


def _explained(cursor, sql) -> str:
    prefix = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
    cursor.execute(f"{prefix}{sql}")
    return "\n".join(" ".join(map(str, row)) for row in cursor.fetchall())
