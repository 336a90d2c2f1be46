"""deploy/nginx/avion.conf as it stands, before two nodes: the rush, faults, restarts, limits."""

import contextlib
import os
import signal
import socket
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from tests.deploy.nginx import NAME, Site
from tests.servers import empty_database, run

PREPARE = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("collectstatic", interactive=False, verbosity=0)
from tests.factories import make_published
make_published("Un vol", slug="un-vol")
for number in range(6):
    make_published(f"Vol {number}", slug=f"vol-{number}")
"""
WITHDRAW = """
from articles.models import Article
from articles.publishing import publish, unpublish
moved = Article.objects.get(slug="vol-3")
moved.slug = "vol-trois"
moved.save()
publish(moved)
unpublish(Article.objects.get(slug="vol-4"))
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nginx")
    var = folder / "var"
    (var / "media").mkdir(parents=True)
    (var / "media" / "image.svg").write_text("<svg/>")
    (var / "503.html").write_text("<h1>Un instant</h1>")
    with empty_database(folder) as environment:
        environment |= {
            "STATIC_ROOT": str(var / "static"),
            "SITE_URL": f"https://{NAME}",
            "BEHIND_PROXY": "1",
        }
        run(PREPARE, environment)
        site = Site(folder, environment)
        site.environment = environment
        yield site
        site.stop()


def test_readers_get_pages_from_the_cache_and_colleagues_do_not(site):
    first = site.get("/un-vol/")
    assert (first.status, first.headers["X-Cache"]) == (200, "MISS")
    assert first.headers["X-Accel-Expires"] is None
    assert first.headers["Strict-Transport-Security"]
    burst = [site.get("/un-vol/") for _again in range(20)]
    assert {again.headers["X-Cache"] for again in burst} <= {"HIT", "EXPIRED"}
    assert "HIT" in {again.headers["X-Cache"] for again in burst}
    again = burst[-1]
    assert again.content == first.content
    assert site.get("/un-vol/", If_None_Match=first.headers["ETag"]).status == 304
    assert site.get("/un-vol/", Cookie="__Host-sessionid=abc").headers["X-Cache"] == "BYPASS"
    assert site.get("/recherche/?q=vol").headers["X-Cache"] == "BYPASS"
    assert site.get("/admin/").headers["X-Cache"] is None


def test_codings_are_kept_apart(site):
    import gzip

    import brotli

    plain = site.get("/vol-0/").content
    for accepted, unpack in (("gzip, deflate, br", brotli.decompress), ("gzip", gzip.decompress)):
        for _again in range(2):
            answer = site.get("/vol-0/", Accept_Encoding=accepted)
            assert unpack(answer.content) == plain
    assert site.get("/vol-0/").content == plain


def test_a_crooked_path_stands_for_no_other(site):
    plain = site.get("/vol-5/").content
    for crooked in ("/2020/../vol-5/", "/2020/%2e%2e/vol-5/", "//vol-5/", "//feed//"):
        site.get(crooked)
    for _again in range(2):
        answer = site.get("/vol-5/")
        assert (answer.status, answer.content) == (200, plain)
        assert site.get("/feed/").status == 200


def test_a_coding_that_is_refused_is_not_sent(site):
    answer = site.get("/vol-1/", Accept_Encoding="gzip, br;q=0")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert site.get("/vol-1/", Accept_Encoding="br;q=0.0").headers["Content-Encoding"] is None


def test_feeds_are_for_programs_and_for_browsers(site):
    for accept, kind in (("*/*", "application/rss+xml"), ("text/html", "application/xml")):
        for _again in range(2):
            assert site.get("/feed/", Accept=accept).headers["Content-Type"].startswith(kind)


def test_nobody_says_from_where_he_comes(site):
    forged = site.get("/un-vol/", X_Forwarded_Proto="http", X_Forwarded_For="192.0.2.7")
    assert forged.status == 200  # http would lead to https
    assert site.get("/un-vol/", Host="mal.example").status == 400


