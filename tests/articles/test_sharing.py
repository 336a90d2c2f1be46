"""A draft is shown to an outsider by a link, and to nobody else."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from articles.models import SharedPreview
from articles.publishing import publish
from tests.articles.test_article_admin import DeskTestCase
from tests.factories import make_article


class SharingTests(DeskTestCase):
    def setUp(self):
        self.article = make_article("Le brouillon", authors=[self.author], slug="le-brouillon")
        self.share = reverse("admin:articles_article_share", args=[self.article.pk])

    def link(self, **fields):
        link = SharedPreview.share(self.article, by=self.journalist)
        SharedPreview.objects.filter(pk=link.pk).update(**fields)
        return link.get_absolute_url()

    def test_the_desk_makes_a_link_that_an_outsider_opens(self):
        self.client.force_login(self.journalist)
        self.client.post(self.share, {"hours": "72"})
        link = SharedPreview.objects.get()
        self.assertAlmostEqual(
            link.expires_at - link.created_at, timedelta(hours=72), delta=timedelta(seconds=5)
        )
        self.assertContains(self.client.get(self.share), link.get_absolute_url())
        self.client.logout()
        page = self.client.get(link.get_absolute_url())
        self.assertContains(page, "Le brouillon</h1>")
        self.assertContains(page, "Aperçu confidentiel")
        self.assertNotContains(page, "/admin/")
        link.refresh_from_db()
        self.assertEqual(link.openings, 1)

    def test_it_is_neither_kept_nor_indexed_nor_told(self):
        page = self.client.get(self.link())
        self.assertEqual(page.headers["Cache-Control"], "private, no-store")
        self.assertIn("noindex", page.headers["X-Robots-Tag"])
        self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")
        self.assertContains(page, 'content="noindex')
        self.assertFalse(page.cookies)

    def test_it_shows_the_working_copy_as_it_stands(self):
        publish(self.article)
        self.article.title = "Plus récent"
        self.article.save()
        self.assertContains(self.client.get(self.link()), "Plus récent</h1>")

    def test_anything_else_answers_404(self):
        past = timezone.now() - timedelta(minutes=1)
        for address in (
            self.link(expires_at=past),
            self.link(revoked_at=timezone.now()),
            "/apercu/inconnu/",
            "/apercu/",
        ):
            self.assertEqual(self.client.get(address).status_code, 404, address)
        self.assertEqual(SharedPreview.objects.filter(openings__gt=0).count(), 0)
        address = self.link()
        self.article.delete()
        self.assertEqual(self.client.get(address).status_code, 404)

    def test_a_link_is_revoked_by_those_who_may_edit_alone(self):
        address = self.link()
        revoke = reverse(
            "admin:articles_article_revoke",
            args=[self.article.pk, SharedPreview.objects.get().pk],
        )
        stranger = make_article()
        self.client.force_login(self.journalist)
        foreign = reverse("admin:articles_article_share", args=[stranger.pk])
        self.assertEqual(self.client.get(foreign).status_code, 404)
        self.assertEqual(self.client.post(foreign, {"hours": "72"}).status_code, 404)
        self.assertEqual(self.client.get(revoke).status_code, 405)
        self.client.post(revoke)
        self.assertEqual(self.client.get(address).status_code, 404)
        self.assertContains(self.client.get(self.share), "révoqué")

    def test_no_other_duration_is_taken(self):
        self.client.force_login(self.journalist)
        self.client.post(self.share, {"hours": "9999"})
        self.assertFalse(SharedPreview.objects.exists())
