"""What machines are told: robots.txt, the reservation of mining, the files of the title's own."""

import re
from datetime import timedelta
from urllib.robotparser import RobotFileParser

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from avion.models import SiteSettings, validate_robots
from avion.terms import ANSWERING, TRAINING
from tests.factories import make_published, make_section

pytestmark = pytest.mark.django_db


def rules(client) -> RobotFileParser:
    parser = RobotFileParser()
    parser.parse(client.get("/robots.txt").text.splitlines())
    return parser


@pytest.mark.parametrize(
    ("choice", "training", "answering"),
    [("", True, True), ("training", False, True), ("all", False, False)],
)
def test_crawlers_are_told_where_they_may_go(client, choice, training, answering):
    SiteSettings.objects.create(pk=1, ai_crawlers=choice)
    told = rules(client)
    for name in ("Googlebot", "Bingbot", "Mozilla"):
        assert told.can_fetch(name, "/un-vol/")
        assert not told.can_fetch(name, "/admin/")
    assert {told.can_fetch(name, "/un-vol/") for name in TRAINING} == {training}
    assert {told.can_fetch(name, "/un-vol/") for name in ANSWERING} == {answering}
    assert len(told.site_maps()) == 2


def test_the_title_adds_lines_of_its_own(client):
    SiteSettings.objects.create(pk=1, robots_txt="User-agent: Curieux\nDisallow: /")
    assert not rules(client).can_fetch("Curieux", "/un-vol/")
    validate_robots("# ok\n\nUser-agent: x\nCrawl-delay: 3")
    with pytest.raises(ValidationError, match="Interdit"):
        validate_robots("User-agent: x\nInterdit: /")


def test_mining_is_reserved_until_the_title_says_otherwise(client):
    make_published("Un vol", slug="un-vol")
    page = client.get("/un-vol/")
    assert page.headers["tdm-reservation"] == "1"
    assert '<meta name="tdm-reservation" content="1">' in page.text
    told = client.get("/.well-known/tdmrep.json")
    assert told.json() == [{"location": "/", "tdm-reservation": 1}]
    SiteSettings.objects.create(pk=1, tdm_policy="https://avion.test/licence")
    assert client.get("/un-vol/").headers["tdm-policy"] == "https://avion.test/licence"
    assert client.get("/.well-known/tdmrep.json").json()[0]["tdm-policy"].endswith("/licence")
    SiteSettings.objects.update(tdm_reserved=False)
    page = client.get("/un-vol/")
    assert "tdm-reservation" not in page.headers
    assert "tdm-" not in page.text
    assert client.get("/.well-known/tdmrep.json").status_code == 404


@pytest.mark.parametrize("reserved", [True, False])
@pytest.mark.parametrize("crawlers", ["", "training", "all"])
def test_an_article_may_have_terms_of_its_own(client, reserved, crawlers):
    SiteSettings.objects.create(pk=1, tdm_reserved=reserved, ai_crawlers=crawlers)
    hour = timedelta(hours=1)
    make_published("Libre", slug="libre", mining="open")
    make_published("Gardé", slug="garde", mining="reserved")
    make_published("Comme les autres", slug="autre")
    make_published("Licorne", slug="licorne", mining="reserved", at=timezone.now() + hour)
    told = rules(client)
    assert told.can_fetch("GPTBot", "/libre/")
    assert not told.can_fetch("GPTBot", "/garde/")
    assert told.can_fetch("GPTBot", "/autre/") is (crawlers == "")
    assert told.can_fetch("OAI-SearchBot", "/garde/") is (crawlers != "all")
    assert told.can_fetch("Googlebot", "/garde/")
    known = {
        rule["location"]: rule["tdm-reservation"]
        for rule in client.get("/.well-known/tdmrep.json").json()
    }
    assert known == {"/garde/": 1, "/libre/": 0} | ({"/": 1} if reserved else {})
    assert next(reversed(known)) == "/" or not reserved
    for slug, said in {"libre": "0", "garde": "1", "autre": "1"}.items():
        page = client.get(f"/{slug}/")
        expected = said if reserved or slug == "garde" else None
        assert page.headers.get("tdm-reservation") == expected
        found = re.findall('<meta name="tdm-reservation" content="(.)">', page.text)
        assert found == ([expected] if expected else [])
    assert "licorne" not in client.get("/robots.txt").text


def test_lines_without_a_crawler_are_for_all(client):
    SiteSettings.objects.create(
        pk=1, ai_crawlers="", robots_txt="Disallow: /brouillons/\nUser-agent: Curieux\nDisallow: /"
    )
    make_published("Gardé", slug="garde", mining="reserved")
    told = rules(client)
    for name in ("Googlebot", "GPTBot"):
        assert not told.can_fetch(name, "/brouillons/1/")
        assert not told.can_fetch(name, "/admin/")
        assert told.can_fetch(name, "/garde/") is (name == "Googlebot")
    assert not told.can_fetch("Curieux", "/un-vol/")


def test_whoever_gives_whole_texts_says_on_which_terms(client):
    SiteSettings.objects.create(pk=1, tdm_reserved=False)
    make_published("Libre", slug="libre", section=make_section("Essais"))
    paths = ["/feed/", "/feed/json/", "/api/articles/"]
    for path in paths:
        assert "tdm-reservation" not in client.get(path).headers
    make_published("Gardé", mining="reserved", section=make_section("Espace"))
    for path in paths:
        assert client.get(path).headers["tdm-reservation"] == "1"
    assert "tdm-reservation" not in client.get("/rubrique/essais/feed/").headers


def test_files_for_models_are_what_the_title_wrote(client):
    for name in ("ai", "llms"):
        assert client.get(f"/{name}.txt").status_code == 404
        SiteSettings.objects.update_or_create(pk=1, defaults={f"{name}_txt": "# Avion\n"})
        answer = client.get(f"/{name}.txt")
        assert answer.text == "# Avion\n"
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
