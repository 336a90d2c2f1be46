"""The desk's first page: what waits for whom."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Correction
from avion.models import SiteSettings
from tests.articles.test_article_admin import DeskTestCase
from tests.factories import make_article, make_published, make_user

INDEX = reverse("admin:index")


class DashboardTests(DeskTestCase):
    def test_an_editor_sees_what_waits(self):
        make_article("Mon brouillon", created_by=self.editor)
        make_article("À relire", stage=Article.Stage.REVIEW)
        make_published("Demain", at=timezone.now() + timedelta(days=2))
        make_published("Dans un mois", at=timezone.now() + timedelta(days=30))
        out = make_published("Sorti")
        Correction.objects.create(article=out.article, wrong="10", right="C'était 12.")
        self.client.force_login(self.editor)
        page = self.client.get(INDEX)
        for words in ("Mon brouillon", "À relire", "Demain", "Sorti", "C’était 12."):
            self.assertContains(page, words)
        self.assertNotContains(page, "Dans un mois")

    def test_a_journalist_sees_nothing_of_others(self):
        make_article("Secret", stage=Article.Stage.REVIEW)
        make_published("Programmé", at=timezone.now() + timedelta(days=2))
        make_article("À moi", authors=[self.author])
        self.client.force_login(self.journalist)
        page = self.client.get(INDEX)
        self.assertContains(page, "À moi")
        for words in ("Secret", "Programmé"):
            self.assertNotContains(page, words)

    def test_the_longest_waiting_comes_first(self):
        for hours, title in ((1, "Récent"), (9, "Ancien")):
            article = make_article(title, stage=Article.Stage.REVIEW)
            moment = timezone.now() - timedelta(hours=hours)
            Article.objects.filter(pk=article.pk).update(updated_at=moment)
        self.client.force_login(self.editor)
        page = self.client.get(INDEX).content.decode()
        self.assertLess(page.index("Ancien"), page.index("Récent"))

    def test_an_administrator_is_told_what_the_settings_lack(self):
        self.client.force_login(self.administrator)
        self.assertContains(self.client.get(INDEX), "direction de la publication")
        SiteSettings.objects.create(
            pk=1,
            independence_line="a",
            publication_director="b",
            publisher="c",
            host="d",
            contact_email="e@f.fr",
        )
        self.assertNotContains(self.client.get(INDEX), "ne sont pas complets")
        self.client.force_login(self.editor)
        SiteSettings.objects.all().delete()
        self.assertNotContains(self.client.get(INDEX), "ne sont pas complets")

    def test_its_cost_does_not_grow(self):
        def count():
            with CaptureQueriesContext(connection) as queries:
                self.client.get(INDEX)
            return len(queries)

        self.client.force_login(self.editor)
        make_article(created_by=self.editor)
        count()
        before = count()
        for day in range(12):
            make_article(created_by=self.editor)
            make_article(stage=Article.Stage.REVIEW)
            make_published(at=timezone.now() + timedelta(hours=10 * day + 1))
            make_published()
        self.assertEqual(count(), before)
        self.assertLessEqual(before, 15)

    def test_an_account_without_a_role_sees_an_empty_desk(self):
        self.client.force_login(make_user())
        self.assertEqual(self.client.get(INDEX).status_code, 200)
