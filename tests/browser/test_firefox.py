"""The desk in Firefox: written, kept, saved and read back, and nothing complains."""

import pytest
from playwright.sync_api import expect

from articles.models import Article, Buffer
from tests.browser.steps import press, sign_in

CUT_OFF = "status=2152398850"  # NS_BINDING_ABORTED: a face still on its way when the page was left
pytestmark = pytest.mark.django_db(transaction=True)


def test_an_article_is_written_kept_and_saved(newsroom, firefox, live_server, settings):
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    context = firefox.new_context(base_url=live_server.url)
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    sign_in(page, newsroom["journalist"])
    # By the link, as people go: a navigation by the driver is now and then taken for two.
    page.locator("a.begin").click()
    page.wait_for_url("**/article/add/")
    page.fill("#id_title", "Un essai")
    page.locator(".tiptap").click()
    page.keyboard.type('Il dit "l\'avion vole"')
    page.locator("[data-name=footnote]").click()
    page.keyboard.type("En mai.")
    page.keyboard.press("ArrowRight")
    page.keyboard.type(" et se pose.")
    expect(page.locator("#autosave")).to_contain_text("Enregistré à", timeout=15000)
    assert Buffer.objects.filter(data__contains="essai").exists()
    page.click("#open-beside")
    shown = page.frame_locator("#beside iframe")
    expect(shown.locator(".notes li")).to_contain_text("En mai.", timeout=15000)
    page.click("#beside [data-close]")
    press(page, "_continue")
    assert Article.objects.get().body == (
        '<p>Il dit «\u202fl’avion vole\u202f»<small data-note="">En mai.</small> et se pose.</p>'
    )
    context.close()
    assert [error for error in errors if CUT_OFF not in error] == []
