"""Addresses that readers ask for in vain, and how often old ones are still of use.

Kept are the path, where the link to it stands, and a number: nothing of who asked (CNIL). Robots,
who try anything, are not counted, nor is whoever works here.
"""

import re
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.urls import is_valid_path
from django.utils import timezone

from articles.models import Missing, Redirect
from articles.reading.counting import BOT
from articles.reading.old_addresses import normal, of_query
from articles.reading.tallies import Tally

WRITE_EVERY = 20  # seconds
MOST = 300  # acts that a process takes between two writes
ROWS = 5000  # paths that are kept, about
PERSONAL = re.compile(r"@|[0-9a-f]{20}|\x00")  # addresses, tokens of mails; what no database keeps
KEPT = timedelta(days=30)
ADD = """
    INSERT INTO articles_missing (path, referrer, count, last_at) VALUES (%s, %s, %s, %s)
    ON CONFLICT (path) DO UPDATE SET
    count = articles_missing.count + excluded.count,
    referrer = excluded.referrer, last_at = excluded.last_at
"""


class Misses(Tally):
    """Paths that answered 404, each with the last page that led to it."""

    def add(self, request):
        asked = of_query(request.GET) if request.path == "/" else None
        path = (asked or normal(request.path))[:255]
        if _is_reader(request) and not PERSONAL.search(path) and not _leads_on(request.path):
            self.count((path, _referrer(request)), most=MOST, every=WRITE_EVERY)

    def record(self, counts):
        now = timezone.now()
        Missing.objects.filter(last_at__lt=now - KEPT).delete()
        if Missing.objects.count() >= ROWS:  # what was asked for least, and longest ago, gives way
            least = Missing.objects.order_by("-count", "-last_at").values_list("pk", flat=True)
            Missing.objects.filter(pk__in=list(least[ROWS * 9 // 10 :])).delete()
        rows = [(path, referrer, number, now) for (path, referrer), number in counts.items()]
        with connection.cursor() as cursor:  # an upsert that adds is more than the ORM can say
            cursor.executemany(ADD, rows)


class Hits(Tally):
    """Old paths that led readers on."""

    def add(self, request, path):
        if _is_reader(request):
            self.count(path, most=MOST, every=WRITE_EVERY)

    def record(self, counts):
        for path, number in counts.items():
            Redirect.objects.filter(path=path).update(
                hits=F("hits") + number, last_hit_at=timezone.now()
            )


misses, hits = Misses(), Hits()


def _is_reader(request) -> bool:
    agent = request.headers.get("User-Agent", "")
    is_ours = settings.SESSION_COOKIE_NAME in request.COOKIES
    return bool(agent) and not BOT.search(agent) and not is_ours


def _leads_on(path) -> bool:
    """Say whether a path is one of ours but for its last slash: it is answered with a redirect."""
    return path != "/" and bool(
        is_valid_path(path.rstrip("/") if path.endswith("/") else f"{path}/")
    )


def _referrer(request) -> str:
    """Return the page that led here, without what follows its question mark; "" of none."""
    try:
        url = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return ""
    return f"{url.netloc}{url.path}"[:300].replace("\x00", "") if url.netloc else ""
