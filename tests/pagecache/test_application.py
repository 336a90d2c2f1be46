"""What readers get from the page cache: what Django answers, made once, as long as it is true."""

import gzip
import threading
import zlib
from datetime import UTC, datetime, timedelta
from unittest import mock
from zoneinfo import ZoneInfo

import brotli
import pytest
from django.db import DatabaseError, connection
from django.test import Client as Direct
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Redirect, Section
from articles.publishing import publish, unpublish
from avion.metrics import WITHOUT_DATABASE
from avion.pagecache import clock as clocks
from avion.pagecache.application import NEGATIVE_LIFE, PageCache
from avion.pagecache.clock import Clock, next_change
from avion.pagecache.entries import LARGE, Entry
from avion.pagecache.making import AT_A_TIME, WAITING
from avion.pagecache.memory import Memory
from tests.factories import make_article, make_published
from tests.pagecache.conftest import Client, at

HOUR = timedelta(hours=1)


def test_a_page_is_made_once_and_is_what_django_says(article, cache, reader):
    direct = Direct(headers={"host": "avion.test"}).get("/un-vol/", secure=True)
    first = reader.get("/un-vol/")
    assert (first.code, first.content) == (200, direct.content)
    ours = {
        "x-request-id",
        "etag",
        "age",
        "vary",
        "cache-control",
        "cdn-cache-control",
        "content-length",
    }
    told = {name.lower(): value for name, value in direct.headers.items()}
    assert {name: first.headers.get(name) for name in told.keys() - ours} == {
        name: value for name, value in told.items() if name not in ours
    }
    with CaptureQueriesContext(connection) as queries:
        again = reader.get("/un-vol/")
    assert len(queries) == 0
    assert again.content == first.content
    assert cache.figures == {"made": 1, "hit": 1}


def test_codings_are_as_the_client_takes_them(article, reader):
    whole = reader.get("/un-vol/").content
    for accepted, coding, unpack in [
        ("gzip, deflate, br", "br", brotli.decompress),
        ("gzip, br;q=0", "gzip", gzip.decompress),
        ("gzip;q=0.5", "gzip", gzip.decompress),
        ("identity", None, bytes),
        ("gzip;q=0.0, br; q=0", None, bytes),
        ("xbr, gzipped", None, bytes),
    ]:
        answer = reader.get("/un-vol/", accept_encoding=accepted)
        assert answer.headers.get("content-encoding") == coding, accepted
        assert unpack(answer.content) == whole
        assert int(answer.headers["content-length"]) == len(answer.content)
        assert answer.headers["vary"] == "Accept-Encoding"
        known = reader.get(
            "/un-vol/", accept_encoding=accepted, if_none_match=answer.headers["etag"]
        )
        assert (known.code, known.content) == (304, b"")
        assert known.headers["etag"] == answer.headers["etag"]
    etags = {
        reader.get("/un-vol/", accept_encoding=name).headers["etag"] for name in ("br", "gzip", "")
    }
    assert len(etags) == 3


def test_head_says_what_get_says(article, reader):
    head, get = (reader.get("/un-vol/", method=method) for method in ("HEAD", "GET"))
    assert head.content == b""
    assert head.headers == get.headers
    assert reader.get("/nulle-part/", method="HEAD").content == b""
    assert reader.get("/un-vol", method="HEAD").code == 301


def test_nothing_that_is_not_declared_makes_a_difference(article, cache, reader):
    whole = reader.get("/un-vol/").content
    for query in ("utm_source=x", "a=1&b=2", "fbclid=" + "z" * 500, "&".join("ab") * 200):
        assert reader.get("/un-vol/", query).content == whole
    tricks = {"x_forwarded_host": "mal.example", "x_original_url": "/admin/", "range": "bytes=0-1"}
    assert reader.get("/un-vol/", **tricks, accept_language="de", cookie="a=b").content == whole
    assert (len(cache.pages), len(cache.minor)) == (1, 0)
    found = reader.get("/recherche/", "utm=1&q=vol&tri=").text
    assert reader.get("/recherche/", "tri=&q=vol&junk=2").text == found
    assert "utm" not in found
    assert (len(cache.pages), len(cache.minor)) == (1, 1)
    assert reader.get("/", "p=99999").code == 404
    assert reader.get("/").code == 200


def test_others_are_passed_on(article, cache, reader):
    for answer in (
        reader.get("/un-vol/", cookie="sessionid=abc"),
        reader.get("/un-vol/", authorization="Basic eA=="),
        reader.get("/contact/"),
        reader.get("/admin/"),
        reader.get("/un-vol"),
        reader.get("/un-vol/", host="mal.example"),
        reader.get("/un-vol/" + "x" * 3000),
    ):
        assert "age" not in answer.headers
    assert (len(cache.pages), len(cache.minor)) == (0, 0)


