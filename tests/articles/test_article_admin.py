"""The desk's article pages: who may do what, what the buttons do, and what lists cost."""

from datetime import timedelta
from unittest import mock
from uuid import uuid4

from django.db import connection
from django.http import QueryDict
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.desk import autosave, workflow
from articles.models import Article, Byline, Correction, PublishedArticle, Tag
from articles.publishing import PublishingError, publish
from authors import roles
from tests.factories import (
    make_article,
    make_author,
    make_image,
    make_published,
    make_section,
    make_user,
    sign_in_lately,
)

LIST = reverse("admin:articles_article_changelist")
ADD = reverse("admin:articles_article_add")


def change(article):
    return reverse("admin:articles_article_change", args=[article.pk])


class DeskTestCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.journalist = make_user(roles.JOURNALIST, "Julie")
        cls.editor = make_user(roles.EDITOR, "Édith")
        cls.administrator = make_user(roles.ADMINISTRATOR, "Ada")
        cls.author = make_author("Julie Une", user=cls.journalist)
        cls.section = make_section("Armées")

    def fields(self, **changes):
        """The article form as a browser sends it, whole and right."""
        return {
            "title": "L'avion",
            "slug": "",
            "kicker": "",
            "standfirst": "Le chapô.",
            "body": "<p>Le texte.</p>",
            "section": self.section.pk,
            "hero_image": "",
            "hero_caption": "",
            "seo_title": "",
            "seo_description": "",
            "bylines": [self.author.pk],
            "_continue": "1",
        } | changes

    def add(self, user, **changes):
        self.client.force_login(user)
        response = self.client.post(ADD, self.fields(**changes), follow=True)
        self.assertEqual(response.status_code, 200)
        return response

    def edit(self, article, **changes):
        """Post the form as it stands when opened just now, with these changes."""
        current = Article.objects.get(pk=article.pk)
        return self.client.post(
            change(article),
            self.fields(
                **{
                    "slug": current.slug,
                    "seen_version": current.version,
                    "bylines": [byline.author_id for byline in article.bylines.all()],
                    "corrections-TOTAL_FORMS": 0,
                    "corrections-INITIAL_FORMS": 0,
                }
                | changes
            ),
            follow=True,
        )


