"""The full-text indexes of both engines, over the same three columns of tokens.

SQLite: an FTS5 table that reads its text from the published articles, kept up by triggers.
PostgreSQL: three generated `tsvector` columns, each with a GIN index: of the title, of the title
and what is said about the article, of all. Both are made after `migrate`
unless they are there; SQLite's triggers are taken away before a migration that may alter the table.
"""

from django.db import connections, transaction

from articles.search.words import MARK

TABLE = "articles_publishedarticle"
COLUMNS = ["search_title", "search_about", "search_text"]  # in the order of their weight
EVENTS = ["insert", "delete", "update"]

# An entry of an external-content table is taken out by the very text that it was made of.
ADD = """
    INSERT INTO articles_search (rowid, search_title, search_about, search_text)
    VALUES (new.article_id, new.search_title, new.search_about, new.search_text);
"""
TAKE = """
    INSERT INTO articles_search
        (articles_search, rowid, search_title, search_about, search_text)
    VALUES ('delete', old.article_id, old.search_title, old.search_about, old.search_text);
"""
SQLITE = [
    """CREATE VIRTUAL TABLE IF NOT EXISTS articles_search
    USING fts5(search_title, search_about, search_text, content='articles_publishedarticle',
    content_rowid='article_id', tokenize='unicode61 remove_diacritics 0')""",
    f"CREATE TRIGGER articles_search_insert AFTER INSERT ON {TABLE} BEGIN {ADD} END",
    f"CREATE TRIGGER articles_search_delete AFTER DELETE ON {TABLE} BEGIN {TAKE} END",
    f"""CREATE TRIGGER articles_search_update
    AFTER UPDATE OF search_title, search_about, search_text ON {TABLE} BEGIN {TAKE} {ADD} END""",
    "INSERT INTO articles_search (articles_search) VALUES ('rebuild')",
]
# Each vector holds one column more than the last: an index of PostgreSQL's knows no weights.
# The mark between two columns keeps phrases within one, as FTS5 does; nobody can ask for it.
VECTORS = {
    f"search_vector_{level}": f" || ' {MARK} ' || ".join(COLUMNS[:level])
    for level in range(1, len(COLUMNS) + 1)
}
POSTGRESQL = [
    statement
    for name, text in VECTORS.items()
    for statement in (
        f"""ALTER TABLE {TABLE} ADD COLUMN {name} tsvector
        GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, {text})) STORED""",
        f"CREATE INDEX articles_{name} ON {TABLE} USING gin ({name})",
    )
]
IS_THERE = {
    "sqlite": """SELECT 1 FROM sqlite_master
    WHERE type = 'trigger' AND name = 'articles_search_update'""",
    "postgresql": """SELECT 1 FROM information_schema.columns
    WHERE table_schema = current_schema() AND table_name = 'articles_publishedarticle'
    AND column_name = 'search_vector_1'""",
}
STATEMENTS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}


def ensure_index(using="default", **_signal):
    """Make the index of a database unless it is there, or its columns are not there yet."""
    connection = connections[using]
    with transaction.atomic(using), connection.cursor() as cursor:
        if not _has_columns(connection, cursor):
            return
        cursor.execute(IS_THERE[connection.vendor])
        if cursor.fetchone():
            return
        for statement in STATEMENTS[connection.vendor]:
            cursor.execute(statement)


def release_table(using="default", plan=(), **_signal):
    """Take SQLite's triggers away before a migration that may alter the table they watch."""
    connection = connections[using]
    if connection.vendor == "sqlite" and any(step.app_label == "articles" for step, _back in plan):
        with connection.cursor() as cursor:
            for event in EVENTS:
                cursor.execute(f"DROP TRIGGER IF EXISTS articles_search_{event}")


def _has_columns(connection, cursor) -> bool:
    tables = connection.introspection.table_names(cursor)
    if TABLE not in tables:
        return False
    columns = connection.introspection.get_table_description(cursor, TABLE)
    return set(COLUMNS) <= {column.name for column in columns}
