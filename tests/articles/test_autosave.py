"""What is typed is kept, privately, until it is saved or given up."""

import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone

from articles.desk import history
from articles.models import Article, Buffer, Presence, Revision
from articles.publishing import publish
from tests.articles.test_article_admin import ADD, DeskTestCase, change
from tests.factories import make_article, make_image, make_section, make_user

AUTOSAVE = reverse("admin:articles_article_autosave")


class AutosaveTestCase(DeskTestCase):
    def setUp(self):
        self.client.force_login(self.journalist)
        self.key = uuid4()
        self.article = make_article("L'avion", authors=[self.author], slug="l-avion")

    def keep(self, article=None, key=None, **changes):
        """What autosave.js posts."""
        number = article.pk if article else ""
        data = {"buffer_key": key or self.key, "article": number, "kept": "1"}
        if article:
            data["seen_version"] = article.version
        return self.client.post(AUTOSAVE, self.fields(**changes) | data)

    def resumed(self, article=None, key=None):
        page = change(article) if article else ADD
        return self.client.get(page, {"resume": str(key or self.key)})


class KeepingTests(AutosaveTestCase):
    def test_a_kept_text_touches_neither_the_article_nor_its_history(self):
        answer = self.keep(self.article, title="Autre titre").json()
        self.assertRegex(answer["said"], r"Enregistré à \d+\xa0h\xa0\d\d")
        self.article.refresh_from_db()
        self.assertEqual((self.article.title, self.article.version), ("L'avion", 1))
        self.assertFalse(Revision.objects.exists())

    def test_the_same_form_is_kept_once_and_the_last_wins(self):
        self.keep(self.article, title="Un")
        self.keep(self.article, title="Deux")
        self.assertEqual(Buffer.objects.get().title, "Deux")
        self.assertNotIn("csrfmiddlewaretoken", Buffer.objects.get().data)

    def test_resuming_gives_back_every_field(self):
        image, section = make_image(), make_section("Espace")
        publish(self.article)
        self.client.force_login(self.editor)
        self.keep(
            self.article,
            title="Repris",
            standfirst="Le chapô.",
            body="<p>Un <strong>texte</strong> long.</p>",
            section=section.pk,
            hero_image=image.pk,
            tags=["new:Rafale"],
            seo_title="À vérifier.",
            reason="Pour voir",
            **{
                "corrections-TOTAL_FORMS": 1,
                "corrections-0-wrong": "C'était 10.",
                "corrections-0-right": "C'était 12.",
            },
        )
        page = self.resumed(self.article).content.decode()
        for words in (
            "Repris",
            "Le chapô.",
            "Un &lt;strong&gt;texte&lt;/strong&gt; long.",
            f'<option value="{section.pk}" selected>',
            f'<option value="{image.pk}" selected>',
            '<option value="new:Rafale" selected>Rafale</option>',
            "À vérifier.",
            "Pour voir",
            "C&#x27;était 10.",
            "C&#x27;était 12.",
            f'name="resumed_from" value="{self.key} ',
        ):
            self.assertIn(words, page)
        self.article.refresh_from_db()
        self.assertEqual(self.article.title, "L'avion")

    def test_resuming_gives_back_the_moment_too(self):
        self.client.force_login(self.editor)
        moments = {"publish_at_0": "28/03/2099", "publish_at_1": "10:30"}
        moments |= {"embargo_until_0": "27/03/2099", "embargo_until_1": "08:15"}
        self.keep(self.article, **moments)
        page = self.resumed(self.article)
        self.assertContains(page, 'value="27/03/2099"')
        self.assertContains(page, 'value="08:15"')
        self.assertContains(page, 'value="28/03/2099"')
        self.assertContains(page, 'value="10:30"')

    def test_coming_back_offers_to_resume_compare_or_give_up(self):
        self.keep(self.article, title="Repris", tags=["new:Mirage"], body="<p>Xylophone.</p>")
        page = self.client.get(change(self.article))
        for words in ("sans l’enregistrer", "Reprendre", "Comparer", "Abandonner"):
            self.assertContains(page, words)
        compared = self.client.get(
            reverse("admin:articles_article_compare_buffer", args=[self.key])
        )
        for words in ("<ins>Repris</ins>", "<ins>Mirage</ins>", "<ins>Xylophone</ins>"):
            self.assertContains(compared, words)
        self.client.post(reverse("admin:articles_article_drop_buffer", args=[self.key]))
        self.assertNotContains(self.client.get(change(self.article)), "Abandonner")

    def test_an_article_that_was_never_saved_is_kept_and_resumed_too(self):
        self.keep(title="Presque rien", section="", bylines=[])
        page = self.client.get(ADD)
        self.assertContains(page, "Presque rien")
        self.assertContains(self.resumed(), "Presque rien</textarea>")
        compare = reverse("admin:articles_article_compare_buffer", args=[self.key])
        self.assertContains(self.client.get(compare), "<ins>Presque rien</ins>")

    def test_what_was_taken_away_stays_away(self):
        self.article.tags.set(["Rafale"])
        data = self.fields(title="Sans") | {"bylines": [], "tags": []}
        self.keep(self.article, **data)
        page = self.resumed(self.article)
        self.assertNotContains(page, "Rafale</option>")
        self.assertNotContains(page, f"{self.author}</option>")

    def test_a_resumed_form_has_a_key_of_its_own_and_saving_ends_both(self):
        self.keep(self.article, title="Un")
        page = self.resumed(self.article).content.decode()
        origin = unescape(re.search(r'name="resumed_from" value="([^"]+)"', page)[1])
        key = re.search(r'name="buffer_key" value="([^"]+)"', page)[1]
        self.assertNotEqual(key, str(self.key))
        self.keep(self.article, title="Plus loin")  # the first tab goes on meanwhile
        self.edit(self.article, title="Un", buffer_key=key, resumed_from=origin)
        self.assertEqual(Buffer.objects.get().title, "Plus loin")
        self.edit(self.article, title="Deux", resumed_from="n'importe quoi")
        fresh = self.resumed(self.article).content.decode()
        origin = unescape(re.search(r'name="resumed_from" value="([^"]+)"', fresh)[1])
        self.edit(self.article, title="Trois", resumed_from=origin)
        self.assertFalse(Buffer.objects.exists())
        self.assertEqual(self.resumed(self.article).status_code, 200)  # the way back

    def test_saving_takes_the_kept_text_away_and_no_other(self):
        other = uuid4()
        self.keep(self.article, title="Un")
        self.keep(self.article, title="Deux", key=other)
        self.edit(self.article, title="Un", buffer_key=str(self.key))
        self.assertEqual(Buffer.objects.get().key, other)

    def test_a_form_that_is_refused_keeps_its_text(self):
        self.keep(self.article, title="Un")
        self.edit(self.article, title="", buffer_key=str(self.key))
        self.assertEqual(Buffer.objects.count(), 1)

    def test_a_text_resumed_over_a_newer_version_is_merged(self):
        self.keep(self.article, title="Le mien")
        self.client.force_login(self.editor)
        self.edit(self.article, title="Le leur")
        self.client.force_login(self.journalist)
        page = self.resumed(self.article).content.decode()
        seen = re.search(r'name="seen_version" value="(\d+)"', page)[1]
        response = self.edit(self.article, title="Le mien", seen_version=seen)
        self.assertEqual(response.status_code, 409)