class WritingTests(DeskTestCase):
    def test_a_journalist_writes_and_submits(self):
        self.add(self.journalist, tags=["new:Rafale", "new:rafale "])
        article = Article.objects.get()
        self.assertEqual((article.slug, article.created_by), ("l-avion", self.journalist))
        self.assertEqual(Tag.objects.get().name, "Rafale")
        response = self.edit(article, title="L'avion volant", _submit="1")
        self.assertContains(response, "soumis à la relecture")
        article.refresh_from_db()
        self.assertEqual((article.state, article.version), ("review", 2))

    def test_newlines_that_a_browser_doubles_change_nothing(self):
        article = make_article(
            authors=[self.author],
            body="<p>a</p>\n<p>b</p>",
            standfirst="un\ndeux",
            created_by=self.journalist,
        )
        self.client.force_login(self.journalist)
        self.edit(
            article,
            title=article.title,
            standfirst="un\r\ndeux",
            body="<p>a</p>\r\n<p>b</p>",
            section=article.section_id,
        )
        article.refresh_from_db()
        self.assertEqual(article.version, 1)

    def test_further_reading_that_one_may_not_see_stays(self):
        secret = make_article("Secret")
        article = make_article(authors=[self.author])
        article.related.add(secret)
        self.client.force_login(self.journalist)
        self.edit(article, title="Autre")
        self.assertEqual(list(article.related.all()), [secret])

    def test_a_form_older_than_the_publication_is_merged_or_saved_and_no_riddle(self):
        article = make_article(authors=[self.author])
        self.client.force_login(self.editor)
        publish(article)
        data = self.fields(slug=article.slug, seen_version=1, title="Autre")
        response = self.client.post(change(article), data, follow=True)
        self.assertNotContains(response, "ManagementForm")
        article.refresh_from_db()
        self.assertEqual(article.title, "Autre")

    def test_a_new_tag_of_digits_is_a_name_not_a_number(self):
        tag = Tag.objects.named("Autre")
        self.add(self.journalist, tags=[f"new:{tag.pk}"])
        self.assertEqual(Article.objects.get().tags.get().name, str(tag.pk))

    def test_two_articles_of_one_title_get_two_addresses(self):
        self.add(self.editor)
        self.add(self.editor, slug="l-avion")
        self.assertEqual(
            sorted(Article.objects.values_list("slug", flat=True)), ["l-avion", "l-avion-2"]
        )

    def test_a_tag_without_a_letter_gets_an_address_all_the_same(self):
        self.add(self.editor, tags=["new:???"], _publish="1")
        self.assertContains(self.client.get("/l-avion/"), "/tag/tag/")

    def test_an_address_taken_at_the_last_moment_is_no_error_page(self):
        make_article("L'avion", slug="l-avion")
        answers = ["l-avion", "l-avion-2"]  # the first was free when the form asked
        with (
            mock.patch("articles.admin.article_form.free_slug", side_effect=answers[:1]),
            mock.patch("articles.admin.article_saving.free_slug", side_effect=answers[1:]),
            mock.patch.object(Article, "validate_unique"),
        ):
            self.add(self.editor)
        self.assertTrue(Article.objects.filter(slug="l-avion-2").exists())

    def test_a_taken_or_reserved_address_is_refused_beside_the_field(self):
        self.add(self.editor)
        for slug, said in {
            "l-avion": "Cette adresse est celle",
            "recherche": "adresse du site",
        }.items():
            response = self.add(self.editor, title="Autre chose", slug=slug)
            self.assertContains(response, said)
            self.assertContains(response, "Le texte.")  # nothing typed is lost
        self.assertEqual(Article.objects.count(), 1)

    def test_a_new_tag_survives_a_mistake_elsewhere(self):
        response = self.add(self.editor, slug="recherche", tags=["new:Rafale", "new:Ciel bleu"])
        self.assertContains(response, '<option value="new:Rafale" selected>Rafale</option>')
        self.assertContains(response, '<option value="new:Ciel bleu" selected>Ciel bleu</option>')
        self.assertFalse(Tag.objects.exists())

    def test_absurd_choices_are_refused_and_not_a_fault(self):
        for choice in ("x", "999999", "new:", "-1"):
            self.client.force_login(self.editor)
            data = self.fields(bylines=[choice], tags=[choice])
            self.assertLess(self.client.post(ADD, data).status_code, 400, choice)
        self.assertFalse(Article.objects.exists())

    def test_authors_sign_in_the_order_chosen(self):
        other = make_author("Abel")
        self.add(self.editor, bylines=[self.author.pk, other.pk])
        article = Article.objects.get()
        self.assertEqual([b.author for b in article.bylines.all()], [self.author, other])
        self.edit(article, bylines=[other.pk, self.author.pk])
        self.assertEqual([b.author for b in article.bylines.all()], [other, self.author])
        article.refresh_from_db()
        self.assertEqual(article.version, 2)

    def test_what_comes_in_is_cleaned(self):
        self.add(self.editor, body='<p onclick="x">a<script>b</script></p><img src="//evil/x">')
        self.assertEqual(Article.objects.get().body, "<p>a</p>")

    def test_a_journalist_begins_with_an_own_byline(self):
        self.client.force_login(self.journalist)
        self.assertContains(self.client.get(ADD), f'<option value="{self.author.pk}" selected>')

    def test_opening_and_saving_without_a_change_changes_nothing(self):
        self.add(self.editor)
        article = Article.objects.get()
        self.edit(article)
        article.refresh_from_db()
        self.assertEqual(article.version, 1)


