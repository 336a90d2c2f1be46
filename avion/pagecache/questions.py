"""Which requests are readers', and by what a page is known.

A page is known by scheme, host, path and the parameters that its view declares. Whatever else a
request carries is neither part of that nor shown to the view, so it can neither fill the cache nor
slip something into a page for others.
"""

from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.urls import Resolver404, is_valid_path, resolve

from articles.reading.caching import Caching
from avion.health import PROBES

METHODS = {"GET", "HEAD"}
WITHOUT_VIEW = Caching()
LONGEST = 2000  # characters of a path or a query that is kept; longer ones are answered by Django
BEFORE_VIEWS = (settings.STATIC_URL, settings.MEDIA_URL, *PROBES)
PASSED_ON = {  # of a request's headers: for the view, the log or the counts of lost addresses
    "HTTP_HOST",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_USER_AGENT",
    "HTTP_REFERER",
    "HTTP_X_REQUEST_ID",
}


class Question(NamedTuple):
    """key: by what a page is known. query: its declared part. accept: "text/html" or "*/*".

    has_view: whether there is a kind of page at such an address.
    """

    key: tuple[str, str, str, str, str]
    query: str
    accept: str
    has_view: bool


def question_of(environ) -> Question | None:
    """Return what a reader asks for; None of what is not for the cache to answer."""
    if environ["REQUEST_METHOD"] not in METHODS or "HTTP_AUTHORIZATION" in environ:
        return None
    if f"{settings.SESSION_COOKIE_NAME}=" in environ.get("HTTP_COOKIE", ""):
        return None
    path, asked = environ.get("PATH_INFO", "/"), environ.get("QUERY_STRING", "")
    if len(path) + len(asked) > LONGEST:
        return None
    caching = _caching(path)
    if caching is None:
        return None
    query = _declared(asked, caching.query) if asked and caching.query else ""
    by_html = caching.by_accept and "text/html" in environ.get("HTTP_ACCEPT", "")
    accept = "text/html" if by_html else "*/*"
    host = _host(environ.get("HTTP_HOST", ""))
    if host is None:
        return None
    key = (_scheme(environ), host, path, query, accept)
    return Question(key, query, accept, caching is not WITHOUT_VIEW)


def is_for_a_page(environ) -> bool:
    """Say whether a readers' page is asked for, in whatever way: past the cache, too."""
    path = environ.get("PATH_INFO", "/")
    is_read = environ["REQUEST_METHOD"] in METHODS
    return is_read and (len(path) > LONGEST or _caching(path) is not None)


def plain(environ, question) -> dict:
    """Return the environment in which the page is made: with nothing that it is not known by."""
    kept = {
        name: value
        for name, value in environ.items()
        if not name.startswith("HTTP_") or name in PASSED_ON
    }
    return kept | {
        "REQUEST_METHOD": "GET",
        "QUERY_STRING": question.query,
        "HTTP_ACCEPT": question.accept,
    }


@lru_cache(maxsize=256)
def _host(given) -> str | None:
    """Return the name that a page is known by, whatever the port; None of one that is not ours."""
    domain, _port = split_domain_port(given)
    return domain if domain and validate_host(domain, settings.ALLOWED_HOSTS) else None


@lru_cache(maxsize=4096)
def _caching(path):
    """Return what the view of a path declares; None if it declares nothing.

    Where there is no view, the answer is the same 404 for all, or an old address leads on. What is
    answered before a view is looked for is left alone: files, probes, a missing slash at the end.
    """
    try:
        text = path.encode("latin-1").decode()  # WSGI's form of a path (PEP 3333)
        return getattr(resolve(text).func, "caching", None)
    except UnicodeError:
        return None
    except Resolver404:
        is_answered = path.startswith(BEFORE_VIEWS) or is_valid_path(f"{text}/")
        return None if is_answered else WITHOUT_VIEW


def _declared(asked, names) -> str:
    try:
        pairs = parse_qsl(asked, keep_blank_values=True, max_num_fields=100)
    except ValueError:  # more fields than any form of ours has
        return ""
    return urlencode(sorted((name, value) for name, value in dict(pairs).items() if name in names))


def _scheme(environ) -> str:
    header = settings.SECURE_PROXY_SSL_HEADER
    return environ.get(header[0], "http") if header else environ["wsgi.url_scheme"]
