import json
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import urlsplit

import feedparser
from django.conf import settings
from django.test import TestCase
from django.utils import timezone
from lxml import etree

from articles.models import Article, Correction
from articles.publishing import publish
from avion.models import SiteSettings
from tests.factories import (
    make_article,
    make_author,
    make_dossier,
    make_image,
    make_published,
    make_section,
)

SCHEMA = etree.XMLSchema(file=str(settings.BASE_DIR / "tests/data/sitemap.xsd"))
NAMESPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


class FeedTests(TestCase):
    def test_the_feed_carries_whole_articles_with_absolute_addresses(self):
        image = make_image()
        article = make_article(
            "L'avion & <l'oiseau>",
            authors=[make_author("Zoé Un"), make_author("Abel Deux")],
            tags=["Rafale"],
            section=make_section("Armées"),
            body=f'<p><a href="/autre/">lien</a></p><figure><img data-file="{image.pk}"></figure>',
        )
        publish(article)
        response = self.client.get("/feed/")
        self.assertTrue(response.headers["Content-Type"].startswith("application/rss+xml"))
        feed = feedparser.parse(response.content)
        self.assertFalse(feed.bozo)
        entry = feed.entries[0]
        self.assertEqual(entry.title, "L’avion & <l’oiseau>")
        content = entry.content[0].value
        self.assertIn('href="https://avion.test/autre/"', content)
        self.assertIn('src="https://avion.test/media/', content)
        self.assertEqual([author["name"] for author in entry.authors], ["Zoé Un", "Abel Deux"])
        self.assertEqual({tag.term for tag in entry.tags}, {"Armées", "Rafale"})
        self.assertEqual(entry.id, f"tag:avion.test,{timezone.localdate()}:article-{article.pk}")

    def test_sections_tags_and_authors_have_feeds_of_their_own(self):
        author = make_author("Zoé")
        make_published("Dedans", section=make_section("Espace"), authors=[author], tags=["Lune"])
        make_published("Dehors", section=make_section("Terre"))
        for path in ("/rubrique/espace/feed/", "/tag/lune/feed/", "/auteur/zoe/feed/"):
            feed = feedparser.parse(self.client.get(path).content)
            self.assertEqual([entry.title for entry in feed.entries], ["Dedans"], path)
        self.assertEqual(self.client.get("/tag/rien/feed/").status_code, 404)


