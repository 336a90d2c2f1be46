from django.test import TestCase
from django.urls import reverse

from articles.desk.checks import check
from articles.desk.content import EMPTY
from articles.models import PublishedArticle, Tag
from authors import roles
from tests.factories import make_article, make_image, make_published, make_user


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

    def test_tags_that_are_likely_the_same_are_found(self):
        for one, other in [("F-35", "f35"), ("F-35", "F 35s"), ("Rafale", " rafales")]:
            Tag.objects.all().delete()
            tag = Tag.objects.named(one)
            self.assertEqual(list(Tag.objects.looking_like(other)), [tag])
            self.assertEqual(list(Tag.objects.with_twins()), [])
            twins = {tag, Tag.objects.named(other)}
            self.assertEqual(set(Tag.objects.with_twins()), twins)
        self.assertEqual(list(Tag.objects.looking_like("Rafale")), [twins.difference({tag}).pop()])
        for name in ("F-16", "!?", "Mirage"):
            self.assertEqual(list(Tag.objects.looking_like(name)), [])


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

    def test_tags_that_look_alike_are_found_to_be_merged(self):
        for name in ("F-35", "f35", "Mirage"):
            Tag.objects.named(name)
        page = self.client.get(self.address, {"use": "twins"})
        self.assertContains(page, "F-35")
        self.assertContains(page, "f35")
        self.assertNotContains(page, "Mirage")

    def test_search_fields_propose_tags_with_their_uses(self):
        make_article(tags=["F-35"])
        query = {"app_label": "articles", "model_name": "tagging", "field_name": "tag"}
        answer = self.client.get(reverse("admin:autocomplete"), query | {"term": "f35"}).json()
        [found] = answer["results"]
        self.assertEqual((found["text"], found["uses"]), ("F-35", 1))

    def test_the_form_says_which_tag_a_new_one_looks_like(self):
        Tag.objects.named("F-35")
        said = "Le mot-clé «\u202ff35\u202f» ressemble à «\u202fF-35\u202f»"
        lines = [line.text for line in check(EMPTY | {"tags": ["f35"]})]
        self.assertTrue(any(said in line for line in lines), lines)
        lines = [line.text for line in check(EMPTY | {"tags": ["f-35"]})]
        self.assertFalse(any("ressemble" in line for line in lines), lines)

    def test_the_page_of_a_tag_shows_its_picture(self):
        make_published(tags=["Rafale"])
        image = make_image(credit="Agence Nuage")
        Tag.objects.update(image=image)
        page = self.client.get("/tag/rafale/")
        self.assertContains(page, image.file.url)
        self.assertContains(page, "Agence Nuage")

    def test_counts_by_author_stay_right_after_a_merge(self):
        copy = make_published(tags=["Rafale", "Rafales"])
        keep, drop = Tag.objects.named("Rafale"), Tag.objects.named("Rafales")
        self.merge([keep, drop], target=keep.pk)
        page = self.client.get(copy.authors[0].get_absolute_url())
        self.assertContains(page, "1 article")
        self.assertNotContains(page, "2 articles")
