"""A page that is not public: nobody but the desk sees it, nothing leads to it."""

import pytest

from articles.desk.checks import check
from articles.desk.content import content_of
from articles.models import Page, Redirect
from articles.publishing import publish_page
from tests.factories import make_article, make_page

pytestmark = pytest.mark.django_db
SECRET = "licorne"


def hide(page) -> Page:
    page.is_public = False
    publish_page(page)
    return page


@pytest.mark.parametrize("path", ["/", "/sitemap-pages.xml", "/mentions-legales/", "/contact/"])
def test_no_page_of_readers_shows_or_names_it(client, path):
    slug = path.strip("/").replace("sitemap-pages.xml", "") or "une-page"
    page = make_page(f"Une {SECRET}", slug=slug, body=f"<p>{SECRET}</p>", in_footer=True)
    before = client.get(path).text
    assert SECRET in before or f"/{slug}/" in before
    hide(page)
    after = client.get(path).text
    assert SECRET not in after
    if slug == "une-page":
        assert f"/{slug}/" not in after


def test_old_addresses_of_a_hidden_page_are_gone_until_it_is_shown(client):
    page = make_page("Une page", slug="avant")
    page.slug = "apres"
    publish_page(page)
    Redirect.objects.create(path="/plus-tot/", destination="/apres/")
    hide(page)
    assert client.get("/apres/").status_code == 404
    assert client.get("/avant/").status_code == 410
    assert client.get("/plus-tot/").status_code == 410
    page.slug, page.is_public = "ailleurs", True
    publish_page(page)
    for path in ("/avant/", "/plus-tot/", "/apres/"):
        assert client.get(path).headers["Location"] == "/ailleurs/"


def warned(article) -> bool:
    return any("/une-page/" in str(line.text) for line in check(content_of(article), article))


def test_a_link_to_it_is_warned_of():
    page = make_page("Une page", slug="une-page")
    article = make_article(body='<p>Voir <a href="/une-page/">la page</a>.</p>')
    assert not warned(article)
    hide(page)
    assert warned(article)