class PublishingTests(DeskTestCase):
    def test_an_editor_publishes_and_readers_see_it(self):
        response = self.add(self.editor, _publish="1")
        self.assertContains(response, "les lecteurs voient l’article")
        self.assertContains(self.client.get("/l-avion/"), "L’avion")

    def test_what_is_missing_is_said_beside_the_field_and_nothing_typed_is_lost(self):
        response = self.add(
            self.editor,
            section="",
            bylines=[],
            body="",
            _schedule="1",
            publish_at_0="28/03/2099",
            publish_at_1="10:30",
        )
        for said in ("Aucune rubrique", "Personne ne signe", "Le texte est vide"):
            self.assertContains(response, said)
        self.assertContains(response, 'value="28/03/2099"')
        self.assertFalse(Article.objects.exists())

    def test_what_only_publishing_finds_is_said_and_the_text_is_saved(self):
        refusal = PublishingError("Adresse prise entre-temps.")
        with mock.patch("articles.desk.workflow.publishing.publish", side_effect=refusal):
            response = self.add(self.editor, _publish="1")
        self.assertContains(response, "Enregistré, mais pas publié")
        self.assertContains(response, "Adresse prise entre-temps.")
        self.assertEqual(Article.objects.count(), 1)
        self.assertFalse(PublishedArticle.objects.exists())

    def test_the_address_follows_the_title_until_it_is_public(self):
        self.add(self.editor)
        article = Article.objects.get()
        self.edit(article, title="Autre titre", slug="l-avion")
        article.refresh_from_db()
        self.assertEqual(article.slug, "autre-titre")
        self.edit(article, title="Encore", slug="a-la-main")
        article.refresh_from_db()
        self.edit(article, title="Toujours", slug="a-la-main", _publish="1")
        self.edit(article, title="Enfin", slug="a-la-main")
        article.refresh_from_db()
        self.assertEqual(article.slug, "a-la-main")

    def test_a_title_too_long_is_refused_and_not_cut(self):
        self.assertNotContains(self.add(self.editor, title="é" * 400), "maxlength")
        self.assertContains(self.add(self.editor, title="é" * 400), "é" * 400)

    def test_scheduling_wants_a_moment_to_come(self):
        past = timezone.localtime() - timedelta(days=1)
        for date, said in {"": "quand l’article doit", f"{past:%d/%m/%Y}": "déjà passé"}.items():
            response = self.add(
                self.editor, _schedule="1", publish_at_0=date, publish_at_1="10:00" if date else ""
            )
            self.assertContains(response, said)
            self.assertFalse(Article.objects.exists())

    def test_a_scheduled_article_waits_for_its_moment_in_paris(self):
        self.add(self.editor, _schedule="1", publish_at_0="28/03/2099", publish_at_1="10:30")
        copy = PublishedArticle.objects.get()
        self.assertEqual(timezone.localtime(copy.published_at).isoformat()[:16], "2099-03-28T10:30")
        self.assertEqual(self.client.get("/l-avion/").status_code, 404)
        self.assertContains(self.client.get(LIST), "programmé")

    def test_an_article_may_be_published_until_a_moment(self):
        tomorrow = timezone.localtime() + timedelta(days=1)
        end = {"withdraw_at_0": f"{tomorrow:%d/%m/%Y}", "withdraw_at_1": "08:00"}
        later = {"publish_at_0": f"{tomorrow:%d/%m/%Y}", "publish_at_1": "10:00"}
        response = self.add(self.editor, _schedule="1", **later, **end)
        self.assertContains(response, "ne le verraient jamais")
        self.add(self.editor, _publish="1", **end)
        copy = PublishedArticle.objects.get()
        self.assertEqual(timezone.localtime(copy.withdrawn_at).hour, 8)
        self.assertContains(self.client.get(LIST), "retiré dans")
        self.assertContains(self.client.get(change(copy.article)), "jusqu’au")
        self.edit(copy.article, _publish="1", is_minor="on", body="<p>Autre.</p>")
        again = PublishedArticle.objects.get()
        self.assertIsNone(again.withdrawn_at)
        self.assertEqual((again.body, again.modified_at), ("<p>Autre.</p>", copy.modified_at))

    def test_a_moment_of_withdrawal_is_kept_by_saving_and_others_say_so(self):
        tomorrow = timezone.localtime() + timedelta(days=1)
        end = {"withdraw_at_0": f"{tomorrow:%d/%m/%Y}", "withdraw_at_1": "08:00"}
        start = {"publish_at_0": f"{tomorrow:%d/%m/%Y}", "publish_at_1": "08:00"}
        self.assertContains(self.add(self.editor, **start), "qu’avec Publier ou Programmer")
        article = Article.objects.get()
        self.edit(article, _publish="1")
        self.edit(article, title="Un autre titre", **end)
        copy = PublishedArticle.objects.get()
        self.assertEqual(timezone.localtime(copy.withdrawn_at).hour, 8)
        self.assertEqual(copy.title, "L’avion")
        self.edit(article, title="Un autre titre", withdraw_at_0="", withdraw_at_1="")
        self.assertIsNone(PublishedArticle.objects.get().withdrawn_at)
        past = {"withdraw_at_0": "01/01/2024", "withdraw_at_1": "08:00"}
        self.assertContains(self.edit(article, **past), "ne le verraient jamais")

    def test_an_old_form_undoes_no_dates_of_a_colleague(self):
        self.add(self.editor, _publish="1")
        article = Article.objects.get()
        seen = self.client.get(change(article)).context["adminform"].form.initial["seen_moments"]
        end = timezone.now() + timedelta(days=1)
        workflow.end_at(article, end, by=self.administrator)
        for button in ({"_publish": "1"}, {}):
            response = self.edit(article, seen_moments=seen, title="Autre", **button)
            self.assertContains(response, "Un collègue a fixé les dates")
            self.assertEqual(PublishedArticle.objects.get().withdrawn_at, end)
        known = response.context["adminform"].form.data["seen_moments"]
        self.edit(article, seen_moments=known, _publish="1")
        self.assertIsNone(PublishedArticle.objects.get().withdrawn_at)

    def test_deleting_names_articles_and_spares_what_readers_have(self):
        draft, public = make_article("Un brouillon"), make_published("Un publié").article
        sign_in_lately(self.client, self.administrator)
        chosen = {"action": "delete_selected", "_selected_action": [draft.pk, public.pk]}
        response = self.client.post(LIST, chosen)
        self.assertContains(response, "«\u202fUn publié\u202f» est publié ou programmé")
        self.assertNotContains(response, "tagging")
        self.client.post(LIST, chosen | {"post": "yes"})
        self.assertEqual(Article.objects.count(), 2)
        self.client.post(LIST, chosen | {"_selected_action": [draft.pk], "post": "yes"})
        self.assertEqual(Article.objects.get(), public)

    def test_a_journalist_sets_no_moment(self):
        self.client.force_login(self.journalist)
        for name in ("publish_at_0", "withdraw_at_0", "is_minor"):
            self.assertNotContains(self.client.get(ADD), f'name="{name}"')

    def test_the_list_counts_down_to_a_scheduled_article(self):
        make_published("Plus tard", at=timezone.now() + timedelta(hours=3, minutes=1))
        self.client.force_login(self.editor)
        self.assertContains(self.client.get(LIST), "dans 3\xa0heures")

    def test_a_correction_reaches_readers_and_stays(self):
        self.add(self.editor, _publish="1")
        article = Article.objects.get()
        response = self.edit(
            article,
            **{
                "corrections-TOTAL_FORMS": 1,
                "corrections-0-wrong": "C'était 10.",
                "corrections-0-right": "C'était 12.",
                "corrections-0-article": article.pk,
                "_publish": "1",
            },
        )
        self.assertContains(response, "les lecteurs voient")
        self.assertEqual(Correction.objects.get().corrected_by, self.editor)
        self.assertContains(self.client.get("/l-avion/"), "C’était 12.")

    def test_withdrawing_asks_first(self):
        article = make_article(slug="retire")
        publish(article)
        page = reverse("admin:articles_article_withdraw", args=[article.pk])
        self.client.force_login(self.editor)
        self.assertContains(self.client.get(page), "Les lecteurs ne verront plus")
        self.assertEqual(self.client.get("/retire/").status_code, 200)
        self.client.post(page)
        self.assertEqual(self.client.get("/retire/").status_code, 410)

    def test_a_withdrawn_article_may_name_its_successor(self):
        article, successor = make_article(slug="ancien"), make_published(slug="nouveau")
        publish(article)
        self.client.force_login(self.editor)
        page = reverse("admin:articles_article_withdraw", args=[article.pk])
        refused = self.client.post(page, {"successor": article.pk})
        self.assertContains(refused, "errorlist")
        self.client.post(page, {"successor": successor.pk})
        self.assertRedirects(self.client.get("/ancien/"), "/nouveau/", status_code=301)

    def test_a_published_article_cannot_be_deleted(self):
        article = make_article()
        publish(article)
        self.client.force_login(self.administrator)
        address = reverse("admin:articles_article_delete", args=[article.pk])
        self.client.post(address, {"post": "yes"})
        self.assertTrue(Article.objects.filter(pk=article.pk).exists())