def test_what_leads_on_is_not_kept(article, cache, reader):
    unpublish(article.article, successor=make_published("Autre"))
    assert reader.get("/un-vol/").headers["location"] == "/autre/"
    assert len(cache.minor) == 0


def test_what_leads_elsewhere_since_is_over(article, cache, reader):
    reader.get("/un-vol/")
    unpublish(article.article, successor=make_published("Autre"))
    cache.clock.look()
    assert reader.get("/un-vol/").code == 301
    assert cache.get(("https", "avion.test", "/un-vol/", "", "*/*")) is None


def test_ports_and_letters_of_a_host_make_no_pages_of_their_own(article, cache, reader):
    for host in ("avion.test", "avion.test:1", "avion.test:65535", "AVION.test"):
        assert reader.get("/un-vol/", host=host).code == 200
    assert len(cache.pages) == 1


def test_programs_and_browsers_have_their_own_feeds(article, reader):
    program, browser = (reader.get("/feed/", accept=kind) for kind in ("*/*", "text/html"))
    assert program.headers["content-type"].startswith("application/rss+xml")
    assert browser.headers["content-type"].startswith("application/xml")
    assert "Accept" in program.headers["vary"].split(", ")
    assert program.headers["cache-control"] == "public, max-age=300"
    assert reader.get("/feed/", if_none_match=program.headers["etag"]).code == 304


def test_browsers_ask_again_and_a_cdn_may_serve_on(article, reader):
    headers = reader.get("/un-vol/").headers
    assert headers["cache-control"] == "public, max-age=0, must-revalidate"
    assert "max-age=1," in headers["cdn-cache-control"]
    assert "site" in headers["surrogate-key"].split()
    assert "article-un-vol" in headers["surrogate-key"].split()


def test_nginx_keeps_a_page_until_the_second_ends(article, reader, settings):
    settings.BEHIND_PROXY = True
    with at(datetime.fromtimestamp(4_000_000_000.9, UTC)):
        headers = reader.get("/un-vol/").headers
        again = reader.get("/un-vol/", if_none_match=headers["etag"])
    assert again.code == 304
    for told in (headers, again.headers):
        assert told["x-accel-expires"] == "@4000000000"
        # nginx of old passes it over where it comes later.
        assert list(told).index("x-accel-expires") < list(told).index("cache-control")


def test_a_change_is_seen_at_the_next_look(article, cache, reader):
    assert "Un vol" in reader.get("/un-vol/").text
    article.article.title = "Un vol corrigé"
    article.article.save()
    publish(article.article)
    assert "corrigé" not in reader.get("/un-vol/").text
    cache.clock.look()
    assert "corrigé" in reader.get("/un-vol/").text
    unpublish(article.article)
    cache.clock.look()
    assert reader.get("/un-vol/").code == 410
    publish(article.article)
    cache.clock.look()
    assert reader.get("/un-vol/").code == 200
    assert cache.figures["hit"] == 1


def test_what_is_not_found_is_kept_for_a_moment(article, cache, reader):
    assert reader.get("/plus-tard/").code == 404
    assert reader.get("/plus-tard/").headers["age"] == "0"
    assert cache.figures == {"made": 1, "hit": 1}
    with at(timezone.now() + timedelta(seconds=NEGATIVE_LIFE)):
        reader.get("/plus-tard/")
    assert cache.figures["made"] == 2


def test_a_page_ends_when_an_article_comes_out(article, cache, reader):
    now = timezone.now()
    publish(make_article("À venir", slug="a-venir"), at=now + HOUR)
    cache.clock.look()
    assert "À venir" not in reader.get("/").text
    with mock.patch.object(cache.clock, "until", return_value=(now + HOUR).timestamp()):
        cache.pages.drop(("https", "avion.test", "/", "", "*/*"))
        reader.get("/")
    with at(now + HOUR - timedelta(seconds=1)):
        reader.get("/")
    made = cache.figures["made"]
    with at(now + HOUR), mock.patch("django.utils.timezone.now", return_value=now + HOUR):
        assert "À venir" in reader.get("/").text
    assert cache.figures["made"] == made + 1
    # A clock that is set back: what was made in the future is made again.
    assert "À venir" not in reader.get("/").text