class FormatTests(TestCase):
    """The same articles in RSS, Atom and JSON, of all that has a feed."""

    @classmethod
    def setUpTestData(cls):
        zoe = make_author("Zoé Vent")
        cls.article = make_article(
            "L'avion & <l'oiseau>",
            [zoe, make_author("Abel")],
            ["Lune"],
            section=make_section("Espace"),
            hero_image=make_image(credit="Zoé & Cie", alt="Un avion"),
            body='<p><a href="/autre/">lien</a></p>',
        )
        Correction.objects.create(article=cls.article, wrong="Dix.", right="Onze.")
        publish(cls.article, at=timezone.now() - timedelta(days=2))
        make_dossier("Un dossier", cls.article)
        hidden = {"section": cls.article.section, "authors": [zoe], "tags": ["Lune"]}
        make_article("LICORNE", **hidden)
        make_published("LICORNE demain", at=timezone.now() + timedelta(hours=1), **hidden)

    PLACES = (
        "/",
        "/rubrique/espace/",
        "/tag/lune/",
        "/auteur/zoe-vent/",
        "/dossier/un-dossier/",
        "/corrections/",
    )

    def test_all_that_has_a_feed_has_it_in_every_format(self):
        for place in self.PLACES:
            for ending, version in (("", "rss20"), ("atom/", "atom10")):
                address = f"{place}feed/{ending}"
                answer = self.client.get(address)
                feed = feedparser.parse(answer.content)
                self.assertFalse(feed.bozo, address)
                self.assertEqual(feed.version, version)
                [entry] = feed.entries
                self.assertEqual(entry.title, "L’avion & <l’oiseau>")
                self.assertEqual(entry.link, f"https://avion.test{self.article.get_absolute_url()}")
                self.assertEqual([each["name"] for each in entry.authors], ["Zoé Vent", "Abel"])
                self.assertIn('href="https://avion.test/autre/"', entry.content[0].value)
                self.assertNotIn(b"LICORNE", answer.content)
                [own] = [each for each in feed.feed.links if each.rel == "self"]
                self.assertEqual(own.href, f"https://avion.test{address}")

    def test_json_feeds_keep_to_their_version(self):
        for place in self.PLACES:
            answer = self.client.get(f"{place}feed/json/")
            self.assertEqual(answer.headers["Content-Type"], "application/feed+json; charset=utf-8")
            feed = json.loads(answer.content)
            self.assertEqual(feed["version"], "https://jsonfeed.org/version/1.1")
            self.assertEqual(feed["feed_url"], f"https://avion.test{place}feed/json/")
            [item] = feed["items"]
            self.assertEqual(item["title"], "L’avion & <l’oiseau>")
            self.assertEqual([author["name"] for author in item["authors"]], ["Zoé Vent", "Abel"])
            self.assertEqual(item["tags"], ["Espace", "Lune"])
            for moment in ("date_published", "date_modified"):
                self.assertIsNotNone(datetime.fromisoformat(item[moment]).tzinfo)
            self.assertNotIn("LICORNE", answer.text)

    def test_an_article_is_the_same_in_all_of_them_whatever_its_address(self):
        def ids():
            rss, atom = (
                feedparser.parse(self.client.get(path).content).entries[0].id
                for path in ("/feed/", "/tag/lune/feed/atom/")
            )
            return {rss, atom, self.client.get("/feed/json/").json()["items"][0]["id"]}

        before = ids()
        self.article.slug = "autre-adresse"
        self.article.save()
        publish(self.article)
        self.assertEqual(ids(), before)
        self.assertEqual(len(before), 1)

    def test_the_main_picture_comes_with_its_credit(self):
        [media] = feedparser.parse(self.client.get("/feed/").content).entries[0].media_content
        self.assertTrue(media["url"].startswith("https://avion.test/media/"))
        self.assertEqual(media["type"], "image/png")
        self.assertContains(self.client.get("/feed/"), "<media:credit>Zoé &amp; Cie</media:credit>")

    def test_whoever_has_it_is_not_sent_it_again(self):
        for path in ("/feed/", "/feed/atom/", "/feed/json/"):
            etag = self.client.get(path).headers["ETag"]
            again = self.client.get(path, headers={"If-None-Match": etag})
            self.assertEqual((again.status_code, again.content), (304, b""))
            self.article.title += " !"
            self.article.save()
            publish(self.article)
            self.assertEqual(
                self.client.get(path, headers={"If-None-Match": etag}).status_code, 200
            )

    def test_a_search_can_be_followed(self):
        feed = feedparser.parse(self.client.get("/recherche/feed/?q=oiseau").content)
        self.assertEqual(len(feed.entries), 1)
        self.assertIn("oiseau", feed.feed.title)
        self.assertEqual(self.client.get("/recherche/feed/atom/?q=licorne").status_code, 200)
        self.assertNotContains(self.client.get("/recherche/feed/json/?q=licorne"), "LICORNE")
        self.assertEqual(self.client.get("/recherche/feed/").status_code, 404)

    def test_a_person_who_opens_it_is_told_what_it_is(self):
        for path in ("/feed/", "/feed/atom/"):
            self.assertContains(self.client.get(path), '<?xml-stylesheet href="/feed.css"')
        browser = {"headers": {"Accept": "text/html,application/xml;q=0.9,*/*;q=0.8"}}
        for path in ("/feed/", "/feed/atom/"):
            shown = self.client.get(path, **browser)
            self.assertEqual(shown.headers["Content-Type"], "application/xml; charset=utf-8")
            self.assertIn("Accept", shown.headers["Vary"])
        style = self.client.get("/feed.css")
        self.assertEqual(style.headers["Content-Type"], "text/css; charset=utf-8")
        self.assertContains(style, "lecteur de flux")
        self.assertNotContains(style, "&#")

    def test_plain_words_are_not_taken_for_markup(self):
        Article.objects.update(standfirst="R&D : <b>gras</b>, 3 < 5")
        publish(Article.objects.get(pk=self.article.pk))
        for path in ("/feed/", "/feed/atom/"):
            found = feedparser.parse(self.client.get(path).content, sanitize_html=False)
            summaries = {unescape(entry.summary) for entry in found.entries}
            self.assertTrue(any("<b>gras</b>, 3 < 5" in each for each in summaries), path)
        items = self.client.get("/feed/json/").json()["items"]
        self.assertTrue(any("<b>gras</b>, 3 < 5" in item["summary"] for item in items))

    def test_what_came_from_wordpress_keeps_its_id(self):
        Article.objects.update(feed_id="https://ancien.example/?p=7")
        publish(Article.objects.get(pk=self.article.pk))
        ids = {item["id"] for item in self.client.get("/feed/json/").json()["items"]}
        self.assertIn("https://ancien.example/?p=7", ids)

    def test_wordpress_feeds_lead_to_feeds(self):
        for old, new in {
            "/feed": "/feed/",
            "/feed/rss2/": "/feed/",
            "/feed/atom": "/feed/atom/",
            "/?feed=atom": "/feed/atom/",
            "/?s=vol&feed=rss2": "/recherche/feed/?q=vol",
            "/category/espace/feed/atom/": "/rubrique/espace/feed/atom/",
            "/category/espace/feed/": "/rubrique/espace/feed/",
            "/author/zoe-vent/feed/": "/auteur/zoe-vent/feed/",
            "/?feed=rss2": "/feed/",
            "/comments/feed/": None,
        }.items():
            self.assertEqual(self.client.get(old).headers.get("Location"), new, old)


