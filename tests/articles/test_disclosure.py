"""What is said of artificial intelligence and of translations: at the desk, to all others."""

import json
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.desk.content import content_of
from articles.desk.history import compare
from articles.desk.workflow import publish as publish_at_desk
from articles.models import Article, PublishedArticle
from articles.publishing import PublishingError, publish
from articles.reading.translations import validate_translations
from avion.models import SiteSettings
from tests.articles.test_article_admin import DeskTestCase
from tests.articles.test_structured import check, graph_of
from tests.factories import make_article, make_published

STATED = {
    "ai_use": "assisted",
    "ai_note": "traduction de l’entretien",
    "ai_reviewed_by": "Claire Duval",
    "ai_reviewed_on": date(2026, 3, 12),
}


class DeskTests(DeskTestCase):
    def test_a_review_without_a_day_is_of_today_and_none_is_to_come(self):
        self.add(self.editor, ai_use="generated", ai_reviewed_by="Claire Duval")
        article = Article.objects.get()
        self.assertIsNotNone(article.ai_reviewed_on)
        response = self.edit(article, ai_reviewed_by="Claire", ai_reviewed_on="01/01/2099")
        self.assertContains(response, "Ce jour est encore à venir.")
        self.edit(article, ai_use="assisted", ai_reviewed_by="Claire", ai_reviewed_on="12/03/2026")
        article.refresh_from_db()
        self.assertEqual(article.ai_reviewed_on, date(2026, 3, 12))

    def test_history_shows_it_in_words_and_brings_it_back(self):
        before = content_of(make_article())
        [*changes] = compare(before, before | STATED | {"ai_reviewed_on": "2026-03-12"})
        said = {change.name: change.paragraphs[-1][-1][1] for change in changes}
        self.assertEqual(said["ai_use"], "aide à la rédaction")
        self.assertEqual(said["ai_reviewed_on"], "12 mars 2026")

    def test_the_title_may_ask_for_it_before_anything_is_published(self):
        SiteSettings.objects.create(pk=1, ai_statement_required=True)
        response = self.add(self.editor, _publish="1")
        self.assertContains(response, "Indiquez le rôle de l’intelligence artificielle.")
        self.assertContains(response, "L&#x27;avion")
        article = make_article()
        with self.assertRaises(PublishingError):
            publish_at_desk(article)
        Article.objects.update(ai_use="assisted")
        with self.assertRaisesMessage(PublishingError, "Indiquez qui a relu"):
            publish_at_desk(Article.objects.get(pk=article.pk))
        Article.objects.update(ai_use="none")
        self.assertTrue(publish_at_desk(Article.objects.get(pk=article.pk)).is_live)

    def test_the_preview_shows_what_is_not_saved(self):
        article = make_article(created_by=self.journalist)
        self.client.force_login(self.journalist)
        self.edit(article, ai_use="generated", ai_note="résumé")
        page = self.client.get(reverse("admin:articles_article_preview", args=[article.pk]))
        self.assertContains(page, "Texte produit par l’intelligence artificielle")

    def test_what_is_no_translation_is_refused(self):
        for text in (
            "https://a.example/",
            "xx https://a.example/",
            "en a",
            "fr https://a.example/",
        ):
            response = self.add(self.editor, translations=text)
            self.assertContains(response, 'class="errorlist"')
        twice = "en https://a.example/\nen https://b.example/"
        self.assertContains(self.add(self.editor, translations=twice), "Chaque langue une seule")
        self.assertFalse(Article.objects.exists())
        validate_translations("en https://a.example/\r\n\r\npt-br https://b.example/\n")


@pytest.mark.django_db
def test_readers_and_machines_are_told_the_same(client):
    copy = make_published("Un vol", slug="un-vol", **STATED)
    said = "Écrit avec l’aide de l’intelligence artificielle\u00a0: traduction de l’entretien."
    said += " Relu le 12\u00a0mars 2026 par Claire Duval, qui en assume la responsabilité."
    page = client.get("/un-vol/")
    plain = page.text.replace("&nbsp;", "\u00a0")
    assert said.replace("12\u00a0mars", "12 mars") in plain or said in plain
    assert plain.index("intelligence artificielle") < plain.index("Le texte de l")
    node = graph_of(page)["NewsArticle"]
    check(node, wanted={})
    assert node["digitalSourceType"].startswith("https://schema.org/CompositeWith")
    assert node["mainEntityOfPage"]["lastReviewed"] == "2026-03-12"
    assert node["mainEntityOfPage"]["reviewedBy"]["name"] == "Claire Duval"
    for feed in ("/feed/", "/feed/atom/", "/feed/json/"):
        assert "Relu le 12" in client.get(feed).text
    assert client.get(f"/api/articles/{copy.pk}/").json()["ai"] == {
        "use": "assisted",
        "note": STATED["ai_note"],
        "reviewed_by": "Claire Duval",
        "reviewed_on": "2026-03-12",
    }


@pytest.mark.django_db
def test_a_text_by_people_says_so_at_its_end(client):
    make_published("Un vol", slug="un-vol", ai_use="none")
    page = client.get("/un-vol/").text
    assert page.index("Le texte de l") < page.index("Écrit sans intelligence artificielle.")
    make_published("Rien", slug="rien")
    assert "intelligence artificielle" not in client.get("/rien/").text
    assert client.get("/api/articles/").json()["articles"][0]["ai"] is None


@pytest.mark.django_db
def test_translations_are_led_to(client):
    lines = "en https://en.example/flight/\nde https://de.example/flug/"
    make_published("Un vol", slug="un-vol", translations=lines)
    page = client.get("/un-vol/")
    for code, address in [
        ("fr", "https://avion.test/un-vol/"),
        ("en", "https://en.example/flight/"),
        ("de", "https://de.example/flug/"),
    ]:
        assert f'<link rel="alternate" hreflang="{code}" href="{address}">' in page.text
    assert ">Deutsch</a>" in page.text
    check(graph_of(page)["NewsArticle"], wanted={})
    assert "de.example" in json.dumps(graph_of(page)["NewsArticle"]["workTranslation"])


@pytest.mark.django_db
def test_a_statement_is_news_to_whoever_has_read_the_article(client):
    copy = make_published("Un vol", at=timezone.now() - timedelta(days=3))
    Article.objects.update(ai_use="assisted")
    assert publish(copy.article).modified_at - copy.modified_at > timedelta(days=2)


@pytest.mark.django_db
@pytest.mark.parametrize("use", ["none", ""])
def test_where_it_had_no_part_nobody_reviewed(client, use):
    copy = make_published("Un vol", slug="un-vol", **STATED | {"ai_use": use})
    assert "reviewedBy" not in json.dumps(graph_of(client.get("/un-vol/")))
    told = client.get(f"/api/articles/{copy.pk}/").json()["ai"]
    assert told is None or told["reviewed_by"] == ""


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("est-ce clair ?", "artificielle\u00a0: est-ce clair ?"),
        ("résumé.", "artificielle\u00a0: résumé."),
        ("!!!", "artificielle."),
    ],
)
def test_a_note_ends_as_a_sentence(note, said):
    copy = PublishedArticle(ai_use="generated", ai_note=note)
    assert copy.ai_statement.endswith(said)
