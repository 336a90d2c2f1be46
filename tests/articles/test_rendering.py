from django.test import TestCase

from articles.publishing.rendering import render, render_body
from tests.factories import make_article, make_image


class BodyTests(TestCase):
    def test_a_figure_gets_the_librarys_picture_and_credit(self):
        image = make_image(credit="Agence Nuage", caption="Au sol.")
        html, _text = render_body(
            f'<figure><img src="https://evil.example/x" data-file="{image.pk}"></figure>'
        )
        self.assertIn(f'src="{image.file.url}"', html)
        self.assertIn('width="64" height="36"', html)
        self.assertIn("Au sol.", html)
        self.assertIn("Agence Nuage", html)
        self.assertNotIn("evil", html)

    def test_the_articles_own_caption_comes_first_and_keeps_its_markup(self):
        image = make_image(caption="De la photothèque.")
        html, _text = render_body(
            f'<figure><img data-file="{image.pk}">'
            "<figcaption>Un <em>mot</em> !</figcaption></figure>"
        )
        self.assertIn("Un <em>mot</em>\u202f!", html)
        self.assertNotIn("photothèque", html)

    def test_a_missing_picture_leaves_no_hole(self):
        html, _text = render_body('<p>a</p><figure><img data-file="999"></figure>')
        self.assertEqual(html, "<p>a</p>")

    def test_headings_have_ids_of_their_own(self):
        html, _text = render_body("<h2>L'été</h2><h2>L'été</h2>")
        self.assertIn('id="l-ete"', html)
        self.assertIn('id="l-ete-2"', html)

    def test_an_embed_is_a_link_that_loads_nothing(self):
        html, _text = render_body('<div data-embed="https://www.video.example/1"></div>')
        self.assertIn('href="https://www.video.example/1"', html)
        self.assertIn("video.example", html)
        self.assertNotIn("iframe", html)

    def test_links_out_keep_our_window_to_ourselves(self):
        html, _text = render_body('<p><a href="https://autre.fr/">a</a> <a href="/b/">b</a></p>')
        self.assertIn('<a href="https://autre.fr/" rel="noopener">', html)
        self.assertIn('<a href="/b/">', html)

    def test_tables_scroll_in_a_box_of_their_own(self):
        html, _text = render_body("<table><tr><td>a</td></tr></table>")
        self.assertTrue(html.startswith('<div class="table-box" tabindex="0">'))


class RenderTests(TestCase):
    def test_words_are_counted_and_found(self):
        article = make_article("Défense", body="<p>Trois mots ici</p>", tags=["Rafale"])
        text = render(article)
        self.assertEqual(text.word_count, 3)
        for stem in (" defens ", " mot ", " rafal "):
            self.assertIn(stem, text.search_text)