def test_the_next_change_is_known_over_a_change_of_clocks(transactional_db):
    paris = ZoneInfo("Europe/Paris")
    before = datetime(2027, 10, 30, 23, 30, tzinfo=paris)
    assert next_change(before) == datetime(2027, 10, 31, tzinfo=paris)
    # The day on which clocks go back has 25 hours.
    begun = datetime(2027, 10, 31, 0, 0, tzinfo=paris)
    assert next_change(begun).timestamp() - begun.timestamp() == 25 * 3600
    twice = datetime(2027, 10, 31, 2, 30, tzinfo=paris, fold=1)
    publish(make_article("À venir"), at=twice)
    assert next_change(begun).timestamp() == twice.timestamp()
    publish(make_article("Bref"), at=begun - HOUR * 24 * 730, until=begun + HOUR / 2)
    assert next_change(begun).timestamp() == (begun + HOUR / 2).timestamp()


def test_many_who_come_first_have_it_made_once(article, cache):
    slow, made = threading.Event(), []
    answers = []

    def application(environ, start_response):
        made.append(environ["PATH_INFO"])
        slow.wait(10)
        start_response("200 OK", [("Content-Type", "text/html")])
        return [b"<p>Une page</p>"]

    slow_cache = PageCache(application, 8 * 1024 * 1024, cache.clock)
    cache.clock.look()
    ask = Client(slow_cache).get
    threads = [
        threading.Thread(target=lambda: answers.append(ask("/un-vol/").content))
        for _n in range(200)
    ]
    for thread in threads:
        thread.start()
    slow.set()
    for thread in threads:
        thread.join(20)
    assert made == ["/un-vol/"]
    assert answers == [b"<p>Une page</p>"] * 200


