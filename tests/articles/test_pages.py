"""Every readers' page: what it shows, what it never shows, and what it costs."""

from datetime import datetime, timedelta

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article, Correction, MostRead, PublishedArticle
from articles.publishing import publish, unpublish
from avion.models import SiteSettings
from tests.factories import (
    make_article,
    make_author,
    make_dossier,
    make_image,
    make_page,
    make_published,
    make_section,
)

HOUR = timedelta(hours=1)
MARKER = "zibeline"  # a word that stands only in what readers must not see


class PageTestCase(TestCase):
    """A small newsroom, and the list of all kinds of readers' pages."""

    @classmethod
    def setUpTestData(cls):
        SiteSettings.objects.create(
            pk=1, name="Avion", tagline="Le ciel", independence_line="Titre indépendant."
        )
        cls.sections = [make_section("Armées"), make_section("Espace")]
        cls.author = make_author("Camille Lenoir", biography="Journaliste depuis 15 ans.")
        cls.image = make_image(caption="Une légende.", credit="Agence Nuage")
        cls.page = make_page("À propos")
        cls.add_articles(4)
        articles = [*Article.objects.all(), make_article("Une suite")]
        make_dossier("Le Rafale", *articles)
        for place, copy in enumerate(PublishedArticle.objects.all(), 1):
            MostRead.objects.create(article=copy, period="day", place=place)

    @classmethod
    def add_articles(cls, count):
        for number in range(count):
            make_published(
                f"Avion numéro {number}",
                at=datetime(2024, 10, 1 + number % 28, 9, tzinfo=timezone.get_current_timezone()),
                section=cls.sections[number % 2],
                authors=[cls.author, make_author()],
                tags=["Rafale", f"Mot {number}"],
                hero_image=cls.image,
                body=f"<p>Le texte numéro {number}.</p><h2>Suite</h2><p>Fin.</p>",
            )

    PATHS = {
        "/": 6,
        "/avion-numero-1/": 6,
        "/rubrique/armees/": 6,
        "/tag/rafale/": 6,
        "/auteur/camille-lenoir/": 6,
        "/archives/": 4,
        "/archives/2024/": 4,
        "/archives/2024/10/": 6,
        "/archives/2024/10/02/": 5,
        "/equipe/": 4,
        "/tags/": 4,
        "/les-plus-lus/": 4,
        "/dossiers/": 3,
        "/dossier/le-rafale/": 5,
        "/dossier/le-rafale/feed/": 6,
        "/mentions-legales/": 3,
        "/charte/": 3,
        "/transparence/": 3,
        "/corrections/": 3,
        "/corrections/feed/": 2,
        "/recherche/": 3,
        "/recherche/?q=avion": 6,
        "/a-propos/": 4,
        "/nulle-part/": 6,
        "/feed/": 4,
        "/rubrique/armees/feed/": 5,
        "/tag/rafale/feed/": 6,
        "/auteur/camille-lenoir/feed/": 6,
        "/feed/atom/": 4,
        "/feed/json/": 4,
        "/recherche/feed/?q=avion": 4,
        "/feed.css": 0,
        "/sitemap.xml": 3,
        "/sitemap-2024-10.xml": 2,
        "/news-sitemap.xml": 1,
        "/sitemap-tags.xml": 2,
        "/sitemap-auteurs.xml": 2,
        "/sitemap-pages.xml": 1,
        "/robots.txt": 2,
    }


class CostTests(PageTestCase):
    def count(self, path):
        with CaptureQueriesContext(connection) as queries:
            self.client.get(path).getvalue()  # streams are read to their end
        return len(queries)

    maxDiff = None

    def test_pages_cost_their_number_of_queries_whatever_the_number_of_rows(self):
        self.add_articles(8)
        found = {path: self.count(path) for path in self.PATHS}
        self.assertEqual(found, self.PATHS)
        self.add_articles(30)
        for path, most in self.PATHS.items():
            self.assertEqual(self.count(path), most, path)

    def test_pages_never_ask_the_working_copy(self):
        self.add_articles(25)
        for path in [*self.PATHS, "/page/2/", "/tag/rafale/page/2/"]:
            with CaptureQueriesContext(connection) as queries:
                self.client.get(path)
            for query in queries:
                self.assertNotIn(f'"{Article._meta.db_table}"', query["sql"], path)

    def test_readers_get_no_cookie(self):
        for path in self.PATHS:
            response = self.client.get(path)
            self.assertFalse(response.cookies, path)
            self.assertNotIn("Cookie", response.headers.get("Vary", ""), path)


