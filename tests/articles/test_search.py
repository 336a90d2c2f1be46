"""Search: the same answers in the same order on both engines, and a page for any input."""

from datetime import timedelta
from unittest import mock

from django.db import connection
from django.test import TestCase
from django.utils import timezone

from articles.models import Article, KnownWord, PublishedArticle, Section
from articles.publishing import publish, unpublish
from articles.search import postgresql, search
from articles.search.index import EVENTS, ensure_index
from authors.models import Author
from tests.articles.search_corpus import ARTICLES, QUERIES
from tests.factories import make_author, make_image, make_published, make_section

SEARCH = "/recherche/"
BREAK_OFF = {
    "sqlite": [
        "DROP TRIGGER articles_search_update",
        "DROP TRIGGER articles_search_insert",
        "DROP TRIGGER articles_search_delete",
        "INSERT INTO articles_search (articles_search) VALUES ('delete-all')",
    ],
    "postgresql": [
        "SET CONSTRAINTS ALL IMMEDIATE",  # no change may be pending
        "DROP FUNCTION articles_search_is_common(text, tsquery)",
        "DROP INDEX articles_search_newest",
        """UPDATE pg_index SET indisvalid = false
        WHERE indexrelid = 'articles_search_by_vector_1'::regclass""",
        "DELETE FROM articles_search",
    ],
}


def columns(table) -> set[str]:
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, table)
    return {column.name for column in described}


class SearchTestCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        sections = {name: make_section(name) for name in {entry[3] for entry in ARTICLES.values()}}
        authors = {name: make_author(name) for name in {entry[4] for entry in ARTICLES.values()}}
        newest = timezone.now()
        for number, (slug, entry) in enumerate(ARTICLES.items()):
            title, standfirst, text, section, author, tags = entry
            make_published(
                title,
                slug=slug,
                standfirst=standfirst,
                body=f"<p>{text}</p>",
                section=sections[section],
                authors=[authors[author]],
                tags=tags,
                at=newest - timedelta(days=number),
            )

    def found(self, words, **query) -> list[str]:
        page = self.client.get(SEARCH, {"q": words} | query)
        self.assertEqual(page.status_code, 200, words)
        return [article.slug for article in page.context["articles"]]


class CorpusTests(SearchTestCase):
    def test_every_query_finds_what_it_should_in_its_order(self):
        self.assertGreaterEqual(len(QUERIES), 60)
        found = {words: self.found(words) for words in QUERIES}
        self.assertEqual(found, QUERIES)

    def test_postgresql_finds_the_same_whichever_way_it_goes(self):
        ways = ["true", "false"] if connection.vendor == "postgresql" else []
        for way in ways:
            with self.subTest(is_common=way), connection.cursor() as cursor:
                cursor.execute(
                    "CREATE OR REPLACE FUNCTION articles_search_is_common(name text, asked tsquery)"
                    f" RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RETURN {way}; END'"
                )
                self.assertEqual({words: self.found(words) for words in QUERIES}, QUERIES)

    maxDiff = None


class FilterTests(SearchTestCase):
    def test_by_section_author_and_dates(self):
        self.assertEqual(self.found("vol", rubrique="armees"), ["ravitaillement"])
        besse = Author.objects.get(name="Édith Besse").slug
        self.assertEqual(self.found("vol", auteur=besse), ["vol-premier-prix", "ecole-pilotes"])
        day = timezone.localdate() - timedelta(days=7)
        after = day + timedelta(days=1)
        self.assertEqual(self.found("drone", depuis=after), ["drones-ukraine"])
        self.assertEqual(self.found("drone", jusqua=day), ["drone-livraison"])
        espace = Section.objects.get(name="Espace").slug
        both = ["satellite-radar", "lanceur-europeen"]
        self.assertEqual(self.found("", rubrique=espace), both)

    def test_by_date_the_newest_comes_first(self):
        self.assertEqual(
            self.found("défense", tri="date"), ["rafale-inde", "f35-suisse", "defense-budget"]
        )

    def test_a_filter_that_is_not_understood_says_so_and_finds_all_the_same(self):
        page = self.client.get(SEARCH, {"q": "drone", "depuis": "hier", "rubrique": "nulle"})
        self.assertContains(page, "date valide")
        self.assertEqual(len(page.context["articles"]), 2)

    def test_a_day_that_no_moment_is_of_is_refused_beside_its_field(self):
        for field in ("depuis", "jusqua"):
            page = self.client.get(SEARCH, {"q": "drone", field: "0001-01-01"})
            self.assertContains(page, "supérieure ou égale")

    def test_an_order_alone_asks_for_nothing(self):
        self.assertFalse(self.client.get(SEARCH, {"tri": "date"}).context["is_asked"])

    def test_all_fits_into_six_queries(self):
        self.client.get(SEARCH, {"q": "vol"})
        for query in ({"q": "vol"}, {"q": "vol", "rubrique": "armees"}, {"q": "planuers"}):
            with self.assertNumQueries(6):
                self.client.get(SEARCH, query)


