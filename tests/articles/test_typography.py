"""French typography, rule by rule, and two laws: idempotent, and no letter or digit changes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from articles.publishing.typography import superscripts, typeset, typeset_html
from articles.templatetags.typography import shortened


def shown(text):
    """Make the no-break spaces visible: · is the narrow one, _ the wide one."""
    return text.replace("\u202f", "·").replace("\u00a0", "_")


@pytest.mark.parametrize(
    ("typed", "typeset_text"),
    [
        # High punctuation and the colon
        ("Quoi ? Non ! Oui ; si", "Quoi·? Non·! Oui·; si"),
        ("Quoi? Non!! Ah?!", "Quoi·? Non·!! Ah·?!"),
        ("Il dit : oui", "Il dit_: oui"),
        ("Il dit: oui", "Il dit_: oui"),
        ("à 10:30, au score de 3:2", "à 10:30, au score de 3:2"),
        ("(?)", "(?)"),
        # Addresses
        ("https://a.fr/?x=1;y=2...z et www.b.fr:80!", "https://a.fr/?x=1;y=2...z et www.b.fr:80!"),
        ("écrire à l'adresse a-b@c.fr", "écrire à l’adresse a-b@c.fr"),
        # Apostrophes, dots, dashes
        ("l'avion d'aujourd'hui", "l’avion d’aujourd’hui"),
        ("5'30 et 6'", "5'30 et 6'"),
        ("Et puis...", "Et puis…"),
        ("un mot - un autre", "un mot – un autre"),
        ("porte-avions, F-35, Su-57, Rafale F4.1", "porte-avions, F-35, Su-57, Rafale F4.1"),
        # Quotation marks
        ('Il dit "non".', "Il dit «·non·»."),
        ('"Il a dit "non" hier"', "«·Il a dit “non” hier·»"),
        ('« Il a dit "non" hier »', "«·Il a dit “non” hier·»"),
        ("« mot »", "«·mot·»"),
        ("«mot»", "«·mot·»"),
        ("Il dit “non”.", "Il dit «·non·»."),
        ('10" de neige', '10" de neige'),
        ('l\'"urgence"', "l’«·urgence·»"),
        # Numbers
        ("11 000 soldats et 2 600 autres", "11·000 soldats et 2·600 autres"),
        ("12 345 678", "12·345·678"),
        ("en 2024 600 avions, code 1314", "en 2024 600 avions, code 1314"),
        ("100 km, 900 km/h, 5 000 €, 30 m", "100_km, 900_km/h, 5·000_€, 30_m"),
        ("5€ et 35%", "5_€ et 35·%"),
        ("à 14 h 30, à 14h30, à 9 h", "à 14_h_30, à 14_h_30, à 9_h"),
        # What must not part
        ("le 30 octobre 2024", "le 30_octobre 2024"),
        ("le 1er novembre", "le 1er_novembre"),
        ("au XXIe siècle", "au XXIe_siècle"),
        ("M. Dupont, Mme Durand, MM. Un et Deux", "M._Dupont, Mme_Durand, MM._Un et Deux"),
        ("n° 12, p. 4, Mach 1,6", "n°_12, p._4, Mach_1,6"),
        (
            "n° F-GKXA, n°s 12 et 13, p. XII, Mach deux",
            "n°_F-GKXA, n°s_12 et 13, p._XII, Mach_deux",
        ),
        (
            "M. de Villepin, Mme la ministre, M. d'Estaing",
            "M._de Villepin, Mme_la ministre, M._d’Estaing",
        ),
        ("Pr Durand, Me voici", "Pr_Durand, Me voici"),
        ("48 h, 5 000 h de vol, 14h30-15h45", "48_h, 5·000_h de vol, 14_h_30-15_h_45"),
        ("100 kilomètres, 3 heures, 12 milliards", "100_kilomètres, 3_heures, 12_milliards"),
        ("de 10 000-12 000 m, à -11 000", "de 10·000-12·000_m, à -11·000"),
        ("la Ve République, les XIXe et XXe siècles", "la Ve_République, les XIXe et XXe_siècles"),
        ("a\u00a0-\u00a0b", "a_–_b"),
        ('"www.avion.fr"', "«·www.avion.fr·»"),
        ("“Il a dit “non” hier”", "«·Il a dit “non” hier·»"),
        ('Il dit “oui”. Elle dit "non".', "Il dit «·oui·». Elle dit «·non·»."),
        ("fin de citation “ici” »", "fin de citation “ici”·»"),
        ("un\x08 deux\x0b", "un deux"),
    ],
)
def test_rules(typed, typeset_text):
    assert shown(typeset(typed)) == typeset_text


@pytest.mark.parametrize(
    ("typed", "markup"),
    [
        ("<p><em>Rafale</em> !</p>", "<p><em>Rafale</em>·!</p>"),
        ('<p>"<strong>mot</strong>"</p>', "<p>«·<strong>mot</strong>·»</p>"),
        ("<p><strong>100</strong> km</p>", "<p><strong>100</strong>_km</p>"),
        ('<p><code>a "b" ; c</code> ;</p>', '<p><code>a "b" ; c</code>·;</p>'),
        ('<p><span lang="en">"Hi!"</span> !</p>', '<p><span lang="en">"Hi!"</span>·!</p>'),
        ("<p><a href=\"/l'an?a;b\">l'an</a></p>", '<p><a href="/l\'an?a;b">l’an</a></p>'),
        ("<p>1er, 1re, XXIe, 2e</p>", None),
        ("<p>Le, De, Ce, Me</p>", "<p>Le, De, Ce, Me</p>"),
        ('<p>Il dit "oui</p><p>non"</p>', '<p>Il dit "oui</p><p>non"</p>'),
    ],
)
def test_markup(typed, markup):
    if markup is None:
        markup = "<p>1<sup>er</sup>, 1<sup>re</sup>, XXI<sup>e</sup>, 2<sup>e</sup></p>"
    assert shown(typeset_html(typed)) == markup
    assert typeset_html(typeset_html(typed)) == typeset_html(typed)


def test_superscripts_escape_what_they_do_not_raise():
    assert superscripts("Le 1er <script>") == "Le 1<sup>er</sup> &lt;script&gt;"


PIECES = st.sampled_from(
    [
        *" \u00a0\u202f'\"«»“”’.,;:!?…-–()[]%€h°n<>&\n",
        *["km", "1er", "XXIe", "12", "000", "345", "a", "Le", "M.", "Dupont", "siècle", "Mach"],
        *["http://x.fr/a", "www.a.fr", "x@y.fr", "...", "30", "octobre", "p.", "n°", "10:30"],
        *["F-35", "é", "14h30"],
    ]
)
TEXT = st.lists(PIECES, max_size=14).map("".join)
FRAGMENT = st.lists(
    st.one_of(
        TEXT.map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;")),
        TEXT.map(lambda text: f"<em>{text.replace('&', '&amp;').replace('<', '&lt;')}</em>"),
        st.sampled_from(["<p>", "</p>", "<br>", "<code>a 'b' !</code>", '<i lang="en">"a"</i>']),
    ),
    max_size=8,
).map("".join)


@pytest.mark.parametrize(
    ("text", "most", "short"),
    [
        ("Court.", 20, "Court."),
        ("Un vol de nuit. Puis l'aube se lève.", 20, "Un vol de nuit."),
        ("Un vol. Puis une longue phrase sans fin", 30, "Un vol. Puis une longue…"),
        ("Un prix de 10\u202f000\u00a0euros net", 20, "Un prix de…"),
        ("Il dit : «\u202fNon.\u202f» Et part.", 18, "Il dit : «\u202fNon.\u202f»"),
    ],
)
def test_a_text_is_shortened_after_a_sentence_or_a_word(text, most, short):
    assert shortened(text, most) == short


def letters_and_digits(text):
    return [char for char in text if char.isalnum()]


@given(TEXT)
@settings(max_examples=3000, deadline=None)
def test_typeset_is_idempotent_and_changes_no_letter(text):
    once = typeset(text)
    assert typeset(once) == once
    assert letters_and_digits(once) == letters_and_digits(text)


@given(FRAGMENT)
@settings(max_examples=1000, deadline=None)
def test_typeset_html_is_idempotent_and_changes_no_letter(markup):
    once = typeset_html(markup)
    assert typeset_html(once) == once
    read = [
        lxml_html.fragment_fromstring(each, create_parent="div").text_content()
        for each in (markup or " ", once or " ")
    ]
    assert letters_and_digits(read[0]) == letters_and_digits(read[1])