class LeakTests(PageTestCase):
    def test_what_is_not_public_stands_nowhere(self):
        make_article(f"Brouillon {MARKER}", section=self.sections[0], tags=[f"mot {MARKER}"])
        make_published(
            f"Demain {MARKER}", at=timezone.now() + HOUR, section=self.sections[0], tags=["Rafale"]
        )
        edited = Article.objects.get(slug="avion-numero-1")
        edited.title, edited.body = f"Changé {MARKER}", f"<p>{MARKER}</p>"
        edited.save()
        edited.tags.add(f"autre {MARKER}")
        for path in [*self.PATHS, f"/recherche/?q={MARKER}", f"/tag/mot-{MARKER}/"]:
            body = self.client.get(path).getvalue().decode().replace(f'value="{MARKER}"', "")
            self.assertNotIn(MARKER, body.replace(f"{MARKER} –", ""), path)
        for slug in (f"brouillon-{MARKER}", f"demain-{MARKER}"):
            self.assertEqual(self.client.get(f"/{slug}/").status_code, 404)

    def test_counts_know_nothing_of_what_is_not_public(self):
        make_published(at=timezone.now() + HOUR, authors=[self.author])
        self.assertContains(self.client.get("/auteur/camille-lenoir/"), "4 articles")
        self.assertContains(self.client.get("/avion-numero-1/"), "·&nbsp;4 articles")


class HomeTests(PageTestCase):
    def test_the_newest_leads_and_nothing_stands_twice_below(self):
        response = self.client.get("/")
        front = response.context["front"]
        self.assertEqual(front.lead.slug, "avion-numero-3")
        blocks = [article for block in front.blocks for article in block.articles]
        shown = [front.lead, *front.secondary, *blocks]
        self.assertEqual(len(shown), len(set(shown)))

    def test_an_empty_site_has_a_home(self):
        from articles.models import PublishedArticle

        PublishedArticle.objects.all().delete()
        self.assertContains(self.client.get("/"), "Rien n’a encore paru ici.")

    def test_one_story_without_a_picture_is_enough(self):
        from articles.models import PublishedArticle

        PublishedArticle.objects.all().delete()
        make_published("Seul", section=self.sections[0])
        self.assertContains(self.client.get("/"), "Seul")


class ArticleTests(PageTestCase):
    def test_it_shows_all_that_the_newsroom_says(self):
        response = self.client.get("/avion-numero-1/")
        for text in [
            "Avion numéro 1</h1>",
            'href="/rubrique/espace/"',
            'href="/auteur/camille-lenoir/"',
            'datetime="2024-10-02T09:00:00+02:00"',
            "2 octobre 2024 à 9\u00a0h\u00a000",
            "Lecture 1\u00a0min",
            "Une légende.",
            "Agence Nuage",
            "Titre indépendant.",
            "À propos de",
            "Journaliste depuis 15\u00a0ans.",
            'href="/tag/rafale/"',
            "À lire aussi",
        ]:
            self.assertContains(response, text)
        self.assertContains(response, "<h1", count=1)
        self.assertNotContains(response, "Mis à jour")

    def test_an_update_is_dated(self):
        article = Article.objects.get(slug="avion-numero-1")
        article.body = "<p>Autre.</p>"
        article.save()
        publish(article)
        self.assertContains(self.client.get("/avion-numero-1/"), "Mis à jour le")

    def test_the_desks_picks_come_first_in_further_reading(self):
        article = Article.objects.get(slug="avion-numero-1")
        picked = Article.objects.get(slug="avion-numero-0")
        article.related.set([picked, make_article("Brouillon")])
        publish(article)
        further = self.client.get("/avion-numero-1/").context["onward"].further
        self.assertEqual(next(iter(further)).slug, "avion-numero-0")
        self.assertNotIn("brouillon", [copy.slug for copy in further])

    def test_the_first_of_a_month_is_written_the_french_way(self):
        self.assertContains(self.client.get("/avion-numero-0/"), "1<sup>er</sup>\u00a0octobre 2024")


