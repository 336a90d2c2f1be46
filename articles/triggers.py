"""Triggers that keep something up with the tables they watch, whatever code writes there.

They are made after `migrate` and taken away while it alters what they watch.
"""

from collections.abc import Callable
from hashlib import sha256

from django.apps import apps

EVENTS = ("INSERT", "UPDATE", "DELETE")
# Taken by PostgreSQL's triggers before the rows that all transactions write to, at their end, so
# that nobody waits for longer than that. Whoever holds it may still be checking foreign keys, which
# must not wait for another: rows are locked with no_key=True, but for those that are deleted.
IN_TURN = "PERFORM pg_advisory_xact_lock(hashtext('avion triggers'))"
FIND = {
    "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s",
    "postgresql": "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE %s",
}


class Triggers:
    """Triggers whose names share a prefix.

    home: the label of the app in whose tables they write. texts: yields (event, table, statement)
    of a vendor, each statement with `{name}` in place of its name.
    """

    def __init__(self, prefix, home, texts: Callable):
        self.prefix, self.home, self.texts = prefix, home, texts

    def ensure(self, connection, cursor) -> bool:
        """Make those that are missing and drop those of old; return whether any was made.

        A table is locked for a moment and only where its triggers change. On PostgreSQL no other
        transaction comes to its end meanwhile, nor before that of the caller.
        """
        if connection.vendor == "postgresql":
            cursor.execute(IN_TURN.replace("PERFORM", "SELECT"))
        known, wanted = self.known(connection, cursor), self._wanted(connection.vendor)
        for name in known.keys() - wanted.keys():
            _drop(connection, cursor, name, known[name])
        missing = sorted(wanted.keys() - known.keys())
        for name in missing:
            cursor.execute(wanted[name])
        return bool(missing)

    def release(self, connection, plan):
        """Take them away from the tables that a migration may alter.

        All of them where the tables they write to may go, and on SQLite, which reads every
        trigger again when it alters any table.
        """
        touched = {migration.app_label for migration, _backwards in plan}
        tables = {model._meta.db_table for app in touched for model in _models_of(app)}
        is_all = touched and (connection.vendor == "sqlite" or self.home in touched)
        with connection.cursor() as cursor:
            for name, table in self.known(connection, cursor).items():
                if is_all or table in tables:
                    _drop(connection, cursor, name, table)

    def known(self, connection, cursor) -> dict[str, str]:
        """Return {name: table} of those that are there."""
        cursor.execute(FIND[connection.vendor], [f"{self.prefix}%"])
        return dict(cursor.fetchall())

    def _wanted(self, vendor) -> dict[str, str]:
        """Return {name: statement} of all; the name changes with the statement."""
        found = {}
        for event, table, text in self.texts(vendor):
            digest = sha256(text.encode()).hexdigest()[:6]
            name = f"{self.prefix}{event.lower()}_{table}_{digest}"
            found[name] = text.format(name=name)
        return found


def _models_of(label):
    return apps.get_app_config(label).get_models() if apps.is_installed(label) else ()


def _drop(connection, cursor, name, table):
    on = f" ON {table}" if connection.vendor == "postgresql" else ""
    cursor.execute(f"DROP TRIGGER {name}{on}")
