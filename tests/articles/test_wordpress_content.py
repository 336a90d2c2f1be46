"""WordPress's texts as bodies of articles: classic ones, blocks, and what is in neither."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.publishing.body import clean
from articles.wordpress.autop import autop
from articles.wordpress.content import Sources, convert
from articles.wordpress.php import strings

LIBRARY = {"7": 70, "8": 80, "9": 90}


def sources(**changes):
    def picture(wordpress_id, address):
        return LIBRARY.get(wordpress_id) or (71 if "photo" in address else None)

    values = {
        "picture": picture,
        "file": lambda address: "/media/files/plan.pdf" if "plan" in address else None,
        "page": lambda address: "/le-rafale/" if "ancien.example/2020" in address else None,
        "reusable": lambda key: (
            "<!-- wp:paragraph --><p>Commun.</p><!-- /wp:paragraph -->" if key == "5" else None
        ),
        "attached": lambda: ["8", "9"],
        "is_upload": lambda address: "/uploads/" in address,
    }
    return Sources(**(values | changes))


def body(text, **changes):
    return convert(text, sources(**changes)).body


LONG = "Un long paragraphe en gras. " * 8
CASES = [
    ("Un.\n\nDeux\nlignes.", "<p>Un.</p>\n<p>Deux<br>\nlignes.</p>"),
    ("<p>Un</p>\n\n&nbsp;\n\n<p></p>", "<p>Un</p>"),
    ("<h1>Titre</h1>\nTexte", "<h2>Titre</h2>\n<p>Texte</p>"),
    (
        f"<h3>{'Un long paragraphe en gras. ' * 8}</h3>",
        f"<p>{'Un long paragraphe en gras. ' * 8}</p>",
    ),
    ('<span style="font-weight: bold; color:red">Gras</span>', "<p><strong>Gras</strong></p>"),
    ('<p class="MsoNormal" style="margin:0"><o:p></o:p>Word</p>', "<p>Word</p>"),
    ("Il a dit [sic] et [NDLR : non] et [1].", "<p>Il a dit [sic] et [NDLR : non] et [1].</p>"),
    ("[[gallery]] se montre", "<p>[gallery] se montre</p>"),
    (
        (
            '[caption id="attachment_7" width="300"]<a href="x.jpg"><img class="wp-image-7" src=""'
            ' alt="Un avion"></a> Vu <em>d’en bas</em>[/caption]'
        ),
        (
            '<figure><img alt="Un avion" data-file="70"><figcaption>Vu'
            " <em>d’en bas</em></figcaption></figure>"
        ),
    ),
    (
        (
            '[caption width="9" caption="Ancienne légende"]'
            '<img class="wp-image-7" src="a.jpg">[/caption]'
        ),
        '<figure><img data-file="70"><figcaption>Ancienne légende</figcaption></figure>',
    ),
    (
        'Avant [gallery ids="7,8"] après',
        (
            '<p>Avant</p>\n<div data-gallery=""><figure><img data-file="70"></figure>'
            '<figure><img data-file="80"></figure></div>\n<p>après</p>'
        ),
    ),
    (
        "[gallery]",
        (
            '<div data-gallery=""><figure><img data-file="80"></figure>'
            '<figure><img data-file="90"></figure></div>'
        ),
    ),
    (
        "Voyez\nhttps://www.youtube.com/watch?v=abcdefgh\nla suite",
        (
            "<p>Voyez</p>\n"
            '<div data-embed="https://www.youtube.com/watch?v=abcdefgh"></div>\n<p>la suite</p>'
        ),
    ),
    (
        "[embed]https://youtu.be/abcdefgh[/embed]",
        '<div data-embed="https://youtu.be/abcdefgh"></div>',
    ),
    ("[youtube abcdefgh]", '<div data-embed="https://www.youtube.com/watch?v=abcdefgh"></div>'),
    (
        '<iframe src="//www.youtube.com/embed/abcdefgh?rel=0"></iframe>',
        '<div data-embed="https://www.youtube.com/watch?v=abcdefgh"></div>',
    ),
    (
        "https://exemple.fr/un-article",
        '<p><a href="https://exemple.fr/un-article">https://exemple.fr/un-article</a></p>',
    ),
    (
        '[video mp4="https://ancien.example/wp-content/uploads/plan.mp4"][/video]',
        '<p><a href="/media/files/plan.pdf">plan.mp4</a></p>',
    ),
    (
        '<a href="https://ancien.example/2020/05/rafale/">lien</a>',
        '<p><a href="/le-rafale/">lien</a></p>',
    ),
    (
        '<a href="https://ancien.example/wp-content/uploads/plan.pdf">plan</a>',
        '<p><a href="/media/files/plan.pdf">plan</a></p>',
    ),
    ("<pre>un\ndeux</pre>", "<p>un<br>deux</p>"),
    ("<dl><dt>Mot</dt><dd>Sens</dd></dl>", "<p>Mot</p><p>Sens</p>"),
    (
        (
            '<!-- wp:paragraph {"align":"left"} -->\n<p>Un</p>\n<!-- /wp:paragraph -->\n'
            '<!-- wp:separator -->\n<hr class="wp-block-separator"/>\n<!-- /wp:separator -->\n'
            '<!-- wp:block {"ref":5} /-->'
        ),
        "<p>Un</p>\n\n\n\n<hr>\n\n\n<p>Commun.</p>",
    ),
    (
        (
            '<!-- wp:pullquote --><figure class="wp-block-pullquote"><blockquote><p>Ciel !</p>'
            "<cite>Zoé</cite></blockquote></figure><!-- /wp:pullquote -->"
        ),
        '<aside data-box="pullquote"><p>Ciel !</p><p><cite>Zoé</cite></p></aside>',
    ),
    (
        (
            '<!-- wp:gallery {"ids":[7,8]} --><figure class="wp-block-gallery"><ul>'
            '<li><figure><img data-id="7" src="a.jpg"><figcaption>Une</figcaption></figure></li>'
            '<li><figure><img data-id="8"></figure></li></ul></figure><!-- /wp:gallery -->'
        ),
        (
            '<div data-gallery=""><figure><img data-file="70"><figcaption>Une</figcaption></figure>'
            '<figure><img data-file="80"></figure></div>'
        ),
    ),
    (
        (
            '<!-- wp:embed {"url":"https://vimeo.com/123456"} --><figure class="wp-block-embed">'
            '<div class="wp-block-embed__wrapper">\nhttps://vimeo.com/123456\n</div>'
            "<figcaption>Le film</figcaption></figure><!-- /wp:embed -->"
        ),
        '<div data-embed="https://vimeo.com/123456" data-title="Le film"></div>',
    ),
    (
        (
            '<!-- wp:file --><div class="wp-block-file"><a href="/uploads/plan.pdf">Plan</a>'
            '<a href="x" class="wp-block-file__button" download>Lire</a></div><!-- /wp:file -->'
        ),
        '<p><a href="/media/files/plan.pdf">Plan</a></p>',
    ),
    (
        'Un.\n\n<div class="embed">Mots <b>gras</b></div>',
        "<p>Un.</p>\n<p>Mots <strong>gras</strong></p>",
    ),
    (
        '<p>Mot<sup data-fn="n1" class="fn"><a href="#n1">1</a></sup> suite</p>',
        '<p>Mot<small data-note="">La <em>note</em>.</small> suite</p>',
    ),
]


WORDS_AND_PICTURES = [  # nothing of them may be lost, whatever stands around them
    (
        '<object><embed src="http://www.youtube.com/v/abcdefgh"></object>',
        '<div data-embed="https://www.youtube.com/watch?v=abcdefgh"></div>',
    ),
    (
        '<object data="a.swf"><p>Repli <a href="https://x.example/">là</a></p></object>',
        '<p>Repli <a href="https://x.example/">là</a></p>',
    ),
    (
        '<figure class="wp-block-pullquote"><blockquote>Nus<cite>Lui</cite></blockquote></figure>',
        '<aside data-box="pullquote"><p>Nus</p><p><cite>Lui</cite></p></aside>',
    ),
    (
        (
            '<div class="gallery"><dl><dt><img src="/photo-1.jpg"></dt>'
            '<dd class="wp-caption-text">Là</dd></dl><dl><dt><img src="/photo-2.jpg"></dt></dl>'
            "<p>En plus</p></div>"
        ),
        (
            '<div data-gallery=""><figure><img data-file="71"><figcaption>Là</figcaption></figure>'
            '<figure><img data-file="71"></figure></div><p>En plus</p>'
        ),
    ),
    (
        (
            '<figure class="wp-block-embed"><div class="wp-block-embed__wrapper">'
            "https://youtu.be/abcdefgh</div><figcaption>Vu "
            '<a href="https://x.example/">là</a></figcaption></figure>'
        ),
        (
            '<div data-embed="https://youtu.be/abcdefgh"></div>'
            '<p>Vu <a href="https://x.example/">là</a></p>'
        ),
    ),
    (
        '<dl><dt>T</dt><dd>x<div class="gallery"><img src="/photo.jpg"></div></dd></dl>',
        '<p>T</p><p>x</p><figure><img data-file="71"></figure>',
    ),
    (
        '<iframe src="https://www.google.com/maps?q=12 rue"></iframe>',
        '<div data-embed="https://www.google.com/maps?q=12%20rue"></div>',
    ),
    (
        '<figure class="wp-block-embed"><div>Rien à voir</div></figure>',
        "<p>Rien à voir</p>",
    ),
    (
        (
            '<blockquote class="twitter-tweet"><p>Dit</p><p>'
            '<a href="https://twitter.com/a/status/123456">5 mai</a></p></blockquote>'
        ),
        (
            '<blockquote><p>Dit</p><p><a href="https://twitter.com/a/status/123456">5 mai</a></p>'
            '</blockquote><div data-embed="https://twitter.com/a/status/123456"></div>'
        ),
    ),
]


@pytest.mark.parametrize(("markup", "expected"), WORDS_AND_PICTURES)
def test_words_and_pictures_stay_whatever_stands_around_them(markup, expected):
    text = f"<!-- wp:html -->{markup}<!-- /wp:html -->"
    assert body(text).replace("\n", "") == expected


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_texts_become_bodies(text, expected):
    assert body(text, notes={"n1": "La <em>note</em>."}) == expected


def test_what_cannot_come_along_is_remarked():
    text = (
        '[contact-form-7 id="3"]Reste[/contact-form-7] [su_note]Gardé[/su_note] [ninja_form]'
        '<img src="https://ancien.example/wp-content/uploads/parti.jpg">'
        '<a href="https://ancien.example/wp-content/uploads/perdu.zip">z</a>'
        "<!-- wp:latest-posts /--><!-- wp:acme/box --><p>Du thème</p><!-- /wp:acme/box -->"
    )
    converted = convert(text, sources())
    assert all(words in converted.body for words in ("Reste", "Gardé", "Du thème"))
    assert "[" not in converted.body
    assert set(converted.remarks) == {
        ("shortcode", "contact-form-7"),
        ("shortcode", "su_note"),
        ("shortcode", "ninja_form"),
        ("picture", "https://ancien.example/wp-content/uploads/parti.jpg"),
        ("file", "https://ancien.example/wp-content/uploads/perdu.zip"),
        ("block", "latest-posts"),
        ("block", "acme/box"),
    }


def test_a_captions_picture_is_the_one_in_its_element():
    inner = '<figure><img src="/photo-1.jpg"><figcaption>C2</figcaption></figure>'
    text = f'<!-- wp:html --><ul><li>{inner} et <div class="gallery"><img src="/photo-2.jpg"></div>'
    found = body(f"{text}</li></ul><!-- /wp:html -->")
    assert found.index("C2") < found.rindex("<img")


def test_no_word_is_lost_between_comments_without_a_space():
    assert body("<!-- wp:more--><p>Là</p><!-- /wp:more--><p>Ici</p>") == "<p>Là</p>\n<p>Ici</p>"


def test_a_reusable_block_within_itself_ends():
    assert (
        body('<!-- wp:block {"ref":6} /-->', reusable=lambda _key: '<!-- wp:block {"ref":6} /-->')
        == ""
    )


@given(st.text(alphabet="<>[]/=\"' \nabpé!-wp:{}", max_size=300))
def test_no_text_breaks_it_and_all_is_of_the_vocabulary(text):
    found = body(text)
    assert clean(found) == found


@given(st.lists(st.text("abcé ,.", min_size=1).filter(str.strip), min_size=1, max_size=6))
def test_paragraphs_keep_every_word(paragraphs):
    found = autop("\n\n".join(paragraphs))
    assert found.count("<p>") == len(paragraphs)
    for paragraph in paragraphs:
        assert paragraph.strip() in found


def test_phps_strings_are_found_by_their_names():
    text = 'a:2:{s:10:"image_meta";a:2:{s:6:"credit";s:10:"AFP / Zoé";s:5:"title";s:1:"x";}}'
    assert strings(text)["credit"] == "AFP / Zoé"
    assert strings('s:999:"coupé') == {}