def test_files_come_from_nginx(site):
    css = next((site.folder / "var" / "static" / "css").glob("site.*.css"))
    answer = site.get(f"/static/css/{css.name}", Accept_Encoding="gzip")
    assert answer.status == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "gzip"
    picture = site.get("/media/image.svg")
    assert picture.status == 200
    assert "sandbox" in picture.headers["Content-Security-Policy"]


def reload(node):
    """Have a node replace its workers, and wait until it has: a busy machine takes its time."""
    before, end = node.workers(), time.monotonic() + 90
    os.kill(node.process.pid, signal.SIGHUP)
    while not node.workers() or before & node.workers():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_nothing_is_lost_while_each_node_is_restarted_under_load(site):
    over, failed, counted = threading.Event(), [], []

    def ask(number):
        while not over.is_set():
            path = f"/vol-{number % 6}/?fresh={len(counted)}"  # past nginx's own cache
            try:
                status = site.get(path, Connection="close").status
            except OSError as error:
                status = repr(error)
            counted.append(path)
            if status not in {200, 429}:
                failed.append(status)
            time.sleep(0.15)

    threads = [threading.Thread(target=ask, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for node in site.nodes:
        reload(node)
    over.set()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(counted) > 40


def test_a_rush_from_one_address_is_held_off_and_others_are_not_met(site):
    with ThreadPoolExecutor(8) as many:
        codes = list(many.map(lambda number: site.get(f"/perdu-{number}/").status, range(500)))
    assert set(codes) <= {404, 429, 503}  # 503: more than the nodes let wait (making.py)
    assert 429 in codes
    time.sleep(1.5)
    assert site.get("/un-vol/").status == 200


def test_who_sends_byte_by_byte_or_sits_idle_keeps_nobody_from_reading(site):
    time.sleep(1.5)
    lines = []
    try:
        for number in range(200):
            source = (f"127.0.0.{10 + number % 4}", 0)
            line = socket.create_connection(("127.0.0.1", site.port), 5, source_address=source)
            lines.append(site.tls().wrap_socket(line) if number % 2 else line)
            if number % 4 == 1:
                lines[-1].sendall(b"GET /un-vol/ HTTP/1.1\r\nHost: www.exam")
        for number in range(30):
            assert site.get("/un-vol/").status == 200
            for line in lines[1::4][number::30]:
                with contextlib.suppress(OSError):  # nginx may have had enough of it
                    line.sendall(b"p")
    finally:
        for line in lines:
            line.close()


def test_a_flood_of_invented_addresses_keeps_nobody_from_known_pages(site):
    over, flooded = threading.Event(), Counter()

    def flood(number):
        while not over.is_set():
            path = f"/{uuid4().hex}/?{uuid4().hex}"
            flooded[site.get(path, source=f"127.0.0.{20 + number}").status] += 1

    threads = [threading.Thread(target=flood, args=[number]) for number in range(3)]
    for thread in threads:
        thread.start()
    try:
        codes = [site.get("/un-vol/", source="127.0.0.40").status for _again in range(60)]
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert codes == [200] * 60
    assert set(flooded) <= {404, 429}


def test_known_pages_are_served_when_no_node_answers(site):
    time.sleep(1)
    whole = site.get("/un-vol/").content
    moved_or_gone = {"/vol-3/": 301, "/vol-4/": 410}
    assert {site.get(path).status for path in moved_or_gone} == {200}
    run(WITHDRAW, site.environment)
    end = time.monotonic() + 60
    while any(site.get(path).status != code for path, code in moved_or_gone.items()):
        assert time.monotonic() < end
        time.sleep(0.2)
    for node in site.nodes:
        os.killpg(node.process.pid, signal.SIGSTOP)
        os.killpg(node.process.pid, signal.SIGKILL)
    time.sleep(1.5)
    answer = site.get("/un-vol/")
    assert (answer.status, answer.content) == (200, whole)
    for path, code in moved_or_gone.items():  # what it was does not come back
        assert site.get(path).status == code
    unknown = site.get("/jamais-vu/")
    assert unknown.status in {502, 504}
    assert b"Un instant" in unknown.content
