"""Pictures in a browser: uploading, the focal point, figures in a text, the readers' gallery."""

import re

import pytest
from playwright.sync_api import expect

from articles.models import Article, Image
from tests.browser.steps import press, sign_in
from tests.factories import figures, make_photograph, make_published, photograph

pytestmark = pytest.mark.django_db(transaction=True)
REFUSALS = ["status of 400", "status of 409"]  # a browser complains of answers that we expect
# What a browser does when a file is pasted or dropped; no driver can hold one.
GIVE_FILE = """(element, [kind, name, bytes]) => {
  const data = new DataTransfer()
  data.items.add(new File([new Uint8Array(bytes)], name, { type: "image/jpeg" }))
  const { left, top } = element.getBoundingClientRect()
  const options = { bubbles: true, cancelable: true, clientX: left + 5, clientY: top + 5 }
  element.dispatchEvent(kind === "paste"
    ? new ClipboardEvent("paste", { ...options, clipboardData: data })
    : new DragEvent("drop", { ...options, dataTransfer: data }))
}"""


def file_of(seed, name, **options):
    content = photograph(seed, **options)
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


@pytest.fixture
def desk(newsroom, new_page):
    page = new_page(expects=REFUSALS, viewport={"width": 1440, "height": 1000})
    sign_in(page, newsroom["editor"])
    return page


def test_files_are_sent_one_by_one_and_what_is_there_is_proposed(desk):
    desk.goto("/admin/articles/image/upload/")
    desk.fill("#id_credit", "Agence")
    files = [
        file_of(1, "premier.jpg"),
        {"name": "dessin.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"},
        file_of(1, "encore.jpg", size=(640, 400)),
        file_of(5, "autre.jpg"),
    ]
    desk.set_input_files("#id_files", files)
    desk.get_by_role("button", name="Prendre celle-ci").click()
    rows = desk.locator(".uploads li")
    expect(rows).to_have_count(4)
    expect(rows.nth(3)).to_contain_text("Dans la photothèque")
    expect(rows.nth(1)).to_contain_text("SVG")
    expect(rows.nth(2).get_by_role("link")).to_have_text("premier")
    assert {image.title for image in Image.objects.filter(credit="Agence")} == {"premier", "autre"}


def test_a_copy_that_is_meant_is_kept(desk):
    desk.goto("/admin/articles/image/upload/")
    for name, quality in (("une.jpg", 90), ("autre.jpg", 50)):
        desk.set_input_files("#id_files", [file_of(1, name, quality=quality)])
        if name == "autre.jpg":
            desk.get_by_role("button", name="Garder les deux").click()
        row = desk.locator(".uploads li", has_text=name)
        expect(row).to_contain_text("Dans la photothèque")
    assert Image.objects.filter(title__in=["une", "autre"]).count() == 2


def test_a_click_sets_the_focal_point(desk):
    image = make_photograph()
    desk.goto(f"/admin/articles/image/{image.pk}/change/")
    picture = desk.locator(".focal-frame img")
    box = picture.bounding_box()
    picture.click(position={"x": box["width"] * 0.25, "y": box["height"] * 0.8})
    mark = desk.locator(".focal-mark").bounding_box()
    middle = mark["x"] + mark["width"] / 2
    assert abs(middle - (box["x"] + box["width"] * 0.25)) < 2
    desk.click("[name=_continue]")
    expect(desk.locator("#id_focal_x")).to_have_value(re.compile(r"0[.,]25"))
    image.refresh_from_db()
    assert (round(image.focal_x, 2), round(image.focal_y, 2)) == (0.25, 0.8)


def test_pictures_are_pasted_and_dropped_into_a_text(desk):
    desk.goto("/admin/articles/article/add/")
    desk.fill("#id_title", "Un vol en images")
    text = desk.locator(".tiptap")
    text.click()
    desk.keyboard.type("Un texte.")
    text.evaluate(GIVE_FILE, ["paste", "collee.jpg", list(photograph(1))])
    expect(text.locator("figure img")).to_have_count(1)
    text.locator("p").first.evaluate(GIVE_FILE, ["drop", "posee.jpg", list(photograph(5))])
    expect(text.locator("figure img")).to_have_count(2)
    expect(desk.locator(".pasted")).to_contain_text("dites ce qu’elle montre")
    press(desk, "_continue")
    article = Article.objects.get()
    placed = [int(pk) for pk in re.findall(r'data-file="(\d+)"', article.body)]
    titles = [Image.objects.get(pk=pk).title for pk in placed]
    assert titles == ["posee", "collee"]
    expect(desk.locator("#checks")).to_contain_text("n’a pas de texte alternatif")