class ListTests(PageTestCase):
    def test_lists_have_pages(self):
        self.add_articles(45)
        for path in ("/rubrique/armees/", "/tag/rafale/", "/auteur/camille-lenoir/"):
            first, second = self.client.get(path), self.client.get(f"{path}page/2/")
            self.assertContains(first, f'href="{path}page/2/"')
            self.assertContains(second, f'href="{path}"')
            self.assertFalse(
                set(first.context["listing"].articles) & set(second.context["listing"].articles)
            )
            self.assertEqual(self.client.get(f"{path}page/99/").status_code, 404)
            self.assertEqual(self.client.get(f"{path}page/99999999999999999999/").status_code, 404)

    def test_the_menu_shows_the_section_of_an_article_and_of_its_older_pages(self):
        self.add_articles(45)
        mark = '<a href="/rubrique/espace/" aria-current="true">Espace</a>'
        for path in ("/avion-numero-1/", "/rubrique/espace/page/2/"):
            self.assertContains(self.client.get(path), mark, html=True)

    def test_archives_say_their_year(self):
        page = self.client.get("/archives/")
        self.assertContains(page, "<h2>2024</h2>", html=True)
        self.assertContains(page, ">Octobre</a>")

    def test_months_are_those_of_paris(self):
        make_published(
            "Minuit", at=datetime(2024, 10, 31, 23, 30, tzinfo=timezone.get_fixed_timezone(0))
        )
        self.assertContains(self.client.get("/archives/2024/11/"), "Minuit")
        self.assertNotContains(self.client.get("/archives/2024/10/"), "Minuit")
        self.assertEqual(self.client.get("/archives/2024/12/").status_code, 404)
        self.assertEqual(self.client.get("/archives/2023/").status_code, 404)

    def test_a_tag_without_public_articles_has_no_page(self):
        make_article(tags=["Secret"])
        self.assertEqual(self.client.get("/tag/secret/").status_code, 404)


class SearchTests(PageTestCase):
    def slugs(self, words):
        response = self.client.get("/recherche/", {"q": words})
        self.assertEqual(response.status_code, 200)
        return [article.slug for article in response.context["articles"]]

    def test_accents_case_and_plurals_do_not_matter(self):
        make_published("Électeur", body="<p>Un cheval et l'œuvre.</p>", slug="cible")
        for words in ("electeurs", "ÉLECTEUR", "chevaux électeur", "oeuvre", "Œuvres"):
            self.assertIn("cible", self.slugs(words), words)
        self.assertNotIn("cible", self.slugs("électeur absent"))

    def test_any_input_gets_a_page(self):
        for words in (
            "",
            "   ",
            "%",
            "_",
            "\x00",
            "'\"*(){}|&<>!",
            "a" * 10_000,
            "🛩",
            "AND OR NOT",
        ):
            self.slugs(words)
        self.assertEqual(self.client.get("/recherche/?q=avion&page=abc").status_code, 200)
        self.assertEqual(self.client.get("/recherche/?q=avion&page=99999999").status_code, 200)


class IndexTests(TestCase):
    def test_the_team_is_everybody_whom_readers_can_read(self):
        zoe, ewe = make_author("Zoé"), make_author("Éwé")
        make_author("Sans article")
        make_published(authors=[zoe, ewe])
        make_published(authors=[zoe])
        make_published(authors=[make_author("Demain")], at=timezone.now() + HOUR)
        authors = self.client.get("/equipe/").context["authors"]
        found = [(author.name, author.live_count) for author in authors]
        self.assertEqual(found, [("Éwé", 1), ("Zoé", 2)])

    def test_tags_stand_under_their_letter(self):
        make_published(tags=["Évasion", "avion", "Espace", "3D"])
        make_article(tags=["Secret"])
        page = self.client.get("/tags/")
        letters = [(letter, [tag.name for tag in tags]) for letter, tags in page.context["letters"]]
        wanted = [("0-9", ["3D"]), ("A", ["avion"]), ("E", ["Espace", "Évasion"])]
        self.assertEqual(letters, wanted)

    def test_a_day_has_its_page_in_the_sites_time_zone(self):
        late = datetime(2024, 3, 1, 0, 30, tzinfo=timezone.get_current_timezone())
        article = make_published("Minuit passé", at=late)
        page = self.client.get("/archives/2024/03/01/")
        self.assertContains(page, article.get_absolute_url())
        self.assertContains(self.client.get("/archives/2024/03/"), "/archives/2024/03/01/")
        for address in ("/archives/2024/02/29/", "/archives/2024/02/31/", "/archives/2024/03/02/"):
            self.assertEqual(self.client.get(address).status_code, 404)


