"""The head of each page: which address counts, and what a shared link shows."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from PIL import Image

from articles.images.cards import SIZE, draw
from tests.factories import make_image, make_published, make_section

pytestmark = pytest.mark.django_db
ROOT = "https://avion.test"


def canonical(page) -> list[str]:
    return re.findall(r'<link rel="canonical" href="([^"]*)"', page.text)


def said(page, name) -> list[str]:
    return re.findall(rf'<meta (?:property|name)="{name}" content="([^"]*)"', page.text)


def test_each_page_names_one_address_its_own(client):
    section = make_section("Essais")
    for number in range(30):
        make_published(f"Un {number}", slug=f"un-{number}", section=section, tags=["Rafale"])
    for path in (
        "/",
        "/un-1/",
        "/rubrique/essais/",
        "/rubrique/essais/page/2/",
        "/tag/rafale/",
        "/archives/",
        "/mentions-legales/",
    ):
        assert canonical(client.get(f"{path}?utm_source=x")) == [f"{ROOT}{path}"], path
    assert canonical(client.get("/nulle-part/")) == []


def test_articles_tell_when_where_and_by_whom(client):
    section = make_section("Essais")
    article = make_published("Un vol", section=section, tags=["Rafale", "Essai"])
    page = client.get("/un-vol/")
    assert said(page, "robots") == ["max-image-preview:large"]
    assert said(page, "og:site_name") == ["Avion"]
    assert said(page, "article:section") == ["Essais"]
    assert sorted(said(page, "article:tag")) == ["Essai", "Rafale"]
    assert said(page, "article:author") == [f"{ROOT}{article.authors[0].get_absolute_url()}"]
    assert said(page, "article:published_time")[0].startswith(f"{timezone.localdate():%Y-%m-%d}")


def test_an_article_without_a_picture_is_shared_with_its_title_drawn(client):
    article = make_published("Un <vol> & demi", slug="un-vol")
    page = client.get("/un-vol/")
    [address] = said(page, "og:image")
    assert (said(page, "og:image:width"), said(page, "og:image:height")) == (["1200"], ["630"])
    assert said(page, "og:image:alt") == ["Un &lt;vol&gt; &amp; demi"]
    card = client.get(address.removeprefix(ROOT))
    assert card.headers["Content-Type"] == "image/png"
    assert card.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert Image.open(BytesIO(card.content)).size == SIZE
    other = address.removeprefix(ROOT).replace(f"-{article.version}.png", "-99.png")
    assert client.get(other).status_code == 404


def test_what_readers_cannot_open_is_drawn_for_nobody(client):
    later = make_published("Demain", at=timezone.now() + timedelta(hours=1))
    pictured = make_published("Vu", hero_image=make_image())
    for article in (later, pictured):
        assert client.get(f"/partage/{article.pk}-{article.version}.png").status_code == 404
    page = client.get(pictured.get_absolute_url())
    assert "/partage/" not in page.text


def test_any_title_can_be_drawn():
    for title in ("", "🛩️ 飞机", "Mot" * 80, "Un titre vraiment long " * 20):
        assert Image.open(BytesIO(draw(title, "Avion"))).size == SIZE


def test_every_page_says_what_a_shared_link_shows(client, db):
    section = make_section("Essais")
    make_published("Un vol", slug="un-vol", section=section, tags=["Rafale"])
    titles = {"/": "Avion", "/rubrique/essais/": "Essais", "/tag/rafale/": "Rafale"}
    for path, title in titles.items():
        page = client.get(path).text
        assert f'<meta property="og:title" content="{title}">' in page
        assert f'<meta property="og:url" content="https://avion.test{path}">' in page
        assert '<meta property="og:image" content="https://avion.test/' in page
        assert '<meta name="robots" content="max-image-preview:large">' in page
    lost = client.get("/nulle-part-du-tout/").text
    assert "og:url" not in lost


def test_what_appeared_elsewhere_is_left_to_there(client, db):
    make_published(
        "Un vol",
        slug="un-vol",
        canonical_url="https://ailleurs.example/vol/",
        translations="en https://en.example/",
    )
    assert 'hreflang="fr"' not in client.get("/un-vol/").text
    assert "un-vol" not in client.get("/news-sitemap.xml").text
