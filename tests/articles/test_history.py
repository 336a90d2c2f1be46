"""The history of an article: every act kept, shown as text, gone back to."""

from unittest import mock

from django.urls import reverse

from articles.desk import history, workflow
from articles.desk.history import compare_words
from articles.models import Article, PublishedArticle, Revision, Section
from articles.publishing import PublishingError, publish
from tests.articles.test_article_admin import DeskTestCase
from tests.factories import make_article, make_author, make_image, make_section


def page(article, name, *args):
    return reverse(f"admin:articles_article_{name}", args=[article.pk, *args])


class HistoryTests(DeskTestCase):
    def acts(self):
        return list(Revision.objects.order_by("pk").values_list("act", "version"))

    def test_every_act_is_kept_with_who_and_why(self):
        self.add(self.journalist)
        article = Article.objects.get()
        self.edit(article, title="Autre titre", reason="Chiffres du ministère")
        self.edit(article, title="Autre titre", _submit="1")
        self.client.force_login(self.editor)
        self.edit(article, title="Titre final", _publish="1")
        self.client.post(page(article, "withdraw"))
        self.assertEqual(
            self.acts(),
            [("saved", 1), ("saved", 2), ("submitted", 2), ("published", 3), ("withdrawn", 3)],
        )
        shown = self.client.get(page(article, "history"))
        for words in ("Chiffres du ministère", str(self.journalist), str(self.editor), "publié"):
            self.assertContains(shown, words)

    def test_saving_without_a_change_and_a_failed_publication_say_so(self):
        self.add(self.editor)
        article = Article.objects.get()
        self.edit(article)
        self.assertEqual(self.acts(), [("saved", 1)])
        refusal = PublishingError("Non.")
        with mock.patch("articles.desk.workflow.publishing.publish", side_effect=refusal):
            self.edit(article, title="Autre", _publish="1")
        self.assertEqual(self.acts(), [("saved", 1), ("saved", 2)])

    def test_the_history_marks_what_readers_have(self):
        article = make_article()
        workflow.publish(article, by=self.editor)
        self.client.force_login(self.editor)
        self.assertContains(self.client.get(page(article, "history")), "version en ligne", count=1)

    def test_an_article_that_came_otherwise_keeps_its_first_text(self):
        article = make_article("Venu d'ailleurs", authors=[self.author])
        self.client.force_login(self.editor)
        self.edit(article, title="Changé")
        found = Revision.objects.get(act="found")
        self.assertEqual(found.content["title"], "Venu d'ailleurs")

    def test_two_revisions_are_compared_as_text(self):
        article = make_article(body="<p>Il vole haut.</p><p>Pareil.</p>", tags=["Rafale"])
        first = history.record(article, history.Act.SAVED)
        article.body = '<p>Il vole <strong>très</strong> haut.</p><p>Pareil.</p><div data-embed="https://v.fr/1"></div>'
        article.save()
        article.tags.set(["Mirage"])
        second = history.record(article, history.Act.SAVED)
        self.client.force_login(self.editor)
        for old, new in ((first, second), (second, first)):
            response = self.client.get(page(article, "compare"), {"old": old.pk, "new": new.pk})
            self.assertContains(response, "<ins>très </ins>")
            self.assertContains(response, "<del>Rafale</del><ins>Mirage</ins>")
            self.assertContains(response, "https://v.fr/1")
            self.assertNotContains(response, "&lt;strong")
        for query in ({}, {"old": "x", "new": "1"}, {"old": first.pk, "new": 999999}):
            self.assertEqual(self.client.get(page(article, "compare"), query).status_code, 404)

    def test_restoring_brings_everything_back_but_address_and_notes(self):
        image = make_image()
        section = make_section("Espace")
        authors = [self.author, make_author()]
        body = f'<figure><img src="{image.file.url}" alt="a" data-file="{image.pk}"></figure>'
        article = make_article(
            "Avant", authors=authors, tags=["a", "b"], body=body, hero_image=image, section=section
        )
        publish(article)
        revision = history.record(article, history.Act.SAVED)
        Article.objects.filter(pk=article.pk).update(
            title="Après",
            body="<p>x</p>",
            hero_image=None,
            slug="nouveau",
            embargo_note="Armée",
        )
        article.sign(authors[1:])
        article.tags.set(["c"])
        self.client.force_login(self.editor)
        self.client.post(page(article, "restore", revision.pk))
        article = Article.objects.get()
        self.assertEqual((article.title, article.body, article.hero_image), ("Avant", body, image))
        self.assertEqual([byline.author for byline in article.bylines.all()], authors)
        self.assertEqual({tag.name for tag in article.tags.all()}, {"a", "b"})
        self.assertEqual((article.slug, article.embargo_note), ("nouveau", "Armée"))
        self.assertEqual(article.state, "changed")
        self.assertEqual(Revision.objects.first().act, "restored")
        self.assertEqual(PublishedArticle.objects.get().title, "Avant")

    def test_restoring_keeps_boxes_galleries_notes_and_embeds(self):
        figure = f'<figure><img data-file="{make_image().pk}"></figure>'
        body = (
            '<p>a<small data-note="">une note</small></p><aside data-box="factbox"><p>b</p></aside>'
            f'<div data-gallery="">{figure}{figure}</div>'
            '<div data-embed="https://v.fr/1" data-title="Le vol"></div>'
        )
        article = make_article(body=body)
        before = history.record(article, history.Act.SAVED)
        Article.objects.update(body="<p>a</p>")
        after = history.record(Article.objects.get(), history.Act.SAVED)
        self.client.force_login(self.editor)
        page_of_both = page(article, "compare"), {"old": before.pk, "new": after.pk}
        response = self.client.get(*page_of_both)
        for said in ("[Note : une note]", "[Encadré]", "[Galerie]", "Le vol – https://v.fr/1"):
            self.assertContains(response, said.replace(" :", "\xa0:"))
        self.client.post(page(article, "restore", before.pk))
        self.assertEqual(Article.objects.get().body, body)

    def test_what_a_journalist_restores_is_to_review_again(self):
        article = make_article(created_by=self.journalist, stage=Article.Stage.READY)
        revision = history.record(article, history.Act.SAVED)
        for account, stage in ((self.editor, "ready"), (self.journalist, "review")):
            self.client.force_login(account)
            self.client.post(page(article, "restore", revision.pk))
            self.assertEqual(Article.objects.get().stage, stage)

    def test_restoring_what_refers_to_something_gone_still_works(self):
        gone = make_section("Disparue")
        article = make_article(section=gone)
        revision = history.record(article, history.Act.SAVED)
        Article.objects.update(section=None)
        Section.objects.filter(pk=gone.pk).delete()
        history.restore(article, revision, by=self.editor)
        self.assertIsNone(Article.objects.get().section)

    def test_the_history_is_for_those_who_may_edit(self):
        article = make_article()
        revision = history.record(article, history.Act.SAVED)
        self.client.force_login(self.journalist)
        query = {"old": revision.pk, "new": revision.pk}
        self.assertEqual(self.client.get(page(article, "history")).status_code, 404)
        self.assertEqual(self.client.get(page(article, "compare"), query).status_code, 404)
        restore = page(article, "restore", revision.pk)
        self.assertEqual(self.client.post(restore).status_code, 404)
        self.client.force_login(self.editor)
        self.assertEqual(self.client.get(restore).status_code, 405)
        other = page(make_article(), "restore", revision.pk)
        self.assertEqual(self.client.post(other).status_code, 404)


def test_words_are_compared_and_nothing_is_lost():
    found = compare_words("Le Rafale vole.", "Le Mirage vole !")
    assert "".join(text for kind, text in found if kind != "added") == "Le Rafale vole."
    assert "".join(text for kind, text in found if kind != "removed") == "Le Mirage vole !"
    assert ("removed", "Rafale") in found
