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
from tests.factories import make_article
from tests.pagecache.conftest import Client, at

MEMORY = 8 * 1024 * 1024  # bytes


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
    monkeypatch.setattr(making, "BRIEF", 0.01)
    with at(timezone.now() + timedelta(seconds=RECENT + 1)):
        assert reader.get("/un-vol/").content == whole


class Slow:
    """An application whose pages take until told to go on, behind a cache of its own."""

    def __init__(self, cache):
        self.going, self.begun, self.codes = threading.Event(), threading.Event(), []
        self.cache = PageCache(self.application, MEMORY, cache.clock)
        self.ask = Client(self.cache).get
        self.threads: list[threading.Thread] = []
        cache.clock.look()

    def application(self, _environ, start_response):
        self.begun.set()
        self.going.wait(20)
        start_response("200 OK", [("Content-Type", "text/html")])
        return [b"x"]

    def ask_apart(self, *question):
        thread = threading.Thread(target=lambda: self.codes.append(self.ask(*question).code))
        self.threads.append(thread)
        thread.start()
        assert self.begun.wait(20)

    def go_on(self):
        self.going.set()
        for thread in self.threads:
            thread.join(20)
        assert set(self.codes) == {200}
        assert len(self.codes) == len(self.threads)
        assert self.cache.makings._going == {}
        assert self.cache.makings._waiting._value == WAITING


def test_few_wait_for_a_slow_search(article, cache):
    slow = Slow(cache)
    for _each in range(1 + WAITING):
        slow.ask_apart("/recherche/", "q=vol")
    while slow.cache.makings._waiting._value:
        assert all(thread.is_alive() for thread in slow.threads)
    for _again in range(50):  # nobody else waits: each would for ten seconds
        assert slow.ask("/recherche/", "q=vol").code == 503
    slow.go_on()
    assert slow.ask("/recherche/", "q=vol").code == 200


def test_a_rush_waits_once_for_a_page_that_turns_out_to_be_slow(article, cache, monkeypatch):
    slow = Slow(cache)
    slow.ask_apart("/un-vol/")
    monkeypatch.setattr(making, "BRIEF", 0.01)
    assert slow.ask("/un-vol/").code == 503
    monkeypatch.setattr(making, "BRIEF", 60)
    for _again in range(50):
        assert slow.ask("/un-vol/").code == 503
    slow.go_on()
    assert slow.ask("/un-vol/").code == 200


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


def test_age_tells_since_when_a_page_may_be_old(article, cache, reader):
    later, made = timezone.now() + timedelta(minutes=2), timezone.now()
    with at(made):
        assert reader.get("/un-vol/").headers["age"] == "0"
    with at(later):
        assert reader.get("/un-vol/").headers["age"] == "0"  # it is the newest still
    Section.objects.update(name="Autre nom")
    cache.clock.look()
    with mock.patch.object(cache, "application", breaking), at(later + timedelta(seconds=9)):
        assert [reader.get("/un-vol/").headers["age"] for _again in range(2)] == ["9", "9"]


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


def test_what_is_gone_is_known_to_the_other_processes(article, cache, tmp_path, settings):
    settings.BEHIND_PROXY = True
    files = Files(tmp_path, MEMORY)
    one, other = (PageCache(cache.application, MEMORY, cache.clock, files) for _each in range(2))
    cache.clock.look()
    Client(one).get("/un-vol/")
    PublishedArticle.objects.all().delete()
    cache.clock.look()
    assert "x-accel-expires" in Client(one).get("/un-vol/").headers
    assert "x-accel-expires" in Client(other).get("/un-vol/").headers


def test_made_up_redirects_are_nothing_for_nginx(article, cache, reader, settings):
    settings.BEHIND_PROXY = True
    moved = reader.get("/1999/01/02/un-vol/")
    assert moved.code == 301
    assert "x-accel-expires" not in moved.headers


def test_there_is_one_way_to_write_a_number(article, cache, reader):
    assert reader.get(f"/api/articles/{article.pk}/").code == 200
    assert reader.get(f"/api/articles/0{article.pk}/").code == 404
    assert len(cache.pages) == 1


def test_the_next_change_is_looked_up_again_when_the_clock_is_set_back(transactional_db):
    noon = timezone.localtime().replace(hour=12)
    soon, ahead = noon + timedelta(hours=1), noon + timedelta(hours=2)
    publish(make_article("À venir"), at=soon)
    clock = Clock()
    for now, coming in ((ahead, None), (noon, soon)):
        with (
            mock.patch("avion.pagecache.clock.time", return_value=now.timestamp()),
            mock.patch("avion.pagecache.clock.timezone.now", return_value=now),
        ):
            clock.look()
        assert clock._next_change > now.timestamp()
        assert coming is None or clock._next_change == coming.timestamp()
