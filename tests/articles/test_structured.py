"""Structured data: what search engines read of each page, by schema.org's vocabulary."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import rdflib
from django.conf import settings
from django.utils import timezone
from lxml import html
from rdflib.namespace import RDF

from articles.images.renditions import build
from articles.models import Correction
from articles.publishing import publish
from articles.publishing.body import clean
from articles.reading.structured import cited
from avion.models import SiteSettings
from tests.factories import (
    figures,
    make_article,
    make_author,
    make_dossier,
    make_photograph,
    make_published,
    make_section,
)

pytestmark = pytest.mark.django_db
SCHEMA = json.loads((Path(settings.BASE_DIR) / "tests/data/schemaorg.json").read_text("utf-8"))
ROOT = "https://avion.test"
# What Google requires or recommends: developers.google.com/search/docs/appearance/structured-data
WANTED = {
    "NewsArticle": {"headline", "image", "datePublished", "dateModified", "author", "publisher"},
    "Person": {"name", "url", "sameAs"},
    "NewsMediaOrganization": {"name", "url", "logo", "sameAs", "ethicsPolicy", "masthead"},
    "BreadcrumbList": {"itemListElement"},
    "ListItem": {"position", "name"},
    "ProfilePage": {"mainEntity"},
    "WebSite": {"name", "url", "potentialAction"},
    "ImageObject": {"url|contentUrl"},
}


def graph_of(page) -> dict:
    """Return the nodes of a page's graph by their types, the last of each; one script holds all."""
    [script] = html.document_fromstring(page.text).xpath("//script[@type='application/ld+json']")
    document = json.loads(script.text)
    assert document["@context"] == "https://schema.org"
    # As another program reads it (W3C's JSON-LD 1.1), its context given rather than fetched.
    offline = document | {"@context": {"@vocab": "https://schema.org/"}}
    read = rdflib.Dataset().parse(data=json.dumps(offline), format="json-ld")
    types = {str(kind).removeprefix("https://schema.org/") for kind in read.objects(None, RDF.type)}
    assert types >= {node["@type"] for node in document["@graph"]}
    return {node["@type"]: node for node in document["@graph"]}


def kinds(kind) -> list[str]:
    """Return a type and those above it."""
    return [kind, *(kinds(above) if (above := SCHEMA["above"].get(kind)) else [])]


def check(node, wanted=WANTED):
    """Look at every property of a node and of those within it."""
    if isinstance(node, list):
        for each in node:
            check(each, wanted)
    if not isinstance(node, dict):
        return
    if set(node) == {"@id"}:  # refers to another
        assert node["@id"].startswith(ROOT)
        return
    allowed = {name for kind in kinds(node["@type"]) for name in SCHEMA.get(kind, [])}
    assert set(node) - {"@type", "@id"} <= allowed, node["@type"]
    for kind in kinds(node["@type"]):
        for names in wanted.get(kind, ()):
            assert set(names.split("|")) & set(node), (kind, names)
    for value in node.values():
        assert value not in ("", None, [], {})
        check(value, wanted)


