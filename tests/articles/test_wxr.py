"""Reading exports: what WordPress writes, what databases leave in it, what attackers send."""

import gzip
from unittest import mock

import pytest

from articles.wordpress import clean_stream, wxr
from tests.articles.wxr_files import FOOT, HEAD, THEME_TESTS, export, item


def entries(path, kind=wxr.Post):
    return [entry for entry in wxr.read(path) if isinstance(entry, kind)]


@pytest.fixture
def write(tmp_path):
    def write(content, name="export.xml"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def test_the_themes_test_data_are_read_whole():
    posts = entries(THEME_TESTS)
    assert len(posts) == 180
    assert entries(THEME_TESTS, wxr.Site)[0].address == "https://wpthemetestdata.wordpress.com"
    assert len(entries(THEME_TESTS, wxr.Author)) == 2
    by_id = {post.id: post for post in posts}
    commented = next(post for post in posts if post.title == "Template: Comments")
    assert len(commented.comments) == 20
    assert not any("email" in name or "IP" in name for name in commented.comments[0])
    sticky = next(post for post in posts if post.title == "Template: Sticky")
    assert sticky.is_sticky
    assert by_id[sticky.id].date_gmt == "2012-01-07 14:07:21"


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_every_version_is_read(write, version):
    text = export(item(7, "Un vol", meta={"clé": "a & b"})).replace(
        "export/1.2", f"export/{version}"
    )
    [post] = entries(write(text))
    assert (post.id, post.title, post.status) == ("7", "Un vol", "publish")
    assert post.said("clé") == "a & b"
    assert post.terms == [("category", "defense", "Défense")]


@pytest.mark.parametrize("size", [7, 64, 64 * 1024])  # so that everything is cut somewhere
def test_what_no_parser_takes_is_mended(write, size):
    text = export(
        item(1, content="<p>a&nbsp;&eacute; \x0b\x00]]> b</p>"),
        "<item><title>Caf&eacute; &amp; T&nbsp;h\x1b&#7;&#x1F600; R&D &inconnu; fin</title>"
        "<wp:post_id>2</wp:post_id></item>",
    )
    with mock.patch.object(clean_stream, "READ", size):
        one, two = entries(write(f"\ufeff\n  {text}"))
    assert one.content == "<p>a&nbsp;&eacute; ]]> b</p>"  # in CDATA, it is HTML's
    assert two.title == "Café & T\xa0h😀 R&D &inconnu; fin"


def test_bytes_of_windows_among_utf_8_are_read(write):
    text = export(item(1, "Été TITRE", content="l’été"))
    [post] = entries(write(text.encode().replace(b"TITRE", b"\xe0 c\x9cur")))
    assert (post.title, post.content) == ("Été à cœur", "l’été")


@pytest.mark.parametrize("encoding", ["iso-8859-1", "utf-16"])
def test_other_encodings_are_read(write, encoding):
    text = export(item(1, "Été")).replace("’", "'").replace("UTF-8", encoding)
    [post] = entries(write(text.encode(encoding)))
    assert post.title == "Été"


def test_a_compressed_export_is_read(write):
    assert len(entries(write(gzip.compress(export(item(1), item(2)).encode())))) == 2


def test_what_breaks_off_is_read_up_to_there_and_said(write):
    path = write(export(item(1), item(2))[:-400])
    reading, found = wxr.read(path), []
    with pytest.raises(wxr.WxrError, match="s’interrompt"):
        found.extend(entry.id for entry in reading if isinstance(entry, wxr.Post))
    assert found == ["1"]
    broken = gzip.compress(export(item(1)).encode())[:-30]
    with pytest.raises(wxr.WxrError, match="compressé"):
        list(wxr.read(write(broken)))


BOMB = """<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
<rss><channel><item><title>&c;</title></item></channel></rss>"""
OUTSIDE = """<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<rss><channel><item><title>&x;</title></item></channel></rss>"""


@pytest.mark.parametrize("attack", [BOMB, OUTSIDE])
def test_entities_of_its_own_are_refused(write, attack):
    with pytest.raises(wxr.WxrError, match="une attaque"):
        list(wxr.read(write(attack)))


@pytest.mark.parametrize(
    "text", ["", "Bonjour", "<html><body>Non</body></html>", HEAD[:600] + FOOT]
)
def test_what_is_no_export_is_said_to_be_none(write, text):
    with pytest.raises(wxr.WxrError):
        list(wxr.read(write(text)))
