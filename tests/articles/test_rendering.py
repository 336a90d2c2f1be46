from django.test import TestCase

from articles.images.figures import pictures_in, show
from articles.publishing.rendering import render, render_body
from tests.factories import make_article, make_image


class BodyTests(TestCase):
    def test_a_figure_gets_the_librarys_picture_and_credit(self):
        image = make_image(credit="Agence Nuage", caption="Au sol.")
        html, _text = render_body(
            f'<figure><img src="https://evil.example/x" data-file="{image.pk}"></figure>'
        )
        picture = f'<img data-picture="{image.pk}" data-place="figure" alt="Un avion gris">'
        self.assertIn(picture, html)
        self.assertIn("Au sol.", html)
        self.assertNotIn("evil", html)
        shown = show(html, pictures_in(html))
        self.assertIn(f'src="{image.file.url}" width="64" height="36" alt="Un avion gris"', shown)
        self.assertIn('<span class="credit">Agence Nuage</span>', shown)

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

    def test_an_embed_is_a_card_that_loads_nothing(self):
        html, _text = render_body(
            '<div data-embed="https://www.youtube.com/watch?v=dQw4w9WgXcQ" data-title="Un vol !">'
            '</div><div data-embed="https://www.video.example/1"></div>'
        )
        self.assertIn('href="https://www.youtube.com/watch?v=dQw4w9WgXcQ"', html)
        self.assertIn("Un vol\u202f!", html)
        self.assertIn('href="https://www.video.example/1"', html)
        for loaded in ("iframe", "<img", "<script"):
            self.assertNotIn(loaded, html)

    def test_footnotes_are_numbered_and_read_at_the_end(self):
        html, text = render_body(
            '<p>Un vol <small data-note="">Le <em>premier</em> : en mai</small>, deux'
            '<small data-note="">À Istres</small> !</p><h2>Note 1</h2>'
        )
        self.assertIn('<p>Un vol<sup class="note-call"><a href="#note-1" id="call-1"', html)
        self.assertIn('>2</a></sup>\u202f!</p><h2 id="note-1-2">', html)
        self.assertIn('<li id="note-1">Le <em>premier</em>\u00a0: en mai <a', html)
        self.assertTrue(html.endswith("</li></ol></section>"))
        self.assertIn("À Istres", text)

    def test_a_word_with_a_footnote_is_found_and_labels_are_no_text(self):
        _html, text = render_body(
            '<p>Le Faucheur<small data-note="">Un avion</small> vole</p>'
            '<aside data-box="see-also"><p><a href="/a/">A</a></p></aside>'
        )
        self.assertEqual(text.split(), ["Le", "Faucheur", "vole", "A", "Un", "avion"])

    def test_boxes_are_named_and_tables_of_data_say_what_their_rows_are(self):
        html, _text = render_body(
            '<aside data-box="specs"><table><tr><th>Longueur</th><td>15 m</td></tr></table></aside>'
            '<aside data-box="see-also"><p><a href="/a/">A</a></p></aside>'
        )
        self.assertIn('<aside class="box specs">', html)
        self.assertIn('<th scope="row">Longueur</th>', html)
        self.assertIn('<aside class="box see-also"><p class="box-label">À lire aussi</p>', html)

    def test_rows_of_specifications_that_nobody_filled_in_are_left_out(self):
        row = "<tr><th>%s</th><td>%s</td></tr>"
        filled, empty = row % ("Longueur", "15 m"), row % ("Équipage", "<p></p>")
        box = '<aside data-box="specs"><table><tbody>%s</tbody></table></aside>'
        html, _text = render_body(box % (filled + empty))
        self.assertIn("Longueur", html)
        self.assertNotIn("Équipage", html)
        self.assertEqual(render_body(f"<p>a</p>{box % empty}")[0], "<p>a</p>")

    def test_a_gallery_keeps_the_pictures_that_are_there(self):
        image = make_image()
        figure = '<figure><img data-file="%d"></figure>'
        html, _text = render_body(
            f'<div data-gallery="">{figure % image.pk}{figure % 9999}</div>'
            f'<div data-gallery="">{figure % 9998}{figure % 9999}</div>'
        )
        self.assertEqual(html.count("<figure"), 1)
        self.assertEqual(html.count('class="gallery"'), 1)

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
        self.assertEqual(text.search_title, "defens")
        self.assertIn("rafal", text.search_about.split())
        self.assertEqual(text.search_text, "trois mot ici")
