"""How many articles readers can open, without counting them, however many there are.

The number of every section, tag and author is kept by month (articles/publishing/counted.py). What
is scheduled or has ended is little, found by index, and taken off when somebody asks.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db.models import DateField, F, Sum, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import TruncMonth
from django.utils import timezone

from articles.models import MonthCount, PublishedArticle
from articles.publishing.counted import ROWS
from articles.reading.prepared import Prepared


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
    return Months([(month, counts[month]) for month in sorted(counts, reverse=True)])


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
        ended = PublishedArticle.objects.order_by().filter(withdrawn_at__lte=now)
        unseen = rows.filter(published_at__gt=now), rows.filter(article__in=ended.values("pk"))
        less = [each.values_list(groups[by], Value(-1)) for each in unseen]
        return kept.values_list(by).annotate(Sum("count")).union(*less, all=True)

    return Prepared(counts)


COUNTED = {(kind, by): _counted(kind, by) for kind in ROWS for by in ("month", "key")}