class WorkflowTests(DeskTestCase):
    def test_from_review_to_ready_and_back(self):
        article = make_article(authors=[self.author], stage=Article.Stage.REVIEW)
        self.client.force_login(self.editor)
        self.assertContains(self.edit(article, _ready="1"), "marqué prêt")
        self.assertEqual(Article.objects.get().state, "ready")
        self.assertContains(self.client.get(LIST), "prêt")
        self.assertContains(self.client.get(reverse("admin:index")), "Prêt à publier")
        self.edit(article, _send_back="1")
        self.assertEqual(Article.objects.get().state, "draft")
        self.client.force_login(self.journalist)
        for button in ("_ready", "_send_back"):
            self.assertEqual(self.edit(article, **{button: "1"}).status_code, 403)
        self.assertEqual(article.revisions.filter(act="ready").count(), 1)
        self.assertEqual(article.revisions.filter(act="sent-back").count(), 1)

    def test_what_was_ready_is_reviewed_again_once_its_writer_changes_it(self):
        article = make_article(authors=[self.author], stage=Article.Stage.READY)
        self.client.force_login(self.journalist)
        self.edit(article, body="<p>Autre chose.</p>")
        self.assertEqual(Article.objects.get().state, "review")

    def test_an_embargo_is_refused_that_a_schedule_would_break(self):
        self.add(self.editor, _schedule="1", publish_at_0="28/03/2099", publish_at_1="10:30")
        article = Article.objects.get()
        later = {"embargo_until_0": "29/03/2099", "embargo_until_1": "10:00"}
        self.assertContains(self.edit(article, **later), "programmé avant")
        article.refresh_from_db()
        self.assertIsNone(article.embargo_until)

    def test_an_embargo_holds_against_every_door(self):
        embargo = {
            "embargo_until_0": "28/03/2099",
            "embargo_until_1": "10:00",
            "embargo_note": "Ministère",
        }
        response = self.add(self.editor, _publish="1", **embargo)
        self.assertContains(response, "Sous embargo jusqu’au 28 mars 2099")
        self.assertContains(response, "Ministère")
        early = {"publish_at_0": "28/03/2099", "publish_at_1": "09:59"}
        response = self.add(self.editor, _schedule="1", **embargo, **early)
        self.assertContains(response, "Sous embargo")
        self.add(self.editor, **embargo)
        article = Article.objects.get()
        with self.assertRaises(PublishingError):
            workflow.publish(article, by=self.editor)
        self.assertContains(self.client.get(LIST), "embargo")
        self.assertFalse(PublishedArticle.objects.exists())
        in_time = {"publish_at_0": "28/03/2099", "publish_at_1": "10:00"}
        self.edit(article, _schedule="1", **embargo, **in_time)
        self.assertTrue(PublishedArticle.objects.exists())

    def test_the_hours_that_are_not_and_that_are_twice(self):
        """The clocks of Paris in 2027: 02:30 is not on 28 March, and is twice on 31 October."""
        for date in ("28/03/2027", "31/10/2027"):
            response = self.add(self.editor, _schedule="1", publish_at_0=date, publish_at_1="02:30")
            self.assertContains(response, "errorlist")
            self.assertFalse(PublishedArticle.objects.exists(), date)
        self.add(self.editor, _schedule="1", publish_at_0="28/03/2027", publish_at_1="03:00")
        moment = PublishedArticle.objects.get().published_at
        self.assertEqual(moment.isoformat(), "2027-03-28T01:00:00+00:00")


