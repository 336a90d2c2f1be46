"""Actions on many articles: asked first, done one by one, reported row by row."""

from datetime import timedelta

from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, PublishedArticle, Revision, Tag
from articles.publishing import publish
from authors import roles
from tests.factories import make_article, make_author, make_published, make_section, make_user

LIST = reverse("admin:articles_article_changelist")


class BulkTests(TestCase):
    def setUp(self):
        self.editor = make_user(roles.EDITOR)
        self.journalist = make_user(roles.JOURNALIST)
        self.author = make_author("Julie", user=self.journalist)
        self.one = make_article("Un", authors=[self.author])
        self.two = make_article("Deux")
        self.client.force_login(self.editor)

    def act(self, name, *articles, **choice):
        chosen = {"action": name, "_selected_action": [article.pk for article in articles]}
        return self.client.post(LIST, chosen | choice, follow=True)

    def confirm(self, name, *articles, **choice):
        return self.act(name, *articles, confirmed="1", **choice)

    def test_nothing_is_done_before_it_is_confirmed(self):
        publish(self.one)
        for name in ("submit", "assign", "change_section", "add_tag", "remove_tag", "withdraw"):
            response = self.act(name, self.one, self.two)
            self.assertContains(response, "Oui, continuer")
            self.assertContains(response, ">Deux ")
        self.assertEqual(Revision.objects.count(), 0)
        self.assertTrue(PublishedArticle.objects.exists())

    def test_each_row_says_what_became_of_it(self):
        Article.objects.filter(pk=self.two.pk).update(stage=Article.Stage.REVIEW)
        response = self.confirm("submit", self.one, self.two)
        self.assertContains(response, "Soumis à la relecture.")
        self.assertContains(response, "Rien à soumettre\xa0: à relire.")
        self.assertEqual(Article.objects.filter(stage=Article.Stage.REVIEW).count(), 2)

    def test_section_tags_and_author_are_versions_with_their_history(self):
        section, tag = make_section("Espace"), Tag.objects.named("Rafale")
        self.confirm("change_section", self.one, self.two, section=section.pk)
        self.confirm("add_tag", self.one, self.two, tag=["new:Nouveau"])
        self.confirm("add_tag", self.one, tag=[tag.pk])
        self.confirm("assign", self.two, author=self.author.pk)
        one, two = Article.objects.get(pk=self.one.pk), Article.objects.get(pk=self.two.pk)
        self.assertEqual((one.section, two.section), (section, section))
        self.assertEqual({tag.name for tag in one.tags.all()}, {"Nouveau", "Rafale"})
        self.assertEqual(two.bylines.count(), 2)
        self.assertEqual((one.version, one.revisions.count()), (4, 4))  # as found, and three acts
        response = self.confirm("remove_tag", one, two, tag=tag.pk)
        self.assertContains(response, "Il ne porte pas ce mot-clé.")
        self.assertEqual([tag.name for tag in one.tags.all()], ["Nouveau"])

    def test_admin_becomes_a_person_after_a_trial_and_back_again(self):
        admin, other = make_author("admin"), make_author("Zoé")
        story = make_published("Paru", authors=[admin, other])
        draft = make_article("Ébauche", authors=[admin])
        choice = {"former": admin.pk, "author": self.author.pk}
        three = (story.article, draft, self.two)
        modified = story.modified_at
        trial = self.confirm("reattribute", *three, trial="", **choice)
        self.assertContains(trial, "admin → Julie", count=2)
        self.assertContains(trial, "admin ne signe pas cet article")
        self.assertContains(self.client.get(story.get_absolute_url()), "admin")
        done = self.confirm("reattribute", *three, **choice)
        self.assertContains(done, "Julie signe désormais, à la place de admin", count=2)
        page = self.client.get(story.get_absolute_url())
        self.assertContains(page, "Julie")
        self.assertNotContains(page, "admin<")
        self.assertContains(self.client.get("/recherche/", {"q": "julie"}), "Paru")
        self.assertEqual(self.client.get(admin.get_absolute_url()).status_code, 404)
        story.refresh_from_db()
        self.assertEqual(story.modified_at, modified)
        self.assertEqual(Article.objects.get(pk=story.pk).state, Article.State.PUBLISHED)
        signed = story.article.bylines.values_list("author__name", flat=True)
        self.assertEqual(list(signed), ["Julie", "Zoé"])
        back = {"former": self.author.pk, "author": admin.pk}
        self.confirm("reattribute", story.article, draft, **back)
        self.assertContains(self.client.get(story.get_absolute_url()), "admin")
        self.assertEqual(draft.bylines.get().author, admin)
        listed = self.client.get(LIST, {"bylines__author": admin.pk})
        self.assertEqual(len(listed.context["cl"].result_list), 2)

    def test_whoever_publishes_nothing_reattributes_nothing(self):
        self.client.force_login(self.journalist)
        choice = {"former": self.author.pk, "author": make_author().pk}
        self.confirm("reattribute", self.one, **choice)
        self.assertEqual(self.one.bylines.get().author, self.author)

    def test_a_choice_is_asked_for(self):
        for name in ("assign", "change_section", "remove_tag"):
            self.assertContains(self.confirm(name, self.one), "obligatoire")
        self.assertContains(self.confirm("add_tag", self.one), "un seul mot-clé")
        self.assertEqual(Revision.objects.count(), 0)

    def test_withdrawing_is_for_those_who_publish(self):
        publish(self.one)
        response = self.confirm("withdraw", self.one, self.two)
        self.assertContains(response, "n’est pas en ligne")
        self.assertFalse(PublishedArticle.objects.exists())
        publish(self.one)
        self.client.force_login(self.journalist)
        self.confirm("withdraw", self.one)
        self.assertTrue(PublishedArticle.objects.exists())
        self.assertNotContains(self.client.get(LIST), 'value="withdraw"')

    def test_a_journalist_acts_on_own_articles_alone(self):
        self.client.force_login(self.journalist)
        Article.objects.filter(pk=self.one.pk).update(stage=Article.Stage.READY)
        self.confirm("add_tag", self.one, self.two, tag=["new:Rafale"])
        self.assertEqual(Article.objects.get(pk=self.one.pk).stage, Article.Stage.REVIEW)
        self.assertFalse(self.two.tags.exists())


