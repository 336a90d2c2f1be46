"""What readers can open, as JSON, for apps and partners: read only, described by OpenAPI 3.1.

A list goes on by a cursor that names the last article, not by a number of pages: however deep, a
page costs the same, and nothing is skipped when something is published meanwhile.
"""

import base64
import json
from binascii import Error as Base64Error
from datetime import datetime

from django.db.models import Q
from django.http import JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from articles.images.figures import pictures_in, show_plain
from articles.images.places import absolute as absolute_file
from articles.images.places import single
from articles.models import PublishedArticle
from articles.reading.api_description import MOST, PER_PAGE, described
from articles.reading.caching import cached
from articles.reading.feeds import absolute, root, strictest

YEARS = range(1900, 9000)  # what every database can compare


class AskedError(ValueError):
    """A parameter that cannot be understood; the message says which, and what it should be."""


def answers(view):
    """Answer in JSON that any site may read, with an ETag; 400 says which parameter is wrong."""

    @require_safe
    @conditional_page
    def answer(request, *args, **kwargs):
        try:
            response = view(request, *args, **kwargs)
        except AskedError as error:
            response = JsonResponse({"error": str(error)}, status=400)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        response.headers["Cache-Control"] = "max-age=60"
        return response

    return answer


@cached("section", "tag", "author", "since", "until", "limit", "cursor")
@answers
def articles(request):
    """The articles that readers can open, newest first: {"articles": […], "next": address or null}.

    section, tag, author: slugs. since, until: dates or moments of publication. limit: 1 to 100.
    """
    asked = request.GET
    limit = _limit(asked.get("limit"))
    found = PublishedArticle.objects.live()
    for name, lookup in FILTERS.items():
        if value := asked.get(name, "").replace("\x00", ""):
            found = found.filter(**{lookup: value})
    for name, lookup in MOMENTS.items():
        if value := asked.get(name):
            found = found.filter(**{lookup: _moment(name, value)})
    if cursor := asked.get("cursor"):
        at, pk = _read_cursor(cursor)
        found = found.filter(Q(published_at__lt=at) | Q(published_at=at, article_id__lt=pk))
    page = list(found.newest().for_feed().select_related("section", "hero_image")[: limit + 1])
    more, page = len(page) > limit, page[:limit]
    request.mining = strictest(page)
    following = None
    if more:
        query = asked.copy()
        query["cursor"] = _cursor(page[-1])
        following = f"{root()}{request.path}?{query.urlencode()}"
    return _json({"articles": [_summary(article) for article in page], "next": following})


@cached()
@answers
def article(request, pk):
    """One article with its text; 404 for what readers cannot open."""
    found = (
        (PublishedArticle.objects.live().for_feed().select_related("section", "hero_image"))
        .filter(pk=pk)
        .first()
    )
    if found is None:
        return JsonResponse({"error": _("There is no such article.")}, status=404)
    request.mining = found.mining
    body = absolute(show_plain(found.body, pictures_in(found.body)))
    return _json(_summary(found) | {"body": body, "corrections": found.corrections})


@cached()
@answers
def description(request):
    """The description of this API (OpenAPI 3.1)."""
    return _json(described(request.site.name))


FILTERS = {
    "section": "section__slug",
    "tag": "taggings__tag__slug",
    "author": "bylines__author__slug",
}
MOMENTS = {"since": "published_at__gte", "until": "published_at__lt"}


def _summary(article) -> dict:
    return {
        "id": article.pk,
        "url": root() + article.get_absolute_url(),
        "api_url": root() + reverse("api-article", args=[article.pk]),
        "title": article.title,
        "kicker": article.kicker,
        "standfirst": article.standfirst,
        "section": _named(article.section),
        "authors": [_named(author) for author in article.authors],
        "tags": [_named(tag) for tag in article.tags],
        "image": _picture(article),
        "published_at": _iso(article.published_at),
        "modified_at": _iso(article.modified_at),
        "word_count": article.word_count,
        "genre": article.genre,
        "mining": article.mining,
        "ai": _ai(article),
    }


def _ai(article) -> dict | None:
    """Return what the newsroom stated of artificial intelligence; None of nothing."""
    if not article.ai_use:
        return None
    return {
        "use": article.ai_use,
        "note": article.ai_note,
        "reviewed_by": article.ai_reviewed_by,
        "reviewed_on": article.ai_reviewed_on and article.ai_reviewed_on.isoformat(),
    }


def _named(row) -> dict:
    return {"name": str(row), "slug": row.slug, "url": root() + row.get_absolute_url()}


def _picture(article) -> dict | None:
    image = article.hero_image
    if image is None:
        return None
    file = single(image, "full")
    return {
        "url": absolute_file(file["url"]),
        "width": file["width"],
        "height": file["height"],
        "alt": image.alt,
        "caption": article.hero_caption,
        "credit": image.credit,
    }


def _iso(moment) -> str:
    return timezone.localtime(moment).isoformat()


def _json(data):
    return JsonResponse(data, json_dumps_params={"ensure_ascii": False})


def _limit(text) -> int:
    if not text:
        return PER_PAGE
    if not text.isdecimal() or len(text) > 3 or not 1 <= int(text) <= MOST:
        raise AskedError(_("limit is a number from 1 to %d.") % MOST)
    return int(text)


def _moment(name, text) -> datetime:
    said = _("%s is a date or a moment, such as 2026-01-31 or 2026-01-31T10:00:00+01:00.")
    try:
        moment, day = parse_datetime(text), parse_date(text)
    except ValueError as error:  # the thirtieth of February
        raise AskedError(said % name) from error
    if moment is None and day:
        moment = datetime.combine(day, datetime.min.time())
    if moment is None or moment.year not in YEARS:
        raise AskedError(said % name)
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def _cursor(article) -> str:
    text = json.dumps([article.published_at.isoformat(), article.pk])
    return base64.urlsafe_b64encode(text.encode()).decode()


def _read_cursor(text) -> tuple[datetime, int]:
    try:
        at, pk = json.loads(base64.urlsafe_b64decode(text))
        moment = datetime.fromisoformat(at)
        is_ours = timezone.is_aware(moment) and moment.year in YEARS
        if not is_ours or not isinstance(pk, int) or not 0 <= pk < 2**63:
            raise ValueError(text)
    except (ValueError, TypeError, Base64Error, UnicodeError, RecursionError) as error:
        raise AskedError(_("cursor is what “next” of the page before holds.")) from error
    return moment, pk