def test_a_new_picture_is_put_into_the_text_from_the_chooser(desk):
    desk.goto("/admin/articles/article/add/")
    desk.fill("#id_title", "Un vol en images")
    desk.locator(".tiptap").click()
    desk.get_by_role("button", name="Image", exact=True).click()
    with desk.expect_popup() as popup:
        desk.locator("dialog").get_by_role("button", name=re.compile("Parcourir|Browse")).click()
    chooser = popup.value
    chooser.wait_for_load_state()  # its script is there
    with chooser.expect_event("close"):
        chooser.set_input_files("#id_files", [file_of(1, "choisie.jpg")])
    dialog = desk.locator("dialog[open]")
    expect(dialog.locator("[name=imageUrl]")).to_have_value(re.compile("/media/"))
    dialog.locator("[name=altText]").fill("Un avion au parking")
    dialog.locator("[type=submit]").click()
    picture = desk.locator(".tiptap figure img")
    expect(picture).to_have_attribute("alt", "Un avion au parking")
    press(desk, "_continue")
    image = Image.objects.get(title="choisie")
    assert f'<img alt="Un avion au parking" data-file="{image.pk}">' in Article.objects.get().body


@pytest.fixture
def gallery(newsroom):
    images = [make_photograph(seed, caption=f"Vue {seed}") for seed in range(3)]
    return make_published(body=f'<p>a</p><div data-gallery="">{figures(*images)}</div>')


def test_a_gallery_opens_and_is_turned_over_by_keys(gallery, new_page):
    page = new_page(viewport={"width": 390, "height": 800})
    page.goto(gallery.get_absolute_url())
    links = page.locator(".gallery a.large")
    links.nth(1).focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Galerie")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("status")).to_have_text("2 / 3")
    expect(dialog.locator("figcaption")).to_contain_text("Vue 1")
    expect(dialog.get_by_alt_text("Vu d’en bas")).to_be_visible()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(dialog.get_by_role("status")).to_have_text("1 / 3")
    dialog.get_by_role("button", name="Image précédente").click()
    expect(dialog.get_by_role("status")).to_have_text("3 / 3")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(links.nth(2)).to_be_focused()


def test_without_scripts_a_gallery_scrolls_and_leads_to_its_files(gallery, new_page):
    page = new_page(viewport={"width": 390, "height": 800}, java_script_enabled=False)
    page.goto(gallery.get_absolute_url())
    strip = page.locator(".gallery")
    assert strip.evaluate("strip => strip.scrollWidth > strip.clientWidth")
    assert strip.evaluate("strip => getComputedStyle(strip).scrollSnapType") == "x mandatory"
    page.locator(".gallery a.large").first.click()
    expect(page).to_have_url(re.compile(r"\.jpg$"))


def test_nothing_jumps_while_pictures_come(newsroom, new_page):
    body = figures(make_photograph(1)) + "<p>Texte.</p>" * 3
    article = make_published(hero_image=make_photograph(2), body=body)
    page = new_page(expects=["ERR_FAILED"], viewport={"width": 390, "height": 800})
    page.route(re.compile("woff2"), lambda route: route.abort())  # typefaces move lines by a hair
    page.goto(article.get_absolute_url(), wait_until="networkidle")
    shifts = """() => new Promise((resolve) => {
      const add = (sum, { value }) => sum + value
      const observer = new PerformanceObserver((list) => resolve(list.getEntries().reduce(add, 0)))
      observer.observe({ type: "layout-shift", buffered: true })
      setTimeout(() => resolve(0), 500)
    })"""
    assert page.evaluate(shifts) == 0
