from datetime import timedelta
from urllib.parse import urlsplit

import feedparser
from django.test import TestCase
from django.utils import timezone
from lxml import etree

from articles.publishing import publish
from tests.factories import make_article, make_author, make_image, make_published, make_section

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
        self.assertEqual(entry.id, f"https://avion.test/?p={article.pk}")

    def test_sections_tags_and_authors_have_feeds_of_their_own(self):
        author = make_author("Zoé")
        make_published("Dedans", section=make_section("Espace"), authors=[author], tags=["Lune"])
        make_published("Dehors", section=make_section("Terre"))
        for path in ("/rubrique/espace/feed/", "/tag/lune/feed/", "/auteur/zoe/feed/"):
            feed = feedparser.parse(self.client.get(path).content)
            self.assertEqual([entry.title for entry in feed.entries], ["Dedans"], path)
        self.assertEqual(self.client.get("/tag/rien/feed/").status_code, 404)


class SitemapTests(TestCase):
    def addresses(self, path):
        root = etree.fromstring(self.client.get(path).content)
        return [element.text for element in root.iterfind(".//s:loc", NAMESPACE)]

    def test_it_names_public_addresses_alone(self):
        section = make_section("Espace")
        make_section("Vide")
        make_published("Sorti", section=section, tags=["Lune"])
        make_published("Demain", at=timezone.now() + timedelta(hours=1), tags=["Secret"])
        make_article("Brouillon")
        maps = self.addresses("/sitemap.xml")
        self.assertIn("/sitemap-articles.xml", [urlsplit(each).path for each in maps])
        found = {address for each in maps for address in self.addresses(urlsplit(each).path)}
        self.assertIn("https://avion.test/sorti/", found)
        self.assertIn("https://avion.test/rubrique/espace/", found)
        self.assertIn("https://avion.test/tag/lune/", found)
        for hidden in ("demain", "brouillon", "vide", "secret"):
            self.assertFalse([address for address in found if hidden in address])
