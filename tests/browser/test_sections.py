"""The order of the sections, by drag and by the keys."""

import pytest

from articles.models import Section
from tests.browser.steps import sign_in
from tests.factories import make_section

pytestmark = pytest.mark.django_db(transaction=True)


def test_sections_are_put_in_order_by_drag_and_by_keys(newsroom, new_page):
    for position, name in enumerate(["Armées", "Industrie", "Espace"]):
        section = make_section(name)
        Section.objects.filter(pk=section.pk).update(position=position)
    page = new_page(viewport={"width": 1440, "height": 900})
    sign_in(page, newsroom["editor"])
    page.goto("/admin/articles/section/")
    rows = page.locator("#result_list tbody tr")
    rows.filter(has_text="Espace").locator(".handle").drag_to(rows.filter(has_text="Armées"))
    rows.filter(has_text="Armées").locator(".handle").press("ArrowDown")
    page.click("[name=_save]")
    page.wait_for_load_state()
    names = list(Section.objects.values_list("name", flat=True))
    assert names.index("Espace") < names.index("Industrie") < names.index("Armées")
