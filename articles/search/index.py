"""The full-text indexes of both engines, over the same three columns of tokens.

SQLite: an FTS5 table that reads its text from the published articles, kept up by triggers, which
are taken away before a migration that may alter the table. PostgreSQL: see postgresql.py. Both are
made after `migrate` unless they are there.
"""

from django.db import connections, transaction

from articles.search import postgresql
from articles.search.columns import COLUMNS, TABLE

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
IS_THERE = """SELECT 1 FROM sqlite_master
    WHERE type = 'trigger' AND name = 'articles_search_update'"""


def ensure_index(using="default", **_signal):
    """Make the index of a database unless it is there, or its columns are not there yet."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if not _has_columns(connection, cursor):
            return
    if connection.vendor == "postgresql":
        postgresql.ensure(connection)
        return
    with transaction.atomic(using), connection.cursor() as cursor:
        cursor.execute(IS_THERE)
        if cursor.fetchone() is None:
            for statement in SQLITE:
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
