"""A query as a condition of the database: the same answer from both engines."""

from django.db.models import BooleanField, Expression

from articles.search.index import COLUMNS, TABLE

ALL = len(COLUMNS)
# The plus keeps SQLite from walking the matches: it walks the order that was asked for.
MATCHES = """+articles_publishedarticle.article_id IN (
    SELECT rowid FROM articles_search WHERE articles_search MATCH %s
)"""


class Matches(Expression):
    """True for the published articles that a query finds in the first `columns` of COLUMNS."""

    output_field = BooleanField()

    def __init__(self, query, columns=ALL):
        super().__init__()
        self.query, self.columns = query, columns

    def as_sqlite(self, compiler, connection, **_context):
        return MATCHES, [_fts5(self.query, COLUMNS[: self.columns])]

    def as_postgresql(self, compiler, connection, **_context):
        sql = f"{TABLE}.search_vector_{self.columns} @@ %s::tsquery"
        params = [_tsquery(self.query.wanted, " & ")]
        if self.query.unwanted:
            sql += f" AND NOT {TABLE}.search_vector_{ALL} @@ %s::tsquery"
            params.append(_tsquery(self.query.unwanted, " | "))
        return f"({sql})", params


def _fts5(query, columns) -> str:
    """Write a query for FTS5; stems hold letters and digits alone, so nothing is escaped."""

    def one(term):
        whole = '"' + " ".join(term.stems) + '"'
        if not term.beginning:
            return whole
        begun = '"' + " ".join([*term.stems[:-1], term.beginning]) + '"'
        return f"({begun} * OR {whole} *)"

    wanted = " AND ".join(map(one, query.wanted))
    unwanted = "".join(f" NOT {one(term)}" for term in query.unwanted)
    return f"({{{' '.join(columns)}}} : ({wanted})){unwanted}"


def _tsquery(terms, operator) -> str:
    """Write terms for PostgreSQL; stems hold letters and digits alone, so nothing is escaped."""

    def one(term):
        *first, last = (f"'{stem}'" for stem in term.stems)
        lasts = [f"'{term.beginning}':*", f"{last}:*"] if term.beginning else [last]
        return "(" + " | ".join(" <-> ".join([*first, each]) for each in lasts) + ")"

    return operator.join(map(one, terms))
