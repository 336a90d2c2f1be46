from django.test import TestCase

from articles.models import Tag
from tests.factories import make_article


class TagTests(TestCase):
    def test_case_accents_and_spaces_do_not_part_tags(self):
        article = make_article()
        article.tags.add("Défense aérienne", "rafale")
        article.tags.add("DEFENSE  AÉRIENNE", "Rafale")
        other = make_article(tags=["defense aerienne"])
        self.assertEqual(Tag.objects.count(), 2)
        self.assertEqual(article.tags.count(), 2)
        self.assertEqual(other.tags.get().name, "Défense aérienne")

    def test_setting_tags_replaces_them(self):
        article = make_article(tags=["a", "b"])
        article.tags.set(["B", "c"])
        self.assertEqual(sorted(tag.name for tag in article.tags.all()), ["b", "c"])

    def test_slugs_are_french(self):
        self.assertEqual(Tag.objects.named("Œuvre d'art").slug, "oeuvre-d-art")
        self.assertEqual(Tag.objects.named("F-35").slug, "f-35")
        self.assertEqual(Tag.objects.named("F 35").slug, "f-35-1")
