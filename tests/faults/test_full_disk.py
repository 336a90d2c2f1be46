"""The disk is full: whoever writes is told so and loses nothing, whoever reads reads on.

The system itself refuses to let any file grow (RLIMIT_FSIZE), for want of a disk to fill.
"""

import http.client
import json
import resource
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from tests.avion.test_kill import PREPARE, TOKEN
from tests.factories import photograph
from tests.faults.postgres import variables
from tests.servers import Server, run

PAGES = ["/", "/un-vol/", "/recherche/?q=vol", "/feed/"]
MORE = """
from tests.factories import make_published
other = make_published("Un vol", slug="un-vol")
print(other.section_id, other.authors[0].pk)
"""
LOOK = """
import json
from datetime import timedelta
from articles.images import stock
from articles.models import Article, Buffer, Image, PublishedArticle
article = Article.objects.get(slug="zero")
stock.SETTLED = timedelta(0)
files = set(stock._files(stock.ORIGINALS)) - set(stock.orphans())  # the clean-up finds what is cut
print(json.dumps({
    "title": article.title, "version": article.version, "pictures": Image.objects.count(),
    "files": len(files), "kept": Buffer.objects.count(),
    "published": PublishedArticle.objects.filter(slug="zero").count(),
}))
"""
FULL = 4096  # bytes beyond which no file grows


def fill(server):
    """Let no file of the server's grow, as on a full disk (Python ignores the signal)."""
    pids = [server.process.pid]
    for pid in pids:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        pids += map(int, children)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (FULL, resource.RLIM_INFINITY))


@pytest.fixture
def site(tmp_path):
    """An environment, an editor's session and article, a section and an author."""
    environment = variables(tmp_path, DATABASE_URL=f"sqlite:///{tmp_path / 'site.sqlite3'}")
    return environment, *run(PREPARE + MORE, environment).split()


def send(server, session, path, body, kind="application/x-www-form-urlencoded"):
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    with closing(line) as connection:
        headers = {
            "Host": "127.0.0.1",
            "Accept": "application/json" if kind.startswith("multipart") else "text/html",
            "Content-Type": kind,
            "Cookie": f"sessionid={session}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
        }
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def picture() -> tuple[bytes, str]:
    """Return a form with a picture, and its type."""
    parts = [("credit", "Zoé Vent"), ("licence", "reserved")]
    fields = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in parts
    )
    head = '--x\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\n'
    head += "Content-Type: image/jpeg\r\n\r\n"
    return (fields + head).encode() + photograph(size=(900, 600)) + b"\r\n--x--\r\n", (
        "multipart/form-data; boundary=x"
    )


def test_nothing_is_lost_and_reading_goes_on(site):
    environment, session, article, section, author = site
    change = f"/admin/articles/article/{article}/change/"
    fields = {"slug": "zero", "title": "Nouveau", "body": "<p>Texte.</p>", "_continue": "1"}
    before = json.loads(run(LOOK, environment))
    version = before["version"]
    typed = urlencode(fields | {"seen_version": version})
    kept = urlencode(fields | {"kept": 1, "article": article, "buffer_key": uuid4()})
    whole = {"section": section, "bylines": author, "standfirst": "Le chapô.", "_publish": "1"}
    autosave = "/admin/articles/article/autosave/"
    server = Server(environment, workers=1)
    try:
        server.wait_until_up()
        cookie = f"sessionid={session}"
        assert server.get("/admin/", Cookie=cookie)[0] == 200  # the session is noted
        fill(server)
        status, said = send(server, session, "/admin/articles/image/upload/", *picture())
        assert status == 400
        assert "réessayez" in json.loads(said)["error"]
        status, said = send(server, session, change, typed)
        assert status == 500
        assert "peut-être pas été enregistré" in said
        published = urlencode(fields | whole | {"seen_version": version})
        assert send(server, session, change, published)[0] == 500
        assert send(server, session, autosave, kept)[0] == 500  # the browser keeps it
        for path in PAGES:
            assert server.get(path)[0] == 200, path
        assert server.get("/healthz")[0] == 200
    finally:
        server.kill()
    assert json.loads(run(LOOK, environment)) == before
    server = Server(environment, workers=1)  # there is room again
    try:
        server.wait_until_up()
        assert send(server, session, autosave, kept)[0] == 200
        assert send(server, session, change, typed)[0] == 302
        published = urlencode(fields | whole | {"seen_version": version + 1})
        assert send(server, session, change, published)[0] == 302
        assert send(server, session, "/admin/articles/image/upload/", *picture())[0] == 201
    finally:
        server.kill()
    assert json.loads(run(LOOK, environment)) == {
        "title": "Nouveau",
        "version": version + 2,
        "pictures": 1,
        "files": 1,
        "kept": 1,
        "published": 1,
    }
