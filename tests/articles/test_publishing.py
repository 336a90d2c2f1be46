"""From one copy to the other: all or nothing, and twice is no more than once."""

from datetime import timedelta

from django.db import connection
from django.test import TestCase
from django.utils import timezone

from articles.desk import workflow
from articles.models import Article, Correction, PublishedArticle, Redirect
from articles.publishing import PublishingError, publish, publish_page, unpublish
from authors import roles
from tests.factories import (
    make_article,
    make_author,
    make_image,
    make_page,
    make_published,
    make_section,
    make_user,
)

HOUR = timedelta(hours=1)


class PublishTests(TestCase):
    def test_readers_get_a_typeset_copy_with_its_relations(self):
        authors = [make_author("Zoé"), make_author("Abel")]
        article = make_article(
            "L'avion ?", authors=authors, tags=["Rafale"], hero_image=make_image()
        )
        copy = publish(article)
        self.assertEqual(copy.title, "L’avion\u202f?")
        self.assertEqual([author.name for author in copy.authors], ["Zoé", "Abel"])
        self.assertEqual([tag.name for tag in copy.tags], ["Rafale"])
        self.assertEqual(copy.hero_image, article.hero_image)
        self.assertTrue(copy.is_live)

    def test_an_edit_stays_private_until_published_again(self):
        article = make_article("Avant")
        publish(article)
        Article.objects.filter(pk=article.pk).update(title="Après")
        article.tags.add("Secret")
        self.assertEqual(PublishedArticle.objects.get().title, "Avant")
        self.assertEqual(PublishedArticle.objects.get().tags, [])
        publish(article)
        self.assertEqual(PublishedArticle.objects.get().title, "Après")

    def test_publishing_twice_changes_nothing(self):
        article = make_article(tags=["a", "b"])
        before = publish(article)
        after = publish(article)
        for field in PublishedArticle._meta.fields:
            self.assertEqual(getattr(before, field.attname), getattr(after, field.attname), field)
        self.assertEqual(after.bylines.count(), 1)
        self.assertEqual(after.taggings.count(), 2)

    def test_dates(self):
        moment = timezone.now() - 5 * HOUR
        article = make_article()
        first = publish(article, at=moment)
        self.assertEqual((first.published_at, first.modified_at), (moment, moment))
        self.assertFalse(first.is_updated)
        article.body = "<p>Autre texte.</p>"
        article.save()
        second = publish(article)
        self.assertEqual((second.published_at, second.first_published_at), (moment, moment))
        self.assertGreater(second.modified_at, moment)
        self.assertTrue(second.is_updated)

    def test_a_minor_fix_leaves_the_date_and_a_correction_never_does(self):
        article = make_article()
        moment = publish(article, at=timezone.now() - HOUR).modified_at
        Article.objects.update(body="<p>Autre texte.</p>")
        self.assertEqual(publish(article, is_minor=True).modified_at, moment)
        Correction.objects.create(article=article, wrong="C'était 10.", right="C'était 12.")
        self.assertGreater(publish(article, is_minor=True).modified_at, moment)

    def test_a_correction_reaches_readers_with_the_next_publication(self):
        article = make_article()
        publish(article, at=timezone.now() - HOUR)
        Correction.objects.create(article=article, wrong="C'était 10.", right="C'était 12.")
        copy = publish(article)
        self.assertEqual(copy.dated_corrections[0]["right"], "C’était 12.")
        self.assertTrue(copy.is_updated)

    def test_what_readers_need_is_asked_for(self):
        article = make_article(authors=[], section=None, body="")
        with self.assertRaises(PublishingError) as caught:
            publish(article)
        self.assertIn("une rubrique, un auteur, un texte", str(caught.exception))
        self.assertFalse(PublishedArticle.objects.exists())

    def test_a_body_of_which_nothing_is_left_is_refused(self):
        article = make_article(body='<figure><img data-file="999999"></figure>')
        with self.assertRaises(PublishingError):
            publish(article)

    def test_texts_that_grow_by_typesetting_still_fit(self):
        words = " ".join('"a"' for _ in range(50))
        copy = publish(make_article(words, kicker=words[:60], seo_title=words[:119]))
        self.assertIn("«", copy.title)

    def test_control_characters_reach_no_feed(self):
        publish(make_article("Un\x08 titre", standfirst="a\x0bb", body="<p>a\x0cb</p>"))
        self.assertContains(self.client.get("/feed/"), "Un titre")

    def test_a_reserved_address_is_refused(self):
        for slug in ("feed", "admin", "contact"):
            with self.assertRaises(PublishingError):
                publish(make_article(slug=slug))

    def test_further_reading_keeps_its_order(self):
        picks = [make_published().article for _ in range(3)]
        article = make_article()
        for pick in (picks[2], picks[0], picks[1]):
            article.related.add(pick)
        self.assertEqual(publish(article).related_ids, [picks[2].pk, picks[0].pk, picks[1].pk])

    def test_a_taken_address_is_refused(self):
        article = make_article("Rafale")
        publish(article)
        Article.objects.filter(pk=article.pk).update(slug="rafale-nouveau")
        twin = make_article("Autre", slug="rafale")
        with self.assertRaises(PublishingError):
            publish(twin)
        page = make_page("Mécénat")
        with self.assertRaises(PublishingError):
            publish(make_article("Autre", slug=page.slug))


