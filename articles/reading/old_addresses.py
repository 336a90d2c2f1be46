"""Where the addresses of the site that was here before lead now: WordPress's forms of them.

What an import wrote down stands in `Redirect`; the rest follows from WordPress's own rules
(permalinks by date, pages of lists, feeds of comments, `?p=12`).
"""

import re
from urllib.parse import unquote, urlencode

from django.http import Http404, HttpResponsePermanentRedirect
from django.urls import reverse

from articles.models.origin import Origin
from articles.models.redirect import Redirect

# What names a page by its id, and under which name the import wrote it down.
PARTS = {"p": "p", "page_id": "p", "attachment_id": "p", "cat": "cat", "author": "author"}
# What names it in words, and the permalink that WordPress gives the same.
NAMED = {
    "name": "/%s/",
    "pagename": "/%s/",
    "category_name": "/category/%s/",
    "tag": "/tag/%s/",
    "author_name": "/author/%s/",
}
ASKED = (*PARTS, *NAMED, "s", "feed", "m")  # of the front page
MONTH = re.compile(r"([12]\d{3})(0[1-9]|1[0-2])?(0[1-9]|[12]\d|3[01])?")
TAILS = re.compile(
    r"(?:/(?:page|comment-page)[/-]\d+|/(?:feed|amp|embed|trackback)(?:/(?:atom|rss2?|rdf))?)+/$"
)
DATED = re.compile(r"/([12]\d{3})/(?:(0[1-9]|1[0-2])/)?(?:(0[1-9]|[12]\d|3[01])/)?")
NUMBERED = re.compile(r"/archives/(?![12]\d{3}/)(\d+)/")  # years are ours
FEED = re.compile(r"/feed/(?:(\w+)/)?$")
FEEDS = {f"/feed/{form}": "/feed/" for form in ("", "rss/", "rss2/", "rdf/")}
FEEDS |= {"/rss/": "/feed/"} | dict.fromkeys(["/atom/", "/feed/atom/"], "/feed/atom/")
OWN = re.compile("/(?:page|rubrique|tag|auteur|dossier|archives|corrections)/")
LISTED = re.compile("/(?:rubrique|tag|auteur|dossier)/[^/]+/$")
LISTS = {"category": "rubrique", "author": "auteur"}  # WordPress's words, and ours


def normal(path: str) -> str:
    """Return the form in which an old path is kept: decoded, in lower case, with its slash."""
    path = "/" + unquote(path).replace("\x00", "").lower().strip("/")
    return path if path == "/" or "." in path.rpartition("/")[2] else f"{path}/"


def of_query(query) -> str | None:
    """Return the old path that a query of the front page names (`/?p=12`); None if none."""
    for name, kind in PARTS.items():
        if (value := query.get(name, "")).isdecimal():
            return f"/?{kind}={value[:18]}"
    return None


def asked_of_home(query) -> str | None:
    """Return where WordPress's queries of the front page lead, such as `?s=`, `?tag=`, `?m=202005`.

    None of others, and of those that lead nowhere.
    """
    if "s" in query:
        place = "search-feed" if "feed" in query else "search"
        return f"{reverse(place)}?{urlencode({'q': query['s']})}"
    if "feed" in query:
        return reverse("feed-atom" if query["feed"] == "atom" else "feed")
    paths = [
        form % query[name].rstrip("/").rpartition("/")[2]
        for name, form in NAMED.items()
        if query.get(name)
    ]
    if month := MONTH.fullmatch(query.get("m", "")):
        paths.append(f"/{'/'.join(filter(None, month.groups()))}/")
    return next(filter(None, map(_lead, paths)), None)


def _lead(path):
    return Redirect.objects.lead(normal(path)) or leads_to(path)


def moved(destination):
    """Return a redirect for good that browsers keep for five minutes: a move can be undone."""
    answer = HttpResponsePermanentRedirect(destination)
    answer.headers["Cache-Control"] = "max-age=300"
    return answer


class UnknownPathError(Http404):
    """A path that no redirect knows; it needs not be looked up again."""

    def __init__(self, path):
        super().__init__(path)
        self.path = path


def leads_to(path: str, unknown: str = "") -> str | None:
    """Return where an old path leads now, "" if what was there is gone, None if nobody knows.

    unknown: a path that was looked up in vain.
    """
    path = normal(path)
    found = None if path == unknown else Redirect.objects.follow(path)
    if found is not None:
        return found
    if "/uploads/" in path:
        file = Origin.of_upload(path)
        return (file and file.file_address) or None
    if path in FEEDS:
        return FEEDS[path]
    base = TAILS.sub("/", path)
    asked = FEED.search(path[len(base) - 1 :])
    feed = f"feed/{'atom/' if asked and asked[1] == 'atom' else ''}" if asked else ""
    if base != path:  # a page of a list of ours beyond its end leads nowhere
        look = Redirect.objects.follow if OWN.match(path) else Redirect.objects.lead
        if found := look(base):
            return _with(feed, found)
    found = next(filter(None, map(Redirect.objects.lead, _guesses(base))), None)
    return found and _with(feed, found)


def _with(feed, destination) -> str:
    """Return the feed of a list, if a feed was asked for and it has one."""
    return f"{destination}{feed}" if LISTED.match(destination) else destination


def _guesses(path):
    """Yield what a path can mean by WordPress's rules."""
    dated = DATED.match(path)
    if dated and dated.end() == len(path):
        yield f"/archives{path}"
    elif dated:
        yield f"/{path[dated.end() :].strip('/').rpartition('/')[2]}/"
    if numbered := NUMBERED.fullmatch(path):
        yield f"/?p={numbered[1]}"
    parts = path.strip("/").split("/")
    if len(parts) > 1 and parts[0] in LISTS:
        yield f"/{LISTS[parts[0]]}/{parts[-1]}/"
