"""What every page carries is worked out once a generation, and is never of the one before."""

import secrets

import pytest

from articles.reading.front import front_page
from articles.reading.remembering import Remembered
from avion.models import SiteSettings
from tests.factories import make_published, make_section

pytestmark = pytest.mark.django_db


@pytest.fixture
def generation(monkeypatch):
    """A number that the test moves on: `generation["number"] += 1`."""
    known = {"number": secrets.randbits(62)}  # of no other test
    monkeypatch.setattr(Remembered, "generation", staticmethod(lambda: known["number"]))
    return known


def rename(name):
    SiteSettings.objects.update_or_create(pk=1, defaults={"name": name})


def test_the_frame_is_rendered_once_a_generation(client, generation, django_assert_num_queries):
    rename("Ancien titre")
    make_published("Un vol", section=make_section("Air"), slug="un-vol")
    generation["number"] += 1
    frame = "<span>Ancien titre</span>"
    assert client.get("/").text.count(frame) == 2  # above and below
    rename("Nouveau titre")
    with django_assert_num_queries(4):  # the article, its authors and tags, and how to go on
        page = client.get("/un-vol/").text
    assert page.count(frame) == 2
    generation["number"] += 1
    assert client.get("/un-vol/").text.count("<span>Nouveau titre</span>") == 2


def test_unknown_addresses_share_one_page(client, generation, django_assert_num_queries):
    rename("Ancien titre")
    generation["number"] += 1
    assert 'aria-current="page"' in client.get("/?p=999999").text
    first = client.get("/nulle-part/")
    assert 'aria-current="page"' not in first.text
    rename("Nouveau titre")
    with django_assert_num_queries(3):  # is it an article, a page, an address of before
        second = client.get("/ailleurs/")
    assert (first.status_code, second.status_code) == (404, 404)
    assert first.content == second.content
    generation["number"] += 1
    assert client.get("/nulle-part/").text.count("<span>Nouveau titre</span>") == 2


def test_whoever_works_here_sees_it_as_it_is(client, generation, settings):
    rename("Ancien titre")
    assert "Ancien titre" in client.get("/").text
    rename("Nouveau titre")
    client.cookies[settings.SESSION_COOKIE_NAME] = "une-session"
    page = client.get("/").text
    assert "Nouveau titre" in page
    assert "Ancien titre" not in page


def test_what_is_of_the_page_alone_is_not_shared(client, generation):
    make_published("Un vol", section=make_section("Air"))
    home, section = client.get("/").text, client.get("/rubrique/air/").text
    assert '<a href="/" aria-current="page">' in home
    assert '<a href="/" aria-current="page">' not in section
    assert '<a href="/rubrique/air/" aria-current="page">' in section


def test_what_changes_while_a_page_is_made_is_in_the_next(client, generation, monkeypatch):
    """A page that began before a change is not taken for one of after it."""
    rename("Ancien titre")
    make_published("Un vol", section=make_section("Air"), slug="un-vol")

    def changed_meanwhile(*args, **options):
        found = front_page(*args, **options)
        rename("Nouveau titre")
        generation["number"] += 1
        return found

    with monkeypatch.context() as patched:
        patched.setattr("articles.reading.views.front_page", changed_meanwhile)
        client.get("/")
    assert client.get("/un-vol/").text.count("<span>Nouveau titre</span>") == 2