class SchedulingTests(TestCase):
    def test_a_scheduled_article_is_hidden_until_its_moment(self):
        copy = make_published(at=timezone.now() + HOUR)
        self.assertFalse(PublishedArticle.objects.live().exists())
        PublishedArticle.objects.filter(pk=copy.pk).update(published_at=timezone.now())
        self.assertTrue(PublishedArticle.objects.live().exists())

    def test_publishing_a_scheduled_article_publishes_it_now(self):
        article = make_article()
        publish(article, at=timezone.now() + HOUR)
        copy = publish(article)
        self.assertTrue(copy.is_live)
        self.assertEqual(copy.first_published_at, copy.published_at)

    def test_what_an_address_answers_today_goes_on_until_then(self):
        article = make_article(slug="retire")
        publish(article)
        unpublish(article)
        publish(article, at=timezone.now() + HOUR)
        self.assertEqual(self.client.get("/retire/").status_code, 410)
        unpublish(article)
        self.assertEqual(self.client.get("/retire/").status_code, 410)
        publish(article)
        self.assertEqual(self.client.get("/retire/").status_code, 200)

    def test_a_cancelled_schedule_leaves_a_draft(self):
        article = make_published(at=timezone.now() + HOUR).article
        unpublish(article)
        self.assertEqual(Article.objects.get().state, "draft")

    def test_a_public_article_cannot_be_put_into_the_future(self):
        article = make_article()
        publish(article)
        with self.assertRaises(PublishingError):
            publish(article, at=timezone.now() + HOUR)
        self.assertTrue(PublishedArticle.objects.live().exists())


class AddressTests(TestCase):
    def change_slug(self, article, slug):
        Article.objects.filter(pk=article.pk).update(slug=slug)
        return publish(article)

    def test_a_changed_address_redirects_in_one_hop(self):
        article = make_article(slug="un")
        publish(article)
        self.change_slug(article, "deux")
        self.change_slug(article, "trois")
        for old in ("/un/", "/deux/"):
            self.assertRedirects(self.client.get(old), "/trois/", status_code=301)

    def test_going_back_to_an_old_address_makes_no_loop(self):
        article = make_article(slug="un")
        publish(article)
        self.change_slug(article, "deux")
        self.change_slug(article, "un")
        self.assertEqual(self.client.get("/un/").status_code, 200)
        self.assertRedirects(self.client.get("/deux/"), "/un/", status_code=301)

    def test_an_address_changed_while_withdrawn_redirects_too(self):
        article = make_article(slug="un")
        publish(article)
        unpublish(article)
        self.change_slug(article, "deux")
        self.assertRedirects(self.client.get("/un/"), "/deux/", status_code=301)

    def test_no_redirect_is_written_over_anothers_live_address(self):
        article = make_article(slug="alpha")
        publish(article)
        unpublish(article)
        Article.objects.filter(pk=article.pk).update(slug="zeta")
        other = make_article(slug="alpha")
        publish(other)
        publish(article)
        self.assertEqual(self.client.get("/alpha/").status_code, 200)
        publish(other)
        self.assertFalse(Redirect.objects.filter(path="/alpha/").exists())

    def test_a_redirect_never_leads_to_what_cannot_be_opened(self):
        article = make_article(slug="un")
        publish(article)
        self.change_slug(article, "deux")
        unpublish(article)
        for path in ("/un/", "/deux/"):
            self.assertEqual(self.client.get(path).status_code, 410, path)
        Article.objects.filter(pk=article.pk).update(slug="trois")
        publish(article, at=timezone.now() + HOUR)
        for path in ("/un/", "/deux/"):
            self.assertEqual(self.client.get(path).status_code, 410, path)

    def test_the_old_address_of_another_is_not_taken_from_its_readers(self):
        article = make_article(slug="un")
        publish(article)
        self.change_slug(article, "deux")
        with self.assertRaises(PublishingError):
            publish(make_article(slug="un"))
        self.assertRedirects(self.client.get("/un/"), "/deux/", status_code=301)

    def test_a_page_that_moves_takes_its_readers_along(self):
        page = make_page("Mécénat")
        page.slug = "soutien"
        publish_page(page)
        self.assertRedirects(self.client.get("/mecenat/"), "/soutien/", status_code=301)

    def test_an_address_that_never_was_public_leaves_no_redirect(self):
        draft = make_article(slug="brouillon")
        Article.objects.filter(pk=draft.pk).update(slug="publie")
        publish(draft)
        scheduled = make_article(slug="programme")
        publish(scheduled, at=timezone.now() + HOUR)
        self.change_slug(scheduled, "sorti")
        unpublish(make_published(at=timezone.now() + HOUR, slug="jamais").article)
        self.assertFalse(Redirect.objects.exists())
        for path in ("/brouillon/", "/programme/", "/jamais/"):
            self.assertEqual(self.client.get(path).status_code, 404)


