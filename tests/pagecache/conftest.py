from io import BytesIO
from unittest import mock

import pytest

from avion.pagecache.application import PageCache
from avion.pagecache.clock import Clock
from tests.factories import make_published


class Client:
    """Asks a WSGI application as a server does; keeps nothing between two questions."""

    def __init__(self, application):
        self.application = application

    def get(self, path="/", query="", method="GET", **headers) -> "Answer":
        environ = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": path.encode().decode("latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": "avion.test",
            "SERVER_PORT": "443",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "avion.test",
            "wsgi.url_scheme": "https",
            "wsgi.input": BytesIO(),
            "wsgi.errors": None,
        } | {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        said = []
        body = self.application(environ, lambda status, headers: said.append((status, headers)))
        content = b"".join(body)
        if hasattr(body, "close"):
            body.close()
        [(status, pairs)] = said
        return Answer(status, pairs, content)


class Answer:
    def __init__(self, status, pairs, content):
        self.code, self.pairs, self.content = int(status[:3]), pairs, content
        self.headers = {name.lower(): value for name, value in pairs}

    @property
    def text(self):
        return self.content.decode()


@pytest.fixture
def cache():
    """A page cache in front of the site; `cache.clock.look()` is the second that passes."""
    from django.core.wsgi import get_wsgi_application

    clock = Clock()
    clock.start = clock.look
    return PageCache(get_wsgi_application(), 8 * 1024 * 1024, clock)


@pytest.fixture
def reader(cache):
    return Client(cache)


@pytest.fixture
def article(transactional_db):
    return make_published("Un vol", slug="un-vol")


def at(moment):
    """The cache's wall clock at a moment."""
    return mock.patch.multiple(
        "avion.pagecache.application", time=mock.Mock(return_value=moment.timestamp())
    )