class CalendarTests(TestCase):
    CALENDAR = reverse("admin:articles_article_calendar")

    def setUp(self):
        self.editor = make_user(roles.EDITOR)
        self.client.force_login(self.editor)
        self.article = make_article("Le vol", tags=["Vol"], standfirst="Un chapô.")
        self.at = timezone.localtime().replace(microsecond=0, second=0) + timedelta(days=3)
        publish(self.article, at=self.at)

    def move(self, at):
        address = reverse("admin:articles_article_move", args=[self.article.pk])
        return self.client.post(address, {"at": at}, follow=True)

    def test_a_month_shows_what_went_and_goes_live(self):
        publish(make_article("Paru"), at=timezone.now() - timedelta(minutes=1))
        make_article("Brouillon")
        today = self.client.get(self.CALENDAR)
        self.assertContains(today, "Paru")
        self.assertNotContains(today, "Brouillon")
        response = self.client.get(self.CALENDAR, {"month": f"{self.at:%Y-%m}"})
        self.assertContains(response, "Le vol")
        self.assertContains(response, f'value="{self.at:%Y-%m-%dT%H:%M}"')
        for month in ("x", "2026-13", "0001-01"):
            response = self.client.get(self.CALENDAR, {"month": month})
            self.assertEqual(response.status_code, 404)

    def test_moving_changes_the_moment_and_nothing_else(self):
        Article.objects.update(body="<p>En cours de réécriture.</p>")
        self.article.touch()
        later = self.at + timedelta(days=40)
        self.assertContains(self.move(f"{later:%Y-%m-%dT%H:%M}"), "paraîtra")
        copy = PublishedArticle.objects.get()
        self.assertEqual(timezone.localtime(copy.published_at), later)
        self.assertNotIn("réécriture", copy.body)
        self.assertEqual(copy.bylines.get().published_at, copy.published_at)
        self.assertEqual(copy.taggings.get().published_at, copy.published_at)
        self.assertEqual(Revision.objects.first().act, "moved")

    def test_a_moment_that_cannot_be_is_refused(self):
        past = timezone.localtime() - timedelta(days=1)
        for at in ("", "x", f"{past:%Y-%m-%dT%H:%M}", "2027-03-28T02:30"):
            self.assertContains(self.move(at), "messagelist")
        Article.objects.update(embargo_until=self.at + timedelta(days=9))
        self.assertContains(self.move(f"{self.at + timedelta(days=1):%Y-%m-%dT%H:%M}"), "embargo")
        self.assertEqual(PublishedArticle.objects.get().published_at, self.at)

    def test_what_readers_see_already_does_not_move(self):
        publish(self.article)
        response = self.move(f"{self.at:%Y-%m-%dT%H:%M}")
        self.assertContains(response, "n’est pas programmé")
        self.assertTrue(PublishedArticle.objects.get().is_live)

    def test_more_articles_cost_no_more_queries(self):
        def cost():
            with self.assertNumQueries(self.queries):
                self.client.get(self.CALENDAR, {"month": f"{self.at:%Y-%m}"})

        self.queries = 6
        cost()
        for _number in range(10):
            publish(make_article(), at=self.at)
        cost()
