"""The processes of a machine share the pages they make, and a restart does not lose them."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from subprocess import PIPE
from unittest import mock

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connections

from articles.models import Section
from articles.publishing import unpublish
from avion.pagecache.application import OLDEST, PageCache
from avion.pagecache.clock import Clock
from avion.pagecache.entries import LARGE, Entry
from avion.pagecache.files import CLAIMS, Files
from tests.pagecache.conftest import Client
from tests.servers import ROOT


@pytest.fixture
def process(tmp_path):
    """Start another process: a page cache with a memory of its own, and the same files."""

    application = get_wsgi_application()

    def start():
        clock = Clock()
        clock.start = clock.look
        cache = PageCache(application, 2**23, clock, Files(tmp_path / "pages", 2**23))
        return Client(cache)

    return start


def figures(reader):
    return dict(reader.application.figures)


def test_what_one_process_made_the_other_need_not_make(article, process):
    one, other = process(), process()
    made = one.get("/un-vol/")
    shared = other.get("/un-vol/", accept_encoding="br")
    assert other.get("/un-vol/").content == made.content
    assert other.get("/un-vol/").headers["etag"] == made.headers["etag"]
    assert shared.headers["content-encoding"] == "br"
    assert figures(one) == {"made": 1}
    assert figures(other) == {"shared": 1, "hit": 2}
    Section.objects.update(name="Autre nom")
    for reader in (other, one):
        reader.application.clock.look()
        assert "Autre nom" in reader.get("/un-vol/").text
    assert figures(other)["made"] == 1
    assert figures(one) == {"made": 1, "shared": 1}


def test_what_anybody_can_make_up_is_in_no_file(article, process, tmp_path):
    reader = process()
    for path in ("/nulle-part/", "/jamais-vu/"):
        assert reader.get(path).code == 404
    assert reader.get("/recherche/", "q=vol").code == 200
    assert [file.name for file in (tmp_path / "pages").iterdir()] == [CLAIMS]


def test_after_a_restart_a_page_is_made_anew_but_there_for_a_fault(article, process):
    whole = process().get("/un-vol/").content
    after = process()
    after.application.started_at = time.time() + 1
    assert after.get("/un-vol/").content == whole
    assert figures(after) == {"made": 1}
    away = process()
    with mock.patch("avion.pagecache.clock.Generation.objects.filter", side_effect=OSError("away")):
        assert away.get("/un-vol/").content == whole
        assert away.get("/jamais-vu/").code == 503
    assert figures(away) == {"stale": 1, "refused": 1}


def test_what_other_code_made_is_made_anew(article, process, tmp_path):
    process().get("/un-vol/")
    after = process()
    after.application.files = Files(tmp_path / "pages", 2**23, "another")
    assert after.get("/un-vol/").code == 200
    assert figures(after) == {"made": 1}


def test_an_old_file_is_no_page_while_a_new_one_is_made(article, process):
    """Of two who come after a withdrawal that nobody asked for here, none gets the old page."""
    process().get("/un-vol/")
    unpublish(article.article)
    after, codes = process(), []
    application = after.application.application

    def meanwhile(environ, start_response):
        key = ("https", "avion.test", "/un-vol/", "", "*/*")
        codes.append(after.application.get(key))
        return application(environ, start_response)

    after.application.application = meanwhile
    assert after.get("/un-vol/").code == 410
    assert codes == [None]


def test_what_was_taken_away_is_in_no_file_either(article, process):
    one = process()
    one.get("/un-vol/")
    unpublish(article.article)
    one.application.clock.look()
    assert one.get("/un-vol/").code == 410
    away = process()
    with mock.patch("avion.pagecache.clock.Generation.objects.filter", side_effect=OSError("away")):
        assert away.get("/un-vol/").code == 410


def test_a_file_that_was_cut_off_is_no_page(article, process, tmp_path, caplog):
    process().get("/un-vol/")
    [file] = {*(tmp_path / "pages").iterdir()} - {tmp_path / "pages" / CLAIMS}
    file.write_bytes(file.read_bytes()[:-9])
    reader = process()
    assert "Un vol" in reader.get("/un-vol/").text
    assert figures(reader) == {"made": 1}
    assert "cannot be read" in caplog.text
    assert figures(reader) == {"made": 1}


def test_a_full_disk_keeps_nobody_from_reading(article, process, caplog):
    reader = process()
    with mock.patch("pathlib.Path.write_bytes", side_effect=OSError(28, "No space left on device")):
        for path in ("/un-vol/", "/", "/equipe/"):
            assert reader.get(path).code == 200
    assert caplog.text.count("No space left on device") == 1
    assert process().get("/un-vol/").code == 200


@pytest.mark.parametrize("length", [200, LARGE + 1])
def test_the_folder_is_bounded_and_the_oldest_go(tmp_path, length):
    files = Files(tmp_path / "pages", 50_000)
    for number in range(400):
        body = [str(number).encode().ljust(length)]
        entry = Entry(
            "200 OK",
            [("Content-Type", "text/html")],
            body,
            number=1,
            made_at=number,
            until=OLDEST,
            vary=[],
        )
        files.put(("page", number), entry)
    kept = list((tmp_path / "pages").iterdir())
    assert sum(file.stat().st_size for file in kept) < 50_000 * 1.3
    found = files.get(("page", 399))
    assert found.made_at == 399
    answer = b"".join(found.answer({"REQUEST_METHOD": "GET"}, lambda *_said: None, 400))
    assert answer == b"399".ljust(length)
    assert files.get(("page", 0)) is None


CLAIM = """
import sys
from pathlib import Path
from avion.pagecache.files import Files
with Files(Path(sys.argv[1]), 2**23).claimed({key!r}, patience=0) as is_ours:
    print(is_ours, flush=True)
    sys.stdin.read()