class PageTests(SearchTestCase):
    def test_what_was_found_is_marked_in_its_passage(self):
        page = self.client.get(SEARCH, {"q": "réacteurs -aube"})
        self.assertContains(page, "la poussée du <mark>réacteur</mark>")

    def test_an_excerpt_holds_no_markup_of_the_text(self):
        body = "<p>Un <strong>zinc</strong> &lt;script&gt;</p><h2>alert</h2><p>(1)</p>"
        make_published("Un titre", body=body)
        page = self.client.get(SEARCH, {"q": "zinc"})
        self.assertContains(page, "Un <mark>zinc</mark> &lt;script&gt;")

    def test_an_excerpt_leaves_out_the_numbers_of_notes_and_keeps_no_break_spaces(self):
        body = (
            '<p>Il vola en 2002<small data-note="">Selon lui.</small>, dit-il : « en ballon »</p>'
        )
        make_published("Un titre", body=body)
        page = self.client.get(SEARCH, {"q": "ballon"})
        found = "en 2002, dit-il\u00a0: «\u202fen <mark>ballon</mark>\u202f» Selon lui"
        self.assertContains(page, found)
        self.assertNotContains(page, "↩")
        self.assertContains(self.client.get(SEARCH, {"q": "2002"}), "<mark>2002</mark>, dit-il")

    def test_a_misspelt_word_gets_a_proposal(self):
        page = self.client.get(SEARCH, {"q": "planuers pyrenees"})
        self.assertContains(page, ">planeurs pyrenees</a>")
        self.assertContains(self.client.get(SEARCH, {"q": "xyzzyx"}), "archives")

    def test_any_input_gets_a_page(self):
        odd = [
            '"',
            '""',
            "-",
            '-"',
            "*",
            "%",
            "(((",
            "\\",
            "'; --",
            ":A",
            "a & b | c ! d",
            "\u202f",
        ]
        odd += ["\x00drone", "é" * 10_000, "a" * 199 + " b", "drone\ud83d", "日本", "🛩", "\u202f"]
        odd += ["ﾞ", "ﾞﾞﾞﾞ", "ﷺ" * 200, "½", "⑴", "zz0zz", "zz", "e" * 200]
        for words in odd:
            text = words.encode("utf-8", "replace").decode()
            self.found(text)
            self.client.get("/recherche/suggestions/", {"q": text})

    def test_titles_are_proposed_while_one_types(self):
        def proposed(words):
            answer = self.client.get("/recherche/suggestions/", {"q": words})
            return [entry["address"] for entry in answer.json()["articles"]]

        self.assertEqual(proposed("hydrog"), ["/moteur-hydrogene/"])
        self.assertEqual(proposed("lanceur eur"), ["/lanceur-europeen/"])
        self.assertEqual(proposed("aéronavale"), ["/rafale-inde/", "/porte-avions/"])
        self.assertEqual(proposed("porte-avi"), ["/porte-avions/"])
        self.assertEqual(proposed("raf ind"), ["/rafale-inde/"])
        self.assertEqual(proposed("avions de"), proposed("avions"))
        self.assertEqual(proposed("planeur -dro"), proposed("planeur"))
        self.assertEqual(proposed("zz"), [])
        self.assertEqual(proposed(""), [])