@pytest.fixture
def site(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    SiteSettings.objects.create(
        pk=1,
        name="Avion",
        tagline="L’aviation",
        publisher="Avion SAS, 1 rue des Ailes",
        contact_email="a@avion.test",
        social_links="https://social.example/avion",
    )
    hero, inside = make_photograph(1, licence="cc-by"), make_photograph(2)
    article = make_article(
        'Un </script><script>alert("1")</script> vol',
        [make_author("Zoé Vent", links="https://zoe.example\nzoe@avion.test", job_title="Pilote")],
        ["Rafale"],
        slug="un-vol",
        genre="report",
        section=make_section("Essais"),
        hero_image=hero,
        body=clean(
            f'<p>Voir <a href="https://source.example/a?b=1&amp;c=2">là</a> et '
            f'<a href="{ROOT}/autre/">ici</a>.</p>{figures(inside)}'
        ),
    )
    Correction.objects.create(article=article, wrong="Dix.", right="Onze.")
    publish(article, at=datetime(2024, 7, 1, 8, tzinfo=UTC))
    make_dossier("Un dossier", article)
    return article


def test_an_article_says_all_that_search_engines_ask_for(site, client):
    found = graph_of(client.get("/un-vol/"))
    article = found["ReportageNewsArticle"]
    assert article["headline"].startswith("Un </script>")
    assert article["url"] == article["mainEntityOfPage"] == f"{ROOT}/un-vol/"
    assert article["datePublished"] == "2024-07-01T10:00:00+02:00"
    assert article["isAccessibleForFree"] is True
    assert (article["articleSection"], article["keywords"]) == ("Essais", ["Rafale"])
    assert article["citation"] == ["https://source.example/a?b=1&c=2"]
    assert article["correction"][0]["text"] == "Dix. Onze."
    assert article["publisher"] == {"@id": found["NewsMediaOrganization"]["@id"]}
    [person] = article["author"]
    assert (person["name"], person["jobTitle"]) == ("Zoé Vent", "Pilote")
    assert person["sameAs"] == ["https://zoe.example"]
    assert found["NewsMediaOrganization"]["legalName"] == "Avion SAS"
    trail = [place["name"] for place in found["BreadcrumbList"]["itemListElement"]]
    assert trail[:2] == ["Accueil", "Essais"]
    assert "https://creativecommons.org/licenses/by/4.0/" in client.get("/un-vol/").text


def test_pictures_come_in_three_shapes(site, client):
    image = site.hero_image
    image.renditions = build(image)
    image.save()
    shapes = graph_of(client.get("/un-vol/"))["ReportageNewsArticle"]["image"]
    ratios = [round(shape["width"] / shape["height"], 2) for shape in shapes]
    assert ratios == [1.78, 1.33, 1.0]
    assert all(shape["url"].startswith(ROOT) for shape in shapes)


@pytest.mark.parametrize(
    ("path", "types"),
    [
        ("/", {"WebSite", "ItemList", "NewsMediaOrganization"}),
        ("/un-vol/", {"ReportageNewsArticle", "BreadcrumbList", "ImageObject"}),
        ("/rubrique/essais/", {"CollectionPage", "BreadcrumbList", "WebSite"}),
        ("/tag/rafale/", {"CollectionPage", "BreadcrumbList", "WebSite"}),
        ("/dossier/un-dossier/", {"CollectionPage", "BreadcrumbList", "WebSite"}),
        ("/auteur/zoe-vent/", {"ProfilePage", "BreadcrumbList", "WebSite"}),
        ("/archives/", {"CollectionPage", "BreadcrumbList"}),
        ("/archives/2024/07/", {"CollectionPage", "BreadcrumbList"}),
        ("/equipe/", {"CollectionPage", "BreadcrumbList"}),
        ("/tags/", {"CollectionPage", "BreadcrumbList"}),
        ("/dossiers/", {"CollectionPage", "BreadcrumbList"}),
        ("/corrections/", {"CollectionPage", "BreadcrumbList"}),
        ("/les-plus-lus/", {"CollectionPage", "BreadcrumbList"}),
        ("/transparence/", {"WebPage", "NewsMediaOrganization"}),
        ("/charte/", {"WebPage", "NewsMediaOrganization"}),
    ],
)
def test_every_page_keeps_to_the_vocabulary(site, client, path, types):
    found = graph_of(client.get(path))
    assert types <= set(found)
    for node in found.values():
        check(node)


def test_what_is_to_come_is_in_no_graph(site, client):
    make_published("LICORNE", at=timezone.now() + timezone.timedelta(hours=1), section=site.section)
    make_article("LICORNE-BROUILLON", section=site.section)
    for path in ("/", "/un-vol/", "/rubrique/essais/"):
        assert "LICORNE" not in json.dumps(graph_of(client.get(path)))


def test_odd_addresses_are_no_citations():
    html = '<a href="http://[">x</a> <a href="https://b.example/">y</a> <a href="/ici/">z</a>'
    assert cited(html) == ["https://b.example/"]


def test_genres_are_told_to_readers_and_machines(site, client):
    make_published("Une tribune", genre="opinion")
    page = client.get("/une-tribune/")
    assert "OpinionNewsArticle" in graph_of(page)
    assert '<li class="genre">Opinion</li>' in page.text
    make_published("Une brève")
    assert "NewsArticle" in graph_of(client.get("/une-breve/"))