class PrivacyTests(AutosaveTestCase):
    def test_what_one_types_is_nobody_elses_business(self):
        self.keep(self.article, title="Secret")
        self.client.force_login(self.editor)
        self.assertNotContains(self.client.get(change(self.article)), "sans l’enregistrer")
        self.assertNotContains(self.resumed(self.article), "Secret")
        for name in ("compare_buffer", "drop_buffer"):
            address = reverse(f"admin:articles_article_{name}", args=[self.key])
            self.assertEqual(self.client.post(address).status_code, 404)
        self.assertEqual(Buffer.objects.count(), 1)

    def test_no_title_of_others_is_read_through_what_is_kept(self):
        secret = make_article("Titre secret")
        self.keep(self.article, related=[secret.pk])
        compare = reverse("admin:articles_article_compare_buffer", args=[self.key])
        self.assertNotContains(self.client.get(compare), "Titre secret")
        self.assertNotContains(self.resumed(self.article), "Titre secret")

    def test_a_form_of_another_account_is_not_kept_under_this_one(self):
        answer = self.client.post(
            AUTOSAVE,
            self.fields() | {"buffer_key": self.key, "kept": 1, "user": self.editor.pk},
        )
        self.assertEqual(answer.status_code, 401)
        self.assertFalse(Buffer.objects.exists())

    def test_only_who_may_edit_may_keep(self):
        foreign = make_article()
        self.assertEqual(self.keep(foreign).status_code, 403)
        self.client.force_login(make_user())
        self.assertEqual(self.keep().status_code, 403)
        self.assertFalse(Buffer.objects.exists() or Presence.objects.exists())

    def test_a_session_that_is_over_is_told(self):
        self.client.logout()
        self.assertEqual(self.keep(self.article).status_code, 401)
        self.assertEqual(self.client.get(AUTOSAVE).status_code, 401)

    def test_nonsense_is_no_fault(self):
        for data in ({}, {"buffer_key": "x"}, {"buffer_key": self.key, "article": "x"}):
            self.assertEqual(self.client.post(AUTOSAVE, data).status_code, 404)
        self.assertEqual(self.client.get(ADD, {"resume": "x"}).status_code, 404)
        self.keep(section="x", bylines=["y"], tags=["z"], hero_image="-1")
        self.assertEqual(self.resumed().status_code, 200)
        compare = reverse("admin:articles_article_compare_buffer", args=[self.key])
        self.assertEqual(self.client.get(compare).status_code, 200)


class ColleaguesTests(AutosaveTestCase):
    def report(self, user, version=1):
        self.client.force_login(user)
        data = {"buffer_key": uuid4(), "article": self.article.pk, "seen_version": version}
        return self.client.post(AUTOSAVE, data).json()

    def test_the_form_tells_who_else_has_it_open(self):
        self.assertEqual(self.report(self.journalist)["others"], "")
        self.assertIn(str(self.journalist), self.report(self.editor)["others"])
        Presence.objects.update(seen_at=timezone.now() - timedelta(minutes=2))
        self.assertEqual(self.report(self.editor)["others"], "")

    def test_the_form_tells_who_saved_since(self):
        self.client.force_login(self.editor)
        self.edit(self.article, title="Autre")
        said = self.report(self.journalist, version=1)["newer"]
        self.assertIn(str(self.editor), said)
        self.assertEqual(self.report(self.journalist, version=2)["newer"], "")

    def test_the_form_tells_of_a_restoration_too(self):
        revision = history.record(self.article, history.Act.SAVED)
        history.restore(self.article, revision, by=self.editor)
        self.assertIn(str(self.editor), self.report(self.journalist, version=1)["newer"])
        self.assertEqual(Article.objects.get().version, 2)
