"""What stands between a working copy and the readers, said in plain French."""

from django.core.exceptions import ValidationError
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.desk import workflow
from articles.desk.checks import check
from articles.desk.content import EMPTY, content_of
from articles.models import Article, PublishedArticle
from tests.articles.test_article_admin import ADD, DeskTestCase, change
from tests.factories import make_article, make_author, make_image, make_published


def figure(image):
    return f'<figure><img src="x" data-file="{image.pk}"></figure>'


class CheckTests(TestCase):
    def lines(self, article):
        return [line.text for line in check(content_of(article), article)]

    def blocking(self, article):
        return [line.text for line in check(content_of(article), article) if line.blocks]

    def test_an_empty_form_lacks_what_readers_need(self):
        fields = [line.field for line in check(EMPTY) if line.blocks]
        self.assertEqual(fields, ["title", "standfirst", "section", "bylines", "body"])

    def test_a_whole_article_is_ready(self):
        make_published(slug="autre")
        article = make_article(
            tags=["Rafale"], hero_image=make_image(), body='<p><a href="/autre/">Lire</a></p>'
        )
        self.assertEqual(self.lines(article), [])

    def test_pictures_need_their_text_and_their_credit(self):
        mute, bare = make_image(alt=""), make_image(credit="")
        article = make_article(hero_image=mute, body=f"<p>a</p>{figure(bare)}")
        self.assertEqual(len(self.blocking(article)), 2)
        mute.is_decorative = True
        mute.save()
        self.assertEqual(
            self.blocking(article),
            [
                f"L’image « {bare} » n’a pas de crédit.".replace("« ", "«\u202f").replace(
                    " »", "\u202f»"
                )
            ],
        )
        article.body = '<p>a</p><figure><img data-file="999999"></figure>'
        self.assertIn("photothèque", " ".join(self.blocking(article)))

    def test_a_picture_twice_is_noticed(self):
        image = make_image()
        article = make_article(hero_image=image, body=f"<p>a</p>{figure(image)}")
        self.assertIn("deux fois", " ".join(self.lines(article)))

    def test_links_lead_somewhere(self):
        make_published(slug="existe")
        make_article("Secret", slug="brouillon")
        article = make_article(
            body='<p><a href="">vide</a> <a href="/existe/">a</a> <a href="/brouillon/">b</a>'
            ' <a href="https://avion.test/parti/">c</a> <a href="/tag/x/">d</a></p>'
        )
        lines = " ".join(self.lines(article))
        self.assertIn("vide", " ".join(self.blocking(article)))
        self.assertIn("/brouillon/", lines)
        self.assertIn("/parti/", lines)
        self.assertNotIn("/existe/", lines)

    def test_what_is_only_advised(self):
        twin = make_article("LE RAFALE DANS LE CIEL")
        article = make_article(
            twin.title,
            slug="jumeau",
            authors=[make_author("Admin")],
            body=f"<h3>a</h3><p>{'mot ' * 151}</p>",
        )
        lines = " ".join(self.lines(article))
        for word in ("capitales", "même titre", "Admin", "sous-intertitre", "151 mots", "mot-clé"):
            self.assertIn(word, lines)
        self.assertEqual(self.blocking(article), [])

    def test_its_cost_does_not_grow(self):
        def count(article):
            content = content_of(article)
            with CaptureQueriesContext(connection) as queries:
                check(content, article)
            return len(queries)

        links = "".join(f'<a href="/lien-{number}/">a</a>' for number in range(30))
        images = "".join(figure(make_image()) for _ in range(10))
        one = make_article(body='<p><a href="/x/">a</a></p>' + figure(make_image()))
        many = make_article(body=f"<p>{links}</p>{images}")
        self.assertEqual(count(one), count(many))


class RefusalTests(DeskTestCase):
    def test_no_door_publishes_past_a_blocking_line(self):
        article = make_article(standfirst="")
        with self.assertRaises(ValidationError):
            workflow.publish(article, by=self.editor)
        self.client.force_login(self.editor)
        response = self.edit(article, standfirst="", _publish="1")
        self.assertContains(response, "Le chapô manque")
        self.assertFalse(PublishedArticle.objects.exists())

    def test_the_form_shows_the_lines_and_autosave_renews_them(self):
        self.client.force_login(self.journalist)
        self.assertContains(self.client.get(ADD), "Le titre manque")
        self.add(self.journalist, standfirst="")
        article = Article.objects.get()
        self.assertContains(self.client.get(change(article)), "Le chapô manque")
        data = self.fields() | {
            "kept": 1,
            "buffer_key": "0b9d6ea4-2d5f-4cb3-9c1f-0d6b1c2f3a4b",
            "article": article.pk,
        }
        answer = self.client.post(reverse("admin:articles_article_autosave"), data).json()
        self.assertNotIn("Le chapô manque", answer["panels"]["checks"])
        self.assertIn("Aucun mot-clé", answer["panels"]["checks"])
