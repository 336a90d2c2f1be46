"""Triggers that keep the number of readers' copies by month: see MonthCount."""

from hashlib import sha256

from django.db import connections, transaction

from articles.models import MonthCount, PublishedArticle, PublishedByline, PublishedTagging
from articles.triggers import EVENTS, IN_TURN, Triggers

Kind = MonthCount.Kind
ROWS = {  # what is counted, and by which column
    Kind.SECTION: (PublishedArticle, "section_id"),
    Kind.TAG: (PublishedTagging, "tag_id"),
    Kind.AUTHOR: (PublishedByline, "author_id"),
}
TABLE = MonthCount._meta.db_table
MONTH = {  # the first day of a date's month, in UTC
    "sqlite": "substr({row}published_at, 1, 7) || '-01'",
    "postgresql": "date_trunc('month', {row}published_at AT TIME ZONE 'UTC')::date",
}
LESS = """
    UPDATE {table} SET count = count - 1
    WHERE kind = '{kind}' AND key = OLD.{column} AND month = {old_month};"""
MORE = """
    INSERT INTO {table} (kind, key, month, count)
    VALUES ('{kind}', NEW.{column}, {new_month}, 1)
    ON CONFLICT (kind, key, month) DO UPDATE SET count = {table}.count + 1;"""
STEPS = {"INSERT": MORE, "UPDATE": LESS + MORE, "DELETE": LESS}
FUNCTION = """
    CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        {in_turn};
        IF TG_OP <> 'INSERT' THEN {less} END IF;
        IF TG_OP <> 'DELETE' THEN {more} END IF;
        RETURN NULL;
    END $$"""
RECOUNT = """
    INSERT INTO {table} (kind, key, month, count)
    SELECT '{kind}', {column}, {month}, count(*) FROM {counted} GROUP BY {column}, {month}"""


def _texts(vendor):
    for kind, (model, column) in ROWS.items():
        table = model._meta.db_table
        for event in EVENTS:
            of = f" OF {column}, published_at" if event == "UPDATE" else ""
            watched = f"AFTER {event}{of} ON {table}"
            if vendor == "sqlite":
                steps = _filled(STEPS[event], vendor, kind)
                text = f"CREATE TRIGGER {{name}} {watched} BEGIN {steps} END"
            else:
                text = (
                    f"CREATE CONSTRAINT TRIGGER {{name}} {watched} DEFERRABLE INITIALLY DEFERRED "
                    f"FOR EACH ROW EXECUTE FUNCTION {_function(kind)}()"
                )
            yield event, table, text


def _function(kind) -> str:
    """Return the name of PostgreSQL's function, which changes with what it does."""
    text = _filled(LESS + MORE, "postgresql", kind)
    return f"articles_count_{kind}_{sha256(text.encode()).hexdigest()[:6]}"


def _filled(text, vendor, kind) -> str:
    model, column = ROWS[kind]
    month = MONTH[vendor]
    return text.format(
        table=TABLE,
        kind=kind.value,
        column=column,
        counted=model._meta.db_table,
        month=month.format(row=""),
        old_month=month.format(row="OLD."),
        new_month=month.format(row="NEW."),
    )


TRIGGERS = Triggers("articles_count_", "articles", _texts)


def ensure_counts(using="default", **_signal):
    """Make the triggers that are missing, once all tables are there, and then count anew."""
    connection = connections[using]
    tables = {TABLE, *(model._meta.db_table for model, _column in ROWS.values())}
    with transaction.atomic(using), connection.cursor() as cursor:
        if not tables <= set(connection.introspection.table_names(cursor)):
            return
        if connection.vendor == "postgresql":
            for kind in ROWS:
                less, more = (_filled(text, "postgresql", kind) for text in (LESS, MORE))
                name = _function(kind)
                cursor.execute(FUNCTION.format(name=name, in_turn=IN_TURN, less=less, more=more))
        if TRIGGERS.ensure(connection, cursor):
            recount(using)


def recount(using="default"):
    """Count all anew, in the caller's transaction."""
    connection = connections[using]
    MonthCount.objects.using(using).all().delete()
    with connection.cursor() as cursor:
        for kind in ROWS:
            cursor.execute(_filled(RECOUNT, connection.vendor, kind))


def release_tables(using="default", plan=(), **_signal):
    """Take the triggers away from the tables that a migration may alter."""
    TRIGGERS.release(connections[using], plan)
