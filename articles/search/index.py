"""The full-text indexes of both engines, over the same three columns of tokens.

SQLite: an FTS5 table that reads its text from the published articles, kept up by triggers.
PostgreSQL: a table of three `tsvector`s for each article, each with a GIN index: of the title, of
the title and what is said about the article, of all. Both are kept up by triggers and made after
`migrate` unless they are there; SQLite's triggers are taken away before a migration that may alter
the table.
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
    f"vector_{level}": f" || ' {MARK} ' || ".join(f"new.{name}" for name in COLUMNS[:level])
    for level in range(1, len(COLUMNS) + 1)
}
TO_VECTORS = ", ".join(f"to_tsvector('simple'::regconfig, {text})" for text in VECTORS.values())
POSTGRESQL = [
    # A table of its own, with the vectors beside its rows: the articles' rows are so wide that
    # looking through them takes ten times as long.
    f"""CREATE TABLE articles_search (
        article_id bigint PRIMARY KEY, published_at timestamptz NOT NULL, withdrawn_at timestamptz,
        {", ".join(f"{name} tsvector NOT NULL" for name in VECTORS)}
    ) WITH (toast_tuple_target = 128)""",
    f"""CREATE OR REPLACE FUNCTION articles_search_copy() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF tg_op = 'TRUNCATE' THEN
            TRUNCATE articles_search;
        ELSIF tg_op = 'DELETE' THEN
            DELETE FROM articles_search WHERE article_id = old.article_id;
        ELSE
            INSERT INTO articles_search
            VALUES (new.article_id, new.published_at, new.withdrawn_at, {TO_VECTORS})
            ON CONFLICT (article_id) DO UPDATE SET
                published_at = excluded.published_at, withdrawn_at = excluded.withdrawn_at,
                {", ".join(f"{name} = excluded.{name}" for name in VECTORS)};
        END IF;
        RETURN NULL;
    END $$""",
    f"""CREATE TRIGGER articles_search_copy
    AFTER INSERT OR DELETE OR UPDATE OF published_at, withdrawn_at, {", ".join(COLUMNS)}
    ON {TABLE} FOR EACH ROW EXECUTE FUNCTION articles_search_copy()""",
    f"""CREATE TRIGGER articles_search_empty AFTER TRUNCATE
    ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION articles_search_copy()""",
    f"""INSERT INTO articles_search
    SELECT new.article_id, new.published_at, new.withdrawn_at, {TO_VECTORS} FROM {TABLE} AS new
    ORDER BY new.published_at""",
    """CREATE INDEX articles_search_newest ON articles_search
    (published_at DESC, article_id DESC)""",
    *(
        f"CREATE INDEX articles_search_by_{name} ON articles_search USING gin ({name})"
        for name in VECTORS
    ),
    # Whether so many articles hold what is asked for that walking from the newest on finds enough
    # of them sooner than the index does, by PostgreSQL's own estimates. 1,000: see bench/search.py.
    """CREATE OR REPLACE FUNCTION articles_search_is_common(name text, asked tsquery)
    RETURNS boolean LANGUAGE plpgsql AS $$
    DECLARE plan json; of_it float; of_all float;
    BEGIN
        EXECUTE format('EXPLAIN (FORMAT JSON) SELECT FROM articles_search WHERE %I @@ %L::tsquery '
            'UNION ALL SELECT FROM articles_search', name, asked) INTO plan;
        of_it := plan->0->'Plan'->'Plans'->0->>'Plan Rows';
        of_all := plan->0->'Plan'->'Plans'->1->>'Plan Rows';
        RETURN of_it * of_it > 1000 * of_all;
    END $$""",
]
# What releases before had: the vectors stood among the columns of the articles.
OUTDATED = [
    f"ALTER TABLE {TABLE} DROP COLUMN IF EXISTS search_vector_{level}" for level in (1, 2, 3)
]
IS_THERE = {
    "sqlite": """SELECT 1 FROM sqlite_master
    WHERE type = 'trigger' AND name = 'articles_search_update'""",
    "postgresql": """SELECT 1 FROM information_schema.tables
    WHERE table_schema = current_schema() AND table_name = 'articles_search'""",
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
            if connection.vendor == "postgresql":  # the release that asked for them is gone
                for statement in OUTDATED:
                    cursor.execute(statement)
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
