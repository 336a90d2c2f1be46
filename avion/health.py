"""Probes for whoever watches: /healthz says that the process runs, /readyz that it can serve.

They stand before all else: a probe names no host of ours and comes without TLS.
"""

from threading import Lock
from time import monotonic
from uuid import uuid4

from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse

PROBES = ("/healthz", "/readyz")
KEPT = 5  # seconds that an answer of /readyz is good for, so that asking costs nothing


def probes(get_response):
    """Answer /healthz and /readyz."""
    readiness = Readiness()

    def middleware(request):
        if request.path == "/healthz":
            return HttpResponse("ok\n", content_type="text/plain", headers=NOT_KEPT)
        if request.path == "/readyz":
            found = readiness.look()
            status = 200 if set(found.values()) == {"ok"} else 503
            return JsonResponse(found, status=status, headers=NOT_KEPT)
        return get_response(request)

    return middleware


class Readiness:
    """What the site needs, and whether it is there; looked at every KEPT seconds at most."""

    def __init__(self):
        self._lock = Lock()
        self._found: dict[str, str] = {}
        self._looked_at = float("-inf")

    def look(self) -> dict[str, str]:
        """Return {what: "ok" or the kind of the fault}. Faults' own words may hold secrets."""
        with self._lock:
            if monotonic() - self._looked_at >= KEPT:
                self._found = _looked()
                self._looked_at = monotonic()
            return self._found


def _looked() -> dict[str, str]:
    found = {"database": _tried(_database)}
    if found["database"] != "ok":  # what stands on it would only wait for it again
        return found
    return found | {name: _tried(check) for name, check in CHECKS.items()}


def _tried(check) -> str:
    try:
        check()
    except Exception as error:  # noqa: BLE001  # whatever it is, it is the answer
        return type(error).__name__
    return "ok"


def _database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _migrations():
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise PendingError


def _cache():
    key, value = "readyz", uuid4().hex
    cache.set(key, value, timeout=60)
    if cache.get(key) is None:  # another process may have set its own since
        raise LostError


def _storage():
    default_storage.exists("readyz")


class PendingError(Exception):
    """Migrations wait."""


class LostError(Exception):
    """The cache does not keep what it is given."""


CHECKS = {
    "migrations": _migrations,
    "cache": _cache,
    "storage": _storage,
}
NOT_KEPT = {"Cache-Control": "no-store"}
