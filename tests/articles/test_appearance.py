"""How an unpublished text will look elsewhere."""

from django.test import TestCase
from django.urls import reverse

from articles.desk.appearance import appearance, typeset_changes
from articles.desk.content import EMPTY
from authors import roles
from tests.factories import make_article, make_image, make_user


class AppearanceTests(TestCase):
    def test_what_is_written_for_search_engines_comes_first(self):
        content = EMPTY | {"title": "Un titre !", "standfirst": "Un chapô", "slug": "un-titre"}
        shown = appearance(content)
        self.assertEqual(shown.title, "Un titre\u202f!")
        self.assertEqual((shown.description, shown.image), ("Un chapô", None))
        image = make_image()
        written = {"seo_title": "Autre", "seo_description": "Dit", "hero_image": image.pk}
        shown = appearance(content | written)
        self.assertEqual((shown.title, shown.description, shown.image), ("Autre", "Dit", image))

    def test_what_publishing_sets_otherwise_is_listed_once_with_its_count(self):
        content = EMPTY | {"body": "<p>L'avion vole : il va. L'avion va.</p><p>L'avion !</p>"}
        found = {(change.before, change.after): change.count for change in typeset_changes(content)}
        self.assertEqual(found["L'avion", "L’avion"], 2)
        self.assertEqual(found["vole :", "vole\u00a0:"], 1)
        self.assertEqual(found["L'avion !", "L’avion\u202f!"], 1)
        self.assertEqual(typeset_changes(EMPTY | {"body": "<p>Rien</p>"}), [])

    def test_the_form_shows_both(self):
        self.client.force_login(make_user(roles.EDITOR))
        article = make_article("Un titre", body="<p>Vole !</p>")
        response = self.client.get(reverse("admin:articles_article_change", args=[article.pk]))
        self.assertContains(response, '<span class="prose-editor-nbsp">\u202f</span>!')
        self.assertContains(response, f"/{article.slug}/</p>")