class SitemapTests(TestCase):
    def content(self, path):
        """A map, which keeps to its schema."""
        answer = self.client.get(path)
        root = etree.fromstring(answer.getvalue())
        SCHEMA.assertValid(root)
        return root

    def addresses(self, path):
        return [element.text for element in self.content(path).iterfind(".//s:loc", NAMESPACE)]

    def test_they_name_public_addresses_alone(self):
        section = make_section("Espace")
        make_section("Vide")
        make_published("Sorti", section=section, tags=["Lune", "Seul"])
        make_published("Autre", tags=["Lune"], at=datetime(2024, 7, 1, tzinfo=UTC))
        make_published("Ignoré", robots="noindex", at=datetime(2023, 2, 1, tzinfo=UTC))
        make_published("Demain", at=timezone.now() + timedelta(hours=1), tags=["Secret"])
        make_article("Brouillon")
        maps = [urlsplit(each).path for each in self.addresses("/sitemap.xml")]
        self.assertIn("/sitemap-2024-07.xml", maps)
        self.assertNotIn("/sitemap-2023-02.xml", maps)
        found = {address for each in maps for address in self.addresses(each)}
        for address in ("/sorti/", "/autre/", "/rubrique/espace/", "/tag/lune/"):
            self.assertIn(f"https://avion.test{address}", found)
        for hidden in ("demain", "brouillon", "vide", "secret", "ignore", "/tag/seul/"):
            self.assertFalse([address for address in found if hidden in address])
        self.assertEqual(self.client.get("/sitemap-licorne.xml").status_code, 404)
        for old in ("/sitemap_index.xml", "/wp-sitemap.xml"):
            self.assertEqual(self.client.get(old).headers["Location"], "/sitemap.xml")

    def test_the_last_change_is_true(self):
        long_ago = timezone.now() - timedelta(days=400)
        article = make_published("Un", at=long_ago).article
        article.title = "Un, corrigé"
        article.save()
        publish(article)
        month = f"/sitemap-{timezone.localtime(long_ago):%Y-%m}.xml"
        for path in ("/sitemap.xml", month):
            [changed, *_others] = self.content(path).iterfind(".//s:lastmod", NAMESPACE)
            age = timezone.now() - datetime.fromisoformat(changed.text)
            self.assertLess(age, timedelta(minutes=5), path)

    def test_news_are_what_came_out_in_two_days(self):
        SiteSettings.objects.create(pk=1, name="Avion & Cie")
        now = timezone.now()
        make_published("Hier & aujourd'hui", at=now - timedelta(hours=47))
        make_published("Avant", at=now - timedelta(hours=49))
        make_published("Demain", at=now + timedelta(hours=1))
        make_published("Ignoré", robots="noindex")
        root = self.content("/news-sitemap.xml")
        news = "{http://www.google.com/schemas/sitemap-news/0.9}"
        self.assertEqual(
            [title.text for title in root.iter(f"{news}title")], ["Hier & aujourd’hui"]
        )
        self.assertEqual([name.text for name in root.iter(f"{news}name")], ["Avion & Cie"])
        self.assertContains(self.client.get("/robots.txt"), "Sitemap: https://avion.test/news-sit")
