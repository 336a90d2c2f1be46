"""Without its cache (Redis), readers read on, and nobody tries passwords that nobody counts."""

import contextlib
import http.client
import re
from urllib.parse import urlencode

import pytest

from tests.faults.postgres import variables
from tests.servers import Server, free_port, run

PREPARE = """
from django.core.management import call_command
from authors.models import User
call_command("migrate", verbosity=0)
call_command("collectstatic", interactive=False, verbosity=0)
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
