"""What is chosen in an order: moved by buttons, taken out, chosen anew."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from articles.publishing import publish
from tests.browser.steps import choose, sign_in
from tests.factories import make_article, make_dossier

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_dossier_is_put_in_order(newsroom, new_page):
    first, second, third = (make_article(title) for title in ("L'essai", "Le vol", "L'avis"))
    publish(first)
    dossier = make_dossier("L'hydrogène", first, second)
    page = new_page(viewport={"width": 390, "height": 900})
    sign_in(page, newsroom["editor"])
    page.goto(f"/admin/articles/dossier/{dossier.pk}/change/")
    rows = page.locator(".chosen-in-order li span")
    expect(rows).to_have_text(["L’essai", "Le vol (brouillon)"])
    choose(page, "id_articles", "avis")
    expect(rows).to_have_text(["L’essai", "Le vol (brouillon)", "L’avis (brouillon)"])
    page.get_by_role("button", name="Monter\u00a0: L’avis").click()
    expect(rows).to_have_text(["L’essai", "L’avis (brouillon)", "Le vol (brouillon)"])
    expect(page.get_by_role("button", name="Monter\u00a0: L’avis")).to_be_focused()
    page.keyboard.press("Enter")  # the focus went along: once more, by the keyboard
    expect(rows).to_have_text(["L’avis (brouillon)", "L’essai", "Le vol (brouillon)"])
    page.get_by_role("button", name="Enlever\u00a0: L’essai").click()
    choose(page, "id_articles", "essai")  # chosen anew it comes last, not where it was
    expect(rows).to_have_text(["L’avis (brouillon)", "Le vol (brouillon)", "L’essai"])
    choose(page, "id_articles", "essai")  # a second time: it stays
    expect(rows).to_have_count(3)
    page.keyboard.press("Escape")
    found = Axe().run(page, context={"include": [[".chosen-in-order"]]}).response["violations"]
    assert not found, [violation["id"] for violation in found]
    page.click("[name=_save]")
    expect(page.locator(".messagelist")).to_be_visible()
    parts = dossier.parts.values_list("article", flat=True)
    assert list(parts) == [third.pk, second.pk, first.pk]
