"""Who stands behind the title, for readers and for machines: pages and files that settings fill."""

import pytest

from avion.models import SiteSettings
from tests.articles.test_structured import graph_of

pytestmark = pytest.mark.django_db
KNOWN = {
    "name": "Avion",
    "publisher": "Éditions du Vent",
    "founded": 2019,
    "mission": "Raconter l'aviation.",
    "editor_in_chief": "Camille Lenoir",
    "owners": "La rédaction : 100 %.",
    "interests": "Aucun mandat.",
    "funding": "Abonnements : 80 %.\nDons : 20 %.",
    "ai_policy": "Elle transcrit.",
    "complaints": "Le conseil de déontologie.",
    "associations": "https://association.example/",
    "social_links": "https://social.example/avion",
    "contact_email": "ecrire@avion.test",
}


@pytest.mark.parametrize("name", sorted(KNOWN.keys() - {"associations", "social_links"}))
def test_the_page_says_what_the_settings_know(client, name):
    SiteSettings.objects.create(pk=1, **KNOWN)
    text = client.get("/transparence/").text.replace("\u00a0", " ").replace("\u202f", " ")
    for line in str(KNOWN[name]).replace("'", "’").splitlines():
        assert line in text.partition("<main")[2]


def test_what_is_not_known_is_said_so_or_left_out(client):
    text = client.get("/transparence/").text.partition("<main")[2]
    assert text.count("pas encore indiqué") == 4  # owners, funding, both who answer
    assert "Intelligence artificielle" not in text
    assert "2019" not in text
    assert "/transparence/#mission" not in client.get("/").text


def test_machines_are_led_to_it(client):
    SiteSettings.objects.create(pk=1, **KNOWN)
    node = graph_of(client.get("/"))["NewsMediaOrganization"]
    assert node["foundingDate"] == "2019"
    page = client.get("/transparence/").text
    for name in ("ownershipFundingInfo", "missionCoveragePrioritiesPolicy"):
        path, _hash, anchor = node[name].removeprefix("https://avion.test").partition("#")
        assert path == "/transparence/"
        assert f'id="{anchor}"' in page
    for name in ("ethicsPolicy", "correctionsPolicy", "masthead", "actionableFeedbackPolicy"):
        assert client.get(node[name].removeprefix("https://avion.test")).status_code == 200


def test_trust_txt(client):
    SiteSettings.objects.create(pk=1, **KNOWN)
    answer = client.get("/trust.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    told = [line.split("=", 1) for line in answer.text.splitlines() if not line.startswith("#")]
    assert told == [
        ["belongto", "https://association.example/"],
        ["social", "https://social.example/avion"],
        ["disclosure", "https://avion.test/transparence/"],
        ["contact", "ecrire@avion.test"],
        ["datatrainingallowed", "no"],
    ]
    assert client.get("/.well-known/trust.txt").text == answer.text
    SiteSettings.objects.update(ai_crawlers="", tdm_reserved=False)
    assert "datatrainingallowed=yes" in client.get("/trust.txt").text


def test_other_files_of_the_title(client):
    assert client.get("/ads.txt").status_code == 404
    SiteSettings.objects.create(pk=1, **KNOWN, ads_txt="regie.example, 12, DIRECT")
    assert client.get("/ads.txt").text == "regie.example, 12, DIRECT\n"
    assert "Camille Lenoir" in client.get("/humans.txt").text
