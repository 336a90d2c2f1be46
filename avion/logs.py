"""What the log says, and by what the lines of one request are known together."""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime
from time import perf_counter
from urllib.parse import quote
from uuid import uuid4

from django.conf import settings

request_id: ContextVar[str] = ContextVar("request_id", default="")
GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")  # an id from the proxy, fit for a line of a log
requests = logging.getLogger("avion.requests")


class WithRequest(logging.Filter):
    """Puts the id of the request that is being answered on each line."""

    def filter(self, record):
        record.request_id = request_id.get() or "-"
        return True


class JsonLines(logging.Formatter):
    """One JSON object a line, as collectors of logs read it."""

    def format(self, record):
        said = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": getattr(record, "request_id", "-"),
        }
        said |= getattr(record, "told", {})
        if record.exc_info:
            said["trace"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)


def identified(get_response):
    """Give every request an id, on its answer and on its lines; tell each at level INFO.

    Behind a proxy, the id is the one that it gives. Told are method, path, status and milliseconds:
    neither who asked nor what follows the question mark (CNIL).
    """

    def middleware(request):
        given = request.headers.get("X-Request-ID", "") if settings.BEHIND_PROXY else ""
        own = given if GIVEN.fullmatch(given) else uuid4().hex
        token, begun = request_id.set(own), perf_counter()
        try:
            response = get_response(request)
            told = {
                "method": request.method,
                "path": quote(request.path),  # one line, whatever is in it
                "status": response.status_code,
                "milliseconds": round((perf_counter() - begun) * 1000, 1),
            }
            said = " ".join(str(value) for value in told.values())
            requests.info("%s", said, extra={"told": told})
        finally:
            request_id.reset(token)
        response.headers["X-Request-ID"] = own
        return response

    return middleware
