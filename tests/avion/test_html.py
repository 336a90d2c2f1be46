"""Every kind of public page goes through the W3C's checker."""

import os
import subprocess

import pytest
from django.core.management import call_command

from articles.models import PublishedArticle
from articles.publishing import unpublish
from avion.demo import people
from tests.factories import figures, make_photograph, make_published

PATHS = [
    "/",
    "/page/2/",
    f"/{people.REAL_STORY}/",
    "/rubrique/armees/",
    "/tag/milan-iv/",
    "/auteur/camille-lenoir/",
    "/archives/",
    "/archives/2024/",
    "/archives/2024/10/",
    "/archives/2024/10/30/",
    "/equipe/",
    "/tags/",
    "/recherche/",
    "/recherche/?q=avions",
    "/recherche/?q=introuvable",
    "/a-propos/",
    "/mentions-legales/",
    "/charte/",
    "/transparence/",
    "/mesure-audience/",
    "/accessibilite/",
    "/les-plus-lus/",
    "/dossiers/",
    "/confidentialite/",
    "/contact/",
    "/signaler/",
    "/droit-de-reponse/",
    "/contact/recu/ABCDEFGH/",
    "/corrections/",
    "/charte/",
    "/rien/",
]


@pytest.mark.django_db
def test_pages_are_valid_html(client, tmp_path):
    call_command("load_demo", accounts=tmp_path / "accounts.json")
    with_table = PublishedArticle.objects.live().filter(body__contains="<table").first()
    corrected = PublishedArticle.objects.live().exclude(corrections=[]).first()
    with_quote = PublishedArticle.objects.live().filter(body__contains="<blockquote").first()
    unpublish(with_quote.article, successor=None)
    gone = with_quote.get_absolute_url()
    gallery = f'<div data-gallery="">{figures(make_photograph(1), make_photograph(2))}</div>'
    body = gallery + figures(make_photograph(3, licence="cc-by"))
    pictured = make_published(hero_image=make_photograph(4), body=body).get_absolute_url()
    paths = [*PATHS, pictured, with_table.get_absolute_url(), corrected.get_absolute_url(), gone]
    pages = []
    for number, path in enumerate(paths):
        response = client.get(path)
        assert response.status_code in {200, 404, 410}, path
        page = tmp_path / f"{number}.html"
        page.write_bytes(response.content)
        pages.append(page)
    jar = os.environ["VNU_JAR"]  # bin/test fetches it
    done = subprocess.run(
        ["java", "-jar", jar, "--format", "gnu", *pages],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == "", dict(enumerate(paths))
