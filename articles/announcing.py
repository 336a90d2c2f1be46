"""Telling others at once: search engines by IndexNow, feed readers by WebSub.

Publishing notes what changed, in its own transaction, and waits for nobody: a worker, or
`manage.py announce` every minute, tells it once readers can see it. What could not be told waits
longer from try to try. Switched on by INDEXNOW_ENDPOINT and WEBSUB_HUB (docs/distribution.md).

https://www.indexnow.org/documentation · https://www.w3.org/TR/websub/#publishing
"""

import hmac
import json
import logging
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from itertools import batched
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.db import models, transaction
from django.tasks import default_task_backend, task
from django.urls import reverse
from django.utils import timezone

from articles.images.places import absolute
from articles.models import Announcement, Article, PublishedArticle

logger = logging.getLogger(__name__)
Channel = Announcement.Channel
FEEDS = ("", "-atom", "-json")  # formats, as in the names of URL patterns
TIMEOUT = 10  # seconds that we wait for an answer
CLAIMED = timedelta(minutes=10)  # nobody else takes up what one is telling
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)  # doubled from try to try
LONGEST_REST = timedelta(days=1)  # that another may ask for
MOST_TRIES = 12  # over some seven hours
AT_ONCE = 500  # announcements
ADDRESSES = {Channel.INDEXNOW: 10_000, Channel.WEBSUB: 100}  # a request at most


class Told(NamedTuple):
    """How many announcements were told, put off, and given up; when to try again, or None."""

    told: int = 0
    put_off: int = 0
    given_up: int = 0
    again_at: datetime | None = None


class UntoldError(Exception):
    """The other side did not take it. pause: how long it asks to be left alone."""

    def __init__(self, said, pause=timedelta(0)):
        super().__init__(said)
        self.pause = pause


def endpoints() -> dict[str, str]:
    """Return {channel: address} of those that are switched on."""
    known = {
        Channel.INDEXNOW: settings.INDEXNOW_ENDPOINT,
        Channel.WEBSUB: settings.WEBSUB_HUB,
    }
    return {channel: address for channel, address in known.items() if address}


def key() -> str:
    """Return the key that proves to IndexNow, at /<key>.txt, whose site this is."""
    return hmac.digest(settings.SECRET_KEY.encode(), b"indexnow", "sha256").hex()[:32]


@contextmanager
def announced(article):
    """Note what an act changes for readers; it runs in the act's transaction.

    Whatever addresses and feeds the article has before and after is told when it is due: now, or
    when the article comes out, and again when its time ends.
    """
    if not endpoints():
        yield
        return
    before = PublishedArticle.objects.live().filter(pk=article.pk).first()
    gone = _changed_with(before)
    yield
    copy = PublishedArticle.objects.filter(pk=article.pk).first()
    due = [copy.published_at, copy.withdrawn_at] if copy else []
    now = timezone.now()
    moments = {max(moment, now) for moment in due if moment} | ({now} if before else set())
    changed = {channel: [*paths, *gone[channel]] for channel, paths in _changed_with(copy).items()}
    Announcement.objects.filter(article_id=article.pk, tries=0, due_at__gt=now).delete()
    Announcement.objects.bulk_create(
        Announcement(channel=channel, article_id=article.pk, paths=paths, due_at=moment)
        for channel in endpoints()
        for moment in moments
        if (paths := list(dict.fromkeys(changed[channel])))
    )
    for moment in moments:
        _wake(moment)


def _changed_with(copy) -> dict[str, list[str]]:
    """Return {channel: paths} of what shows a readers' copy; none of None."""
    if copy is None:
        return {Channel.INDEXNOW: [], Channel.WEBSUB: []}
    tags = copy.taggings.values_list("tag__slug", flat=True)
    authors = copy.bylines.values_list("author__slug", flat=True)
    dossiers = Article.objects.filter(pk=copy.pk).exclude(dossier_parts=None)
    places = [
        ("feed", []),
        ("section-feed", [copy.section.slug]),
        *(("tag-feed", [slug]) for slug in tags),
        *(("author-feed", [slug]) for slug in authors),
        *(
            ("dossier-feed", [slug])
            for slug in dossiers.values_list("dossier_parts__dossier__slug", flat=True)
        ),
        *([("corrections-feed", [])] if copy.corrected_at else []),
    ]
    feeds = [reverse(f"{name}{form}", args=args) for name, args in places for form in FEEDS]
    return {Channel.INDEXNOW: [copy.get_absolute_url()], Channel.WEBSUB: feeds}


@task
def announce_task():
    """Tell what is due, and come back for what is not."""
    if again_at := tell().again_at:
        _wake(again_at)


def _wake(moment):
    """Have the worker tell what is due at a moment; where none runs, `manage.py announce` does."""
    if default_task_backend.supports_defer:
        waiting = announce_task.using(run_after=moment)
        transaction.on_commit(waiting.enqueue, robust=True)  # a publication stands without it


