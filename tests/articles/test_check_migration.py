"""The proof of a move: it passes when nothing was lost, and says what was."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from articles.models import Article, PublishedArticle, Redirect
from articles.wordpress.checking import MOJIBAKE, Site, likeness, readable
from tests.articles.wxr_files import SITE, TEXT, attachment, item, write
from tests.factories import photograph

pytestmark = pytest.mark.django_db(transaction=True)
UPLOADS = f"{SITE}/wp-content/uploads/2020/05"


@pytest.fixture
def moved(tmp_path, settings):
    """A small site that came over: two articles, a picture, a page."""
    settings.MEDIA_ROOT = tmp_path / "media"
    uploads = tmp_path / "uploads/2020/05"
    uploads.mkdir(parents=True)
    (uploads / "photo.jpg").write_bytes(photograph(1))
    path = write(
        tmp_path,
        item(
            10,
            "Le premier",
            f'{TEXT}\n\n<img class="wp-image-30" src="{UPLOADS}/photo.jpg">\n\n'
            f'<a href="{SITE}/2020/05/article-11/">la suite</a>',
            creator="zoe",
            terms=[("category", "chasse", "Chasse"), ("post_tag", "rafale", "Rafale")],
        ),
        item(11, "Le second", creator="zoe"),
        item(12, "Un brouillon", status="draft"),
        item(13, "Sans un mot", "", creator="zoe"),
        item(40, "Une page", type="page", name="une-page", terms=[]),
        attachment(30, "photo.jpg", parent="10", link=f"{SITE}/2020/05/article-10/photo/"),
    )
    options = {"media": str(tmp_path / "uploads"), "report": tmp_path, "stdout": StringIO()}
    call_command("import_wordpress", path, stderr=StringIO(), **options)
    return path


@pytest.fixture
def check(moved, live_server, tmp_path):
    def check():
        said = StringIO()
        options = {"base_url": live_server.url, "report": tmp_path, "stdout": said}
        failed = ""
        try:
            call_command("check_migration", moved, stderr=StringIO(), **options)
        except CommandError as error:
            failed = str(error)
        found = json.loads((tmp_path / "check.json").read_text())
        assert "<table>" in (tmp_path / "check.html").read_text()
        return failed, {row["old"]: row for row in found}

    return check


def test_nothing_was_lost(check):
    failed, found = check()
    assert [row for row in found.values() if row["losses"]] == []
    assert failed == ""
    assert {row["hops"] for row in found.values()} <= {0, 1}
    assert {"/2020/05/article-10/", "/?p=10", "/2020/05/article-13/"} <= set(found)
    assert {"/category/chasse/", "/tag/rafale/", "/author/zoe/"} <= set(found)
    assert "/2020/05/article-12/" not in found  # a draft has no address to lose
    assert found["/2020/05/article-10/"]["likeness"] == 1


def test_every_loss_is_said(check):
    article = Article.objects.get(slug="article-10")
    PublishedArticle.objects.filter(pk=article.pk).update(
        body='<p>Un mot Ã©crit de travers.</p><p><a href="/nulle-part/">x</a></p>'
    )
    article.published.bylines.all().delete()
    Redirect.objects.filter(path="/2020/05/article-11/").update(destination="/article-13/")
    Redirect.objects.filter(path="/tag/rafale/").delete()
    failed, found = check()
    assert "Something was lost at" in failed
    losses = " | ".join(found["/2020/05/article-10/"]["losses"])
    for loss in (
        "% des mots",
        "caractères abîmés",
        "qui n’y sont plus",
        "/nulle-part/ répond 404",
    ):
        assert loss in losses
    assert "personne" in losses
    assert "la même page que l’article" in " ".join(
        loss for row in found.values() for loss in row["losses"]
    )


def test_a_page_that_does_not_answer_in_time_is_a_loss(check, monkeypatch):
    ask = Site._ask

    def slow(self, method, path):
        if path == "/?p=10":
            raise TimeoutError
        return ask(self, method, path)

    monkeypatch.setattr(Site, "_ask", slow)
    _failed, found = check()
    assert {old for old, row in found.items() if row["losses"]} == {"/?p=10"}
    assert found["/?p=10"]["losses"] == ["pas de réponse en 30\u202fs"]


def test_files_that_stayed_on_the_old_site_are_a_loss(check):
    link = f'<p><a href="{UPLOADS}/perdu.pdf">plan</a> <a href="http://[">x</a></p>'
    copy = PublishedArticle.objects.get(slug="article-10")
    PublishedArticle.objects.filter(pk=copy.pk).update(body=copy.body + link)
    _failed, found = check()
    assert "perdu.pdf" in " ".join(found["/2020/05/article-10/"]["losses"])


def test_a_site_that_does_not_answer_is_said(moved, tmp_path):
    with pytest.raises(CommandError, match="refused"):
        call_command("check_migration", moved, base_url="http://127.0.0.1:9", report=tmp_path)
    with pytest.raises(CommandError, match="must begin"):
        call_command("check_migration", moved, base_url="avion.example", report=tmp_path)


def test_words_are_compared_as_readers_see_them():
    old = '<!-- wp:image {"id":1} --><p>L’<b>é</b>té &amp; [gallery ids="1"]</p><script>x</script>'
    assert readable(old) == "L’été &"
    assert likeness("Un été été", "un ete") == (pytest.approx(2 / 3), ["ete"])
    assert likeness("", "rien") == (1.0, [])


@pytest.mark.parametrize(
    ("text", "is_broken"),
    [("dÃ©jÃ\xa0", True), ("lâ€™avion", True), ("Â«", True), ("Âme, déjà, l’avion", False)],
)
def test_broken_characters_are_known(text, is_broken):
    assert bool(MOJIBAKE.search(text)) is is_broken
