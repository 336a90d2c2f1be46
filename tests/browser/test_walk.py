"""The walk of the whole product, as two people and a reader take it."""

import re

import pytest
from playwright.sync_api import expect

from articles.models import Article
from articles.slugs import slugify
from tests.browser.steps import choose, press, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_an_empty_page_to_a_withdrawn_article(newsroom, new_page):
    desk = new_page(viewport={"width": 1440, "height": 1000})
    reader = new_page(viewport={"width": 390, "height": 800})

    # A journalist writes, in the editor, with a picture of the library and a new tag.
    sign_in(desk, newsroom["journalist"])
    desk.goto("/admin/articles/article/add/")
    desk.fill("#id_title", "Le premier vol du prototype")
    desk.fill("#id_standfirst", "Il a quitté le sol à 14 h 30.")
    editor = desk.locator(".tiptap")
    editor.click()
    desk.keyboard.type('Le pilote dit : "il vole !" en posant 2 600 litres plus tard.')
    desk.keyboard.press("Enter")
    desk.get_by_title("Gras").click()
    desk.keyboard.type("Une phrase en gras.")
    choose(desk, "id_section", "Essais")
    choose(desk, "id_hero_image", "Prototype")
    desk.locator("#id_tags ~ .select2 .select2-search__field").press_sequentially("Prototypes")
    desk.locator(".select2-results__option", has_text="Prototypes").first.click()

    # Preview saves, and shows the readers' page.
    desk.locator("button[name=_preview]").click()
    page = desk.frame_locator(".viewer")
    expect(page.locator("h1")).to_have_text("Le premier vol du prototype")
    expect(page.locator(".banner")).to_contain_text("Aperçu")
    expect(page.locator(".body")).to_contain_text("«\u202fil vole\u202f!\u202f»")
    article = Article.objects.get()
    assert article.body == (
        "<p>Le pilote dit : «\u202fil vole !\u202f» en posant 2 600 litres plus tard.</p>"
        "<p><strong>Une phrase en gras.</strong></p>"
    )
    assert [tag.name for tag in article.tags.all()] == ["Prototypes"]
    desk.get_by_text("Revenir à l’écriture").first.click()
    press(desk, "_submit")
    expect(desk.locator("button[name=_publish]")).to_have_count(0)
    assert reader.goto("/le-premier-vol-du-prototype/").status == 404
    desk.locator("#logout-form button").click()

    # An editor publishes; the reader reads.
    sign_in(desk, newsroom["editor"])
    desk.goto("/admin/articles/article/?state=review")
    desk.get_by_role("link", name="Le premier vol du prototype").click()
    press(desk, "_publish")
    reader.goto("/")
    reader.get_by_role("heading", name="Le premier vol du prototype").get_by_role("link").click()
    expect(reader.locator(".body")).to_contain_text("2\u202f600 litres")
    expect(reader.locator(".hero img")).to_have_attribute("alt", "Un prototype gris")
    expect(reader.locator(".signature")).to_contain_text("Julie Une")

    # A correction, and other words: readers get both with the next publication, not before.
    desk.locator("#corrections-group .add-row a, #corrections-group a.add-row").first.click()
    desk.fill("#id_corrections-0-wrong", "Nous avions écrit 2 600 litres.")
    desk.fill("#id_corrections-0-right", "Il y en avait 2 400.")
    desk.locator(".tiptap").click()
    desk.keyboard.press("Control+End")
    desk.keyboard.type(" Et une suite.")
    press(desk, "_continue")
    reader.reload()
    assert "Et une suite" not in reader.content()
    press(desk, "_publish")
    reader.reload()
    expect(reader.locator(".correction")).to_contain_text("2\u202f400")
    expect(reader.locator(".body")).to_contain_text("Et une suite.")

    # Another address: the old one leads to it.
    desk.locator("details summary", has_text="Adresse").click()
    desk.fill("#id_slug", "prototype-en-vol")
    press(desk, "_publish")
    reader.goto("/le-premier-vol-du-prototype/")
    expect(reader).to_have_url(re.compile("/prototype-en-vol/$"))

    # Withdrawn: gone, and said to be.
    desk.locator("a.withdraw").click()
    desk.locator("button.withdraw").click()
    expect(desk.locator(".messagelist")).to_contain_text("Retiré")
    assert reader.goto("/prototype-en-vol/").status == 410


def test_the_editor_gives_back_all_that_a_body_may_hold(newsroom, new_page):
    """Open and save: an extension that is missing or throws would lose or freeze the text."""
    image = newsroom["image"]
    body = (
        "<h2>Un</h2><h3>Deux</h3><p>a <strong>b</strong> <em>c</em> <sub>d</sub><sup>e</sup> "
        '<a href="https://exemple.fr/">f</a> <span lang="en">g h</span></p>'
        "<ul><li><p>i</p></li></ul><ol><li><p>j</p></li></ol>"
        "<blockquote><p>k</p><p><cite>l</cite></p></blockquote>"
        f'<figure><img alt="m" data-file="{image.pk}">'
        "<figcaption>n</figcaption></figure><hr>"
        '<div data-embed="https://video.example/1"></div>'
        "<table><tbody><tr><th><p>o</p></th><td><p>p</p></td></tr></tbody></table>"
    )
    page = new_page(viewport={"width": 1440, "height": 1000})
    sign_in(page, newsroom["journalist"])
    article = Article.objects.create(
        title="Tout", slug="tout", body=body, created_by=newsroom["journalist"]
    )
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    page.locator(".tiptap h2").click()
    page.keyboard.press("End")
    page.keyboard.type(" deux trois")
    press(page, "_continue")
    article.refresh_from_db()
    expected = body.replace("<h2>Un</h2>", "<h2>Un deux trois</h2>")
    plain = re.sub(r' (colspan|rowspan)="1"', "", article.body)
    assert plain == expected


def test_the_figure_button_takes_a_picture_from_the_library(newsroom, new_page):
    page = new_page(viewport={"width": 1440, "height": 1000})
    sign_in(page, newsroom["journalist"])
    page.goto("/admin/articles/article/add/")
    page.fill("#id_title", "Avec une figure")
    page.locator(".tiptap").click()
    page.get_by_title("Image", exact=True).click()
    with page.expect_popup() as popup:
        page.locator(".prose-editor-field-with-picker button").click()
    chooser = popup.value
    picture = chooser.get_by_role("button", name=re.compile("Prototype"))
    with chooser.expect_event("close"):
        # It closes on the click: pressed from within, or the driver loses the page in mid-click.
        picture.evaluate("button => void setTimeout(() => button.click())")
    page.locator(".prose-editor-dialog button[type=submit]").click()
    press(page, "_continue")
    body = Article.objects.get().body
    assert f'data-file="{newsroom["image"].pk}"' in body
    assert "<figcaption>Au point fixe.</figcaption>" in body


def test_addresses_are_made_in_the_browser_as_on_the_server(newsroom, new_page):
    page = new_page()
    sign_in(page, newsroom["editor"])
    page.goto("/admin/articles/article/add/")
    titles = ["L'œuvre d'art à l'été", "5 000 € : le 1er vol", "É" * 120, "mot " * 40, "???"]
    for title in titles:
        made = page.evaluate("title => window.URLify(title, 100)", title)
        assert made == slugify(title)
    page.locator("#id_title").press_sequentially("Cœur d'avion")
    expect(page.locator("#id_slug")).to_have_value("coeur-d-avion")
