from django.test import TestCase
from django.urls import reverse

from articles.models import PublishedArticle, Tag
from authors import roles
from tests.factories import make_article, make_published, make_user


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


class TagDeskTests(TestCase):
    def setUp(self):
        self.client.force_login(make_user(roles.EDITOR))
        self.address = reverse("admin:articles_tag_changelist")

    def test_a_new_name_keeps_the_old_address_working(self):
        article = make_published(tags=["F 35"])
        tag = article.tags[0]
        page = reverse("admin:articles_tag_change", args=[tag.pk])
        self.client.post(page, {"name": "F-35", "slug": "f-35"})
        self.assertEqual(self.client.get("/tag/f-35/").status_code, 200)
        tag.refresh_from_db()
        self.client.post(page, {"name": "F-35", "slug": "f-35-lightning"})
        self.assertRedirects(self.client.get("/tag/f-35/"), "/tag/f-35-lightning/", status_code=301)

    def merge(self, tags, **fields):
        data = {"action": "merge", "_selected_action": [tag.pk for tag in tags]} | fields
        return self.client.post(self.address, data, follow=True)

    def test_merging_moves_the_articles_and_leads_the_addresses_on(self):
        both = make_published(tags=["Rafale", "Rafales"])
        one = make_published(tags=["Rafales"])
        draft = make_article(tags=["Rafales"])
        keep, drop = Tag.objects.named("Rafale"), Tag.objects.named("Rafales")
        self.assertContains(self.merge([keep, drop]), "Lequel reste")
        self.assertEqual(Tag.objects.count(), 2)
        self.assertContains(self.merge([keep, drop], target=keep.pk), "1 mot-clé réuni")
        self.assertEqual(Tag.objects.get(), keep)
        for copy in PublishedArticle.objects.filter(pk__in=[both.pk, one.pk]):
            self.assertEqual(copy.tags, [keep])
        self.assertEqual(list(draft.tags.all()), [keep])
        self.assertRedirects(self.client.get("/tag/rafales/"), "/tag/rafale/", status_code=301)
        self.assertContains(self.client.get("/tag/rafale/"), "2 articles")

    def test_one_tag_alone_is_not_merged(self):
        tag = Tag.objects.named("Seul")
        self.assertContains(self.merge([tag]), "au moins deux")

    def test_a_journalist_merges_nothing(self):
        tags = [Tag.objects.named("a"), Tag.objects.named("b")]
        self.client.force_login(make_user(roles.JOURNALIST))
        self.merge(tags, target=tags[0].pk)
        self.assertEqual(Tag.objects.count(), 2)

    def test_unused_tags_are_found(self):
        make_article(tags=["Utile"])
        Tag.objects.named("Oublié")
        page = self.client.get(self.address, {"use": "none"})
        self.assertContains(page, "Oublié")
        self.assertNotContains(page, "Utile")
