"""PostgreSQL's index: a table of three `tsvector`s for each article, each with a GIN index.

Of the title, of the title and what is said about the article, of all; kept up by triggers. It is a
table of its own, with the vectors beside its rows: the articles' rows are so wide that looking
through them takes ten times as long.

Making it takes minutes for a million articles, during which articles are published: the triggers
come first, then the articles that are there already, some at a time, then the indexes. Whoever
writes to an article waits for a batch at most. What was broken off is gone on with.
"""

from time import sleep

from django.db import OperationalError, transaction

from articles.search.columns import COLUMNS, TABLE
from articles.search.words import MARK

BATCH = 200  # articles that are taken over in one transaction, which holds them against deletion
TRIES = 10  # of a batch; whoever changes many articles in another order may be in its way
# Each vector holds one column more than the last: an index of PostgreSQL's knows no weights.
# The mark between two columns keeps phrases within one, as FTS5 does; nobody can ask for it.
VECTORS = {
    f"vector_{level}": f" || ' {MARK} ' || ".join(f"new.{name}" for name in COLUMNS[:level])
    for level in range(1, len(COLUMNS) + 1)
}
TO_VECTORS = ", ".join(f"to_tsvector('simple'::regconfig, {text})" for text in VECTORS.values())
MAKE_TABLE = [
    # Which says that all is there.
    "DROP FUNCTION IF EXISTS articles_search_is_common(text, tsquery)",
    f"""CREATE TABLE IF NOT EXISTS articles_search (
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
    f"""CREATE OR REPLACE TRIGGER articles_search_copy
    AFTER INSERT OR DELETE OR UPDATE OF published_at, withdrawn_at, {", ".join(COLUMNS)}
    ON {TABLE} FOR EACH ROW EXECUTE FUNCTION articles_search_copy()""",
    f"""CREATE OR REPLACE TRIGGER articles_search_empty AFTER TRUNCATE
    ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION articles_search_copy()""",
]
# The oldest first, so that those of a time lie together. What a trigger has written meanwhile is
# newer. Returns where to go on.
TAKE_OVER = f"""
    WITH keys AS MATERIALIZED (
        SELECT published_at, article_id FROM {TABLE} WHERE (published_at, article_id) > (%s, %s)
        ORDER BY published_at, article_id LIMIT %s
    ), batch AS (
        SELECT article_id, published_at, withdrawn_at, {", ".join(COLUMNS)} FROM {TABLE} AS each
        WHERE article_id IN (SELECT article_id FROM keys) AND NOT EXISTS
        (SELECT FROM articles_search AS known WHERE known.article_id = each.article_id)
        ORDER BY published_at, article_id FOR KEY SHARE
    ), taken AS (
        INSERT INTO articles_search
        SELECT new.article_id, new.published_at, new.withdrawn_at, {TO_VECTORS} FROM batch AS new
        ON CONFLICT DO NOTHING
    )
    SELECT published_at, article_id FROM keys ORDER BY 1 DESC, 2 DESC LIMIT 1"""
INDEXES = {"articles_search_newest": "(published_at DESC, article_id DESC)"} | {
    f"articles_search_by_{name}": f"USING gin ({name})" for name in VECTORS
}
KNOWN_INDEXES = """
    SELECT relname, indisvalid FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE indrelid = 'articles_search'::regclass"""
# Whether so many articles hold what is asked for that walking from the newest on finds enough of
# them sooner than the index does, by PostgreSQL's own estimates. 1,000: see bench/search.py. Made
# last of all.
IS_COMMON = """
    CREATE OR REPLACE FUNCTION articles_search_is_common(name text, asked tsquery)
    RETURNS boolean LANGUAGE plpgsql AS $$
    DECLARE plan json; of_it float; of_all float;
    BEGIN
        EXECUTE format('EXPLAIN (FORMAT JSON) SELECT FROM articles_search WHERE %I @@ %L::tsquery '
            'UNION ALL SELECT FROM articles_search', name, asked) INTO plan;
        of_it := plan->0->'Plan'->'Plans'->0->>'Plan Rows';
        of_all := plan->0->'Plan'->'Plans'->1->>'Plan Rows';
        RETURN of_it * of_it > 1000 * of_all;
    END $$"""
# What releases before had: the vectors stood among the columns of the articles.
OUTDATED = [f"search_vector_{level}" for level in (1, 2, 3)]
IS_THERE = """SELECT to_regclass('articles_search') IS NOT NULL
    AND to_regprocedure('articles_search_is_common(text, tsquery)') IS NOT NULL"""


def ensure(connection):
    """Make the table and all that belongs to it, unless it is there.

    Within a transaction of the caller's (tests), indexes are made while writers wait.
    """
    with connection.cursor() as cursor:
        cursor.execute(IS_THERE)
        if cursor.fetchone() == (True,):
            _drop_outdated(connection, cursor)
            return
        with transaction.atomic(connection.alias):
            for statement in MAKE_TABLE:
                cursor.execute(statement)
        last = ("-infinity", 0)
        while last:
            last = _take_over(connection, cursor, last)
        _ensure_indexes(connection, cursor)
        cursor.execute("ANALYZE articles_search")
        cursor.execute(IS_COMMON)


def _drop_outdated(connection, cursor):
    """Drop what the release before this table asked for, which is gone."""
    there = connection.introspection.get_table_description(cursor, TABLE)
    for column in there:
        if column.name in OUTDATED:
            cursor.execute(f"ALTER TABLE {TABLE} DROP COLUMN {column.name}")


def _take_over(connection, cursor, last, tries=TRIES):
    """Take a batch over; return where to go on, None at the end. Raises OperationalError."""
    try:
        cursor.execute(TAKE_OVER, [*last, BATCH])
        return cursor.fetchone()
    except OperationalError:  # a deadlock, of which one side goes on
        if connection.in_atomic_block or tries == 1:
            raise
    sleep(0.1)
    return _take_over(connection, cursor, last, tries - 1)


def _ensure_indexes(connection, cursor):
    """Make those that are missing, and anew what was broken off half-way."""
    concurrently = "" if connection.in_atomic_block else "CONCURRENTLY"
    cursor.execute(KNOWN_INDEXES)
    known = dict(cursor.fetchall())
    for name, columns in INDEXES.items():
        if known.get(name) is False:
            cursor.execute(f"DROP INDEX {name}")
        if not known.get(name):
            cursor.execute(f"CREATE INDEX {concurrently} {name} ON articles_search {columns}")
