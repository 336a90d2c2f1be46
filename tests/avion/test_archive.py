"""The site as files: everything that readers can open, and nothing else, without a server."""

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from lxml import html as lxml_html

from articles.models import Redirect
from articles.publishing import publish
from tests.factories import figures, make_article, make_page, make_photograph, make_published

pytestmark = pytest.mark.django_db
SECRET = "Marqueur-Secret"


@pytest.fixture
def archive(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    image = make_photograph()
    make_published("Le Rafale", tags=["Rafale"], body=figures(image), hero_image=image)
    make_published("Voir aussi", body='<p><a href="/le-rafale">Le Rafale</a></p>')
    make_published("Renvoi", body='<p><a href="/ancien/">Ancien</a></p>')
    Redirect.objects.create(path="/ancien/", destination="/le-rafale/")
    make_page("À propos", body="<p>Nous.</p>")
    make_article(SECRET, body=f"<p>{SECRET}</p>")
    publish(make_article(f"{SECRET} demain"), at=timezone.now() + timedelta(days=1))
    target = tmp_path / "site"
    call_command("export", "html", target, stdout=StringIO(), stderr=StringIO())
    return target


def test_every_page_opens_without_a_server(archive):
    for name in ("index.html", "le-rafale/index.html", "tag/rafale/index.html", "feed/index.xml"):
        assert (archive / name).is_file(), name
    page = archive / "voir-aussi/index.html"
    root = lxml_html.fromstring(page.read_bytes())
    links = root.xpath("//article//a[text()='Le Rafale']/@href")
    assert set(links) == {"../le-rafale/index.html"}


def test_what_pages_show_and_lead_to_is_there(archive):
    checked = 0
    for page in archive.rglob("*.html"):
        root = lxml_html.fromstring(page.read_bytes())
        addresses = root.xpath("//img/@src|//link[@rel='stylesheet']/@href|//script/@src")
        for sizes in root.xpath("//@srcset"):
            addresses += [each.split()[0] for each in sizes.split(", ")]
        addresses += [a for a in root.xpath("//a/@href") if a.startswith("..")]
        for address in addresses:
            if "://" not in address and not address.startswith(("/", "#", "data:")):
                path = page.parent / address.partition("#")[0]
                assert path.resolve().is_file(), (page, address)
                checked += 1
    assert checked > 50


def test_an_old_address_leads_on_from_its_file(archive):
    assert "url=../le-rafale/index.html" in (archive / "ancien/index.html").read_text()


def test_nothing_unpublished_is_in_it(archive):
    for file in archive.rglob("*"):
        if file.suffix in {".html", ".xml", ".json", ".txt"}:
            assert SECRET not in file.read_text(), file


def test_a_folder_that_exists_is_not_touched(tmp_path):
    with pytest.raises(CommandError, match="exists"):
        call_command("export", "html", tmp_path)
    assert list(Path(tmp_path).iterdir()) == []
