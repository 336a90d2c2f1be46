"""Readers' pages and the desk in a browser: nothing overflows, nothing shuts anybody out."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command

from authors.models import User
from avion.demo import people
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)
READERS = [
    "/",
    f"/{people.REAL_STORY}/",
    "/huit-meetings-quatre-mois-le-calendrier-aerien-de-l-ete-2025/",
    "/rubrique/armees/",
    "/tag/milan-iv/",
    "/auteur/julien-ferrand/",
    "/archives/",
    "/archives/2024/10/",
    "/recherche/?q=avions",
    "/mentions-legales/",
    "/corrections/",
    "/rien/",
]


@pytest.fixture
def demo(tmp_path):
    call_command("migrate", verbosity=0)
    call_command("load_demo", accounts=tmp_path / "accounts.json")
    editor = User.objects.get(email="redaction@avion.example")
    editor.set_password(PASSWORD)
    editor.save()


def faults(page):
    """What axe finds, as (rule, elements)."""
    # Select2 is Django's own; its inner list is not ours to mend.
    found = Axe().run(page, context={"exclude": [[".select2"]]}).response["violations"]
    return [(rule["id"], [node["html"][:120] for node in rule["nodes"][:3]]) for rule in found]


def test_readers_pages_in_every_light_and_width(demo, new_page):
    found = {}
    for width, scheme in ((320, "light"), (390, "dark"), (1440, "light"), (1920, "dark")):
        page = new_page(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            bypass_csp=True,  # axe itself writes inline styles
        )
        for path in READERS:
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
            if (width, scheme) in {(390, "dark"), (1440, "light")} and (wrong := faults(page)):
                found[path, width] = wrong
    assert found == {}


def test_readers_need_no_javascript(demo, new_page):
    page = new_page(java_script_enabled=False)
    page.goto("/")
    page.locator(".menu a", has_text="Espace").click()
    page.locator("h2 a").first.click()
    assert page.locator("h1").count() == 1
    page.goto("/recherche/")
    page.fill("#q", "ravitailleur")
    page.locator("main form button").click()
    assert page.locator(".listing li").count() > 0


def test_the_desk_shuts_nobody_out(demo, new_page):
    found = {}
    for width, scheme in ((390, "dark"), (1440, "light")):
        page = new_page(
            viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
        )
        page.goto("/admin/")
        if wrong := faults(page):
            found["sign in", width] = wrong
        page.fill("#id_username", "redaction@avion.example")
        page.fill("#id_password", PASSWORD)
        page.click("[type=submit]")
        for name in ("", "articles/article/", "articles/image/", "articles/tag/"):
            page.goto(f"/admin/{name}")
            if wrong := faults(page):
                found[name, width] = wrong
        page.goto("/admin/articles/article/")
        page.locator("#result_list .field-headline a").first.click()
        page.wait_for_selector(".tiptap")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if wrong := faults(page):
            found["form", width] = wrong
        form = page.url
        for name in ("history", "share"):
            page.goto(form.replace("change", name))
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
            if wrong := faults(page):
                found[name, width] = wrong
    assert found == {}
