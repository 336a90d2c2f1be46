"""A live WordPress site comes over through its REST API."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import CommandError, call_command

from articles.models import Article, Image, Page
from tests.factories import photograph

pytestmark = pytest.mark.django_db


def post(pk, title, **more):
    values = {
        "id": pk,
        "type": "post",
        "status": "publish",
        "slug": f"article-{pk}",
        "date": "2020-05-01T10:00:00",
        "date_gmt": "2020-05-01T08:00:00",
        "modified_gmt": "2020-05-02T08:00:00",
        "title": {"rendered": title},
        "content": {"rendered": f"<p>{title}, le texte.</p>\n<p>Fin.</p>", "protected": False},
        "excerpt": {"rendered": "<p>Un extrait.</p>"},
        "author": 2,
        "categories": [3],
        "tags": [5],
    }
    return values | more


class OldSite(BaseHTTPRequestHandler):
    """WordPress's API over lists; `posts` are cut into pages as it does."""

    kinds: dict = {}

    def do_GET(self):
        url = urlsplit(self.path)
        if url.path.endswith("photo.jpg"):
            return self.answer(photograph(1), "image/jpeg")
        if url.path == "/wp-json/":
            about = {"name": "L’ancien", "home": self.root, "namespaces": ["wp/v2"]}
            return self.answer(json.dumps(about).encode())
        query = {
            name: int(value[0]) for name, value in parse_qs(url.query).items() if name[0] == "p"
        }
        rows = self.kinds.get(url.path.rpartition("/")[2])
        start = (query.get("page", 1) - 1) * query.get("per_page", 10)
        if rows is None or (start and start >= len(rows)):
            return self.answer(b"{}", status=400)
        return self.answer(json.dumps(rows[start : start + query["per_page"]]).encode())

    def answer(self, body, kind="application/json", status=200):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_said):
        pass


@pytest.fixture
def old_site():
    server = HTTPServer(("127.0.0.1", 0), OldSite)
    OldSite.root = root = f"http://127.0.0.1:{server.server_port}"
    OldSite.kinds = {
        "users": [{"id": 2, "slug": "zoe", "name": "Zoé Vent"}],
        "categories": [{"id": 3, "slug": "defense", "name": "Défense", "parent": 0}],
        "tags": [{"id": 5, "slug": "rafale", "name": "Rafale"}],
        "media": [
            {
                "id": 30,
                "type": "attachment",
                "status": "inherit",
                "slug": "photo",
                "title": {"rendered": "Photo"},
                "alt_text": "Un avion",
                "caption": {"rendered": "<p>En vol</p>"},
                "source_url": f"{root}/wp-content/uploads/2020/05/photo.jpg",
            }
        ],
        "posts": [
            post(10, "L&rsquo;avion", featured_media=30, link=f"{root}/2020/05/article-10/"),
            post(11, "Coupé", excerpt={"rendered": "<p>Le début [&hellip;]</p>\n"}),
            post(12, "Fermé", content={"rendered": "", "protected": True}),
            *(post(pk, f"Article {pk}") for pk in range(100, 220)),
        ],
        "pages": [post(40, "À propos", type="page", slug="a-propos", categories=[], tags=[])],
    }
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield root
    server.shutdown()
    server.server_close()


@pytest.fixture
def come(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"

    def come(address, **options):
        said = StringIO()
        values = {"allow_private_addresses": True, "report": tmp_path, "stdout": said}
        call_command("import_wordpress", from_site=address, stderr=StringIO(), **(values | options))
        return said.getvalue()

    return come


def test_what_is_public_there_is_public_here(old_site, come, client):
    assert "post: 123 new" in come(old_site)
    article = Article.objects.get(slug="article-10")
    copy = article.published
    assert (copy.title, article.standfirst) == ("L’avion", "Un extrait.")
    assert (copy.section.name, [str(tag) for tag in copy.tags]) == ("Défense", ["Rafale"])
    assert [author.name for author in copy.authors] == ["Zoé Vent"]
    assert (copy.hero_image.alt, copy.hero_image.caption) == ("Un avion", "En vol")
    assert Image.objects.count() == 1
    assert Article.objects.get(slug="article-11").standfirst == ""
    assert Article.objects.get(slug="article-12").copy is None
    assert Page.objects.get().title == "À propos"
    assert client.get("/2020/05/article-10/").headers["Location"] == "/article-10/"
    assert "post: 123 unchanged" in come(old_site)


def test_names_may_be_closed(old_site, come):
    del OldSite.kinds["users"]
    come(old_site)
    assert Article.objects.get(slug="article-10").published.authors[0].name == "admin"


def test_what_is_no_site_of_wordpress_is_said(old_site, come):
    with pytest.raises(CommandError, match="réseau privé"):
        come(old_site, allow_private_addresses=False)
    with pytest.raises(CommandError, match="HTTP 400"):
        come(f"{old_site}/nulle-part")
    with pytest.raises(CommandError, match="Name an export"):
        call_command("import_wordpress")
    assert not Article.objects.exists()