class RightsTests(DeskTestCase):
    def test_a_journalist_publishes_by_no_door(self):
        self.client.force_login(self.journalist)
        article = make_article(authors=[self.author])
        page = self.client.get(change(article)).content.decode()
        for button in ("_publish", "_schedule", "publish_at", "withdraw"):
            self.assertNotIn(f'name="{button}', page)
        for button in ("_publish", "_schedule"):
            response = self.edit(
                article, **{button: "1", "publish_at_0": "28/03/2099", "publish_at_1": "10:30"}
            )
            self.assertEqual(response.status_code, 403)
        publish(article)
        withdraw = reverse("admin:articles_article_withdraw", args=[article.pk])
        self.assertEqual(self.client.post(withdraw).status_code, 403)
        self.assertTrue(PublishedArticle.objects.live().exists())

    def test_a_journalist_changes_no_picture_that_readers_see(self):
        own, others = make_image(uploaded_by=self.journalist), make_image()
        self.client.force_login(self.journalist)

        def rename(image):
            address = reverse("admin:articles_image_change", args=[image.pk])
            fields = {"title": "Autre", "credit": "Moi", "licence": "own", "alt": "", "caption": ""}
            return self.client.post(address, fields).status_code

        self.assertEqual(rename(own), 302)
        self.assertEqual(rename(others), 403)
        make_published(hero_image=own)
        self.assertEqual(rename(own), 403)

    def test_a_journalist_names_no_draft_of_others_as_further_reading(self):
        secret, live = make_article("Secret"), make_published("Public").article
        self.client.force_login(self.journalist)
        data = self.fields(related=[secret.pk])
        self.assertNotContains(self.client.post(ADD, data), "Secret")
        self.add(self.journalist, related=[live.pk])
        self.assertEqual(list(Article.objects.get(slug="l-avion").related.all()), [live])

    def test_a_journalist_sees_own_articles_alone(self):
        own = make_article("À moi", authors=[self.author])
        other = make_article("À une autre")
        self.client.force_login(self.journalist)
        page = self.client.get(LIST)
        self.assertContains(page, own.title)
        self.assertNotContains(page, other.title)
        for name in ("change", "preview", "history", "delete"):
            address = reverse(f"admin:articles_article_{name}", args=[other.pk])
            self.assertNotEqual(self.client.get(address).status_code, 200, name)
        found = self.client.get(
            reverse("admin:autocomplete"),
            {
                "app_label": "articles",
                "model_name": "article",
                "field_name": "related",
                "term": "autre",
            },
        )
        self.assertNotContains(found, other.title)

    def test_strangers_meet_the_sign_in_page(self):
        article = make_article()
        names = ("preview", "withdraw")
        own = [reverse(f"admin:articles_article_{name}", args=[article.pk]) for name in names]
        addresses = [LIST, ADD, change(article), *own, reverse("admin:articles_image_picker")]
        for address in addresses:
            response = self.client.get(address)
            self.assertEqual(response.status_code, 302, address)
            self.assertIn("/admin/login/", response.headers["Location"])

    def test_accounts_are_the_administrators_business(self):
        superuser = make_user(is_superuser=True)
        users = reverse("admin:authors_user_changelist")
        for user, status in ((self.journalist, 403), (self.editor, 403), (self.administrator, 200)):
            sign_in_lately(self.client, user)
            self.assertEqual(self.client.get(users).status_code, status)
        page = reverse("admin:authors_user_change", args=[superuser.pk])
        self.assertEqual(self.client.post(page, {"email": "x@y.fr"}).status_code, 403)
        own = reverse("admin:authors_user_change", args=[self.administrator.pk])
        role = self.administrator.groups.get()
        data = {"email": self.administrator.email, "name": "Ada", "role": role.pk}
        self.client.post(own, data | {"is_superuser": 1})
        self.administrator.refresh_from_db()
        self.assertEqual(self.administrator.name, "Ada")
        self.assertFalse(self.administrator.is_superuser)