class WithdrawalTimeTests(TestCase):
    def setUp(self):
        self.now = timezone.now()
        self.article = make_article("Un vol", slug="un-vol", tags=["Vol"])
        self.copy = publish(self.article, at=self.now - 2 * HOUR, until=self.now + HOUR)

    def end(self):
        """Let the time come at which readers see it no more."""
        PublishedArticle.objects.update(withdrawn_at=self.now - HOUR)
        self.article = Article.objects.get()

    def test_readers_see_an_article_until_its_time_ends(self):
        pages = ["/", "/feed/", "/recherche/?q=vol", self.article.section.get_absolute_url()]
        for page in ["/un-vol/", *pages]:
            self.assertContains(self.client.get(page), "Un vol")
        self.end()
        self.assertEqual(self.client.get("/un-vol/").status_code, 410)
        self.assertEqual(self.client.get("/tag/vol/").status_code, 404)
        for page in pages:
            self.assertNotContains(self.client.get(page), "Un vol")
        self.assertNotContains(self.client.get("/sitemap-tags.xml"), "/tag/vol/")
        self.assertEqual(self.article.state, Article.State.WITHDRAWN)
        self.assertEqual(Article.objects.with_state().get().state_now, Article.State.WITHDRAWN)

    def test_it_may_come_back_and_be_withdrawn_by_hand(self):
        self.end()
        again = publish(self.article)
        self.assertEqual(self.client.get("/un-vol/").status_code, 200)
        self.assertIsNone(again.withdrawn_at)
        self.assertEqual(again.first_published_at, self.copy.first_published_at)
        self.assertGreater(again.published_at, self.now)
        PublishedArticle.objects.update(
            published_at=self.now - 2 * HOUR, withdrawn_at=self.now - HOUR
        )
        unpublish(self.article)
        self.assertEqual(self.client.get("/un-vol/").status_code, 410)
        self.assertFalse(PublishedArticle.objects.exists())

    def test_no_article_is_withdrawn_before_readers_see_it(self):
        for at, until in [(None, self.now - HOUR), (self.now + 2 * HOUR, self.now + HOUR)]:
            with self.assertRaises(PublishingError):
                publish(make_article(), at=at, until=until)


