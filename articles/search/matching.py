"""A query as a condition of the database: the same answer from both engines."""

from django.db.models import BooleanField, Expression

from articles.search.columns import COLUMNS

ALL = len(COLUMNS)
# The plus keeps SQLite from walking the matches: it walks the order that was asked for.
SQLITE = """+articles_publishedarticle.article_id IN (
    SELECT rowid FROM articles_search WHERE articles_search MATCH %s
)"""
POSTGRESQL = (
    "articles_publishedarticle.article_id IN (SELECT article_id FROM articles_search WHERE {})"
)


class Matches(Expression):
    """True for the published articles that a query finds in the first `columns` of COLUMNS."""

    output_field = BooleanField()

    def __init__(self, query, columns=ALL):
        super().__init__()
        self.query, self.columns = query, columns

    def as_sqlite(self, compiler, connection, **_context):
        return SQLITE, [fts5(self.query, self.columns)]

    def as_postgresql(self, compiler, connection, **_context):
        condition, params = vectors(self.query, self.columns)
        return POSTGRESQL.format(condition), params


def fts5(query, columns=ALL) -> str:
    """Write a query for FTS5; stems hold letters and digits alone, so nothing is escaped."""

    def one(term):
        whole = '"' + " ".join(term.stems) + '"'
        if not term.beginning:
            return whole
        begun = '"' + " ".join([*term.stems[:-1], term.beginning]) + '"'
        return f"({begun} * OR {whole} *)"

    wanted = " AND ".join(map(one, query.wanted))
    unwanted = "".join(f" NOT {one(term)}" for term in query.unwanted)
    return f"({{{' '.join(COLUMNS[:columns])}}} : ({wanted})){unwanted}"


def vectors(query, columns=ALL) -> tuple[str, list[str]]:
    """Return a condition of a row of PostgreSQL's `articles_search`, and its parameters."""
    condition, params = f"vector_{columns} @@ %s::tsquery", [tsquery(query)]
    if query.unwanted:
        condition += f" AND NOT vector_{ALL} @@ %s::tsquery"
        params.append(_tsquery(query.unwanted, " | "))
    return condition, params


def tsquery(query) -> str:
    """Write what a query wants for PostgreSQL; as above, nothing is escaped."""
    return _tsquery(query.wanted, " & ")


def _tsquery(terms, operator) -> str:
    def one(term):
        *first, last = (f"'{stem}'" for stem in term.stems)
        lasts = [f"'{term.beginning}':*", f"{last}:*"] if term.beginning else [last]
        return "(" + " | ".join(" <-> ".join([*first, each]) for each in lasts) + ")"

    return operator.join(map(one, terms))
