"""The legal notice and its like: never empty, and the newsroom's own words where there are any."""

from django.core.checks import run_checks
from django.test import TestCase

from articles.models import Redirect
from articles.reading.statements import STATEMENTS
from avion.models import SiteSettings
from tests.factories import make_page


def found_by_check():
    return [each for each in run_checks(include_deployment_checks=True) if each.id == "avion.E002"]


class StatementTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        SiteSettings.objects.create(
            pk=1,
            independence_line="Indépendant.",
            publication_director="Camille Lenoir",
            publisher="Éditions du Vent\n3, rue de la Manche",
            host="Hangar 7",
            contact_email="ecrire@avion.example",
        )

    def test_each_stands_and_is_linked_from_every_page(self):
        home = self.client.get("/")
        for slug, title in STATEMENTS.items():
            self.assertContains(home, f'<a href="/{slug}/">{title}</a>'.replace("'", "’"))
            self.assertContains(self.client.get(f"/{slug}/"), "<h1>")

    def test_the_legal_notice_says_what_the_settings_know(self):
        page = self.client.get("/mentions-legales/")
        for fact in ("Camille Lenoir", "3, rue de la Manche", "Hangar 7", "ecrire@avion.example"):
            self.assertContains(page, fact)
        SiteSettings.objects.update(host="")
        self.assertContains(self.client.get("/mentions-legales/"), "pas encore indiqué")

    def test_the_newsrooms_words_follow_the_facts(self):
        make_page("Charte", body="<p>Nos propres engagements.</p>")
        page = self.client.get("/charte/")
        self.assertContains(page, "<h1>Charte</h1>")
        self.assertContains(page, "Nos propres engagements.")
        self.assertContains(page, "Indépendant.")
        self.assertNotContains(page, "Vérifier")
        self.assertContains(self.client.get("/"), '<a href="/charte/">Charte</a>', 1)
        self.assertNotContains(self.client.get("/"), "Notre charte")

    def test_an_old_address_may_lead_to_one(self):
        Redirect.objects.create(path="/politique/", destination="/confidentialite/")
        self.assertRedirects(self.client.get("/politique/"), "/confidentialite/", 301)

    def test_a_notice_that_lacks_something_fails_the_deployment_check(self):
        self.assertEqual(found_by_check(), [])
        SiteSettings.objects.update(publication_director=" ", contact_email="")
        [error] = found_by_check()
        self.assertIn("publication_director, contact_email", error.msg)

    def test_a_site_without_settings_fails_it_too(self):
        SiteSettings.objects.all().delete()
        self.assertEqual(len(found_by_check()), 1)
