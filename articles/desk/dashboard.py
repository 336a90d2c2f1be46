"""The desk's first page: what waits for whom today."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import F
from django.utils import timezone

from articles.desk import rights
from articles.desk.figures import Figures, most_read
from articles.desk.picture_uses import Expiring, expiring_in_public
from articles.models import Article, Correction, Letter, Note
from articles.reading.querysets import live_now

DAYS = 7
LENGTH = 10  # articles in a list


@dataclass
class Day:
    """One day of the calendar and what goes live on it."""

    date: date
    articles: list


@dataclass
class Dashboard:
    """Lists of articles, each no longer than LENGTH, of those that the account may see."""

    drafts: list
    to_review: list
    ready: list
    days: list[Day]
    published_today: list
    corrections: list
    notes: list
    expiring: list[Expiring]  # pictures, for those who may replace them
    most_read: list[Figures]
    letters: list[Letter]  # from readers, for those who deal with them


def dashboard(user) -> Dashboard:
    """Return what waits for this account, in 9 queries, and up to 6 more for publishers."""
    visible = rights.visible_to(user).select_related("section", "published")
    own = Article.objects.written_by(user).select_related("section")
    now, today = timezone.now(), timezone.localdate()
    midnight = timezone.make_aware(datetime.combine(today, time.min))
    coming = visible.filter(
        published__published_at__gt=now,
        published__published_at__lt=midnight + timedelta(days=DAYS),
    ).order_by("published__published_at")
    return Dashboard(
        drafts=list(own.filter(stage=Article.Stage.DRAFT, published=None)[:LENGTH]),
        to_review=list(visible.filter(stage=Article.Stage.REVIEW).order_by("updated_at")[:LENGTH]),
        ready=list(visible.filter(stage=Article.Stage.READY).order_by("updated_at")[:LENGTH]),
        days=_by_day(coming, today),
        published_today=list(
            visible.filter(live_now("published__"), published__published_at__gte=midnight).order_by(
                "-published__published_at"
            )[:LENGTH]
        ),
        corrections=list(
            Correction.objects.filter(article__in=rights.visible_to(user))
            .select_related("article")
            .order_by(F("corrected_at").desc())[:5]
        ),
        notes=list(
            Note.objects.open()
            .filter(article__in=Article.objects.written_by(user))
            .exclude(by=user)
            .select_related("article", "by")[:LENGTH]
        ),
        expiring=expiring_in_public() if rights.may_publish(user) else [],
        most_read=most_read(LENGTH),
        letters=_letters() if user.has_perm("articles.view_letter") else [],
    )


def _letters():
    return list(Letter.objects.waiting().select_related("article")[:LENGTH])


def _by_day(articles, today) -> list[Day]:
    days = [Day(today + timedelta(days=number), []) for number in range(DAYS)]
    for article in articles:
        on = timezone.localtime(article.published.published_at).date()
        days[(on - today).days].articles.append(article)
    return days
