"""Pictures within a text: readers see them as the library has them now."""

import json

from django.db.models import ProtectedError
from django.test import TestCase
from django.utils import timezone
from lxml import etree

from articles.admin.widgets import BodyField, BodyWidget
from articles.images import renditions
from articles.models import ArticlePicture, Image, PublishedPicture, Tag
from articles.publishing import publish
from tests.factories import figures, make_article, make_image, make_page, make_published


def body_with(*images) -> str:
    return "<p>Texte.</p>" + figures(*images)


class ReaderTests(TestCase):
    def test_renditions_and_credit_are_those_of_the_moment(self):
        image = make_image()
        article = make_published(body=body_with(image))
        page = self.client.get(article.get_absolute_url())
        self.assertContains(page, f'<img src="{image.file.url}"')
        self.assertContains(page, 'alt="Vu d’en bas"')
        renditions.record(image, renditions.build(image))
        Image.objects.update(credit="Agence d'en face")
        page = self.client.get(article.get_absolute_url())
        key = Image.objects.get().renditions["key"]
        self.assertContains(page, f'<source type="image/webp" srcset="/media/renditions/{key}/full')
        self.assertContains(page, '<span class="credit">Agence d’en face</span>')
        self.assertNotContains(page, "data-credit")
        self.assertNotContains(page, "data-picture")

    def test_pictures_cost_a_page_one_query_however_many_there_are(self):
        images = [make_image() for _ in range(5)]
        article = make_published(body=body_with(*images))
        with self.assertNumQueries(7):
            self.client.get(article.get_absolute_url())

    def test_feeds_show_one_plain_file_each_for_one_query(self):
        images = [make_image() for _ in range(3)]
        for image in images:
            make_published(body=body_with(image))
        with self.assertNumQueries(5):
            feed = self.client.get("/feed/")
        self.assertContains(feed, f"https://avion.test{images[1].file.url}")
        self.assertNotContains(feed, "placeholder")

    def test_the_pictures_of_a_gallery_lead_to_their_largest_file(self):
        image = make_image()
        gallery = f'<div data-gallery="">{figures(image, make_image())}</div>'
        article = make_published(body=f"<p>a</p>{gallery}")
        page = self.client.get(article.get_absolute_url())
        self.assertContains(page, f'<a class="large" href="{image.file.url}"')

    def test_a_lone_quotation_mark_in_a_text_hides_no_picture(self):
        image = make_image()
        body = f'<p>a</p><figure><img alt=\'Un écran de 12" neuf\' data-file="{image.pk}"></figure>'
        page = self.client.get(make_published(body=body).get_absolute_url())
        self.assertContains(page, f'<img src="{image.file.url}"')
        self.assertContains(page, "Un écran de 12&quot; neuf")

    def test_a_tags_picture_has_its_caption_and_its_credit(self):
        image = make_image(caption="Vu d'en bas", credit="Agence Nuage")
        make_published(tags=["Rafale"])
        Tag.objects.update(image=image)
        page = self.client.get("/tag/rafale/")
        self.assertContains(page, '<span>Vu d’en bas</span> <span class="credit">Agence Nuage')

    def test_pages_show_their_pictures_too(self):
        image = make_image(credit="Agence Nuage")
        make_page("À propos", body=body_with(image))
        self.assertContains(self.client.get("/a-propos/"), "Agence Nuage")


class UseTests(TestCase):
    def test_a_used_picture_stays(self):
        image, other = make_image(), make_image()
        article = make_article(body=body_with(image))
        publish(article)
        article.body = body_with(other)
        article.save()
        with self.assertRaises(ProtectedError):
            image.delete()  # readers still see it
        publish(article)
        image.delete()
        self.assertEqual(ArticlePicture.objects.get().image, other)
        self.assertEqual(PublishedPicture.objects.get().image, other)

    def test_words_about_a_picture_are_no_use_of_it(self):
        image = make_image()
        make_published(body=f'<p>écrire data-file="{image.pk}" ici</p>')
        image.delete()


class DeskTests(TestCase):
    def test_the_editor_is_told_where_the_file_is(self):
        image = make_image()
        shown = BodyWidget().format_value(f'<p>a</p><img src="/old.jpg" data-file="{image.pk}">')
        self.assertEqual(shown, f'<p>a</p><img src="{image.file.url}" data-file="{image.pk}">')
        gone = BodyWidget().format_value('<img data-file="999999">')
        self.assertEqual(gone, '<img data-file="999999" src="">')

    def test_a_picture_of_another_site_is_shown_again_as_it_came(self):
        foreign = '<img data-file="photo.jpg">'
        self.assertIn("photo.jpg", BodyWidget().format_value(foreign))

    def test_where_the_file_is_is_no_change_of_the_text(self):
        image = make_image()
        body = body_with(image)
        self.assertFalse(BodyField().has_changed(body, BodyWidget().format_value(body)))
        self.assertTrue(BodyField().has_changed(body, body + "<p>b</p>"))


class SearchEngineTests(TestCase):
    def test_they_are_told_whose_each_picture_is(self):
        hero = make_image(creator="Zoé </script>", source_url="https://agence.example/1")
        inside = make_image(credit="Nous", licence=Image.Licence.OWN)
        shared = make_image(credit="Lui", licence=Image.Licence.CC_BY_SA)
        article = make_published(hero_image=hero, body=body_with(inside, shared))
        page = self.client.get(article.get_absolute_url())
        block = page.content.decode().split('<script type="application/ld+json">')[1]
        graph = json.loads(block.split("</script>")[0])["@graph"]
        first, second, third = [node for node in graph if node["@type"] == "ImageObject"]
        self.assertEqual(first["creator"], {"@type": "Person", "name": "Zoé </script>"})
        self.assertEqual(first["acquireLicensePage"], "https://agence.example/1")
        self.assertEqual(second["creator"], {"@type": "Organization", "name": "Nous"})
        self.assertEqual(second["acquireLicensePage"], "https://avion.test/contact/")
        self.assertEqual(second["contentUrl"], f"https://avion.test{inside.file.url}")
        deed = "https://creativecommons.org/licenses/by-sa/4.0/deed.fr"
        self.assertEqual(third["license"], deed)
        self.assertContains(page, f'Lui · <a rel="license" href="{deed}">CC BY-SA</a>')

    def test_an_article_without_a_picture_says_nothing_of_pictures(self):
        page = self.client.get(make_published().get_absolute_url())
        self.assertContains(page, "ld+json")
        self.assertNotContains(page, '"creditText"')

    def test_the_sitemap_names_the_pictures_that_readers_see_and_no_others(self):
        hero, inside, draft = make_image(), make_image(), make_image()
        article = make_published(hero_image=hero, body=body_with(inside, hero))
        make_article(hero_image=draft)
        address = f"/sitemap-{timezone.localdate():%Y-%m}.xml"
        with self.assertNumQueries(2):
            content = b"".join(self.client.get(address))
        root = etree.fromstring(content)
        space = "{http://www.google.com/schemas/sitemap-image/1.1}"
        addresses = [element.text for element in root.iter(f"{space}loc")]
        wanted = [f"https://avion.test{image.file.url}" for image in (hero, inside)]
        self.assertEqual(addresses, wanted)
        self.assertIn(article.slug, content.decode())
