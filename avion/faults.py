"""The pages of a site that cannot serve: a fault (500), maintenance (503).

They ask nothing of the database, of static files or of scripts, so they stand when those do not.
"""

from base64 import b64encode
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.contrib.sessions.exceptions import SessionInterrupted
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

RETRY_AFTER = 300  # seconds, while nobody knows when it ends


def fault(request):
    """500: something is broken; the trace is in the log, not on the page.

    Whoever sent something is told where to find it.
    """
    words = _("We are at work on it. Please come back soon.")
    if request.method == "POST":
        words = _may_be_lost()
    return _page(500, _("The site has a fault"), words)


def damaged(request, exception):
    """400: what came cannot be read, or the session ended meanwhile, or could not be saved."""
    if isinstance(exception, SessionInterrupted):
        return _page(400, _("Your session has ended"), _may_be_lost())
    words = _("What your browser sent came damaged. Go back, and try again.")
    return _page(400, _("The request cannot be read"), words)


def _may_be_lost() -> str:
    return _(
        "What you sent may not have been saved. Go back in your browser: you will find it "
        "there. Check, and try again in a moment."
    )


def away():
    """503: the database is not there, and nothing is known of what was asked for."""
    page = _page(503, _("The site has a fault"), _("We are at work on it. Please come back soon."))
    page.headers["Retry-After"] = "10"
    return page


@cache  # it is said when there is no time to lose
def busy():
    """503: more is asked for that nobody has seen yet than can be made."""
    page = _page(503, _("Many ask at once"), _("Try again in a moment, please."))
    page.headers["Retry-After"] = "2"
    return page


def maintenance(until=None):
    """503: the site is away on purpose. until: when it will be back, if that is known.

    Once that moment is past, nothing is promised any more.
    """
    words = _("We are at work on it. Please come back soon.")
    seconds = RETRY_AFTER
    if until and until > timezone.now():
        back = date_format(timezone.localtime(until), "TIME_FORMAT")
        words = _("We are at work on it, and should be back at %s.") % back
        seconds = max(60, round((until - timezone.now()).total_seconds()))
    page = _page(503, _("The site is closed for maintenance"), words)
    page.headers["Retry-After"] = str(seconds)
    return page


class Maintenance(NamedTuple):
    """of_desk: whether readers are served all the same. end: None if that was not said."""

    of_desk: bool
    end: datetime | None


DESK = "desk"  # the first word of the file, where the desk alone is closed


def maintenance_now() -> Maintenance:
    """Return the maintenance that is on.

    Raises FileNotFoundError while the site is open. What somebody wrote into the file by hand
    and is no moment closes the site all the same.
    """
    try:
        said = Path(settings.MAINTENANCE_FILE).read_text().split()
    except FileNotFoundError:
        raise
    except (OSError, ValueError):
        return Maintenance(of_desk=False, end=None)
    of_desk = said[:1] == [DESK]
    try:
        end = datetime.fromisoformat(said[-1])
    except (IndexError, ValueError):
        return Maintenance(of_desk, end=None)
    return Maintenance(of_desk, end if timezone.is_aware(end) else None)


def _page(status, title, words):
    html = render_to_string("fault.html", {"status": status, "title": title, "words": words})
    return with_own_style(html, status)


def with_own_style(html, status=200):
    """Return a page that stands alone: its one style is allowed by its hash, nothing else is."""
    style = html.partition("<style>")[2].partition("</style>")[0]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'"
    policy += "; base-uri 'none'; form-action 'none'"
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-store"}
    return HttpResponse(html, status=status, headers=headers)
