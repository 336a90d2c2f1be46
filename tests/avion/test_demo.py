"""The demonstration newsroom, loaded for real."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.test import RequestFactory
from django.utils import timezone

from articles.models import Article, Image, PublishedArticle, Section
from authors.models import Author
from avion.demo import people, stories

SEED = Path(__file__).resolve().parent.parent / "data" / "seed-article.txt"


@pytest.fixture
def newsroom(db, tmp_path):
    accounts = tmp_path / "accounts.json"
    call_command("load_demo", accounts=accounts)
    return json.loads(accounts.read_text())


def plain(text):
    """Undo typography: what was typed, letter by letter."""
    for typeset, typed in {"\u202f": " ", "\u00a0": " ", "’": "'", "  ": " "}.items():
        text = text.replace(typeset, typed)
    return text.strip()


def test_the_newsroom_is_whole(newsroom, client, tmp_path):
    assert Section.objects.count() == 8
    assert Author.objects.exclude(portrait="").count() == 12
    assert PublishedArticle.objects.live().count() >= 36
    states = {article.state for article in Article.objects.all()}
    assert {"draft", "review", "scheduled", "published"} <= states
    assert PublishedArticle.objects.exclude(corrections=[]).count() == 1
    for image in Image.objects.all():
        assert image.alt
        assert image.credit
    for story in stories.read("stories"):
        if story.slug != people.REAL_STORY:
            assert "sont inventés" in Article.objects.get(slug=story.slug).body

    # Loading again adds nothing, and undoes no edit.
    Article.objects.filter(slug=people.REAL_STORY).update(kicker="Édité")
    before = (Article.objects.count(), Image.objects.count(), Author.objects.count())
    call_command("load_demo", accounts=tmp_path / "accounts.json")
    assert (Article.objects.count(), Image.objects.count(), Author.objects.count()) == before
    assert Article.objects.get(slug=people.REAL_STORY).kicker == "Édité"


def test_the_real_article_leads_whole_and_typeset(newsroom, client):
    copy = PublishedArticle.objects.live().newest().first()
    assert copy.slug == people.REAL_STORY
    paris = timezone.get_default_timezone()
    assert copy.published_at.astimezone(paris).date() == date(2024, 10, 30)
    page = client.get(f"/{copy.slug}/").content.decode()
    assert "Près de 11\u202f000 soldats" in page
    assert "dès le 1<sup>er</sup>\u00a0novembre 2024" in page
    assert "environ 100\u00a0km" in page
    assert copy.body.count("<h2 id=") == 4
    assert copy.title in client.get("/").content.decode()

    # Every line of the original stands in the published text, in its order.
    import lxml.html

    article = Article.objects.get(pk=copy.pk)
    text = " ".join(lxml.html.fromstring(f"<div>{article.body}</div>").itertext())
    read = plain(" ".join([article.title, article.standfirst, text]))
    position = 0
    for line in filter(None, map(plain, SEED.read_text(encoding="utf-8").splitlines()[3:])):
        if line.startswith("Avion-Chasse.fr est"):
            break
        if line != plain(article.title) or position:
            found = read.find(line, position)
            assert found >= 0, line
            position = found


def test_the_accounts_open_the_desk(newsroom):
    assert len(newsroom) == 3
    for email, password in newsroom.items():
        user = authenticate(RequestFactory().get("/"), username=email.upper(), password=password)
        assert user.is_staff
        assert user.groups.count() == 1


def test_articles_by_the_thousand(newsroom, client, tmp_path):
    before = PublishedArticle.objects.count()
    call_command("load_demo", articles=1050, accounts=tmp_path / "accounts.json")
    assert PublishedArticle.objects.count() == before + 1050
    generated = PublishedArticle.objects.order_by("-pk").first()
    assert client.get(f"/{generated.slug}/").status_code == 200
    assert client.get("/page/40/").status_code == 200
    assert PublishedArticle.objects.live().newest().first().slug == people.REAL_STORY


def test_a_negative_number_is_refused(db, tmp_path):
    with pytest.raises(CommandError):
        call_command("load_demo", articles=-1, accounts=tmp_path / "accounts.json")
