"""Two servers count by one Redis. Without it readers read on, and nobody tries passwords that
nobody counts.
"""

import contextlib
import http.client
import re
import subprocess
import time
from urllib.parse import urlencode

import pytest

from articles.reading.letters import QUICKEST
from tests.faults.postgres import variables
from tests.servers import Server, free_port, run

PREPARE = """
from django.core.management import call_command
from authors.models import User
call_command("migrate", verbosity=0)
from tests.factories import make_published
make_published("Un vol", slug="un-vol")
user = User.objects.create_superuser("e@avion.example", "nuage-de-beau-temps", name="E")
"""


@pytest.fixture
def server(tmp_path):
    environment = variables(
        tmp_path,
        DATABASE_URL=f"sqlite:///{tmp_path / 'site.sqlite3'}",
        CACHE_URL=f"redis://127.0.0.1:{free_port()}/0",  # where nobody listens
        PAGE_CACHE_MB="0",
    )
    run(PREPARE, environment)
    server = Server(environment, workers=1)
    server.wait_until_up()
    yield server
    server.kill()


def test_readers_read_on_and_the_door_stays_shut(server):
    for path in ("/", "/un-vol/", "/recherche/?q=vol", "/feed/", "/contact/"):
        assert server.get(path)[0] == 200, path
    assert server.get("/readyz")[0] == 503
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    with contextlib.closing(line) as connection:
        connection.request("GET", "/admin/compte/entree/", headers={"Host": "127.0.0.1"})
        form = connection.getresponse()
        page, cookie = form.read().decode(), form.headers["Set-Cookie"]
        assert form.status == 200
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
        fields = {"login": "e@avion.example", "password": "nuage-de-beau-temps"}
        connection.request(
            "POST",
            "/admin/compte/entree/",
            urlencode(fields | {"csrfmiddlewaretoken": token}),
            {
                "Host": "127.0.0.1",
                "Cookie": cookie.partition(";")[0],
                "Content-Type": "application/x-www-form-urlencoded",
            },
        )
        answer = connection.getresponse()
        answer.read()
        assert answer.status in {500, 503}
        assert "sessionid" not in (answer.headers["Set-Cookie"] or "")


class Redis:
    """A Redis of our own, which can be stopped."""

    def __init__(self):
        self.port = free_port()
        self.start()

    def start(self):
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)

    def kill(self):
        self.process.kill()
        self.process.wait()


@pytest.fixture
def redis():
    redis = Redis()
    yield redis
    redis.kill()


@pytest.fixture
def two(redis, tmp_path):
    """Two servers with one database and one Redis."""
    environment = variables(
        tmp_path,
        DATABASE_URL=f"sqlite:///{tmp_path / 'site.sqlite3'}",
        CACHE_URL=f"redis://127.0.0.1:{redis.port}/0",
        PAGE_CACHE_MB="0",
    )
    run(PREPARE, environment)
    servers = [Server(environment, workers=1) for _each in range(2)]
    try:
        for server in servers:
            server.wait_until_up()
        yield servers
    finally:
        for server in servers:
            server.kill()


def opened(server) -> str:
    """Return the mark of the letters' form."""
    return re.search(r'name="opened" value="([^"]+)"', server.get("/contact/")[1])[1]


def write(server, mark) -> int:
    """Send a letter; return the status of the answer."""
    fields = {"name": "Léa", "email": "lea@exemple.fr", "text": "Bonjour.", "opened": mark}
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    with contextlib.closing(line) as connection:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/contact/", urlencode(fields), {"Host": "127.0.0.1"} | kind)
        answer = connection.getresponse()
        answer.read()
        return answer.status


def ready(server, status):
    """Wait until a server says so: it looks every five seconds."""
    for _attempt in range(100):
        if server.get("/readyz")[0] == status:
            return
        time.sleep(0.2)
    raise AssertionError(server.get("/readyz"))


def test_two_servers_count_together_and_outlive_redis(two, redis):
    one, other = two
    mark = opened(one)
    time.sleep(QUICKEST + 1)
    assert [write(server, mark) for server in (one, other, one, other, one)] == [302] * 5
    assert [write(one, mark), write(other, mark)] == [429, 429]
    ready(one, 200)
    redis.kill()
    ready(one, 503)
    for server in two:
        assert server.get("/un-vol/")[0] == 200
        assert write(server, mark) == 302  # what a reader wrote is not lost for want of a count
    redis.start()
    for server in two:
        ready(server, 200)
    assert [write(one, mark) for _again in range(6)] == [302] * 5 + [429]
