"""The closed vocabulary of a body, from every way in."""

from collections import Counter

import nh3
from django.test import SimpleTestCase
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.publishing.body import clean, parse, text_of

FIGURE = '<figure><img data-file="1"></figure>'


class CleanTests(SimpleTestCase):
    def test_the_vocabulary_passes_unchanged(self):
        for markup in [
            "<p>Un <strong>deux</strong> <em>trois</em> <sub>4</sub><sup>5</sup></p>",
            "<h2>Un</h2><h3>Deux</h3><ul><li>a</li></ul><ol><li>b</li></ol><hr>",
            "<blockquote><p>Citation</p><p><cite>Source</cite></p></blockquote>",
            '<figure><img data-file="12"><figcaption>a</figcaption></figure>',
            "<table><tbody><tr><th>a</th><td>b</td></tr></tbody></table>",
            '<p><a href="https://exemple.fr/?a=1&amp;b=2">lien</a></p>',
            '<p>Il dit <span lang="en">hello</span></p>',
            '<div data-embed="https://video.example/1"></div>',
            '<div data-embed="https://video.example/1" data-title="Un vol"></div>',
            '<p>a<small data-note="">une <em>note</em></small></p>',
            '<aside data-box="factbox"><h3>a</h3><ul><li>b</li></ul></aside>',
            '<aside data-box="specs"><table><tbody><tr><th>a</th></tr></tbody></table></aside>',
            '<aside data-box="see-also"><p><a href="/a/">A</a></p></aside>',
            f'<div data-gallery="">{FIGURE}{FIGURE}</div>',
        ]:
            self.assertEqual(clean(markup), markup)

    def test_boxes_galleries_and_notes_stand_where_they_may(self):
        one, two = (f'<figure><img data-file="{number}"></figure>' for number in (1, 2))
        for markup, cleaned in {
            '<aside data-box="other"><p>a</p></aside>': "<p>a</p>",
            "<aside><p>a</p></aside>": "<p>a</p>",
            '<aside data-box="factbox">a</aside>': '<aside data-box="factbox"><p>a</p></aside>',
            '<aside data-box="factbox"><aside data-box="specs"><p>a</p></aside></aside>': (
                '<aside data-box="factbox"><p>a</p></aside>'
            ),
            '<ul><li>a<aside data-box="factbox"><p>b</p></aside></li></ul>': (
                "<ul><li><p>a</p><p>b</p></li></ul>"
            ),
            "<blockquote>a</blockquote>": "<blockquote><p>a</p></blockquote>",
            '<p>a <span lang="e_n">b</span></p>': "<p>a b</p>",
            '<ul><aside data-box="factbox">a</aside></ul>': "<ul><li><p>a</p></li></ul>",
            f'<div lang="en"><div data-gallery="">{one}{two}</div></div>': (
                f'<div data-gallery="">{one}{two}</div>'
            ),
            '<aside data-box="pullquote"> </aside>': "",
            f'<div data-gallery="1">{one}</div>': one,
            f'<div data-gallery="">{one}a{two}</div>': (
                f'<div data-gallery="">{one}{two}</div><p>a</p>'
            ),
            f"<table><tr><td>a{one}</td></tr></table>": (
                f"<table><tbody><tr><td>a</td></tr></tbody></table>{one}"
            ),
            '<table><tr><td>a<div data-embed="https://v.example/"></div></td></tr></table>b': (
                "<table><tbody><tr><td>a</td></tr></tbody></table>"
                '<div data-embed="https://v.example/"></div><p>b</p>'
            ),
            "<p>a <small>b</small></p>": "<p>a b</p>",
            '<h2>a<small data-note="">b</small></h2>': "<h2>ab</h2>",
            '<p>a<small data-note="x">b<small data-note="">c</small></small></p>': (
                '<p>a<small data-note="">bc</small></p>'
            ),
        }.items():
            self.assertEqual(clean(markup), cleaned, markup)
            self.assertEqual(clean(cleaned), cleaned)

    def test_what_is_outside_goes_and_its_text_stays(self):
        self.assertEqual(clean('<p style="x" onclick="y">a <font>b</font></p>'), "<p>a b</p>")
        self.assertEqual(
            clean("<h1>a</h1><h5>b</h5><p><b>c</b> <i>d</i></p>"),
            "<h2>a</h2><h3>b</h3><p><strong>c</strong> <em>d</em></p>",
        )

    def test_nothing_runs(self):
        for markup in [
            "<script>alert(1)</script>",
            '<p><a href="javascript:alert(1)">a</a></p>',
            "<iframe src='https://x'></iframe>",
            "<svg onload=alert(1)></svg>",
            '<img src="x" onerror="alert(1)">',
            '<div data-embed="javascript:alert(1)"></div>',
            "<style>p{}</style>",
        ]:
            cleaned = clean(markup)
            for danger in ("alert", "javascript:", "script", "iframe", "onerror", "<style"):
                if danger != "alert" or "href" not in markup:
                    self.assertNotIn(danger, cleaned)

    def test_only_pictures_of_the_library_stay(self):
        self.assertEqual(clean('<p>a</p><img src="https://evil.example/x.png">'), "<p>a</p>")
        self.assertEqual(clean('<figure><img src="data:image/png;base64,AA"></figure>'), "")
        kept = clean('<p>a</p><img src="/media/b.jpg" alt="b" data-file="3">')
        self.assertEqual(
            kept,
            '<p>a</p><figure><img alt="b" data-file="3"></figure>',
        )

    def test_loose_text_gets_a_paragraph(self):
        self.assertEqual(clean("Bonjour <em>vous</em>"), "<p>Bonjour <em>vous</em></p>")
        self.assertEqual(clean("<div>a<p>b</p></div>c").count("<p>"), 3)

    def test_an_empty_body_is_empty(self):
        for markup in ("", "<p></p>", "<p> </p><p><br></p>", "\x00"):
            self.assertEqual(clean(markup), "")

    def test_cleaning_twice_changes_nothing_more(self):
        for markup in [
            "a<p>b</p>c<img data-file=2>",
            "<div><div>a</div>b</div>",
            "<p>a &lt; b</p>",
        ]:
            self.assertEqual(clean(clean(markup)), clean(markup))

    def test_pictures_stand_between_paragraphs(self):
        figure = '<figure><img data-file="1"></figure>'
        for markup, cleaned in {
            '<p>a <img data-file="1"> b</p>': f"<p>a </p>{figure}<p> b</p>",
            '<p><a href="/x"><img data-file="1"></a></p>': figure,
            '<h2>T <img data-file="1"></h2>': f"<h2>T </h2>{figure}",
            "<em>a<p>b</p>c</em>": "<p><em>a</em></p><p>b</p><p><em>c</em></p>",
        }.items():
            self.assertEqual(clean(markup), cleaned)

    def test_a_figure_holds_one_picture_and_loses_nothing(self):
        one, two = (f'<figure><img data-file="{number}"></figure>' for number in (1, 2))
        table = "<table><tbody><tr><td>a</td></tr></tbody></table>"
        for markup, cleaned in {
            f"<figure>{table}<figcaption>b</figcaption></figure>": f"{table}<p>b</p>",
            "<figure><blockquote><p>a</p></blockquote></figure>": (
                "<blockquote><p>a</p></blockquote>"
            ),
            f"<figure>{one}{two}<figcaption>a</figcaption></figure>": f"{one}{two}<p>a</p>",
            '<figure><img data-file="1"><img data-file="2"></figure>': one + two,
            '<figure><img src="//x/y"><figcaption>a</figcaption></figure>': "<p>a</p>",
            '<figure><a href="/"><img data-file="1"></a>b</figure>': f"{one}<p>b</p>",
            '<figure><figcaption><img data-file="1">a</figcaption></figure>': (
                one.replace("</figure>", "<figcaption>a</figcaption></figure>")
            ),
            '<figcaption><figure><p>a<img data-file="1"></p></figure></figcaption>': (
                f"{one}<p>a</p>"
            ),
        }.items():
            self.assertEqual(clean(markup), cleaned)

    def test_lists_and_tables_are_made_whole(self):
        for markup, cleaned in {
            "<li>a</li><li>b</li>": "<ul><li>a</li><li>b</li></ul>",
            "<ul><li>a</li><ul><li>b</li></ul></ul>": "<ul><li>a<ul><li>b</li></ul></li></ul>",
            "<ul>a<li>b</li></ul>": "<ul><li>a</li><li>b</li></ul>",
            "<table><caption>a</caption><tr><td>b</td></tr></table>": (
                "<p>a</p><table><tbody><tr><td>b</td></tr></tbody></table>"
            ),
            "<h2></h2><ul><li></ul><table></table><blockquote> </blockquote>": "",
        }.items():
            self.assertEqual(clean(markup), cleaned)

    def test_a_language_reaches_what_it_marks(self):
        self.assertEqual(
            clean('<div lang="en"><p>a</p><p>b</p></div>'), '<p lang="en">a</p><p lang="en">b</p>'
        )
        self.assertEqual(clean('<section lang="en">a</section>'), '<p lang="en">a</p>')

    def test_malformed_addresses_are_no_fault(self):
        self.assertEqual(clean('<p><a href="//[">x</a></p>'), "<p><a>x</a></p>")
        self.assertEqual(clean('<div data-embed="https://[x">'), "")
        self.assertNotIn("javascript", clean('<blockquote cite="javascript:x">a</blockquote>'))

    def test_control_characters_go(self):
        self.assertEqual(clean("<p>a\x0bb\x08\ufffe</p>"), "<p>ab</p>")

    def test_deep_nesting_keeps_its_text(self):
        deep = "<blockquote>" * 300 + "<p>au fond</p>" + "</blockquote>" * 300 + "<p>fin</p>"
        self.assertIn("au fond", clean(deep))
        self.assertIn("fin", clean(deep))


def test_words_are_parted_by_blocks_and_not_by_marks():
    root = parse("<p>super<strong>sonique</strong></p><p>1<sup>er</sup><br>vol</p>")
    assert text_of(root).split() == ["supersonique", "1er", "vol"]


OPENERS = "p h2 ul ol li blockquote figure figcaption table tr td em a div span section".split()
TAGS = [f"<{name}>" for name in OPENERS] + [f"</{name}>" for name in OPENERS]
PIECES = [*TAGS, *"abc ", "<hr>", "<br>", '<img data-file="1">', '<img src="x">']
EMBED = '<div data-embed="https://v.fr/1">'


@given(st.lists(st.sampled_from([*PIECES, EMBED, '<div lang="en">']), max_size=14).map("".join))
@settings(max_examples=2000, deadline=None)
def test_cleaning_twice_changes_nothing_and_loses_no_text(markup):
    once = clean(markup)
    assert clean(once) == once
    read = Counter(char for char in nh3.clean(markup, tags=set()) if char.isalpha())
    assert Counter(char for char in parse(once).text_content() if char.isalpha()) == read
    for picture in parse(once).iter("img"):
        assert picture.getparent().tag == "figure"
