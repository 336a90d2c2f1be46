"""A reader's own light and text size, and sharing: what scripts add to pages that do without."""

import pytest
from playwright.sync_api import expect

from tests.factories import make_published

pytestmark = pytest.mark.django_db(transaction=True)


def test_light_and_size_are_kept_in_the_browser(newsroom, new_page):
    address = make_published().get_absolute_url()
    page = new_page(viewport={"width": 390, "height": 800})
    page.goto("/")
    paper = "() => getComputedStyle(document.documentElement).backgroundColor"
    size = "() => parseFloat(getComputedStyle(document.documentElement).fontSize)"
    before = page.evaluate(paper), page.evaluate(size)
    expect(page.get_by_label("comme l’appareil")).to_be_checked()
    page.get_by_label("sombre").check()
    page.get_by_label("très grande").check()
    page.goto(address)
    assert page.evaluate(paper) != before[0]
    assert page.evaluate(size) > before[1] * 1.3
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(page.get_by_label("sombre")).to_be_checked()
    page.get_by_label("comme l’appareil").check()
    page.reload()
    assert page.evaluate(paper) == before[0]
    assert page.context.cookies() == []


def test_the_link_is_copied(newsroom, new_page):
    article = make_published("Un vol")
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(article.get_absolute_url())
    page.get_by_role("button", name="Copier le lien").click()
    expect(page.locator(".share [role=status]")).to_have_text("Lien copié.")
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied == f"https://avion.test{article.get_absolute_url()}"


def test_without_scripts_no_button_promises_anything(newsroom, new_page):
    page = new_page(java_script_enabled=False)
    page.goto(make_published().get_absolute_url())
    for name in ("Partager", "Copier le lien", "Imprimer"):
        expect(page.get_by_role("button", name=name)).to_be_hidden()
    expect(page.locator(".reading-settings")).to_be_hidden()
    page.get_by_text("Envoyer par…").click()
    expect(page.get_by_role("link", name="E-mail")).to_be_visible()