class UnpublishTests(TestCase):
    def test_a_withdrawn_article_is_gone_and_may_come_back(self):
        article = make_article(slug="retire")
        first = publish(article, at=timezone.now() - HOUR)
        unpublish(article)
        self.assertContains(self.client.get("/retire/"), "retiré", status_code=410)
        article.refresh_from_db()
        self.assertEqual(article.state, Article.State.WITHDRAWN)
        again = publish(article)
        self.assertEqual(self.client.get("/retire/").status_code, 200)
        self.assertEqual(again.first_published_at, first.first_published_at)

    def test_a_successor_takes_its_readers(self):
        article, successor = make_article(slug="ancien"), make_published(slug="nouveau")
        publish(article)
        unpublish(article, successor=successor)
        self.assertRedirects(self.client.get("/ancien/"), "/nouveau/", status_code=301)

    def test_only_what_readers_can_open_takes_its_place(self):
        article = make_article()
        publish(article)
        scheduled = make_published(at=timezone.now() + HOUR)
        for successor in (article.published, scheduled):
            with self.assertRaises(PublishingError):
                unpublish(article, successor=successor)
        self.assertTrue(PublishedArticle.objects.filter(pk=article.pk).exists())

    def test_withdrawing_twice_or_a_draft_does_nothing(self):
        article = make_article()
        unpublish(article)
        self.assertEqual(Article.objects.get().stage, Article.Stage.DRAFT)
        publish(article)
        unpublish(article)
        unpublish(article)
        self.assertEqual(Redirect.objects.count(), 1)


class CrashTests(TestCase):
    """A fault at any statement leaves everything as it was."""

    def snapshot(self):
        models = [Article, PublishedArticle, Redirect]
        through = [
            PublishedArticle.bylines.rel.related_model,
            PublishedArticle.taggings.rel.related_model,
        ]
        return [list(model.objects.order_by("pk").values()) for model in models + through]

    def crash_everywhere(self, act):
        """Run the act with a fault at the 1st, 2nd, … statement until one run comes through."""

        class CrashError(Exception):
            pass

        before = self.snapshot()
        for statement in range(1, 200):
            left = [statement]

            def fault(execute, sql, params, many, context, left=left):
                if "SAVEPOINT" not in sql:
                    left[0] -= 1
                    if left[0] == 0:
                        raise CrashError
                return execute(sql, params, many, context)

            try:
                with connection.execute_wrapper(fault):
                    act()
            except CrashError:
                self.assertEqual(self.snapshot(), before, f"a crash at statement {statement}")
            else:
                return statement - 1
        raise AssertionError("the act never came through")

    def test_publish_republish_and_unpublish(self):
        article = make_article(slug="un", tags=["a", "b"], hero_image=make_image())
        self.assertGreater(self.crash_everywhere(lambda: publish(article)), 8)
        Article.objects.filter(pk=article.pk).update(slug="deux", title="Autre")
        article.tags.set(["c"])
        self.assertGreater(self.crash_everywhere(lambda: publish(article)), 10)
        self.assertEqual(Redirect.objects.get().destination, "/deux/")
        self.assertGreater(self.crash_everywhere(lambda: unpublish(article)), 3)
        self.assertFalse(PublishedArticle.objects.exists())


class StateTests(TestCase):
    def test_the_lists_state_is_the_articles_own(self):
        draft = make_article()
        review = make_article(stage=Article.Stage.REVIEW)
        published = make_article()
        publish(published)
        changed = make_article()
        publish(changed)
        changed.touch()
        scheduled = make_article()
        publish(scheduled, at=timezone.now() + HOUR)
        withdrawn = make_article()
        publish(withdrawn)
        unpublish(withdrawn)
        expected = {
            draft: "draft",
            review: "review",
            published: "published",
            changed: "changed",
            scheduled: "scheduled",
            withdrawn: "withdrawn",
        }
        for article in Article.objects.with_state():
            self.assertEqual(article.state, expected[article])
            self.assertEqual(article.state_now, expected[article])

    def test_no_step_of_the_desk_sets_a_date(self):
        article, editor = make_article(standfirst="Un chapô."), make_user(roles.EDITOR)
        for step in (workflow.submit, workflow.mark_ready, workflow.send_back):
            step(article, by=editor)
            article.refresh_from_db()
            self.assertIsNone(article.first_published_at)
            self.assertIsNone(article.copy)
        moment = timezone.now() - HOUR
        publish(article, at=moment)
        for step in (workflow.submit, workflow.mark_ready, workflow.send_back):
            step(article, by=editor)
            copy = PublishedArticle.objects.get()
            self.assertEqual((copy.published_at, copy.modified_at), (moment, moment))


class SectionTests(TestCase):
    def test_a_section_with_articles_cannot_be_deleted(self):
        section = make_section()
        make_published(section=section)
        with self.assertRaises(Exception) as caught:
            section.delete()
        self.assertEqual(type(caught.exception).__name__, "ProtectedError")
