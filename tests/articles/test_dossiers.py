"""Dossiers: articles in an order, with an introduction."""

from datetime import timedelta

from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from articles.models import Dossier
from articles.publishing import publish, unpublish
from articles.publishing.addresses import save_moved
from authors import roles
from tests.factories import make_article, make_dossier, make_published, make_user

HOUR = timedelta(hours=1)


class DossierTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.parts = [make_article(f"Partie {number}") for number in range(3)]
        cls.dossier = make_dossier(
            "L'hydrogène", *cls.parts, introduction="Un essai en trois temps.\n\nEt un avis."
        )

    def test_readers_find_it_in_the_order_of_the_newsroom(self):
        for part in (self.parts[2], self.parts[0]):
            publish(part)
        page = self.client.get("/dossier/l-hydrogene/")
        titles = [article.title for article in page.context["articles"]]
        self.assertEqual(titles, ["Partie 0", "Partie 2"])
        self.assertContains(page, "<p>Un essai en trois temps.</p>", html=True)
        self.assertContains(page, "<p>Et un avis.</p>", html=True)
        self.assertContains(page, "2 articles")
        self.assertNotContains(page, "Partie 1")
        self.assertContains(self.client.get("/dossiers/"), "L’hydrogène")
        self.assertContains(self.client.get("/dossier/l-hydrogene/feed/"), "Partie 2")
        self.assertContains(self.client.get("/sitemap-pages.xml"), "/dossier/l-hydrogene/")

    def test_a_dossier_of_drafts_is_nobodys_business(self):
        publish(self.parts[0], at=timezone.now() + HOUR)
        for path in ("/dossier/l-hydrogene/", "/dossier/l-hydrogene/feed/"):
            self.assertEqual(self.client.get(path).status_code, 404)
        make_published("Autre sujet")
        for path in ("/dossiers/", "/", "/sitemap-pages.xml"):
            self.assertNotContains(self.client.get(path), "hydrog")

    def test_the_front_page_and_its_articles_lead_to_it(self):
        copy = publish(self.parts[1])
        self.assertContains(self.client.get("/"), "Un essai en trois temps.")
        link = '<a href="/dossier/l-hydrogene/">L’hydrogène</a>'
        self.assertContains(self.client.get(copy.get_absolute_url()), link)
        Dossier.objects.update(on_front=False)
        self.assertNotContains(self.client.get("/"), "/dossier/")
        self.assertContains(self.client.get(copy.get_absolute_url()), link)
        unpublish(copy.article)
        self.assertEqual(self.client.get("/dossier/l-hydrogene/").status_code, 404)

    def test_an_address_that_changes_leads_on(self):
        copy = publish(self.parts[0])
        self.client.force_login(make_user(roles.EDITOR))
        dossier = reverse("admin:articles_dossier_change", args=[self.dossier.pk])
        data = {"title": "H2", "introduction": "x", "slug": "h2", "position": 1}
        self.client.post(dossier, data | {"articles": [copy.pk]})
        self.assertRedirects(self.client.get("/dossier/l-hydrogene/"), "/dossier/h2/", 301)
        moved = self.client.get("/dossier/l-hydrogene/")
        self.assertEqual(moved.headers["Cache-Control"], "max-age=300")  # the move may be undone
        section = copy.section
        change = reverse("admin:articles_section_change", args=[section.pk])
        old, data = section.get_absolute_url(), {"name": "Essais", "slug": "essais", "position": 1}
        self.assertEqual(self.client.post(change, data).status_code, 302)
        self.assertRedirects(self.client.get(old), "/rubrique/essais/", 301)
        self.assertEqual(self.client.get("/rubrique/inconnue/").status_code, 404)
        feed = self.client.get(f"{old}feed/")
        self.assertRedirects(feed, "/rubrique/essais/feed/", 301)
        self.assertEqual(self.client.get("/rubrique/inconnue/feed/").status_code, 404)

    def test_an_address_that_changed_before_anything_was_public_says_nothing(self):
        save_moved(self.dossier, "ancien")
        self.assertNotIn("Location", self.client.get("/dossier/ancien/").headers)

    def test_the_newest_come_first_on_the_front_page(self):
        copy = publish(self.parts[0])
        newest = make_dossier("Zéphyr", copy.article)
        titles = [link["title"] for link in self.client.get("/").context["navigation"]["dossiers"]]
        self.assertEqual(titles, [newest.title, self.dossier.title])

    def test_an_editor_arranges_it(self):
        self.client.force_login(make_user(roles.EDITOR))
        address = reverse("admin:articles_dossier_change", args=[self.dossier.pk])
        self.assertContains(self.client.get(address), "Partie 1")
        order = [self.parts[2].pk, self.parts[1].pk]
        data = {"title": "L'hydrogène", "introduction": "x", "slug": "l-hydrogene", "position": 1}
        self.assertEqual(self.client.post(address, data | {"articles": order}).status_code, 302)
        parts = self.dossier.parts.values_list("article", flat=True)
        self.assertEqual(list(parts), order)
        answer = self.client.post(address, data | {"articles": []})
        self.assertContains(answer, "Ce champ est obligatoire")
        self.assertEqual(self.dossier.parts.count(), 2)
        self.assertContains(
            self.client.get(reverse("admin:articles_dossier_changelist")), ">2, dont 0 en ligne<"
        )