class PreviewTests(DeskTestCase):
    def test_the_preview_is_the_readers_page_of_the_working_copy(self):
        article = make_article("Avant", authors=[self.author], slug="avant")
        publish(article)
        Article.objects.filter(pk=article.pk).update(title="L'après", section=None)
        self.client.force_login(self.journalist)
        response = self.client.get(reverse("admin:articles_article_preview", args=[article.pk]))
        self.assertContains(response, "L’après</h1>")
        self.assertContains(response, "les lecteurs ne voient pas cette page")
        self.assertIn("no-store", response.headers["Cache-Control"])
        self.assertContains(self.client.get("/avant/"), "Avant</h1>")

    def test_the_preview_button_saves_first(self):
        response = self.add(self.journalist, _preview="1", body="<p>Presque rien.</p>")
        page = reverse("admin:articles_article_preview", args=[Article.objects.get().pk])
        self.assertContains(response, f'src="{page}?theme=light"')
        self.assertContains(self.client.get(page), "Presque rien.")
        self.assertFalse(PublishedArticle.objects.exists())

    def test_the_preview_has_widths_and_themes_and_stands_in_our_own_frames_alone(self):
        article = make_article()
        self.client.force_login(self.editor)
        viewer = reverse("admin:articles_article_viewer", args=[article.pk])
        for query, said in {
            "": "viewer-desktop",
            "?device=phone": "viewer-phone",
            "?device=x": "viewer-desktop",
            "?theme=dark": "?theme=dark",
            "?theme=x": "?theme=light",
        }.items():
            self.assertContains(self.client.get(viewer + query), said)
        response = self.client.get(reverse("admin:articles_article_preview", args=[article.pk]))
        self.assertEqual(response.headers["X-Frame-Options"], "SAMEORIGIN")
        self.assertIn("frame-ancestors 'self'", response.headers["Content-Security-Policy"])
        response = self.client.get(viewer)
        self.assertEqual(response.headers["X-Frame-Options"], "DENY")

    def test_the_open_form_is_previewed_as_it_is_kept(self):
        tag = Tag.objects.named("Rafale")
        draft = {"title": "L'avion", "body": "<p>Il vole !</p>", "tags": [tag.pk, "new:Neuf"]}
        data = QueryDict(mutable=True)
        for name, value in draft.items():
            data.setlist(name, value if isinstance(value, list) else [value])
        key = uuid4()
        for article in (None, make_article(tags=["Autre"])):
            autosave.keep(self.journalist, key, article, data)
            page = reverse("admin:articles_article_preview_buffer", args=[key])
            self.client.force_login(self.journalist)
            expected = 200 if article is None else 403  # the other article is not Julie's
            self.assertEqual(self.client.get(page).status_code, expected)
            if article is None:
                for said in ("L’avion</h1>", "Il vole\u202f!", "Rafale", "Neuf"):
                    self.assertContains(self.client.get(page), said)
            self.client.force_login(self.editor)
            self.assertEqual(self.client.get(page).status_code, 404)
        self.assertFalse(Tag.objects.filter(name="Neuf").exists())