"""


def key_of(path):
    return ("https", "avion.test", path, "", "*/*")


@pytest.fixture
def another(tmp_path):
    """Start a process that claims a page and makes it until it is killed."""
    started = []

    def start(path):
        code = CLAIM.format(key=key_of(path))
        command = [sys.executable, "-c", code, str(tmp_path / "pages")]
        process = subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True, cwd=ROOT)
        started.append(process)
        assert process.stdout.readline() == "True\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def asked(reader, path):
    """Ask in a thread of its own."""
    try:
        return reader.get(path)
    finally:
        connections.close_all()


def test_what_another_process_is_making_is_waited_for(article, process, another):
    reader, maker = process(), another("/un-vol/")
    with ThreadPoolExecutor(1) as apart:
        answer = apart.submit(asked, reader, "/un-vol/")
        time.sleep(0.3)
        assert figures(reader) == {}
        maker.kill()  # and with it goes its claim
        assert answer.result().code == 200
    assert figures(reader) == {"made": 1}


def test_meanwhile_readers_get_what_the_page_was(article, process, another):
    reader = process()
    before = reader.get("/un-vol/").content
    another("/un-vol/")
    Section.objects.update(name="Autre nom")
    reader.application.clock.look()
    reader.application.get(key_of("/un-vol/")).given_at = time.time()  # however long that took
    assert reader.get("/un-vol/").content == before
    assert figures(reader) == {"made": 1, "stale": 1}


def test_an_old_address_is_nothing_to_wait_for(article, process, another):
    reader = process()
    old = "/2020/05/un-vol/"
    assert reader.get(old).code == 301
    another(old)
    with mock.patch("avion.pagecache.files.sleep", side_effect=AssertionError("waits")):
        assert reader.get(old).code == 301


def test_without_locks_each_makes_its_own(article, process):
    with mock.patch("avion.pagecache.files.fcntl.lockf", side_effect=OSError("no locks")):
        reader = process()
        assert reader.get("/un-vol/").code == 200
    assert figures(reader) == {"made": 1}


def test_nobody_waits_for_ever(article, process, another):
    reader = process()
    another("/un-vol/")
    assert reader.get("/un-vol/").code == 200
    assert figures(reader) == {"made": 1}
