"""A French newsroom's export comes over: classic and block posts, entities, emoji, states, people.

tests/data/export-francais.wordpress.xml is written after real ones; nothing in it is real.
"""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.management import CommandError, call_command

from articles.models import Article, Image, Origin, Page, PublishedArticle
from tests.factories import photograph

pytestmark = pytest.mark.django_db(transaction=True)
EXPORT = Path(project.BASE_DIR) / "tests/data/export-francais.wordpress.xml"
SECRET = "LICORNE-SECRETE"


@pytest.fixture
def moved(tmp_path, settings):
    """The lines of the report by their ids, after the import."""
    settings.MEDIA_ROOT = tmp_path / "media"
    files = {
        "2012/06/mirage-istres.jpg": photograph(1),
        "2023/11/cockpit-scaled.jpg": photograph(2),
    }
    files["2024/05/plan.pdf"] = b"%PDF-1.4 plan"
    for name, content in files.items():
        path = tmp_path / "uploads" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    options = {"media": str(tmp_path / "uploads"), "report": tmp_path, "stdout": StringIO()}
    call_command("import_wordpress", EXPORT, stderr=StringIO(), **options)
    return {line["key"]: line for line in json.loads((tmp_path / "report.json").read_text())}


def copy_of(key) -> PublishedArticle:
    return Origin.objects.get(kind="post", key=key).article.published


def test_nothing_fails_and_remarks_are_what_was_expected(moved):
    outcomes = {key: line["outcome"] for key, line in moved.items()}
    assert set(outcomes.values()) == {"new"}
    remarks = {key: line["remarks"] for key, line in moved.items() if line["remarks"]}
    assert remarks.keys() == {"201", "205"}
    assert remarks["201"] == [["shortcode", "su_button"]]


def test_a_classic_post_reads_as_it_did(moved):
    copy = copy_of("201")
    assert copy.title == "Le dernier Mirage a quitté la piste"
    assert copy.standfirst == "Istres, terminus"
    assert [byline.author.name for byline in copy.bylines.all()] == ["admin"]
    assert sorted(each.tag.name for each in copy.taggings.all()) == ["Armée de l’Air", "Istres"]
    body = copy.body
    assert "C’est un bruit que l’on n’entendra plus." in body
    assert "Le n°\u00a047 au roulage. <em>Photo\u00a0: Zoé</em>" in body
    assert "On ne s’y fait pas" in body
    assert "dit le chef de piste.<br>" in body
    assert ">Trente ans de bruit<" in body.replace("<strong>", "").replace("</strong>", "")
    assert "<strong>Le moteur</strong>" in body
    assert "watch?v=abcdefghijk" in body
    assert 'data-place="gallery"' in body
    assert 'href="/guepier-essai/"' in body
    assert "[NDLR" in body
    for rubbish in ("MsoNormal", "o:p", "Calibri", "[caption", "&nbsp;", "su_button", "<h1"):
        assert rubbish not in body
    hero = copy.hero_image
    assert hero.credit == "Zoé / P. Ciel"
    assert hero.alt == "Un avion gris roule devant un hangar"
    kept = Origin.objects.get(kind="post", key="201").kept["comments"]
    assert [comment["author"] for comment in kept] == ["Jeannot", "Zoé"]
    assert "courriel.example" not in json.dumps(kept)


def test_a_post_of_blocks_reads_as_it_did(moved):
    copy = copy_of("202")
    assert copy.title == "Aux commandes du Guêpier\u00a0: l’essai"
    assert copy.section.name == "Essais en vol"
    assert [byline.author.name for byline in copy.bylines.all()] == [
        "Hélène d'Orval",
        "Paul Invité",
    ]
    assert (copy.seo_title, copy.seo_description) == ("", "L’essai du Guêpier, en vol et au sol.")
    body = copy.body
    for words in (
        "une page 🚁",
        "Premier contact",
        "À 350 tours par minute",
        "le pilote d’essai",
        "watch?v=zyxwvutsrqp",
        "Le décollage, filmé du sol",
        "Deux écrans, un manche",
        "À gauche.",
        "À droite.",
        "Une plume, avec un moteur",
        "Plein Ciel vit de ses lecteurs.",
        "<hr",
        "<th",
        'href="/le-dernier-mirage/"',
    ):
        assert words in body
    assert "wp:" not in body


def test_states_and_addresses(moved, client):
    emoji = copy_of("203")
    assert emoji.title == "🛩️ Week-end portes ouvertes"
    assert emoji.slug == "week-end-portes-ouvertes"
    assert 'href="/media/files/05/plan' in emoji.body
    assert (
        client.get("/2024/05/%f0%9f%9b%a9%ef%b8%8f-week-end-portes-ouvertes/").headers["Location"]
        == f"/{emoji.slug}/"
    )
    assert client.get("/jete/").status_code == 410
    assert not Page.objects.get(slug="tarifs").is_public
    assert client.get("/le-journal/equipe-de-redaction/").status_code == 301
    assert Article.objects.filter(body__contains=SECRET).count() == 3
    assert not PublishedArticle.objects.filter(body__contains=SECRET).exists()
    assert Image.objects.count() == 2


def test_the_customer_can_sign(moved, live_server, tmp_path):
    """Nothing is lost but what the newsroom has still to do: to say who "admin" is."""
    options = {"base_url": live_server.url, "report": tmp_path, "stdout": StringIO()}
    with pytest.raises(CommandError):
        call_command("check_migration", EXPORT, stderr=StringIO(), **options)
    rows = json.loads((tmp_path / "check.json").read_text())
    losses = {row["old"]: row["losses"] for row in rows if row["losses"]}
    assert losses == {"/2012/06/le-dernier-mirage/": ["signature\u00a0: admin"]}
    assert {row["likeness"] for row in rows} <= {None, 1}
