"""The site as WordPress's export: what goes out comes back the same."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from articles.models import Article, Image, Origin, Page, PublishedArticle, Redirect, Section, Tag
from articles.publishing import publish, unpublish
from articles.publishing.body import clean
from articles.wordpress import wxr
from authors.models import Author
from tests.factories import (
    figures,
    make_article,
    make_author,
    make_image,
    make_page,
    make_published,
    make_section,
)

pytestmark = pytest.mark.django_db
BODY = """<p>Un <strong>mot</strong><small data-note="">La <em>note</em>.</small> &amp; ]]&gt;.</p>
<h2>Titre</h2>
<h3>Sous-titre</h3>
<ul><li>Un</li><li>Deux</li></ul>
<ol><li>Un</li></ol>
<blockquote><p>Dit.</p></blockquote>
<hr>
<table><tbody><tr><th>a</th><td>b</td></tr></tbody></table>
<aside data-box="pullquote"><p>Fort.</p></aside>
<aside data-box="factbox"><h3>Repères</h3><p>Un.</p></aside>
<div data-embed="https://www.youtube.com/watch?v=abcdefgh" data-title="Le film"></div>"""


@pytest.fixture
def site(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    section = make_section("Défense")
    people = [make_author("Zoé Vent"), make_author("Ivan Invité")]
    one, two, hero = make_image(alt="Un"), make_image(alt="Deux"), make_image(caption="En vol")
    gallery = f'<div data-gallery="">{figures(one, two)}</div>'
    figure = f'<figure><img alt="Vu" data-file="{one.pk}"><figcaption>Là</figcaption></figure>'
    public = make_article(
        "Le Rafale, «\u202fvu\u202f» d'ici",
        people,
        ["Rafale", "Chasse"],
        kicker="Essai",
        standfirst="En bref.",
        body=clean(f"{BODY}\n{figure}\n{gallery}"),
        hero_image=hero,
        hero_caption="Au décollage",
        section=section,
        seo_title="Pour les moteurs",
    )
    publish(public, at=timezone.now() - timedelta(days=40))
    make_article("Un brouillon", people[:1], section=section)
    waiting = make_article("À relire", people[:1], section=section)
    Article.objects.filter(pk=waiting.pk).update(stage="review")
    publish(
        make_article("Programmé", people[:1], section=section),
        at=timezone.now() + timedelta(days=3),
    )
    gone = make_published("Retiré", section=section).article
    unpublish(gone)
    Redirect.objects.create(path="/ancien-nom/", destination=public.get_absolute_url())
    make_page("À propos", body="<p>Qui nous sommes.</p>")
    return tmp_path / "site.xml"


def told():
    """Return all that has to come back, without ids."""
    names = {image.pk: image.title for image in Image.objects.all()}

    def body_of(row):
        text = row.body
        for pk, name in names.items():
            text = text.replace(f'data-file="{pk}"', f'data-file="{name}"')
        return "".join(text.split())

    articles = {
        article.title: (
            article.slug,
            article.kicker,
            article.standfirst,
            body_of(article),
            article.hero_image and article.hero_image.title,
            article.hero_caption,
            article.section.name,
            [byline.author.name for byline in article.bylines.all()],
            sorted(str(tag) for tag in article.tags.all()),
            article.seo_title,
            article.state.value,
            article.copy and article.copy.published_at.replace(microsecond=0),
        )
        for article in Article.objects.all()
    }
    images = {
        (image.title, image.alt, image.caption, image.credit) for image in Image.objects.all()
    }
    return articles, images, {page.title: (page.slug, body_of(page)) for page in Page.objects.all()}


def empty():
    for model in (PublishedArticle, Article, Page, Image, Section, Tag, Author, Redirect, Origin):
        model.objects.all().delete()


def test_what_goes_out_comes_back(site, client, settings):
    call_command("export", "wxr", site, stdout=StringIO())
    before, address = told(), Article.objects.get(slug__contains="rafale").get_absolute_url()
    empty()
    said = StringIO()
    options = {"media": str(settings.MEDIA_ROOT), "report": site.parent, "stdout": said}
    call_command("import_wordpress", site, stderr=said, **options)
    for now, then in zip(told(), before, strict=True):
        assert now == then
    assert client.get("/ancien-nom/").headers["Location"] == address


def test_it_is_an_export_of_wordpress(site):
    call_command("export", "wxr", site, stdout=StringIO())
    posts = [entry for entry in wxr.read(site) if isinstance(entry, wxr.Post)]
    assert {post.type for post in posts} == {"attachment", "post", "page"}
    assert len({post.id for post in posts}) == len(posts)
    rafale = next(post for post in posts if "Rafale" in post.title)
    assert "<!-- wp:footnotes /-->" in rafale.content
    assert '<!-- wp:heading {"level": 2} -->' in rafale.content
    assert rafale.meta["_wp_old_slug"] == ["ancien-nom"]
    assert {post.status for post in posts} == {
        "inherit",
        "publish",
        "draft",
        "pending",
        "future",
        "trash",
    }


def test_a_place_that_cannot_be_written_to_is_said(tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        call_command("export", "wxr", tmp_path / "nulle/part.xml")
