"""What whoever runs the site is told: probes, figures, lines of the log, faults elsewhere."""

import gzip
import json
import logging
import re
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from threading import Thread
from unittest import mock

import brotli
import pytest
import sentry_sdk
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.utils import timezone

from avion import health
from avion.apps import report_faults_to
from avion.logs import JsonLines, WithRequest, request_id
from avion.models import TimerRun
from tests.factories import make_published
from tests.pagecache.conftest import Client as Wsgi

pytestmark = pytest.mark.django_db
UNPACK = {"gzip": gzip.decompress, "br": brotli.decompress}
TOKEN = "un-jeton-pour-lire-les-chiffres"


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    monkeypatch.setattr(health, "KEPT", -1)


def test_a_process_that_runs_says_so_and_asks_nothing(client, django_assert_num_queries, settings):
    settings.ALLOWED_HOSTS = ["www.example.fr"]
    with django_assert_num_queries(0):
        answer = client.get("/healthz", headers={"host": "10.0.0.7"})
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert answer.headers["Cache-Control"] == "no-store"


def test_it_is_ready_when_all_that_it_needs_is_there(client):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == dict.fromkeys(["database", "migrations", "cache", "storage"], "ok")


@pytest.mark.parametrize(
    ("what", "fault"),
    [
        ("database", mock.patch.object(connection, "cursor", side_effect=DatabaseError("secret"))),
        ("cache", mock.patch.object(cache, "set", side_effect=OSError("secret"))),
        ("cache", mock.patch.object(cache, "get", return_value=None)),
        ("storage", mock.patch.object(default_storage, "exists", side_effect=OSError("secret"))),
        (
            "migrations",
            mock.patch.object(
                health.MigrationExecutor, "migration_plan", return_value=["articles.9999"]
            ),
        ),
    ],
)
def test_it_is_not_ready_without_one_of_them(client, what, fault):
    with fault:
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()[what] != "ok"
    assert "secret" not in answer.text
    assert client.get("/readyz").status_code == 200


def test_many_who_ask_cost_one_look(client, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(health, "KEPT", 60)
    client.get("/readyz")
    with django_assert_num_queries(0):
        assert client.get("/readyz").status_code == 200


def figures(client) -> dict[str, float]:
    text = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"}).text
    return {
        name: float(value)
        for name, value in re.findall(r"^([^#\s]+(?:\{.*\})?) (\S+)$", text, re.MULTILINE)
    }


def test_figures_are_for_who_has_the_token(client, settings):
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = TOKEN
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"authorization": "Bearer faux"}).status_code == 403
    answer = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.headers["Content-Type"].startswith("text/plain; version=")


def test_figures_say_that_the_database_is_away(client, settings):
    settings.METRICS_TOKEN = TOKEN
    assert figures(client)["avion_database_up"] == 1
    with mock.patch("avion.metrics._of_the_queue", side_effect=DatabaseError):
        assert figures(client)["avion_database_up"] == 0


def test_requests_are_counted_and_timed_by_view(client, settings):
    settings.METRICS_TOKEN = TOKEN
    make_published("Un vol", slug="un-vol")
    name = 'avion_requests_total{status="200",view="article"}'
    before = figures(client).get(name, 0)
    client.get("/un-vol/")
    after = figures(client)
    assert after[name] == before + 1
    assert after['avion_request_seconds_count{view="article"}'] >= 1
    assert after["avion_tasks_waiting"] == 0


@pytest.mark.django_db(transaction=True)  # a backup reads in a transaction of its own
def test_the_age_of_the_backup_and_late_timers_are_told(client, settings, tmp_path):
    settings.METRICS_TOKEN = TOKEN
    told = figures(client)
    assert told["avion_timers_lag_seconds"] == 0
    settings.BACKUP_TO = str(tmp_path / "site.tar")
    assert figures(client)["avion_backup_age_seconds"] == float("inf")  # there is none yet
    call_command("backup", str(tmp_path / "autre.tar"), verbosity=0, stdout=StringIO())
    assert figures(client)["avion_backup_age_seconds"] == float("inf")  # nor there
    call_command("backup", verbosity=0, stdout=StringIO())
    assert 0 <= figures(client)["avion_backup_age_seconds"] < 3600
    TimerRun.objects.update_or_create(
        name="announce", defaults={"due_at": timezone.now() - timedelta(hours=2)}
    )
    TimerRun.objects.filter(name="backup").update(done_at=timezone.now() - timedelta(hours=40))
    told = figures(client)
    assert told["avion_timers_lag_seconds"] > 7000
    assert told["avion_backup_age_seconds"] > 40 * 3600 - 1


