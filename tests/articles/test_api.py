"""The JSON API: what readers can open, and nothing else."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openapi_spec_validator import validate

from articles.publishing import publish
from tests.factories import make_article, make_author, make_image, make_published, make_section

pytestmark = pytest.mark.django_db
LIST = "/api/articles/"


@pytest.fixture
def articles(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    now, defence = timezone.now(), make_section("Défense")
    zoe = make_author("Zoé Vent")
    found = []
    for number in range(5):
        article = make_article(
            f"Vol {number}",
            [zoe],
            ["Rafale"] if number % 2 else ["Milan"],
            section=defence if number < 3 else make_section(f"Autre {number}"),
            hero_image=make_image(caption="En vol"),
            body='<p>Le <a href="/archives/">texte</a>.</p>',
        )
        found.append(publish(article, at=now - timedelta(days=10 - number)))
    return found


def titles(answer):
    return [article["title"] for article in answer.json()["articles"]]


def test_articles_come_newest_first_and_go_on(client, articles):
    answer, seen = client.get(f"{LIST}?limit=2"), []
    while True:
        seen += titles(answer)
        if not (following := answer.json()["next"]):
            break
        make_published(f"Entre-temps {len(seen)}")  # moves nothing that is still to come
        answer = client.get(following.partition(urlsplit(following).netloc)[2])
    assert seen == [f"Vol {number}" for number in (4, 3, 2, 1, 0)]


def test_an_article_is_told_whole(client, articles):
    listed = client.get(LIST).json()["articles"][0]
    assert "body" not in listed
    assert listed["url"] == "https://avion.test/vol-4/"
    assert listed["authors"] == [
        {"name": "Zoé Vent", "slug": "zoe-vent", "url": "https://avion.test/auteur/zoe-vent/"}
    ]
    assert listed["image"]["url"].startswith("https://avion.test/media/images/")
    assert listed["image"]["caption"] == "En vol"
    whole = client.get(listed["api_url"].removeprefix("https://avion.test")).json()
    assert whole["body"] == '<p>Le <a href="https://avion.test/archives/">texte</a>.</p>'
    assert {name: whole[name] for name in listed} == listed


def test_filters_narrow_it(client, articles):
    middle = articles[2].published_at
    for query, expected in {
        "section=defense": [2, 1, 0],
        "tag=rafale": [3, 1],
        "author=zoe-vent&tag=milan": [4, 2, 0],
        "section=nulle-part": [],
        f"since={middle:%Y-%m-%dT%H:%M:%SZ}": [4, 3, 2],
        f"until={timezone.localtime(middle):%Y-%m-%d}": [1, 0],
    }.items():
        answer = client.get(f"{LIST}?{query}")
        assert (query, titles(answer)) == (query, [f"Vol {number}" for number in expected])


@pytest.mark.parametrize(
    "query",
    (
        "limit=0 limit=101 limit=x limit=0001000000 since=0001-01-01 since=hier until=2026-02-31 "
        "cursor=x cursor=W10= "
        "cursor=WyIyMDI2LTAxLTAxIiwgMV0= cursor=é"
    ).split(),
)
def test_what_is_not_understood_is_said(client, query):
    answer = client.get(f"{LIST}?{query}")
    assert answer.status_code == 400
    assert query.partition("=")[0] in answer.json()["error"]


def test_nothing_unpublished_stands_in_it(client):
    secret = "Marqueur-Secret"
    draft = make_article(secret, body=f"<p>{secret}</p>")
    waiting = make_article(f"{secret} 2")
    publish(waiting, at=timezone.now() + timedelta(days=1))
    over = make_article(f"{secret} 3")
    publish(over, at=timezone.now() - timedelta(days=2), until=timezone.now() + timedelta(days=1))
    over.published.__class__.objects.filter(pk=over.pk).update(
        withdrawn_at=timezone.now() - timedelta(hours=1)
    )
    assert secret not in client.get(LIST).text
    for article in (draft, waiting, over):
        answer = client.get(f"{LIST}{article.pk}/")
        assert answer.status_code == 404
        assert secret not in answer.text


def test_it_costs_the_same_however_many_there_are(client, articles):
    def count(path):
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        return len(queries)

    paths = [LIST, f"{LIST}?tag=rafale", f"{LIST}{articles[0].pk}/", "/api/"]
    before = [count(path) for path in paths]
    for number in range(30):
        make_published(f"Autre {number}", tags=["Rafale"])
    assert [count(path) for path in paths] == before == [4, 4, 4, 1]


def test_programs_may_keep_it_and_ask_whether_it_changed(client, articles):
    answer = client.get(LIST)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert not answer.cookies
    again = client.get(LIST, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    make_published("Nouveau")
    assert client.get(LIST, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 200
    assert client.post(LIST).status_code == 405


def test_its_description_is_one(client, articles):
    description = client.get("/api/").json()
    validate(description)
    schema = description["components"]["schemas"]
    whole = client.get(f"{LIST}{articles[0].pk}/").json()
    assert set(whole) == set(schema["Article"]["properties"])
    assert set(client.get(LIST).json()["articles"][0]) == set(schema["Summary"]["properties"])
