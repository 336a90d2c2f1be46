"""The ids of what a query finds, in an order: the same from both engines."""

from django.db import connections
from django.utils import timezone

from articles.models.published import PublishedArticle
from articles.search.columns import COLUMNS
from articles.search.matching import Matches, tsquery, vectors

MOST = 300  # results: nobody turns more pages, and a phrase costs what it must read
ALL = len(COLUMNS)
# Two ways to the newest, of which PostgreSQL takes one: common words are found soon by walking from
# the newest on, rare ones by their index. A sum in the order keeps it from walking to their end.
NEWEST = """
    WITH asked AS MATERIALIZED (SELECT articles_search_is_common(%s, %s::tsquery) AS is_common)
    (SELECT article_id, published_at FROM articles_search
    WHERE {condition} AND (SELECT is_common FROM asked)
    ORDER BY published_at DESC, article_id DESC LIMIT {most})
    UNION ALL
    (SELECT article_id, published_at FROM articles_search
    WHERE {condition} AND NOT (SELECT is_common FROM asked)
    ORDER BY published_at + interval '0' DESC, article_id DESC LIMIT {most})
"""


def by_relevance(query, articles=None) -> list[int]:
    """Return the ids of the articles that a query finds, the most relevant first, in 1 query.

    All words in the title come first, then all in title, standfirst, names and tags, then the
    rest; the newest first among equals. At most MOST, and one more to tell that there are more;
    a level that adds nothing to so many is not asked for.
    articles: what filters leave; None: all that readers can open.
    """
    levels, params, is_needed = [], [], ""
    for level in range(1, ALL + 1):
        sql, given = _newest(query, level, articles)
        rows = f"SELECT found.*, {level} AS level FROM ({sql}) AS found"
        levels.append(f"level_{level} AS MATERIALIZED ({rows}{is_needed})")
        params += given
        joined = "AND" if is_needed else "WHERE"
        is_needed += f" {joined} (SELECT count(*) FROM level_{level}) <= {MOST}"
    every = " UNION ALL ".join(f"SELECT * FROM level_{level}" for level in range(1, ALL + 1))
    found = _ids(f"WITH {', '.join(levels)} {every}", params, "3, 2 DESC, 1 DESC")
    return list(dict.fromkeys(found))[: MOST + 1]  # a level's stand on those below it, too


def by_date(query, articles=None) -> list[int]:
    """Return the ids of the articles that a query finds, the newest first, as many as above.

    An empty query finds all that the filters leave.
    """
    if not query:
        return list(_live(articles).newest().values_list("pk", flat=True)[: MOST + 1])
    return _ids(*_newest(query, ALL, articles), "2 DESC, 1 DESC")


def _live(articles):
    return PublishedArticle.objects.live() if articles is None else articles


def _newest(query, level, articles) -> tuple[str, list]:
    """Return SQL for (id, date) of the newest matches on a level, MOST and one, and its values."""
    if connections[_alias()].vendor == "sqlite":
        found = _live(articles).filter(Matches(query, level)).newest()[: MOST + 1]
        sql, params = found.values_list("pk", "published_at").query.sql_with_params()
        return sql, list(params)
    condition, params = vectors(query, level)
    if articles is None:
        now = timezone.now()
        condition += " AND published_at <= %s AND (withdrawn_at IS NULL OR withdrawn_at > %s)"
        values = [*params, now, now]
    else:
        sql, given = articles.order_by().values("pk").query.sql_with_params()
        condition += f" AND article_id IN ({sql})"
        values = [*params, *given]
    asked = [f"vector_{level}", tsquery(query)]
    return NEWEST.format(condition=condition, most=MOST + 1), [*asked, *values, *values]


def _ids(sql, params, order) -> list[int]:
    with connections[_alias()].cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({sql}) AS found ORDER BY {order}", params)
        return [row[0] for row in cursor.fetchall()]


def _alias() -> str:
    """Return the database that readers' queries go to (avion/replica.py)."""
    return PublishedArticle.objects.db
