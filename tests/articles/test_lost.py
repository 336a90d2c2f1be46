"""Addresses asked for in vain: counted without a trace of who asked, redirected in a click."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.models import Missing, Redirect
from articles.reading import lost
from authors import roles
from tests.factories import make_published, make_user, sign_in_lately

pytestmark = pytest.mark.django_db
BROWSER = {"User-Agent": "Mozilla/5.0 (X11) Firefox/140.0"}


@pytest.fixture(autouse=True)
def tallies():
    """What waits of other tests is not ours."""
    lost.misses.__init__()
    lost.hits.__init__()


def ask(client, path, **headers):
    answer = client.get(path, headers=BROWSER | headers)
    lost.misses.write()
    lost.hits.write()
    return answer


def test_what_readers_ask_for_in_vain_is_counted(client):
    for _time in range(2):
        ask(client, "/Perdu/?jeton=SECRET", Referer="https://blog.example/page?id=SECRET")
    row = Missing.objects.get()
    assert (row.path, row.count, row.referrer) == ("/perdu/", 2, "blog.example/page")
    ask(client, "/perdu/", Referer="http://[")
    row.refresh_from_db()
    assert (row.count, row.referrer) == (3, "")


def test_robots_and_colleagues_are_not_counted(client):
    ask(client, "/perdu/", **{"User-Agent": "Googlebot/2.1"})
    ask(client, "/perdu/", **{"User-Agent": ""})
    ask(client, "/admin/rien/")
    client.force_login(make_user(roles.EDITOR))
    ask(client, "/perdu/")
    assert not Missing.objects.exists()


def test_a_flood_fills_nothing(client, monkeypatch):
    monkeypatch.setattr(lost, "ROWS", 3)
    monkeypatch.setattr(lost, "MOST", 5)
    for number in range(9):
        client.get(f"/perdu-{number}/", headers=BROWSER)
    lost.misses.write()
    assert Missing.objects.count() == 5
    ask(client, "/perdu-1/")
    ask(client, "/perdu-1/")
    for number in range(9):
        ask(client, f"/encore-{number}/")
    assert Missing.objects.count() <= 4
    assert Missing.objects.get(path="/perdu-1/").count == 3


@pytest.mark.parametrize(
    "path",
    [
        "/reinitialiser/jean.dupont@example.org/",
        "/lien/3f786850e387550fdab836ed7e6dc881de23001b/",
        "/feed",
        "/robots.txt/",
        "/un-vol",
    ],
)
def test_what_names_people_or_leads_on_is_not_kept(client, path):
    ask(client, path)
    assert not Missing.objects.exists()


def test_what_the_front_page_was_asked_for_is_kept_by_its_number(client):
    ask(client, "/?p=30&utm_source=x")
    assert Missing.objects.get().path == "/?p=30"


def test_what_nobody_asks_for_any_more_is_forgotten(client):
    Missing.objects.create(path="/vieux/", last_at=timezone.now() - timedelta(days=31))
    ask(client, "/perdu/")
    assert [row.path for row in Missing.objects.all()] == ["/perdu/"]


def test_it_is_redirected_in_one_click(client):
    make_published("Un vol", slug="un-vol")
    ask(client, "/perdu/")
    sign_in_lately(client, make_user(roles.EDITOR))
    listing = client.get(reverse("admin:articles_missing_changelist")).text
    add = f"{reverse('admin:articles_redirect_add')}?path=%2Fperdu%2F"
    assert add in listing
    assert 'value="/perdu/"' in client.get(add).text
    client.post(add, {"path": "/perdu/", "destination": "/un-vol/"})
    assert not Missing.objects.exists()
    client.logout()
    ask(client, "/perdu/")
    ask(client, "/perdu/feed/")
    assert Redirect.objects.get().hits == 1
    assert Redirect.objects.get().last_hit_at
    assert not Missing.objects.exists()
