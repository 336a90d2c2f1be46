"""Search engines and feed readers are told at once, of what readers can see and of nothing else."""

import json
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from unittest import mock
from urllib.parse import parse_qs

import feedparser
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.utils import timezone

from articles import announcing
from articles.desk import workflow
from articles.models import Announcement, Article
from tests.factories import make_article, make_author, make_dossier, make_section

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


class Listener:
    """The other side, on loopback: what it was told, and what it answers."""

    def __init__(self):
        self.answers, self.headers = 200, {}
        self.told, self.asked = [], []

    def addresses(self) -> list[str]:
        """All addresses that were told, and forget them."""
        told, self.told = self.told, []
        return sorted(address for each in told for address in each)


@pytest.fixture
def listener(settings):
    listener = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if self.path == "/indexnow":
                said = json.loads(body)
                listener.told.append(said["urlList"])
            else:
                said = parse_qs(body)
                listener.told.append(said["hub.url"])
            listener.asked.append(said)
            self.send_response(listener.answers)
            for name, value in listener.headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_args):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    settings.INDEXNOW_ENDPOINT, settings.WEBSUB_HUB = f"{address}/indexnow", ""
    listener.hub = f"{address}/hub"
    yield listener
    server.shutdown()
    server.server_close()


@contextmanager
def clock_moved(by):
    moved = timezone.now() + by
    with mock.patch("django.utils.timezone.now", return_value=moved):
        yield


def urls(*slugs) -> list[str]:
    return [f"https://avion.test/{slug}/" for slug in slugs]


def test_indexnow_is_told_what_is_published_moved_and_withdrawn(listener, client):
    article = make_article("Un vol", slug="un-vol")
    workflow.publish(article)
    assert listener.addresses() == []  # nothing is asked of others while the desk waits
    assert announcing.tell()[:3] == (1, 0, 0)
    [said] = listener.asked
    assert said["host"] == "avion.test"
    assert said["keyLocation"] == f"https://avion.test/{said['key']}.txt"
    assert client.get(f"/{said['key']}.txt").text == said["key"]
    assert listener.addresses() == urls("un-vol")
    Article.objects.update(slug="un-long-vol")
    workflow.publish(Article.objects.get())
    announcing.tell()
    assert listener.addresses() == urls("un-long-vol", "un-vol")
    workflow.withdraw(article)
    announcing.tell()
    assert listener.addresses() == urls("un-long-vol")
    assert announcing.tell()[:3] == (0, 0, 0)
    assert client.get("/0123456789abcdef.txt").status_code == 404


def test_what_is_scheduled_is_told_at_its_minute_and_at_its_end(listener):
    article = make_article("LICORNE", slug="licorne")
    now = timezone.now()
    workflow.publish(article, at=now + HOUR, until=now + 3 * HOUR)
    announcing.tell()
    assert listener.addresses() == []
    workflow.reschedule(article, now + 2 * HOUR)
    with clock_moved(HOUR + timedelta(minutes=1)):
        announcing.tell()
        assert listener.addresses() == []
    Announcement.objects.update(due_at=now)  # as if one had been left from another day
    announcing.tell()
    assert listener.addresses() == []
    with clock_moved(2 * HOUR):
        announcing.tell()
        assert listener.addresses() == urls("licorne")
    workflow.withdraw(article)
    assert not Announcement.objects.filter(due_at__gt=now).exists()


def test_a_time_that_ends_is_told(listener):
    article = make_article("Bref", slug="bref")
    workflow.publish(article)
    workflow.end_at(article, timezone.now() + HOUR)
    announcing.tell()
    assert set(listener.addresses()) == set(urls("bref"))
    with clock_moved(HOUR):
        announcing.tell()
        assert listener.addresses() == urls("bref")


def test_a_schedule_that_is_taken_back_is_told_to_nobody(listener):
    article = make_article("LICORNE")
    workflow.publish(article, at=timezone.now() + HOUR)
    workflow.withdraw(article)
    with clock_moved(2 * HOUR):
        announcing.tell()
    assert listener.addresses() == []


def test_a_refusal_is_tried_again_later_and_longer(listener, caplog):
    listener.answers, listener.headers = 429, {"Retry-After": "600"}
    workflow.publish(make_article("Un vol", slug="un-vol"))
    result = announcing.tell()
    assert result[:3] == (0, 1, 0)
    assert result.again_at - timezone.now() > timedelta(minutes=9)
    assert "429" in caplog.text
    listener.headers = {}
    pauses = []
    for _try in range(announcing.MOST_TRIES - 1):
        Announcement.objects.update(due_at=timezone.now())
        result = announcing.tell()
        if result.again_at:
            pauses.append(round((result.again_at - timezone.now()).total_seconds()))
    assert pauses == sorted(pauses)
    assert pauses[-1] <= announcing.LONGEST_PAUSE.total_seconds()
    assert result[:3] == (0, 0, 1)
    assert "Given up" in caplog.text
    assert not Announcement.objects.exists()