class ListTests(DeskTestCase):
    def count(self, address):
        with CaptureQueriesContext(connection) as queries:
            self.assertEqual(self.client.get(address).status_code, 200)
        return len(queries)

    def test_lists_and_form_cost_no_more_with_more_rows(self):
        make_published(hero_image=make_image(), tags=["a"])
        self.client.force_login(self.editor)
        first = Article.objects.get()
        names = ["article", "section", "tag", "image", "page"]
        addresses = [reverse(f"admin:articles_{name}_changelist") for name in names]
        addresses += [
            f"{LIST}?state=published",
            change(first),
            reverse("admin:authors_author_changelist"),
        ]
        for address in addresses:
            self.client.get(address)  # what is asked once a process
        before = {address: self.count(address) for address in addresses}
        for number in range(30):
            make_published(hero_image=make_image(), tags=[f"mot {number}"], section=make_section())
        after = {address: self.count(address) for address in addresses}
        self.assertEqual(after, before)
        self.assertLessEqual(max(after.values()), 31)

    def test_a_hundred_thousand_articles_cost_no_more_queries(self):
        first = make_published("Un avion").article
        self.client.force_login(self.editor)
        calendar = reverse("admin:articles_article_calendar")
        addresses = [LIST, f"{LIST}?q=avion", change(first), reverse("admin:index"), calendar]
        for address in addresses:
            self.client.get(address)  # what is asked once a process
        before = {address: self.count(address) for address in addresses}
        articles = Article.objects.bulk_create(
            [Article(title=f"Un avion {n}", slug=f"avion-{n}") for n in range(100_000)], 5000
        )
        Byline.objects.bulk_create(
            [Byline(article=article, author=self.author) for article in articles], 5000
        )
        old = timezone.now() - timedelta(days=100)
        PublishedArticle.objects.bulk_create(
            [
                PublishedArticle(
                    article=article,
                    version=1,
                    slug=article.slug,
                    title=article.title,
                    section=self.section,
                    word_count=1,
                    search_text=" avion ",
                    first_published_at=old - timedelta(minutes=place),
                    published_at=old - timedelta(minutes=place),
                    modified_at=old,
                )
                for place, article in enumerate(articles[::2])
            ],
            5000,
        )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # PostgreSQL plans by what it knows, here of no row
        self.assertEqual({address: self.count(address) for address in addresses}, before)

    def test_every_page_of_the_desk_opens(self):
        article = make_published(hero_image=make_image(), tags=["a"]).article
        self.client.force_login(self.administrator)
        for model in ("article", "section", "tag", "image", "page", "redirect"):
            self.assertEqual(
                self.client.get(reverse(f"admin:articles_{model}_changelist")).status_code, 200
            )
            if model != "redirect":
                self.assertEqual(
                    self.client.get(reverse(f"admin:articles_{model}_add")).status_code, 200
                )
        for model in ("author", "user"):
            self.assertEqual(
                self.client.get(reverse(f"admin:authors_{model}_changelist")).status_code, 200
            )
            self.assertEqual(
                self.client.get(reverse(f"admin:authors_{model}_add")).status_code, 200
            )
        settings = reverse("admin:avion_sitesettings_changelist")
        self.assertContains(
            self.client.get(settings, follow=True), "mention d’indépendance".capitalize()
        )
        self.assertContains(self.client.get(change(article)), "Publier les modifications")

    def test_the_list_filters_by_state(self):
        make_article("Un brouillon")
        make_published("Un publié")
        self.client.force_login(self.editor)
        response = self.client.get(f"{LIST}?state=draft")
        self.assertContains(response, "Un brouillon")
        self.assertNotContains(response, "Un publié")
