"""Nothing typed is lost: the tab closes, the session ends, the network goes."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from articles.models import Article, Buffer
from tests.browser.steps import press, sign_in
from tests.factories import PASSWORD, make_article

pytestmark = pytest.mark.django_db(transaction=True)
SAVED = "Enregistré à"
FULL_STORAGE = """
const set = Storage.prototype.setItem
Storage.prototype.setItem = function (name, value) {
  if (name.startsWith("avion")) throw new DOMException("full", "QuotaExceededError")
  set.call(this, name, value)
}
"""
SESSION_OVER = ["status of 401", "status of 403"]


@pytest.fixture
def article(newsroom):
    return make_article("L'avion", authors=[newsroom["journalist"].author], body="<p>Début.</p>")


def write(page, text):
    page.locator(".tiptap p").first.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(text)


def test_what_is_typed_is_kept_and_offered_again(newsroom, article, new_page):
    page = new_page(viewport={"width": 1440, "height": 1000})
    sign_in(page, newsroom["journalist"])
    form = f"/admin/articles/article/{article.pk}/change/"
    page.goto(form)
    page.wait_for_timeout(2500)
    assert not Buffer.objects.exists()  # opening is not typing
    write(page, " La suite.")
    expect(page.locator("#autosave")).to_contain_text(SAVED)
    assert Article.objects.get().body == "<p>Début.</p>"

    page.goto(form)
    page.get_by_role("button", name="Reprendre").click()
    expect(page.locator(".tiptap")).to_contain_text("Début. La suite.")
    press(page, "_continue")
    assert Article.objects.get().body == "<p>Début. La suite.</p>"
    assert not Buffer.objects.exists()


def test_closing_the_tab_keeps_the_last_words(newsroom, article, new_page):
    page = new_page()
    sign_in(page, newsroom["journalist"])
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    write(page, " Derniers mots.")
    page.close(run_before_unload=True)
    other = new_page()
    sign_in(other, newsroom["journalist"])
    other.goto(f"/admin/articles/article/{article.pk}/change/")
    expect(other.get_by_role("button", name="Reprendre")).to_be_visible()
    assert "Derniers+mots" in Buffer.objects.get().data


def test_signing_in_again_in_place_loses_nothing(newsroom, article, new_page):
    page = new_page(SESSION_OVER, viewport={"width": 1440, "height": 1000})
    sign_in(page, newsroom["journalist"])
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    page.wait_for_selector(".tiptap")
    Session.objects.all().delete()
    write(page, " Pendant l'absence.")
    page.locator("button[name=_continue]").click()
    dialog = page.locator("#sign-in")
    expect(dialog).to_be_visible()
    expect(page.locator("#sign-in-error")).to_be_hidden()
    page.fill("#sign-in-password", "faux")
    dialog.get_by_role("button").click()
    expect(page.locator("#sign-in-error")).to_be_visible()
    page.fill("#sign-in-password", PASSWORD)
    dialog.get_by_role("button").click()
    expect(dialog).to_be_hidden()
    press(page, "_continue")
    assert Article.objects.get().body == "<p>Début. Pendant l’absence.</p>"


def test_signing_in_again_in_another_tab_does_too(newsroom, article, new_page):
    page = new_page(SESSION_OVER, viewport={"width": 1440, "height": 1000})
    sign_in(page, newsroom["journalist"])
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    page.wait_for_selector(".tiptap")
    Session.objects.all().delete()
    write(page, " Encore.")
    expect(page.locator("#sign-in")).to_be_visible()
    other = page.context.new_page()
    sign_in(other, newsroom["journalist"])
    expect(page.locator("#sign-in")).to_be_hidden()
    press(page, "_continue")
    assert Article.objects.get().body == "<p>Début. Encore.</p>"


def test_without_a_network_the_browser_keeps_the_text(newsroom, article, new_page):
    page = new_page(["ERR_FAILED"], viewport={"width": 1440, "height": 1000})
    sign_in(page, newsroom["journalist"])
    form = f"/admin/articles/article/{article.pk}/change/"
    page.goto(form)
    page.wait_for_selector(".tiptap")
    page.route("**/autosave/", lambda route: route.abort())
    write(page, " Hors ligne.")
    expect(page.locator("#autosave")).to_contain_text("gardé dans ce navigateur")
    page.locator("button[name=_continue]").click()
    page.wait_for_timeout(500)
    expect(page.locator(".tiptap")).to_contain_text("Hors ligne.")  # the form has not gone
    assert Article.objects.get().body == "<p>Début.</p>"
    # The tab is lost. When the server is back, the browser hands over what it kept.
    again = page.context.new_page()
    page.close()
    again.goto(form)
    expect(again.get_by_role("button", name="Reprendre").first).to_be_visible()
    assert "Hors+ligne" in Buffer.objects.get().data


def test_two_editors_see_each_other_and_merge(newsroom, article, new_page):
    one, two = (new_page(["status of 409"], viewport={"width": 1440, "height": 1000}) for _ in "12")
    sign_in(one, newsroom["journalist"])
    sign_in(two, newsroom["editor"])
    for page in (one, two):
        page.goto(f"/admin/articles/article/{article.pk}/change/")
        page.wait_for_selector(".tiptap")
    write(two, " Relu.")
    press(two, "_continue")
    one.locator("#id_title").click()
    one.fill("#id_title", "L'avion vole")
    expect(one.locator("#colleagues")).to_contain_text("Édith Deux a enregistré", timeout=20_000)
    one.locator("button[name=_continue]").click()
    expect(one.locator(".merge")).to_contain_text("Début. Relu.")
    press(one, "_continue")
    saved = Article.objects.get()
    assert (saved.title, saved.body) == ("L'avion vole", "<p>Début. Relu.</p>")


def test_a_double_click_saves_once(newsroom, new_page):
    page = new_page(viewport={"width": 1440, "height": 1000})
    sign_in(page, newsroom["journalist"])
    page.goto("/admin/articles/article/add/")
    page.fill("#id_title", "Deux clics")
    with page.expect_navigation():
        page.locator("button[name=_continue]").dblclick()
    expect(page.locator(".messagelist")).to_be_visible()
    assert Article.objects.count() == 1


def test_a_browser_that_keeps_nothing_still_saves(newsroom, article, new_page):
    page = new_page(viewport={"width": 1440, "height": 1000})
    page.add_init_script(FULL_STORAGE)
    sign_in(page, newsroom["journalist"])
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    write(page, " Sans mémoire.")
    expect(page.locator("#autosave")).to_contain_text(SAVED)
    press(page, "_continue")
    assert Article.objects.get().body == "<p>Début. Sans mémoire.</p>"