def test_who_asks_to_be_left_in_peace_is(listener):
    listener.answers, listener.headers = 503, {"Retry-After": "3600"}
    for number in range(3):
        workflow.publish(make_article(f"Vol {number}"))
    announcing.tell()
    workflow.publish(make_article("Un autre vol"))
    announcing.tell()
    assert len(listener.asked) == 1
    listener.answers = 200
    with clock_moved(HOUR + timedelta(seconds=1)):
        assert announcing.tell()[:3] == (4, 0, 0)


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("60", 60),
        ("Wed, 25 Nov 2099 10:00:00 GMT", 86400),
        ("Wed, 25 Nov 2009 10:00:00 GMT", 0),
        ("9" * 5000, 0),
        ("bientôt", 0),
        ("", 0),
    ],
)
def test_a_rest_is_asked_for_in_seconds_or_as_a_date(asked, seconds):
    assert announcing._rest(asked) == timedelta(seconds=seconds)


def test_an_endpoint_that_leads_elsewhere_was_not_told(listener):
    listener.answers, listener.headers = 301, {"Location": "/indexnow"}
    workflow.publish(make_article("Un vol"))
    assert announcing.tell()[:3] == (0, 1, 0)


def test_an_act_in_between_loses_nothing_that_is_being_told(listener):
    article = make_article("Un vol", slug="un-vol")
    workflow.publish(article)
    [claimed] = announcing._claim("indexnow")
    Article.objects.update(slug="autre-vol")
    workflow.publish(Article.objects.get())
    assert Announcement.objects.filter(pk=claimed.pk).exists()
    assert announcing._claim("indexnow")[0].pk != claimed.pk
    with clock_moved(announcing.CLAIMED + timedelta(seconds=1)):  # whoever claimed it was killed
        announcing.tell()
    assert set(listener.addresses()) == set(urls("un-vol", "autre-vol"))


@pytest.mark.django_db(transaction=True)
def test_a_queue_that_fails_fails_no_publication(listener, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    broken = mock.patch("django_tasks_db.DatabaseBackend.enqueue", side_effect=DatabaseError)
    with broken:
        assert workflow.publish(make_article("Un vol", slug="un-vol")).is_live
    announcing.tell()
    assert listener.addresses() == urls("un-vol")


def test_nobody_there_fails_no_publication(settings, client, capsys):
    settings.INDEXNOW_ENDPOINT = "http://127.0.0.1:9/"  # where nobody listens
    workflow.publish(make_article("Un vol", slug="un-vol"))
    assert client.get("/un-vol/").status_code == 200
    with pytest.raises(CommandError, match="could not be told"):
        call_command("announce")
    assert capsys.readouterr().out == "0 told, 1 put off, 0 given up.\n"
    settings.INDEXNOW_ENDPOINT = ""
    with pytest.raises(CommandError, match="nobody is told"):
        call_command("announce")


def test_the_hub_is_told_of_every_feed_that_shows_an_article(listener, settings, client):
    settings.INDEXNOW_ENDPOINT, settings.WEBSUB_HUB = "", listener.hub
    armies, space = make_section("Armées"), make_section("Espace")
    article = make_article("Un vol", [make_author("Zoé")], ["Rafale"], section=armies)
    make_dossier("Le Rafale", article)
    workflow.publish(article)
    announcing.tell()
    places = ["", "auteur/zoe/", "dossier/le-rafale/", "rubrique/armees/", "tag/rafale/"]
    expected = {
        f"https://avion.test/{place}feed/{form}"
        for place in places
        for form in ("", "atom/", "json/")
    }
    assert set(listener.addresses()) == expected
    for address in expected:
        answer = client.get(address.removeprefix("https://avion.test"))
        assert answer.headers["Link"] == f'<{listener.hub}>; rel="hub", <{address}>; rel="self"'
        if address.endswith("json/"):
            assert answer.json()["hubs"] == [{"type": "WebSub", "url": listener.hub}]
        else:
            links = feedparser.parse(answer.content).feed.links
            assert [each.href for each in links if each.rel == "hub"] == [listener.hub]
    Article.objects.update(section=space)
    workflow.publish(Article.objects.get())
    announcing.tell()
    told = set(listener.addresses())
    assert {f"https://avion.test/rubrique/{slug}/feed/" for slug in ("armees", "espace")} <= told
    assert "hub" not in client.get("/recherche/feed/?q=vol").text


def test_without_a_switch_nothing_is_noted(client):
    workflow.publish(make_article("Un vol"))
    assert not Announcement.objects.exists()
    assert client.get(f"/{announcing.key()}.txt").status_code == 404
    assert "hub" not in client.get("/feed/").text


def test_many_go_in_one_request(listener):
    for number in range(3):
        workflow.publish(make_article(f"Vol {number}"))
    announcing.tell()
    assert [len(each) for each in listener.told] == [3]


@pytest.mark.django_db(transaction=True)
def test_a_worker_tells_it_after_the_commit(listener, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    workflow.publish(make_article("Un vol", slug="un-vol"))
    workflow.publish(make_article("Demain", slug="demain"), at=timezone.now() + HOUR)
    call_command("db_worker", batch=True, verbosity=0)
    assert listener.addresses() == urls("un-vol")
    with clock_moved(HOUR):
        call_command("db_worker", batch=True, verbosity=0)
    assert listener.addresses() == urls("demain")
