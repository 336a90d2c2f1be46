"""Redirects that an editor makes: one by one, or from a file."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from articles.models import Redirect
from authors import roles
from tests.factories import make_published, make_user, sign_in_lately

pytestmark = pytest.mark.django_db
ADD = reverse("admin:articles_redirect_add")
IMPORT = reverse("admin:articles_redirect_import")


@pytest.fixture
def desk(client):
    make_published("Un vol", slug="un-vol")
    sign_in_lately(client, make_user(roles.EDITOR))
    return client


def test_an_old_address_leads_on(desk):
    desk.post(ADD, {"path": "/2020/VIEUX-Nom", "destination": "/un-vol"})
    assert Redirect.objects.values_list("path", "destination").get() == (
        "/2020/vieux-nom/",
        "/un-vol/",
    )
    assert desk.get("/2020/vieux-nom/").headers["Location"] == "/un-vol/"
    desk.post(ADD, {"path": "/parti/", "destination": ""})
    assert desk.get("/parti/").status_code == 410
    desk.post(ADD, {"path": "/ailleurs/", "destination": "https://confrere.example/"})
    assert desk.get("/ailleurs/").headers["Location"] == "https://confrere.example/"


def test_a_chain_is_cut_short(desk):
    Redirect.objects.create(path="/deux/", destination="/un-vol/")
    desk.post(ADD, {"path": "/trois/", "destination": "/deux/"})
    assert Redirect.objects.get(path="/trois/").destination == "/un-vol/"


@pytest.mark.parametrize(
    ("path", "destination", "said"),
    [
        ("vieux", "/un-vol/", "Commencez par /"),
        ("//autre.example/", "/un-vol/", "Commencez par /"),
        ("/un-vol/", "/", "Les lecteurs y trouvent"),
        ("/vieux/", "/nulle-part/", "Rien que les lecteurs puissent ouvrir"),
        ("/vieux/", "javascript:alert(1)", "Commencez par / ou https"),
        ("/vieux/", "/vieux/", "vers elle-même"),
        ("/boucle/", "/retour/", "vers elle-même"),
    ],
)
def test_what_leads_nowhere_is_refused(desk, path, destination, said):
    Redirect.objects.create(path="/retour/", destination="/boucle/")
    page = desk.post(ADD, {"path": path, "destination": destination})
    assert said in page.text
    assert Redirect.objects.count() == 1


def send(desk, text):
    file = SimpleUploadedFile(
        "redirections.csv", text if isinstance(text, bytes) else text.encode()
    )
    return desk.post(IMPORT, {"file": file}, follow=True)


def test_a_file_goes_out_and_comes_back(desk):
    for number in range(3):
        Redirect.objects.create(path=f"/vieux-{number}/", destination="/un-vol/")
    Redirect.objects.create(path="/parti/", destination="")
    written = desk.get(reverse("admin:articles_redirect_export"))
    assert "attachment" in written.headers["Content-Disposition"]
    before = list(Redirect.objects.values_list("path", "destination"))
    Redirect.objects.all().delete()
    assert "4 redirections" in send(desk, b"\xef\xbb\xbf" + written.content).text
    assert list(Redirect.objects.values_list("path", "destination")) == before


def test_a_file_comes_in_whole_or_not_at_all(desk):
    page = send(desk, "/bon/,/un-vol/\n/mauvais/,/nulle-part/\nrien,/un-vol/\n")
    assert "2: /mauvais/" in page.text
    assert "3: rien" in page.text
    assert not Redirect.objects.exists()
    assert "UTF-8" in send(desk, b"/\xe9/;/un-vol/").text