def tell() -> Told:
    """Tell all that is due and return what became of it. Several at a time do no harm."""
    found = []
    for channel, endpoint in endpoints().items():
        while due := _claim(channel):
            found.append(_tell(channel, endpoint, due))
    told, put_off, given_up, moments = zip(*found, strict=True) if found else ((),) * 4
    again_at = min(filter(None, moments), default=None)
    return Told(sum(told), sum(put_off), sum(given_up), again_at)


def _claim(channel) -> list[Announcement]:
    """Take up what is due; what readers cannot see yet waits until they can.

    Nothing is taken up as long as the other side is left in peace after a refusal.
    """
    now = timezone.now()
    rows = Announcement.objects.filter(channel=channel)
    if rows.filter(tries__gt=0, due_at__gt=now).exists():
        return []
    free = models.Q(claimed_until=None) | models.Q(claimed_until__lt=now)
    rows = rows.filter(free, due_at__lte=now).order_by("due_at")
    with transaction.atomic():
        due = list(rows.select_for_update(skip_locked=True)[:AT_ONCE])
        ahead = PublishedArticle.objects.filter(
            pk__in=[row.article_id for row in due], published_at__gt=now
        )
        early: dict[int | None, datetime] = dict(ahead.values_list("pk", "published_at"))
        for row in due:
            row.due_at = early.get(row.article_id, row.due_at)
            row.claimed_until = None if row.article_id in early else now + CLAIMED
        Announcement.objects.bulk_update(due, ["due_at", "claimed_until"])
        if due:
            _wake(now + CLAIMED)  # whoever claimed them may be killed
    return [row for row in due if row.article_id not in early]


def _tell(channel, endpoint, due) -> Told:
    """Tell these announcements in as few requests as may be."""
    paths = dict.fromkeys(path for row in due for path in row.paths)
    try:
        for some in batched(paths, ADDRESSES[channel], strict=False):
            REQUESTS[channel](endpoint, [absolute(path) for path in some])
    except UntoldError as error:
        logger.warning("%s was not told: %s", channel.label, error)
        return _put_off(due, error.pause)
    Announcement.objects.filter(pk__in=[row.pk for row in due]).delete()
    return Told(told=len(due))


def _put_off(due, pause) -> Told:
    """Have these wait for the next try, longer each time, or give them up."""
    now = timezone.now()
    for row in due:
        row.due_at = now + max(min(FIRST_PAUSE * 2**row.tries, LONGEST_PAUSE), pause)
        row.tries, row.claimed_until = row.tries + 1, None
    lost = [row for row in due if row.tries >= MOST_TRIES]
    for row in lost:
        logger.error("Given up after %d tries: %s", row.tries, row)
    Announcement.objects.bulk_update(due, ["due_at", "tries", "claimed_until"])
    Announcement.objects.filter(pk__in=[row.pk for row in lost]).delete()
    again_at = min((row.due_at for row in due if row not in lost), default=None)
    return Told(0, len(due) - len(lost), len(lost), again_at)


def _to_indexnow(endpoint, addresses):
    said = {
        "host": settings.SITE_URL.netloc,
        "key": key(),
        "keyLocation": absolute(f"/{key()}.txt"),
        "urlList": addresses,
    }
    _post(endpoint, json.dumps(said), "application/json; charset=utf-8")


def _to_hub(endpoint, addresses):
    said = [("hub.mode", "publish"), *(("hub.url", address) for address in addresses)]
    _post(endpoint, urlencode(said), "application/x-www-form-urlencoded")


REQUESTS = {Channel.INDEXNOW: _to_indexnow, Channel.WEBSUB: _to_hub}


def _post(endpoint, body, kind):
    """Send a body. Raises UntoldError when the other side refuses it, or cannot be reached."""
    headers = {"Content-Type": kind, "User-Agent": f"Avion (+{absolute('/')})"}
    request = Request(endpoint, body.encode(), headers, method="POST")  # noqa: S310  # http or https: see environment.endpoint
    try:
        with build_opener(NoRedirect).open(request, timeout=TIMEOUT) as answer:
            answer.read(1000)
    except HTTPError as error:
        pause = _rest(error.headers.get("Retry-After", ""))
        raise UntoldError(f"{endpoint} answered {error.code}", pause) from error
    except (OSError, HTTPException) as error:
        raise UntoldError(f"{endpoint}: {error}") from error


class NoRedirect(HTTPRedirectHandler):
    """An endpoint that leads elsewhere was not told: a POST would arrive as a GET."""

    def redirect_request(self, *_request):
        return None


def _rest(asked) -> timedelta:
    """Return how long a Retry-After asks for: seconds or a date (RFC 9110, 10.2.3)."""
    if asked.isascii() and asked.isdecimal() and len(asked) < 9:
        rest = timedelta(seconds=int(asked))
    else:
        try:
            rest = parsedate_to_datetime(asked) - timezone.now()
        except (ValueError, TypeError):  # no date, or one without a zone
            rest = timedelta(0)
    return max(timedelta(0), min(rest, LONGEST_REST))
