"""The generation: one number that every change readers can see moves on, in its own transaction.

The database itself moves it, by triggers on the tables that readers' pages are made of: no code
that writes, be it an update of a whole table, can forget it. The new number is a random one, so
that a restored backup is never taken for what was there before.
"""

from hashlib import sha256

from django.apps import apps
from django.db import connections

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
    "articles.PagePicture": [],
    "articles.Dossier": [],
    "articles.DossierPart": [],
    "articles.MostRead": [],
    "articles.KnownWord": [],
    "articles.Redirect": ["hits", "last_hit_at"],
    "articles.Origin": [],
    "authors.Author": [],
    "avion.SiteSettings": [],
}
EVENTS = ("INSERT", "UPDATE", "DELETE")
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
            {move};
        END IF;
        RETURN NULL;
    END $$
""".format(move=MOVE["postgresql"])
FIND = {
    "sqlite": """SELECT name, tbl_name FROM sqlite_master
    WHERE type = 'trigger' AND name LIKE 'readers_see_%'""",
    "postgresql": """SELECT tgname, tgrelid::regclass::text FROM pg_trigger
    WHERE tgname LIKE 'readers_see_%'""",
}


def ensure_triggers(using="default", **_signal):
    """Make the triggers that are missing, once all tables are there, and move the number on.

    A table is locked for a moment and only where its triggers change, each by itself: `migrate`
    with nothing to do waits for nobody.
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        if not {*_tables(), "avion_generation"} <= there:
            return
        known, wanted = _known(connection, cursor), _wanted(connection.vendor)
        for name in known.keys() - wanted.keys():
            _drop(connection, cursor, name, known[name])
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL_FUNCTION)
        for name in sorted(wanted.keys() - known.keys()):
            cursor.execute(wanted[name])
    move(using)


def release_tables(using="default", plan=(), **_signal):
    """Take the triggers away from the tables that a migration may alter.

    All of them, where the generation's own table may go, and on SQLite, which reads every trigger
    again when it alters any table.
    """
    connection = connections[using]
    touched = {migration.app_label for migration, _backwards in plan}
    tables = {model._meta.db_table for app in touched for model in _models_of(app)}
    is_all = touched and (connection.vendor == "sqlite" or "avion" in touched)
    with connection.cursor() as cursor:
        for name, table in _known(connection, cursor).items():
            if is_all or table in tables:
                _drop(connection, cursor, name, table)


def _models_of(label):
    return apps.get_app_config(label).get_models() if apps.is_installed(label) else ()


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


def _wanted(vendor) -> dict[str, str]:
    """Return {name: statement} of all triggers; the name changes with the statement."""
    found = {}
    for table, columns in _tables().items():
        for event in EVENTS:
            of = f" OF {', '.join(columns)}" if columns and event == "UPDATE" else ""
            text = _trigger(vendor, f"AFTER {event}{of} ON {table}")
            digest = sha256(text.encode()).hexdigest()[:6]
            name = f"readers_see_{event.lower()}_{table}_{digest}"
            found[name] = text.format(name=name)
    return found


def _trigger(vendor, watched) -> str:
    if vendor == "sqlite":
        return f"CREATE TRIGGER {{name}} {watched} BEGIN {MOVE[vendor]}; END"
    return (
        f"CREATE CONSTRAINT TRIGGER {{name}} {watched} DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION avion_move_generation()"
    )


def _known(connection, cursor) -> dict[str, str]:
    """Return {name: table} of the triggers of ours that are there."""
    cursor.execute(FIND[connection.vendor])
    return dict(cursor.fetchall())


def _drop(connection, cursor, name, table):
    on = f" ON {table}" if connection.vendor == "postgresql" else ""
    cursor.execute(f"DROP TRIGGER {name}{on}")