class IndexTests(TestCase):
    def test_the_index_follows_every_change(self):
        article = make_published("Un zeppelin").article
        self.assertEqual([copy.pk for copy in search("zeppelin")], [article.pk])
        article = Article.objects.get(pk=article.pk)
        article.title = "Un ballon"
        article.save()
        publish(article)
        self.assertFalse(search("zeppelin"))
        self.assertTrue(search("ballon"))
        unpublish(article)
        self.assertFalse(search("ballon"))

    def test_neither_drafts_nor_what_is_to_come_are_found(self):
        make_published("Un zeppelin", at=timezone.now() + timedelta(hours=1))
        self.assertFalse(search("zeppelin"))
        self.assertNotContains(self.client.get(SEARCH, {"q": "zepelin"}), ">zeppelin</a>")

    def test_what_is_left_out_is_no_way_to_a_word_of_what_is_to_come(self):
        make_published("Un avion")
        make_published("Un zeppelin", at=timezone.now() + timedelta(hours=1))
        page = self.client.get(SEARCH, {"q": "aviom -zepelin"})
        self.assertNotContains(page, "zeppelin")

    def test_the_page_knows_what_ended_and_what_moved(self):
        make_published("Un zeppelin", slug="un-zeppelin")

        def is_found():
            page = self.client.get(SEARCH, {"q": "zeppelin"})
            return [article.slug for article in page.context["articles"]] == ["un-zeppelin"]

        now = timezone.now()
        self.assertTrue(is_found())
        ended = now - timedelta(hours=1)
        begun = ended - timedelta(hours=1)
        PublishedArticle.objects.update(published_at=begun, withdrawn_at=ended)
        self.assertFalse(is_found())
        PublishedArticle.objects.update(withdrawn_at=None)
        self.assertTrue(is_found())
        PublishedArticle.objects.update(
            published_at=now + timedelta(hours=1), modified_at=now + timedelta(hours=1)
        )
        self.assertFalse(is_found())

    def test_captions_are_searched(self):
        image = make_image(caption="Le hangar à dirigeables")
        make_published("Un article", hero_image=image)
        self.assertTrue(search("dirigeable"))

    def test_an_index_that_a_migration_took_away_is_made_again(self):
        make_published("Un zeppelin")
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                for event in EVENTS:
                    cursor.execute(f"DROP TRIGGER articles_search_{event}")
                cursor.execute("DROP TABLE articles_search")
            else:
                table = PublishedArticle._meta.db_table
                for trigger in ("copy", "empty"):
                    cursor.execute(f"DROP TRIGGER articles_search_{trigger} ON {table}")
                cursor.execute("DROP TABLE articles_search")
        ensure_index()
        self.assertTrue(search("zeppelin"))
        make_published("Un ballon")
        self.assertTrue(search("ballon"))

    def test_an_index_that_was_broken_off_is_made_whole(self):
        titles = ["Un zeppelin", "Deux zeppelins", "Trois zeppelins"]
        for title in titles:
            make_published(title)
        with connection.cursor() as cursor:
            for statement in BREAK_OFF[connection.vendor]:
                cursor.execute(statement)
        self.assertFalse(search("zeppelin"))
        with mock.patch.object(postgresql, "BATCH", 2):
            ensure_index()
        self.assertEqual({article.title for article in search("zeppelin")}, set(titles))
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(postgresql.KNOWN_INDEXES)
                known = dict(cursor.fetchall())
            self.assertEqual({name for name in postgresql.INDEXES if not known[name]}, set())

    def test_the_columns_of_the_release_before_go_once_it_is_gone(self):
        """While nodes are upgraded, old code still asks them: the first `migrate` leaves them."""
        make_published("Un zeppelin")
        table, old = PublishedArticle._meta.db_table, "search_vector_1"
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no change may be pending
                for trigger in ("copy", "empty"):
                    cursor.execute(f"DROP TRIGGER articles_search_{trigger} ON {table}")
                cursor.execute("DROP TABLE articles_search")
                cursor.execute(
                    f"ALTER TABLE {table} ADD COLUMN {old} tsvector GENERATED ALWAYS AS"
                    " (to_tsvector('simple'::regconfig, search_title)) STORED"
                )
                cursor.execute(f"CREATE INDEX articles_{old} ON {table} USING gin ({old})")
            ensure_index()
            self.assertTrue(search("zeppelin"))
            self.assertIn(old, columns(table))
        ensure_index()
        self.assertNotIn(old, columns(table))
        self.assertTrue(search("zeppelin"))

    def test_known_words_are_learnt_once(self):
        make_published("Un zeppelin")
        make_published("Des zeppelins, un Zeppelin")
        known = KnownWord.objects.filter(folded__startswith="zeppelin")
        self.assertEqual({word.shown for word in known}, {"zeppelin", "zeppelins"})
