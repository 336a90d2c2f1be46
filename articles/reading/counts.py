"""How many articles readers can open, without counting them, however many there are.

The number of every section, tag and author is kept by month (articles/publishing/counted.py). What
is scheduled or has ended is little, found by index, and taken off when somebody asks.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import reduce
from itertools import batched
from operator import or_

from django.db.models import DateField, F, Q, Sum, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import TruncMonth
from django.utils import timezone

from articles.models import MonthCount, PublishedArticle
from articles.publishing.counted import ROWS
from articles.reading.prepared import Prepared

EDGES = 480  # months whose beginnings one query asks about; SQLite takes a thousand conditions


@dataclass
class Months:
    """The live articles of a list by month, newest first: (first day in UTC, how many)."""

    counts: list[tuple[date, int]]

    @property
    def total(self) -> int:
        return sum(count for _month, count in self.counts)

    def place(self, offset) -> tuple[datetime | None, int]:
        """Return before what moment the article at an offset lies, and how many come between.

        The moment is None where all of the list comes before it.
        """
        end = None
        for month, count in self.counts:
            if offset < count:
                break
            offset -= count
            end = datetime(month.year, month.month, 1, tzinfo=UTC)
        return end, offset


def months(kind, key=None) -> Months:
    """Return the months of a section, tag or author, or of all articles, in 1 query."""
    counts = live_counts(kind, "month", key)
    newest_first = sorted(counts.items(), reverse=True)
    # PostgreSQL makes moments of days where some are worked out.
    return Months([(date(month.year, month.month, 1), count) for month, count in newest_first])


def local_months() -> list[tuple[date, int]]:
    """Return (first day, how many articles) of the months of the site's time zone, newest first.

    Kept are the months of UTC: what came out between the two beginnings of a month is looked up by
    index and counted over, in 1 query for each forty years.
    """
    counts = Counter(dict(months(MonthCount.Kind.SECTION).counts))
    now = timezone.now()
    edges = [_edge(first) for first in {*counts, *map(_next_month, counts)}]
    past = [(begin, min(end, now)) for begin, end in edges if begin < now]
    not_ended = PublishedArticle.objects.order_by().filter(
        Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=now)
    )
    for part in batched(past, EDGES, strict=False):
        # Each by index: beside the one bound of `live`, SQLite would read all up to the present.
        ranges = [Q(published_at__gte=begin, published_at__lt=end) for begin, end in part]
        between = not_ended.filter(reduce(or_, ranges))
        for moment in between.values_list("published_at", flat=True):
            counts[moment.astimezone(UTC).date().replace(day=1)] -= 1
            counts[timezone.localdate(moment).replace(day=1)] += 1
    return sorted((+counts).items(), reverse=True)


def _edge(first) -> list[datetime]:
    """Return the beginnings of a month in the site's time zone and in UTC, the earlier first."""
    return sorted(datetime.combine(first, time.min, zone) for zone in (_zone(), UTC))


def _next_month(first) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _zone():
    return timezone.get_current_timezone()


def live_counts(kind, by, key=None) -> Counter:
    """Return how many articles readers can open by "month" or by "key", in 1 query.

    kind: MonthCount.Kind. key: of one section, tag or author; None means all of them.
    """
    found: Counter = Counter()
    for group, number in COUNTED[kind, by](key=key, now=timezone.now()):
        found[group] += number
    return +found  # without those that come to nothing


def _counted(kind, by) -> Prepared:
    """Return the question for (group, number): what is kept, and -1 for each that is not seen."""
    model, column = ROWS[kind]
    month = TruncMonth("published_at", output_field=DateField(), tzinfo=UTC)
    groups: dict[str, Combinable] = {"month": month, "key": F(column)}

    def counts(key, now):
        kept, rows = MonthCount.objects.filter(kind=kind), model._default_manager.order_by()
        if key is not None:
            kept, rows = kept.filter(key=key), rows.filter(**{column: key})
        articles = PublishedArticle.objects.order_by().values("pk")
        unseen = articles.filter(published_at__gt=now), articles.filter(withdrawn_at__lte=now)
        less = [rows.filter(article__in=each).values_list(groups[by], Value(-1)) for each in unseen]
        return kept.values_list(by).annotate(Sum("count")).union(*less, all=True)

    return Prepared(counts)


COUNTED = {(kind, by): _counted(kind, by) for kind in ROWS for by in ("month", "key")}