WAYS = {
    "made up": {},
    "a session": {"cookie": "__Host-sessionid=x"},
    "a password": {"authorization": "Basic x"},
    "a long query": {"query": "x" * 2001},
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_made_up_addresses_do_not_take_every_thread(article, cache, way):
    """So many wait for their turn, the others are sent away at once; what is known is served."""
    going, made, codes = threading.Event(), [], []

    def application(environ, start_response):
        if environ["PATH_INFO"] != "/un-vol/":
            made.append(environ["PATH_INFO"])
            going.wait(20)
        start_response("404 Not Found", [("Content-Type", "text/html")])
        return [b"x"]

    busy = PageCache(application, 8 * 1024 * 1024, cache.clock)
    cache.clock.look()
    ask = Client(busy).get
    assert ask("/un-vol/").code == 404
    taken = AT_A_TIME + WAITING
    threads = [
        threading.Thread(target=lambda n=n: codes.append(ask(f"/rien-{n}/", **way).code))
        for n in range(taken)
    ]
    for thread in threads:
        thread.start()
    while len(made) < AT_A_TIME or busy.makings._waiting._value:  # all have been taken in
        assert all(thread.is_alive() for thread in threads)
    for number in range(100):  # none of them blocks this thread
        refused = ask(f"/encore-{number}/", **way)
        assert (refused.code, refused.headers["retry-after"]) == (503, "2")
    assert refused.headers["cache-control"] == "no-store"
    assert "Réessayez" in refused.text
    assert ask("/encore/", method="HEAD", **way).content == b""
    waiting = next(f"/rien-{n}/" for n in range(taken) if f"/rien-{n}/" not in made)
    assert ask(waiting, **way).code == 503  # nor does who asks for one that waits
    assert len(made) == AT_A_TIME
    assert ask("/un-vol/").code == 404
    going.set()
    for thread in threads:
        thread.join(20)
    assert codes == [404] * taken
    assert ask("/encore/").code == 404
    assert busy.makings._going == {}


def test_a_fault_gives_the_turn_back(article, cache):
    def application(_environ, _start_response):
        raise RuntimeError("faulty")

    faulty = PageCache(application, 8 * 1024 * 1024, cache.clock)
    cache.clock.look()
    for _again in range(AT_A_TIME + WAITING + 1):
        with pytest.raises(RuntimeError):
            Client(faulty).get("/un-vol/")
    assert faulty.makings._going == {}


def test_probes_and_missing_slashes_are_left_alone(article, cache, reader):
    assert reader.get("/recherche", query="q=vol").headers["location"] == "/recherche/?q=vol"
    assert reader.get("/un-vol", query="utm_source=x").code == 301
    cache.clock._is_well = False
    assert reader.get("/healthz").text == "ok\n"
    assert "database" in reader.get("/readyz").text
    assert cache.figures == {}


def test_addresses_without_a_view_are_kept_as_well_but_no_files(article, cache, reader):
    for _again in range(2):
        assert reader.get("/a/b/c/d").code == 404
    assert cache.figures == {"made": 1, "hit": 1}
    Redirect.objects.create(path="/a/b/c/d/", destination="/un-vol/")
    cache.clock.look()
    assert reader.get("/a/b/c/d").headers["location"] == "/un-vol/"
    for path in ("/static/rien.css", "/media/rien.jpg", "/admin/rien/"):
        reader.get(path)
    assert len(cache.minor._pages) == len(cache.pages._pages) == 0


def test_while_it_is_made_anew_the_others_get_what_it_was(article, cache, reader):
    whole = reader.get("/un-vol/").content
    Section.objects.update(name="Autre nom")
    cache.clock.look()
    key = next(iter(cache.pages._pages))
    cache.makings.begin(key)
    assert reader.get("/un-vol/").content == whole
    cache.makings.end(key)
    assert cache.figures["stale"] == 1
    assert "Autre nom" in reader.get("/un-vol/").text


def test_a_fault_is_covered_with_what_the_page_was(article, cache, reader, caplog):
    whole = reader.get("/un-vol/").content
    Section.objects.update(name="Autre nom")
    cache.clock.look()
    with mock.patch("articles.reading.views.onward", side_effect=ZeroDivisionError):
        for _again in range(3):
            answer = reader.get("/un-vol/")
            assert (answer.code, answer.content) == (200, whole)
        assert reader.get("/rien-de-connu/").code == 404
    assert cache.figures["covered"] == 1
    assert "readers get what it was" in caplog.text
    with at(timezone.now() + timedelta(seconds=5)):
        assert "Autre nom" in reader.get("/un-vol/").text


def test_without_a_database_known_pages_are_served_on(article, cache, reader, caplog):
    whole = reader.get("/un-vol/").content
    with (
        mock.patch.object(connection, "cursor", side_effect=DatabaseError("away")),
    ):
        cache.clock.look()
        with at(timezone.now() + 2 * HOUR):
            assert reader.get("/un-vol/").content == whole
            unknown = reader.get("/")
            assert (unknown.code, unknown.headers["retry-after"]) == (503, "10")
            assert reader.get("/", method="HEAD").content == b""
        with at(timezone.now() + 25 * HOUR):
            assert reader.get("/un-vol/").code == 503
        assert WITHOUT_DATABASE._value.get() == 1
    assert "known pages are served on" in caplog.text
    assert cache.figures["stale"] == 1
    cache.clock.look()
    assert WITHOUT_DATABASE._value.get() == 0
    assert reader.get("/").code == 200


def test_what_is_private_is_not_kept(article, cache):
    asked = []
    said = [("Set-Cookie", "a=b"), ("Cache-Control", "private"), ("Vary", "Accept, Cookie")]

    def application(environ, start_response):
        asked.append(environ)
        start_response("200 OK", [("Content-Type", "text/html"), said[len(asked) % 3]])
        return [b"x"]

    ask = Client(PageCache(application, 8 * 1024 * 1024, cache.clock)).get
    for _again in range(6):
        ask("/un-vol/", cookie="a=b")
    assert len(asked) == 6
    assert not any(name.startswith("HTTP_COOKIE") for environ in asked for name in environ)


def entry(body, kind="text/plain"):
    return Entry("200 OK", [("Content-Type", kind)], body, number=1, made_at=0, until=9, vary=[])


def test_memory_is_bounded_and_keeps_what_is_asked_for():
    memory = Memory(200_000)
    for number in range(40):
        memory.put(number, entry([b"x" * 4000]))
        memory.get(0)
        assert memory.size <= memory.most
    assert memory.get(0)
    assert memory.get(39)
    assert memory.get(1) is None
    memory.put("large", entry([b"x" * 100_000]))
    assert memory.get("large") is None
    for key in list(memory._pages):
        memory.drop(key)
    assert memory.size == 0


def test_a_large_page_is_kept_compressed_alone():
    pieces = [b"<url>%07d</url>" % number for number in range(LARGE // 10)]
    kept = entry(iter(pieces), "application/xml")
    assert kept.whole is None
    assert kept.size < sum(map(len, pieces)) / 4
    packed = kept.variant("br, gzip")
    assert ("Content-Encoding", "gzip") in packed.headers
    assert zlib.decompress(packed.body, wbits=31) == b"".join(pieces)
    said = []
    environ = {"REQUEST_METHOD": "GET"}
    plain = kept.answer(environ, lambda *told: said.append(told), 5)
    assert b"".join(plain) == b"".join(pieces)
    assert "Content-Length" not in dict(said[0][1])


def test_the_clock_looks_again_and_again_by_itself(transactional_db, monkeypatch):
    monkeypatch.setattr(clocks, "EVERY", 0.01)
    clock = Clock()
    looked = threading.Event()
    clock.look = looked.set
    clock.start()
    looked.clear()
    assert looked.wait(5)
