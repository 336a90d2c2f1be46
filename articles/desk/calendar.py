"""The editorial calendar: what went and what goes live in a month, day by day."""

from calendar import Calendar
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from articles.desk import rights
from articles.reading.querysets import SEARCHED

MONDAY = 0


@dataclass
class CalendarDay:
    """A day of the calendar's sheet: `is_other` when it fills up a week of the month."""

    date: date
    is_other: bool
    articles: list = field(default_factory=list)


def month(user, year: int, number: int) -> list[list[CalendarDay]]:
    """Return the weeks of a month, Monday first, with the articles that the account may see.

    Each has its readers' copy (`copy`); 1 query, and those of its relations.
    """
    weeks = [
        [CalendarDay(day, day.month != number) for day in week]
        for week in Calendar(MONDAY).monthdatescalendar(year, number)
    ]
    days = {day.date: day for week in weeks for day in week}
    first, last = min(days), max(days)
    articles = (
        rights.visible_to(user)
        .filter(
            published__published_at__gte=_midnight(first),
            published__published_at__lt=_midnight(last + timedelta(days=1)),
        )
        .select_related("published", "section")
        .defer("body", "published__body", *(f"published__{name}" for name in SEARCHED))
        .order_by("published__published_at", "pk")
    )
    for article in articles:
        days[timezone.localtime(article.copy.published_at).date()].articles.append(article)
    return weeks


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
