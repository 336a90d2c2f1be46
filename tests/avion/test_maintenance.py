"""Closing the site for a while, and opening it again."""

from datetime import timedelta
from io import StringIO
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _file(settings, tmp_path):
    settings.MAINTENANCE_FILE = tmp_path / "var" / "maintenance"


def run(*arguments):
    out = StringIO()
    call_command("maintenance", *arguments, stdout=out)
    return out.getvalue()


def test_everybody_is_told_and_nothing_is_asked_of_the_database(client, django_assert_num_queries):
    run("on")
    with django_assert_num_queries(0):
        for path in ("/", "/admin/", "/rien/"):
            answer = client.get(path)
            assert answer.status_code == 503
            assert "fermé pour maintenance" in answer.content.decode()
            assert answer.headers["Retry-After"] == "300"
    run("off")
    assert client.get("/").status_code == 200


def test_when_it_ends_is_said(client):
    noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    with patch("django.utils.timezone.now", return_value=noon):
        run("on", "--until", "12:30")
        answer = client.get("/")
    assert "12\xa0h\xa030" in answer.content.decode()
    assert answer.headers["Retry-After"] == "1800"


def test_the_page_is_printed_for_the_server_in_front():
    page = run("show")
    assert page.startswith("<!doctype html>")
    assert "fermé pour maintenance" in page


def test_a_night_and_an_overrun(client):
    late = timezone.localtime().replace(hour=23, minute=30, second=0, microsecond=0)
    with patch("django.utils.timezone.now", return_value=late):
        run("on", "--until", "01:00")
        assert client.get("/").headers["Retry-After"] == "5400"
    with patch("django.utils.timezone.now", return_value=late + timedelta(hours=4)):
        answer = client.get("/")
        assert answer.headers["Retry-After"] == "300"
        assert "de retour à" not in answer.content.decode()


@pytest.mark.parametrize("written", ["18:30", "bientôt", "2026-12-24T18:00"])
def test_what_is_written_by_hand_closes_the_site_all_the_same(client, settings, written):
    run("on")
    settings.MAINTENANCE_FILE.write_text(written)
    assert client.get("/").status_code == 503


@pytest.mark.parametrize("until", ["bientôt", "25:00", "18:30+02:00"])
def test_what_is_no_time_of_day_is_refused(until, settings):
    with pytest.raises(CommandError):
        run("on", "--until", until)
    assert not settings.MAINTENANCE_FILE.exists()


def test_the_desk_alone_is_closed_while_readers_read_on(client):
    run("desk", "--until", "18:30")
    assert client.get("/").status_code == 200
    for answer in (client.get("/admin/"), client.post("/contact/", {"name": "Zoé"})):
        assert answer.status_code == 503
        assert "18" in answer.text
    run("desk")
    assert client.get("/admin/").status_code == 503
    run("off")
    assert client.get("/admin/").status_code == 302
