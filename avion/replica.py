"""Readers' queries go to a replica of the database, where there is one (DATABASE_REPLICA_URL).

Whoever works here reads where is written, and so sees at once what was changed. The generation of
the page cache is read from the replica, too: a page is never made of older rows than it says.
"""

from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings

REPLICA = "replica"
_for_readers: ContextVar[bool] = ContextVar("for_readers", default=False)


class Router:
    """Django's router (DATABASE_ROUTERS)."""

    def db_for_read(self, _model, **_hints):
        return REPLICA if _for_readers.get() and REPLICA in settings.DATABASES else None

    def db_for_write(self, _model, **_hints):
        return "default"

    def allow_relation(self, _one, _other, **_hints):
        return True

    def allow_migrate(self, db, _app_label, **_hints):
        return db != REPLICA


@contextmanager
def for_readers():
    """Ask the replica what is asked within."""
    token = _for_readers.set(True)
    try:
        yield
    finally:
        _for_readers.reset(token)


def readers_read_there(get_response):
    """Let pages of readers ask the replica; not those of colleagues, nor anything that writes."""

    def middleware(request):
        is_colleague = settings.SESSION_COOKIE_NAME in request.COOKIES
        is_ours = is_colleague or request.path.startswith("/admin/")
        if is_ours or request.method not in {"GET", "HEAD"}:
            return get_response(request)
        with for_readers():
            return get_response(request)

    return middleware