@pytest.mark.django_db(transaction=True)
def test_the_page_cache_says_what_it_does(client, settings):
    from django.core.wsgi import get_wsgi_application

    from avion.pagecache.application import PageCache
    from avion.pagecache.clock import Clock

    settings.METRICS_TOKEN = TOKEN
    clock = Clock()
    clock.start = clock.look
    reader = Wsgi(PageCache(get_wsgi_application(), 8 * 1024 * 1024, clock))
    make_published("Un vol", slug="un-vol")
    before = figures(client)
    first = reader.get("/un-vol/")
    assert "x-request-id" not in first.headers  # the page is many readers'
    reader.get("/un-vol/")
    after = figures(client)
    for answer in ("hit", "made"):
        name = f'avion_page_cache_total{{answer="{answer}"}}'
        assert after[name] == before.get(name, 0) + 1
    assert after["avion_page_cache_bytes"] > 0


def test_the_lines_of_a_request_are_known_by_its_id(client, settings, caplog):
    caplog.set_level(logging.INFO, logger="avion.requests")
    answer = client.get("/nulle-part/?jeton=secret")
    own = answer.headers["X-Request-ID"]
    assert re.fullmatch("[0-9a-f]{32}", own)
    assert client.get("/").headers["X-Request-ID"] != own
    [record] = [each for each in caplog.records if each.name == "avion.requests"][:1]
    assert record.told["path"] == "/nulle-part/"
    assert record.told["status"] == 404
    assert "secret" not in record.getMessage()
    caplog.clear()
    client.get("/x%0aFAUX/")
    assert "\n" not in "".join(each.getMessage() for each in caplog.records)


def test_the_proxy_may_give_the_id_and_strangers_may_not(client, settings):
    given = {"x-request-id": "abc-123.du_proxy"}
    assert client.get("/", headers=given).headers["X-Request-ID"] != given["x-request-id"]
    settings.BEHIND_PROXY = True
    assert client.get("/", headers=given).headers["X-Request-ID"] == given["x-request-id"]
    forged = {"x-request-id": 'x"}\n{"level": "FAUX"'}
    assert client.get("/", headers=forged).headers["X-Request-ID"] != forged["x-request-id"]


def test_a_line_is_one_json_object():
    record = logging.LogRecord("avion", logging.ERROR, "f.py", 1, "Été\n%s", ("x",), None)
    token = request_id.set("abc")
    try:
        WithRequest().filter(record)
    finally:
        request_id.reset(token)
    line = JsonLines().format(record)
    assert "\n" not in line
    said = json.loads(line)
    assert (said["message"], said["level"], said["request_id"]) == ("Été\nx", "ERROR", "abc")
    try:
        raise ZeroDivisionError
    except ZeroDivisionError as error:
        record.exc_info = (type(error), error, error.__traceback__)
    assert "ZeroDivisionError" in json.loads(JsonLines().format(record))["trace"]


def test_faults_are_reported_without_what_was_typed(client):
    received = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            unpack = UNPACK[self.headers["Content-Encoding"]]
            received.append(unpack(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_args):
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    report_faults_to(f"http://cle@127.0.0.1:{server.server_port}/1")
    try:
        client.raise_request_exception = False
        with mock.patch("articles.reading.views.front_page", side_effect=ZeroDivisionError):
            assert client.get("/?q=TAPÉ", REMOTE_ADDR="192.0.2.7").status_code == 500
        sentry_sdk.flush(10)
    finally:
        sentry_sdk.get_client().close()
        sentry_sdk.init()
        server.shutdown()
        server.server_close()
    text = b"".join(received).decode()
    assert "ZeroDivisionError" in text
    assert "192.0.2.7" not in text
