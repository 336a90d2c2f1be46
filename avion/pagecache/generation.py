"""The generation: one number that every change readers can see moves on, in its own transaction.

The database itself moves it, by triggers on the tables that readers' pages are made of: no code
that writes, be it an update of a whole table, can forget it. The new number is a random one, so
that a restored backup is never taken for what was there before.
"""

from django.apps import apps
from django.db import connections

from articles.triggers import EVENTS, IN_TURN, Triggers

# What readers' pages show, and the columns of it that they do not show.
SEEN = {
    "articles.PublishedArticle": [],
    "articles.PublishedByline": [],
    "articles.PublishedTagging": [],
    "articles.PublishedPicture": [],
    "articles.Section": [],
    "articles.Tag": [],
    "articles.Image": [],
    "articles.Page": [],
    "articles.Dossier": [],
    "articles.DossierPart": [],
    "articles.MostRead": [],
    "articles.KnownWord": [],
    "articles.Redirect": ["hits", "last_hit_at"],
    "articles.Origin": [],
    "authors.Author": [],
    "avion.SiteSettings": [],
}
MOVE = {
    "sqlite": """
    INSERT INTO avion_generation (id, number) VALUES (1, random() & 9223372036854775807)
    ON CONFLICT (id) DO UPDATE SET number = excluded.number""",
    "postgresql": """
    INSERT INTO avion_generation (id, number)
    VALUES (1, floor(random() * 9007199254740991)::bigint)
    ON CONFLICT (id) DO UPDATE SET number = excluded.number""",
}
# At the end of a transaction, so that the row is locked for a moment only, and once for all of it.
POSTGRESQL_FUNCTION = """
    CREATE OR REPLACE FUNCTION avion_move_generation() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF current_setting('avion.moved_in', true) IS DISTINCT FROM txid_current()::text THEN
            PERFORM set_config('avion.moved_in', txid_current()::text, true);
            {in_turn};
            {move};
        END IF;
        RETURN NULL;
    END $$
""".format(in_turn=IN_TURN, move=MOVE["postgresql"])


def ensure_triggers(using="default", **_signal):
    """Make the triggers that are missing, once all tables are there, and move the number on.

    `migrate` with nothing to do waits for nobody.
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        if not {*_tables(), "avion_generation"} <= there:
            return
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL_FUNCTION)
        TRIGGERS.ensure(connection, cursor)
    move(using)


def release_tables(using="default", plan=(), **_signal):
    """Take the triggers away from the tables that a migration may alter."""
    TRIGGERS.release(connections[using], plan)


def move(using="default"):
    """Move the generation on: every page is made anew when it is next asked for."""
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute(MOVE[connection.vendor])


def _tables() -> dict[str, list[str]]:
    """Return {table: columns that readers see}, [] for all."""
    found = {}
    for label, unseen in SEEN.items():
        options = apps.get_model(label)._meta
        columns = [field.column for field in options.concrete_fields if field.name not in unseen]
        found[options.db_table] = columns if unseen else []
    return found


def _texts(vendor):
    for table, columns in _tables().items():
        for event in EVENTS:
            of = f" OF {', '.join(columns)}" if columns and event == "UPDATE" else ""
            yield event, table, _trigger(vendor, f"AFTER {event}{of} ON {table}")


def _trigger(vendor, watched) -> str:
    if vendor == "sqlite":
        return f"CREATE TRIGGER {{name}} {watched} BEGIN {MOVE[vendor]}; END"
    return (
        f"CREATE CONSTRAINT TRIGGER {{name}} {watched} DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION avion_move_generation()"
    )


TRIGGERS = Triggers("readers_see_", "avion", _texts)
