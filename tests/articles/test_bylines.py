"""Authors who turn out to be one person."""

from django.contrib.messages import get_messages
from django.test import TestCase
from django.urls import reverse

from articles.models import Byline, PublishedByline
from authors import roles
from authors.models import Author
from tests.factories import make_article, make_author, make_published, make_user

LIST = reverse("admin:authors_author_changelist")


class MergeTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.account = make_user()
        cls.old = make_author("Admin", user=cls.account)
        cls.real = make_author("Camille Lenoir")
        cls.public = make_published(authors=[cls.old])
        cls.both = make_published(authors=[cls.real, cls.old])
        cls.draft = make_article(authors=[cls.old])

    def setUp(self):
        self.client.force_login(make_user(roles.ADMINISTRATOR))

    def merge(self, **fields):
        selected = [self.old.pk, self.real.pk]
        data = {"action": "merge", "_selected_action": selected} | fields
        return self.client.post(LIST, data)

    def test_the_page_asks_which_one_stays(self):
        page = self.merge()
        self.assertContains(page, "Admin (3 articles)")
        self.assertContains(page, "Camille Lenoir (1 article)")
        self.assertEqual(Author.objects.filter(pk=self.old.pk).count(), 1)

    def test_one_signs_all_and_the_old_address_leads_on(self):
        answer = self.merge(target=self.real.pk)
        self.assertIn("1 auteur", str(*get_messages(answer.wsgi_request)))
        self.assertFalse(Author.objects.filter(pk=self.old.pk).exists())
        for bylines, articles in (
            (Byline.objects, [self.public.pk, self.both.pk, self.draft.pk]),
            (PublishedByline.objects, [self.public.pk, self.both.pk]),
        ):
            signed = bylines.filter(author=self.real).order_by("article_id")
            self.assertEqual([byline.article_id for byline in signed], articles)
        self.real.refresh_from_db()
        self.assertEqual(self.real.user, self.account)
        self.assertRedirects(self.client.get("/auteur/admin/"), "/auteur/camille-lenoir/", 301)
        self.assertContains(self.client.get("/auteur/camille-lenoir/"), "2 articles")

    def test_an_address_that_changes_leads_on(self):
        change = reverse("admin:authors_author_change", args=[self.real.pk])
        data = {"name": "Camille Lenoir", "slug": "c-lenoir"}
        self.assertEqual(self.client.post(change, data).status_code, 302)
        self.assertRedirects(self.client.get("/auteur/camille-lenoir/"), "/auteur/c-lenoir/", 301)

    def test_one_alone_is_not_merged(self):
        answer = self.merge(_selected_action=[self.old.pk], target=self.old.pk)
        self.assertIn("au moins deux", str(*get_messages(answer.wsgi_request)))

    def test_an_editor_may_not(self):
        self.client.force_login(make_user(roles.EDITOR))
        self.merge(target=self.real.pk)
        self.assertTrue(Author.objects.filter(pk=self.old.pk).exists())
