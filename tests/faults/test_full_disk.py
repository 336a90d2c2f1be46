"""The disk is full: whoever writes is told so and loses nothing, whoever reads reads on.

The site lies on a small disk in memory that its server alone sees (mount_namespaces(7)).
"""

import http.client
import json
import os
import shutil
import subprocess
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
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
SIZE = "24m"
# The folder $2, as $1 is, on a disk of its own; then the command that follows.
ON_A_DISK = f"""
mount -t tmpfs -o size={SIZE} none "$2" && cp -a "$1/." "$2" && shift 2 && exec "$@"
"""


def disk(server) -> Path:
    """Return the server's disk, as everybody can reach it."""
    return Path(f"/proc/{server.process.pid}/root{server.folder}")


def fill(server):
    """Leave not a byte on the server's disk."""
    with (disk(server) / "ballast").open("wb", buffering=0) as ballast:
        for size in (65536, 1):
            with suppress(OSError):
                while ballast.write(bytes(size)):
                    pass


def on(folder) -> dict[str, str]:
    """Return the environment of a site that lies in a folder."""
    return variables(folder, DATABASE_URL=f"sqlite:///{folder / 'site.sqlite3'}")


def look(server) -> dict:
    """Look at a copy of what is on the disk: SQLite would resolve the way there, and be lost."""
    with TemporaryDirectory() as name:
        copied = Path(name) / "copied"
        shutil.copytree(disk(server), copied, ignore=shutil.ignore_patterns("ballast"))
        return json.loads(run(LOOK, on(copied)))


def title(saves) -> str:
    return str(saves or 0)


@pytest.fixture
def site(tmp_path):
    """A server on its disk, an editor's session and article, a section and an author."""
    before, folder = tmp_path / "before", tmp_path / "disk"
    before.mkdir()
    folder.mkdir()
    known = run(PREPARE + MORE, on(before)).split()
    as_root = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    apart = ["unshare", *as_root, "--mount"]
    subprocess.run([*apart, "true"], check=True)  # this machine lets us have a disk of our own
    within = [*apart, "sh", "-c", ON_A_DISK, "sh", str(before), str(folder)]
    server = Server(on(folder), within=within, workers=1)
    server.folder = folder
    try:
        server.wait_until_up()
        cookie = f"sessionid={known[0]}"
        assert server.get("/admin/", Cookie=cookie)[0] == 200  # the session is noted
        yield server, *known
    finally:
        server.kill()


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
    server, session, article, section, author = site
    change = f"/admin/articles/article/{article}/change/"
    fields = {"slug": "zero", "body": "<p>Texte.</p>", "_continue": "1"}
    whole = {"section": section, "bylines": author, "standfirst": "Le chapô.", "_publish": "1"}
    before = look(server)
    version, saves = before["version"], 0

    def save(**more):
        typed = fields | {"title": saves + 1, "seen_version": version + saves} | more
        return send(server, session, change, urlencode(typed))

    def autosave():
        kept = fields | {"title": "T", "kept": 1, "article": article, "buffer_key": uuid4()}
        return send(server, session, "/admin/articles/article/autosave/", urlencode(kept))[0]

    def upload():
        return send(server, session, "/admin/articles/image/upload/", *picture())

    fill(server)
    status, said = upload()
    assert status == 400
    assert "réessayez" in json.loads(said)["error"]
    while (answer := save())[0] == 302:  # until the journal that is there has no room left
        saves += 1
        assert saves < 1000
    assert answer[0] == 500
    assert "peut-être pas été enregistré" in answer[1]
    assert 500 in (autosave() for _again in range(1000))  # the browser keeps it
    assert save(**whole)[0] == 500
    for path in PAGES:
        assert server.get(path)[0] == 200, path
    assert server.get("/healthz")[0] == 200
    full = look(server)
    assert full | {"kept": 0} == before | {"version": version + saves, "title": title(saves)}
    (disk(server) / "ballast").unlink()
    assert autosave() == 200
    assert save()[0] == 302
    saves += 1
    assert save(**whole)[0] == 302
    saves += 1
    assert upload()[0] == 201
    assert look(server) == {
        "title": title(saves),
        "version": version + saves,
        "pictures": 1,
        "files": 1,
        "kept": full["kept"] + 1,
        "published": 1,
    }
