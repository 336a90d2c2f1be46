"""Readers' pages and the desk in a browser: nothing overflows, nothing shuts anybody out."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.base import ContentFile
from django.core.management import call_command
from playwright.sync_api import expect

from articles.desk import history
from articles.models import Article, Note
from authors.models import User
from avion.demo import people
from avion.models import SiteSettings
from tests.factories import PASSWORD, figures, make_photograph, make_published

pytestmark = pytest.mark.django_db(transaction=True)
READERS = [
    "/",
    f"/{people.REAL_STORY}/",
    "/vingt-deux-ans-apres-son-dernier-vol-le-faucheur-n-31-a-repris-l-air/",
    "/huit-meetings-quatre-mois-le-calendrier-aerien-de-l-ete-2025/",
    "/rubrique/armees/",
    "/tag/milan-iv/",
    "/auteur/julien-ferrand/",
    "/archives/",
    "/archives/2024/10/",
    "/archives/2024/10/30/",
    "/equipe/",
    "/tags/",
    "/recherche/?q=avions",
    "/recherche/?q=introuvable",
    "/mentions-legales/",
    "/contact/",
    "/droit-de-reponse/",
    "/confidentialite/",
    "/charte/",
    "/transparence/",
    "/mesure-audience/",
    "/accessibilite/",
    "/a-propos/",
    "/les-plus-lus/",
    "/dossiers/",
    "/dossier/vigie-3-un-radar-en-orbite/",
    "/corrections/",
    "/rien/",
]


@pytest.fixture
def demo(tmp_path):
    call_command("migrate", verbosity=0)
    call_command("load_demo", accounts=tmp_path / "accounts.json")
    chief = User.objects.get(email="direction@avion.example")
    chief.set_password(PASSWORD)
    chief.save()


def faults(page):
    """What axe finds, as (rule, elements)."""
    # Until their typeface is there, axe takes the names of icons for words.
    page.evaluate("() => document.fonts.ready.then(() => true)")
    # Select2 is Django's own; its inner list is not ours to mend.
    found = Axe().run(page, context={"exclude": [[".select2"]]}).response["violations"]
    return [(rule["id"], [node["html"][:120] for node in rule["nodes"][:3]]) for rule in found]


def test_readers_pages_in_every_light_and_width(demo, new_page):
    gallery = f'<div data-gallery="">{figures(*map(make_photograph, range(4)))}</div>'
    body = gallery + figures(make_photograph(5, licence="cc-by"))
    pictured = make_published(hero_image=make_photograph(6), body=body).get_absolute_url()
    found = {}
    both = [(width, scheme) for width in (390, 1440) for scheme in ("light", "dark")]
    for width, scheme in [(320, "light"), *both, (1920, "dark")]:
        page = new_page(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            bypass_csp=True,  # axe itself writes inline styles
        )
        for path in [*READERS, pictured]:
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
            if (width, scheme) in both and (wrong := faults(page)):
                found[path, width, scheme] = wrong
    assert found == {}


def test_readers_need_no_javascript(demo, new_page):
    page = new_page(java_script_enabled=False)
    page.goto("/")
    page.locator(".menu a", has_text="Espace").click()
    page.locator("h2 a").first.click()
    expect(page.locator("h1")).to_have_count(1)
    page.goto("/recherche/")
    page.fill("#q", "ravitailleur")
    page.locator("main form button").click()
    expect(page.locator(".listing li").first).to_be_visible()


@pytest.fixture
def desk_pages(demo):
    """Addresses of the desk, and for those that a button opens, what leads there."""
    article = Article.objects.get(slug="hydrogene-a-l-aeroport-le-plus-dur-n-est-pas-l-avion")
    Note.objects.create(article=article, text="Sûr ?", passage="l'avion", is_blocking=True)
    old = history.record(article, history.Act.SAVED)
    article.body += "<p>Un paragraphe de plus.</p>"
    article.save()
    article.touch()
    new = history.record(article, history.Act.SAVED)
    one = f"/admin/articles/article/{article.pk}"

    def choose_all(page):
        page.check("#action-toggle")
        page.select_option("select[name=action]", "submit")
        with page.expect_navigation():
            page.click("#changelist .actions button")

    def delete_all(page):
        page.check("#action-toggle")
        page.select_option("select[name=action]", "delete_selected")
        with page.expect_navigation():
            page.click("#changelist .actions button")

    def confirm_all(page):
        choose_all(page)
        with page.expect_navigation():
            page.click("button.default")

    def merge(page):
        article.title = f"{article.title} !"
        article.save()
        article.touch()
        page.fill("#id_title", "Tout autre chose")
        with page.expect_navigation():
            page.click("button[name=_continue]")

    def wear_a_wordmark_without_a_size(page):
        path = '<path d="M0 0h300v40z"/>'
        drawing = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 40">{path}</svg>'
        settings = SiteSettings.load()
        settings.wordmark.save("nom.svg", ContentFile(drawing.encode()))
        page.reload()
        assert page.locator("#site-name .drawn").bounding_box()["width"] > 100

    return [
        ("/admin/", None),
        ("/admin/articles/article/", None),
        ("/admin/articles/image/", None),
        ("/admin/articles/image/upload/", None),
        (f"/admin/articles/image/{article.hero_image_id}/change/", None),
        (f"/admin/articles/image/{article.hero_image_id}/retire/", None),
        ("/admin/front/", None),
        ("/admin/avion/sitesettings/1/change/", wear_a_wordmark_without_a_size),
        ("/admin/articles/dossier/1/change/", None),
        ("/admin/articles/dossier/1/delete/", None),
        ("/admin/articles/dossier/", delete_all),
        ("/admin/articles/tag/", None),
        ("/admin/articles/section/", None),
        ("/admin/articles/article/calendar/", None),
        ("/admin/articles/image/picker/?many=1", None),
        (f"{one}/change/", lambda page: page.wait_for_selector(".prose-menubar [data-name=table]")),
        (f"{one}/history/", None),
        (f"{one}/share/", None),
        (f"{one}/withdraw/", None),
        (f"{one}/viewer/?device=phone", None),
        (f"{one}/compare/?old={old.pk}&new={new.pk}", None),
        ("/admin/articles/article/?q=hydrog", choose_all),
        ("/admin/articles/article/?q=hydrog", confirm_all),
        (f"{one}/change/", merge),
    ]


def test_the_desk_shuts_nobody_out(desk_pages, new_page):
    found = {}
    for width, scheme in ((390, "dark"), (1440, "light")):
        page = new_page(
            expects=["status of 409"],
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            bypass_csp=True,
        )
        page.goto("/admin/")
        if wrong := faults(page):
            found["sign in", width] = wrong
        page.fill("#id_login", "direction@avion.example")
        page.fill("#id_password", PASSWORD)
        page.click("[type=submit]")
        for path, act in desk_pages:
            page.goto(path)
            if act:
                act(page)
            name = getattr(act, "__name__", "")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, name)
            if wrong := faults(page):
                found[path, name, width] = wrong
    assert found == {}