class OnwardTests(TestCase):
    def onward(self, article):
        return self.client.get(article.get_absolute_url()).context["onward"]

    def test_what_shares_a_rare_tag_comes_before_what_shares_a_common_one(self):
        now = timezone.now()
        section, other = make_section("Une"), make_section("Autre")
        common = [
            make_published(tags=["Avion"], section=other, at=now - timedelta(days=n))
            for n in range(1, 9)
        ]
        both = ["Avion", "Faucheur"]
        rare = make_published(tags=both, section=other, at=now - timedelta(days=99))
        make_published(section=section, at=now - HOUR)
        article = make_published(tags=both, section=section)
        self.assertEqual(self.onward(article).further, [rare, common[0], common[1]])

    def test_the_desks_picks_come_before_what_is_similar(self):
        similar, pick = make_published(tags=["Faucheur"]), make_published()
        article = make_article(tags=["Faucheur"])
        article.related.add(pick.article)
        self.assertEqual(self.onward(publish(article)).further[:2], [pick, similar])

    def test_what_is_withdrawn_or_to_come_is_passed_over(self):
        gone = make_published(tags=["Faucheur"])
        make_published(tags=["Faucheur"], at=timezone.now() + HOUR)
        article = make_published(tags=["Faucheur"])
        unpublish(gone.article)
        self.assertEqual(self.onward(article).further, [])

    def test_neighbours_of_the_same_moment_follow_their_numbers(self):
        now = timezone.now()
        line = [make_published(f"Vol {number}", at=now) for number in range(4)]
        PublishedArticle.objects.update(published_at=now)
        for before, here, after in zip(line, line[1:], line[2:], strict=False):
            found = self.onward(here)
            self.assertEqual((found.older, found.newer), (before, after))
        self.assertIsNone(self.onward(line[0]).older)
        self.assertIsNone(self.onward(line[3]).newer)

    def test_neighbours_are_those_of_the_section(self):
        section, now = make_section(), timezone.now()
        line = [
            make_published(section=section, at=now - timedelta(days=days)) for days in (5, 4, 3, 2)
        ]
        make_published(section=make_section(), at=now - timedelta(days=4, hours=1))
        found = self.onward(line[1])
        self.assertEqual((found.older, found.newer), (line[0], line[2]))
        self.assertEqual((self.onward(line[0]).older, self.onward(line[3]).newer), (None, None))


class ContentsTests(TestCase):
    def test_four_headings_make_a_table_of_contents(self):
        heading = "<h2>Partie {}</h2><p>Texte.</p>"
        three = "".join(heading.format(number) for number in range(3))
        box = '<aside data-box="factbox"><h2>Encadré</h2><p>a</p></aside>'
        page = self.client.get(make_published(body=three + box).get_absolute_url())
        self.assertNotContains(page, "Dans cet article")
        four = three + heading.format("l'air & <em>l'eau</em>")
        page = self.client.get(make_published(body=four).get_absolute_url())
        self.assertContains(page, "Dans cet article")
        self.assertContains(page, '<li><a href="#partie-0">Partie 0</a></li>')
        self.assertContains(page, "Partie l’air &amp; l’eau</a>")


class ShareTests(TestCase):
    def test_plain_links_share_the_public_address(self):
        page = self.client.get(make_published('L\'été & "nous"', slug="ete").get_absolute_url())
        self.assertContains(page, "body=https%3A%2F%2Favion.test%2Fete%2F")
        self.assertContains(page, 'href="/signaler/?article=ete"')


class MethodTests(PageTestCase):
    def test_reading_takes_get_and_head_alone(self):
        for path in ("/", "/avion-numero-1/", "/recherche/"):
            self.assertEqual(self.client.head(path).status_code, 200)
            self.assertEqual(self.client.post(path).status_code, 405)


class CorrectionsPageTests(TestCase):
    def correct(self, article, right, **fields):
        Correction.objects.create(article=article, wrong="C'était 10.", right=right, **fields)
        return publish(article)

    def test_corrections_of_live_articles_stand_newest_first(self):
        make_published("Sans faute")
        now = timezone.now()
        for title, days in (("Ancienne", 9), ("Récente", 1)):
            article = make_published(title).article
            self.correct(article, f"{title} : c'est 12.", corrected_at=now - timedelta(days=days))
        hidden = make_published("Retirée").article
        self.correct(hidden, "Cachée.")
        unpublish(hidden)
        page = self.client.get("/corrections/")
        self.assertContains(page, "Ancienne\u00a0: c’est 12.")
        text = page.content.decode()
        self.assertLess(text.index("Récente"), text.index("Ancienne"))
        for words in ("Sans faute", "Cachée"):
            self.assertNotContains(page, words)
        self.assertContains(self.client.get("/corrections/feed/"), "c’est 12.")

    def test_a_correction_waits_for_its_publication(self):
        article = make_published("Un").article
        Correction.objects.create(article=article, wrong="a", right="Pas encore.")
        self.assertNotContains(self.client.get("/corrections/"), "Pas encore.")
