"""Counting readers without watching them: one more for an article and a day, and nothing else.

A page's script says that it was opened, or read to its end. No cookie, no address and no trait
of the browser is kept or compared, so there is no one to recognise and nothing to consent to
(CNIL, « Solutions de mesure d'audience exemptées de consentement »: we store less than that
exemption allows). Counts wait in the process and are written together.
"""

import math
import re
from datetime import timedelta
from time import monotonic

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Case, Exists, F, FloatField, OuterRef, Sum, Value, When
from django.utils import timezone

from articles.models import DailyReads, MostRead, PublishedArticle
from articles.reading import tallies

WRITE_EVERY = 20  # seconds
RANK_EVERY = 300  # seconds: all pages are made anew for another order, and a rush changes it often
MOST = 6000  # acts that a process takes between two writes; what comes beyond is not counted
KEPT = 761  # days: 25 months
LENGTH = 10  # places of a ranking
OPENED, FINISHED = "opened", "finished"
ADD = """
    INSERT INTO articles_dailyreads (article_id, day, opened, finished) VALUES (%s, %s, %s, %s)
    ON CONFLICT (day, article_id) DO UPDATE SET
    opened = articles_dailyreads.opened + excluded.opened,
    finished = articles_dailyreads.finished + excluded.finished
"""
BOT = re.compile(
    r"bot|crawl|spider|slurp|preview|headless|lighthouse|monitor|fetch|scrap|http|python|java/|"
    r"curl|wget|libwww|okhttp|phantom|archive",
    re.IGNORECASE,
)


def is_reader(request) -> bool:
    """Say whether a request comes from a page of ours that a person reads.

    Whoever carries a session's cookie works here: readers have none.
    """
    agent = request.headers.get("User-Agent", "")
    return (
        settings.SESSION_COOKIE_NAME not in request.COOKIES
        and bool(agent)
        and not BOT.search(agent)
        and request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    )


class Tally(tallies.Tally):
    """What readers did since the last write."""

    _ranked_at = -math.inf

    def add(self, pk, act):
        """Count an act, OPENED or FINISHED, for an article."""
        self.count((pk, act, timezone.localdate()), most=MOST, every=WRITE_EVERY)

    def record(self, counts):
        is_due = monotonic() - self._ranked_at >= RANK_EVERY
        if record(counts, and_rank=is_due) and is_due:
            self._ranked_at = monotonic()


tally = Tally()


@transaction.atomic
def record(counts, *, and_rank) -> bool:
    """Add {(article's id, act, day): number} to the days' rows, and if wanted rank anew.

    Ids of what readers cannot open are left out. Return whether anything was left to add.
    """
    live = PublishedArticle.objects.live().filter(pk__in={pk for pk, _act, _day in counts})
    known = set(live.values_list("pk", flat=True))
    rows = sorted({(pk, day) for pk, _act, day in counts if pk in known})
    if not rows:
        return False
    with connection.cursor() as cursor:  # an upsert that adds is more than the ORM can say
        cursor.executemany(
            ADD,
            [(pk, day, counts[pk, OPENED, day], counts[pk, FINISHED, day]) for pk, day in rows],
        )
    DailyReads.objects.filter(day__lt=timezone.localdate() - timedelta(days=KEPT)).delete()
    if and_rank:
        rank()
    return True


@transaction.atomic
def rank():
    """Work out the most read of 24 hours and of 7 days.

    Counts are kept by day, so the first day of a period counts with the share of it that still
    lies within: at 6 in the morning, three quarters of yesterday.
    """
    now = timezone.localtime()
    share = 1 - (now.hour * 3600 + now.minute * 60 + now.second) / 86400
    known = MostRead.objects.select_for_update().order_by("pk")  # one process at a time
    before = {(each.period, each.place, each.article_id) for each in known}
    ranking = {
        (str(period), place, pk)
        for period, days in ((MostRead.Period.DAY, 1), (MostRead.Period.WEEK, 7))
        for place, pk in enumerate(_most_read(now.date() - timedelta(days=days), share), 1)
    }
    if ranking == before:  # readers see nothing new, and no page is made anew for it
        return
    MostRead.objects.all().delete()
    MostRead.objects.bulk_create(
        (
            MostRead(article_id=pk, period=period, place=place)
            for period, place, pk in sorted(ranking)
        ),
        ignore_conflicts=True,  # another process was as quick: its ranking is as good
    )


def _most_read(first, share) -> list[int]:
    """Return the ids of live articles by reads since a day, of which only a share counts."""
    weight = Case(When(day=first, then=Value(share)), default=1.0, output_field=FloatField())
    reads = (
        DailyReads.objects.filter(day__gte=first)
        .filter(Exists(PublishedArticle.objects.live().filter(pk=OuterRef("article"))))
        .values("article")
        .annotate(reads=Sum(F("opened") * weight))
        .filter(reads__gt=0)
        .order_by("-reads", "-article")
    )
    return list(reads.values_list("article", flat=True)[:LENGTH])
