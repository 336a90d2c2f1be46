"""Who gets what a page was, and for how long: while it is made, and where it cannot be made."""

import threading
from datetime import timedelta
from unittest import mock

import pytest
from django.db import connections
from django.utils import timezone

from articles.models import PublishedArticle, Section
from articles.publishing import publish
from avion.pagecache import making
from avion.pagecache.application import PageCache
from avion.pagecache.clock import Clock
from avion.pagecache.entries import RECENT
from avion.pagecache.files import Files
from avion.pagecache.making import WAITING
from tests.factories import make_article, make_published
from tests.pagecache.conftest import Client

MEMORY = 8 * 1024 * 1024  # bytes


@pytest.fixture
def article(transactional_db):
    return make_published("Un vol", slug="un-vol")


def at(moment):
    """The cache's wall clock at a moment."""
    return mock.patch.multiple(
        "avion.pagecache.application", time=mock.Mock(return_value=moment.timestamp())
    )


def test_a_page_that_nobody_had_lately_is_waited_for(article, cache, reader):
    reader.get("/un-vol/")
    Section.objects.update(name="Autre nom")
    cache.clock.look()
    [key] = cache.pages._pages
    cache.makings.begin(key)
    answers = []

    def ask():
        answers.append(reader.get("/un-vol/").text)
        connections.close_all()

    with at(timezone.now() + timedelta(seconds=RECENT + 1)):
        late = threading.Thread(target=ask)
        late.start()
        late.join(0.2)
        assert answers == []
        cache.makings.end(key)
        late.join(20)
    assert "Autre nom" in answers[0]
    assert cache.figures["stale"] == 0


def test_where_waiting_takes_too_long_readers_get_what_it_was(article, cache, reader, monkeypatch):
    whole = reader.get("/un-vol/").content
    Section.objects.update(name="Autre nom")
    cache.clock.look()
    [key] = cache.pages._pages
    cache.makings.begin(key)
    monkeypatch.setattr(making, "PATIENCE", 0.01)
    with at(timezone.now() + timedelta(seconds=RECENT + 1)):
        assert reader.get("/un-vol/").content == whole


def test_a_slow_page_takes_no_more_threads_than_a_few(article, cache, monkeypatch):
    monkeypatch.setattr(making, "BRIEF", 0.05)
    going, begun, codes = threading.Event(), threading.Event(), []

    def application(environ, start_response):
        begun.set()
        going.wait(20)
        start_response("200 OK", [("Content-Type", "text/html")])
        return [b"x"]

    slow = PageCache(application, MEMORY, cache.clock)
    cache.clock.look()
    ask = Client(slow).get
    threads = [
        threading.Thread(target=lambda: codes.append(ask("/recherche/", "q=vol").code))
        for _each in range(1 + WAITING)
    ]
    threads[0].start()
    assert begun.wait(20)
    for thread in threads[1:]:
        thread.start()
    while slow.makings._waiting._value:
        assert all(thread.is_alive() for thread in threads)
    for _again in range(50):  # the first waits for a moment, no other does
        assert ask("/recherche/", "q=vol").code == 503
    [made] = slow.makings._going.values()
    assert made.is_slow
    going.set()
    for thread in threads:
        thread.join(20)
    assert codes == [200] * (1 + WAITING)
    assert ask("/recherche/", "q=vol").code == 200
    assert slow.makings._waiting._value == WAITING


def breaking(environ, start_response):
    """An application whose pages break off."""
    start_response("200 OK", [("Content-Type", "text/html")])

    def body():
        yield b"<p>Un vol"
        raise ConnectionError("the database went away")

    return body()


def test_a_page_that_breaks_off_is_covered_with_what_it_was(article, cache, reader, caplog):
    whole = reader.get("/un-vol/").content
    Section.objects.update(name="Autre nom")
    cache.clock.look()
    with mock.patch.object(cache, "application", breaking):
        assert reader.get("/un-vol/").content == whole
        with pytest.raises(ConnectionError):
            reader.get("/")
    assert cache.figures["covered"] == 1
    assert "breaks off" in caplog.text
    assert cache.makings._going == {}


def test_what_covers_a_fault_after_a_restart_is_remembered(article, cache, tmp_path):
    files = Files(tmp_path, MEMORY)
    before = PageCache(cache.application, MEMORY, cache.clock, files)
    cache.clock.look()
    whole = Client(before).get("/un-vol/").content
    asked = []

    def faulty(environ, start_response):
        asked.append(environ)
        start_response("500 Internal Server Error", [("Content-Type", "text/html")])
        return [b"x"]

    with at(timezone.now() + timedelta(seconds=1)):
        after = PageCache(faulty, MEMORY, cache.clock, files)
        for _again in range(5):
            assert Client(after).get("/un-vol/").content == whole
    assert len(asked) == 1


def test_a_faults_log_line_has_the_proxys_number(article, cache, reader):
    asked = []

    def application(environ, start_response):
        asked.append(environ)
        return breaking(environ, start_response)

    with (
        mock.patch.object(cache, "application", application),
        pytest.raises(ConnectionError),
    ):
        reader.get("/un-vol/", x_request_id="abc-123")
    assert asked[0]["HTTP_X_REQUEST_ID"] == "abc-123"


def test_what_leads_elsewhere_takes_the_place_of_what_nginx_has(article, cache, reader, settings):
    settings.BEHIND_PROXY = True
    reader.get("/un-vol/")
    article.article.slug = "un-autre-vol"
    article.article.save()
    publish(article.article)
    cache.clock.look()
    moved = reader.get("/un-vol/")
    assert moved.code == 301
    assert moved.pairs[0] == ("X-Accel-Expires", "@1")


def test_nginx_keeps_of_what_is_not_found_only_what_was_there(article, cache, reader, settings):
    settings.BEHIND_PROXY = True
    assert "x-accel-expires" not in reader.get("/rien/").headers
    assert "x-accel-expires" in reader.get("/un-vol/").headers
    PublishedArticle.objects.all().delete()
    cache.clock.look()
    for _again in range(2):
        gone = reader.get("/un-vol/")
        assert gone.code == 404
        assert "x-accel-expires" in gone.headers


@pytest.mark.parametrize("path", ["/page/02/", "/rubrique/actualites/page/002/", "/page/0/"])
def test_there_is_one_way_to_write_a_number(article, cache, reader, path):
    make_published("Un autre vol")
    assert reader.get(path).code == 404
    assert len(cache.pages) == 0


def test_the_next_change_is_looked_up_again_when_the_clock_is_set_back(transactional_db):
    now = timezone.now()
    soon = now + timedelta(hours=1)
    publish(make_article("À venir"), at=soon)
    clock = Clock()
    ahead = now + timedelta(hours=2)
    with (
        mock.patch("avion.pagecache.clock.time", return_value=ahead.timestamp()),
        mock.patch("avion.pagecache.clock.timezone.now", return_value=ahead),
    ):
        clock.look()
        assert clock._next_change > ahead.timestamp()
    clock.look()
    assert clock._next_change == soon.timestamp()
