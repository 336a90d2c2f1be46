"""Search: words in, readers' copies out. Text and query go through one normaliser."""

from django.db import connections
from django.db.models import Value

from articles.models.published import PublishedArticle
from articles.search.index import COLUMNS
from articles.search.matching import Matches
from articles.search.query import parse

MOST = 300  # results: nobody turns more pages, and a phrase costs what it must read


def search(words, is_typing=False):
    """Return the live articles that a query finds, newest first.

    is_typing: the query is still being typed, and the beginnings of its words will do.
    A query without a word finds nothing. See articles/search/query.py for what it may hold.
    """
    query = parse(words, is_typing)
    live = PublishedArticle.objects.live().newest()
    return live.filter(Matches(query)) if query else live.none()


def by_relevance(query, articles) -> list[int]:
    """Return the ids of the articles that a query finds, the most relevant first, in 1 query.

    All words in the title come first, then all in title, standfirst, names and tags, then the
    rest; the newest first among equals. At most MOST, and one more to tell that there are more.
    """
    levels, params = [], []
    for level in range(len(COLUMNS)):
        found = articles.filter(Matches(query, level + 1))
        if level:
            found = found.exclude(Matches(query, level))
        rows = found.annotate(level=Value(level)).newest()[: MOST + 1]
        sql, given = rows.values_list("pk", "published_at", "level").query.sql_with_params()
        levels.append(f"SELECT * FROM ({sql}) AS level_{level}")  # noqa: S608  # Django's own SQL
        params += given
    with connections[articles.db].cursor() as cursor:
        cursor.execute(f"{' UNION ALL '.join(levels)} ORDER BY 3, 2 DESC, 1 DESC", params)
        return [pk for pk, _published_at, _level in cursor.fetchmany(MOST + 1)]


def by_date(query, articles) -> list[int]:
    """Return the ids of the articles that a query finds, the newest first, as many as above.

    An empty query finds all of them.
    """
    found = articles.filter(Matches(query)) if query else articles
    return list(found.newest().values_list("pk", flat=True)[: MOST + 1])
