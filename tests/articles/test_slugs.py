from django.test import SimpleTestCase, TestCase

from articles import slugs
from articles.publishing.addresses import free_slug
from avion import urls
from tests.factories import make_article, make_page


class SlugifyTests(SimpleTestCase):
    def test_french_titles(self):
        for title, slug in {
            "L'œuvre d'un garçon à Orléans": "l-oeuvre-d-un-garcon-a-orleans",
            "L’été 1944 : récit": "l-ete-1944-recit",
            "Le 1er vol du F-35": "le-1er-vol-du-f-35",
            "5 000 € pour « Ça »": "5-000-euros-pour-ca",
            "!?": "",
        }.items():
            self.assertEqual(slugs.slugify(title), slug)

    def test_a_long_title_is_cut_at_a_word(self):
        slug = slugs.slugify("aéronavale " * 20)
        self.assertLessEqual(len(slug), slugs.MAX_LENGTH)
        self.assertTrue(slug.endswith("aeronavale"))
        self.assertEqual(len(slugs.slugify("a" * 150)), slugs.MAX_LENGTH)

    def test_a_number_fits_under_the_limit(self):
        self.assertLessEqual(len(slugs.numbered("mot-" * 24 + "mots", 12)), slugs.MAX_LENGTH)

    def test_every_first_part_of_the_sites_addresses_is_reserved(self):
        def first_parts(patterns):
            for pattern in patterns:
                route = str(pattern.pattern)
                if not route and hasattr(pattern, "url_patterns"):
                    yield from first_parts(pattern.url_patterns)
                elif (
                    route
                    and not route.startswith("<")
                    and "<" not in route.split("/", maxsplit=1)[0]
                ):
                    yield route.split("/", maxsplit=1)[0]

        parts = {part for part in first_parts(urls.urlpatterns) if "<" not in part}
        self.assertIn("rubrique", parts)
        self.assertLessEqual(parts, slugs.OF_THE_SITE | slugs.OF_PAGES)


class FreeSlugTests(TestCase):
    def test_the_same_title_gets_a_number(self):
        make_article("Rafale")
        self.assertEqual(free_slug("Rafale"), "rafale-2")

    def test_pages_and_reserved_words_are_taken(self):
        make_page("Mécénat")
        self.assertEqual(free_slug("Mécénat"), "mecenat-2")
        self.assertEqual(free_slug("Recherche"), "recherche-2")

    def test_a_title_without_letters_gets_an_address_all_the_same(self):
        self.assertEqual(free_slug("?!"), "article")
