"""What the editor adds to the text, typed and read back: as saved, and as readers get it."""

import pytest
from playwright.sync_api import expect

from articles.models import Article
from articles.publishing import publish
from articles.publishing.rendering import render_body
from tests.browser.steps import press, sign_in
from tests.factories import make_article, make_image

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page(newsroom, new_page):
    page = new_page(viewport={"width": 1440, "height": 1000})
    sign_in(page, newsroom["journalist"])
    page.goto("/admin/articles/article/add/")
    page.fill("#id_title", "Un essai")
    page.locator(".tiptap").click()
    return page


def pictures(page):
    """Open the chooser of pictures for a gallery."""
    with page.expect_popup() as popup:
        tool(page, "gallery")
    popup.value.wait_for_load_state()
    return popup.value


def tool(page, name):
    page.locator(f".prose-menubar [data-name={name}]").click()


def saved(page):
    press(page, "_continue")
    return Article.objects.get(title="Un essai").body


def test_a_footnote_is_typed_where_it_is_called_and_numbers_itself(page):
    page.keyboard.type("Le premier vol")
    tool(page, "footnote")
    page.keyboard.type("En mai 1986.")
    page.keyboard.press("ArrowRight")
    page.keyboard.type(" et le second")
    page.keyboard.press("Control+Shift+F")
    page.keyboard.type("En juin.")
    body = saved(page)
    assert body == (
        '<p>Le premier vol<small data-note="">En mai 1986.</small> et le second'
        '<small data-note="">En juin.</small></p>'
    )
    html, _text = render_body(body)
    assert 'id="call-2"' in html
    assert '<li id="note-1">En mai 1986.' in html


def test_boxes_open_close_and_are_read_back(page):
    page.keyboard.type("Le texte.")
    tool(page, "specs")
    expect(page.locator(".tiptap aside[data-box=specs] th").first).to_have_text("Constructeur")
    page.locator(".tiptap aside td").first.click()
    page.keyboard.type("Dassault Aviation")
    page.locator(".tiptap > p").first.click()
    tool(page, "factbox")
    page.locator(".tiptap aside[data-box=factbox] p").click()  # waits for the box to be there
    page.keyboard.type("Un point.")
    page.locator(".tiptap > p").first.click()
    tool(page, "pullquote")
    body = saved(page)
    assert body.startswith('<aside data-box="pullquote"><p>Le texte.</p></aside>')
    assert '<aside data-box="factbox"><h3>L’essentiel</h3><p>Un point.</p></aside>' in body
    assert "<p>Dassault Aviation</p>" in body
    page.locator(".tiptap aside[data-box=pullquote] p").click()
    tool(page, "pullquote")
    assert saved(page).startswith("<p>Le texte.</p>")


def test_a_gallery_takes_pictures_one_after_another(page, newsroom):
    other = make_image(title="Autre")
    chooser = pictures(page)
    for picture in (newsroom["image"], other):
        chooser.locator(f"[data-picture='{picture.pk}']").click()
        expect(page.locator(f".tiptap img[data-file='{picture.pk}']")).to_be_visible()
    chooser.close()
    body = saved(page)
    assert body.startswith('<div data-gallery=""><figure')
    assert body.count("<figure") == 2
    html, _text = render_body(body)
    assert html.startswith('<div class="gallery"><figure>')


def test_no_figure_lands_in_a_cell(page, newsroom):
    tool(page, "table")
    page.locator(".prose-editor-dialog [type=submit]").click()
    page.locator(".tiptap td").first.click()
    page.keyboard.type("a")
    chooser = pictures(page)
    chooser.locator("[data-picture]").first.click()
    expect(page.locator(".tiptap figure")).to_be_visible()
    chooser.close()
    page.locator(".tiptap td").first.click()
    tool(page, "embed")
    page.locator(".prose-editor-dialog input[name=address]").fill("https://youtu.be/dQw4w9WgXcQ")
    page.locator(".prose-editor-dialog input[name=title]").fill("Le vol")
    page.locator(".prose-editor-dialog [type=submit]").click()
    expect(page.locator(".tiptap > [data-embed]")).to_be_visible()
    assert page.locator(".tiptap table :is(figure, [data-embed])").count() == 0
    body = saved(page)
    assert "<p>a</p>" in body
    assert '<div data-embed="https://youtu.be/dQw4w9WgXcQ" data-title="Le vol"></div>' in body


def test_an_article_is_linked_by_words_of_its_title(page, newsroom):
    publish(make_article("Le Rafale à l'export", slug="rafale-export"))
    make_article("Le Rafale en brouillon")
    page.keyboard.type("Voir ")
    page.keyboard.press("Control+Shift+L")
    page.locator(".finder input").fill("raf expor")
    expect(page.locator(".found button")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(".tiptap a")).to_have_text("Le Rafale à l’export")
    tool(page, "seeAlso")
    page.locator(".found button").first.click()
    body = saved(page)
    link = '<a href="/rafale-export/">Le Rafale à l’export</a>'
    assert body == f'<p>Voir {link}</p><aside data-box="see-also"><p>{link}</p></aside>'


def test_quotes_and_apostrophes_are_typed_as_french_has_them(page):
    page.keyboard.type('Il dit "l\'avion"... puis <<rien>>')
    page.keyboard.press("Control+Shift+Space")
    assert saved(page) == ("<p>Il dit «\u202fl’avion\u202f»… puis «\u202frien\u202f»\u00a0</p>")
    expect(page.locator(".tiptap .prose-editor-nbsp").first).to_be_attached()


def test_undo_takes_back_everything(page):
    page.keyboard.type("Un mot")
    tool(page, "factbox")
    expect(page.locator(".tiptap aside")).to_be_visible()
    page.locator(".tiptap > p").first.click()
    page.keyboard.press("Control+Z")
    expect(page.locator(".tiptap aside")).to_have_count(0)


def test_the_form_counts_words_and_shows_what_publishing_will_set(page):
    page.keyboard.type("Il vole : deux heures")
    counter = page.locator(".field-body .counter")
    expect(counter).to_contain_text("4 mots · 21 signes · 1 min de lecture")
    page.locator("summary", has_text="mettra en forme").click()
    expect(page.locator("#typesetting ins")).to_have_text("vole\u00a0:")
    expect(page.locator("#appearance .as-found-title").first).to_have_text("Un essai")


def test_a_note_is_written_on_the_passage_selected_and_marked_in_the_text(page):
    page.keyboard.type("Un premier vol de deux heures.")
    press(page, "_continue")
    page.locator(".tiptap p").evaluate(
        "p => getSelection().setBaseAndExtent(p.firstChild, 0, p.firstChild, 14)"
    )
    expect(page.locator("#note-pick")).to_be_visible()
    page.wait_for_timeout(300)  # milliseconds, until the browser has told of the selection
    page.click("#note-pick")
    expect(page.locator("#note-passage")).to_have_text("Un premier vol")
    page.fill("#id_notes", "Vraiment le premier ?")
    page.fill("#id_standfirst", "Un chapô qui n'est pas enregistré.")
    page.click("button[form=note-form][class=button]")
    expect(page.locator(".notes-list .passage")).to_have_text("Un premier vol")
    expect(page.locator("#notes-panel [role=status]")).to_contain_text("Note ajoutée.")
    assert page.evaluate("String([...CSS.highlights.get('note')][0])") == "Un premier vol"
    page.click("text=Résoudre")
    expect(page.locator(".notes-list .resolved")).to_be_visible()
    assert page.input_value("#id_standfirst") == "Un chapô qui n'est pas enregistré."


def test_the_preview_beside_follows_what_is_typed(page):
    page.click("#open-beside")
    page.locator(".tiptap").click()
    page.keyboard.type("Il vole !")
    shown = page.frame_locator("#beside iframe")
    expect(shown.locator(".body")).to_contain_text("Il vole\u202f!", timeout=15000)
    page.keyboard.type(" Et il se pose.")
    expect(shown.locator(".body")).to_contain_text("Et il se pose.", timeout=15000)
    page.click("#beside [data-device='1280']")
    assert page.locator("#beside iframe").evaluate("frame => frame.clientWidth") == 1280
    dark = page.locator("#beside iframe").get_attribute("src").endswith("theme=dark")
    page.click("#beside [data-theme-of-preview]")
    expect(shown.locator("html")).to_have_attribute("data-theme", "light" if dark else "dark")
    page.click("#beside [data-close]")
    expect(page.locator("#beside")).to_be_hidden()
    assert saved(page) == "<p>Il vole ! Et il se pose.</p>"


def test_a_passage_is_marked_as_of_another_language(page):
    page.keyboard.type("Il dit stealth")
    page.keyboard.press("Control+Shift+ArrowLeft")  # one step: the editor follows selections late
    page.wait_for_function("() => getSelection().toString() === 'stealth'")
    tool(page, "foreign")
    page.locator(".prose-editor-dialog select").select_option("Allemand")
    page.locator(".prose-editor-dialog [type=submit]").click()
    assert saved(page) == '<p>Il dit <span lang="de">stealth</span></p>'


def test_typing_goes_on_behind_what_was_inserted(page, newsroom):
    other = make_image(title="Autre")
    page.keyboard.type("Avant")
    chooser = pictures(page)
    for picture in (newsroom["image"], other):
        chooser.locator(f"[data-picture='{picture.pk}']").click()
        expect(page.locator(f".tiptap img[data-file='{picture.pk}']")).to_be_visible()
    chooser.close()
    page.locator(".tiptap").focus()
    page.keyboard.type("entre")
    tool(page, "embed")
    page.locator(".prose-editor-dialog input[name=address]").fill("http://youtu.be/dQw4w9WgXcQ")
    page.locator(".prose-editor-dialog [type=submit]").click()
    expect(page.locator(".tiptap [data-embed]")).to_be_visible()
    page.keyboard.type("après")
    body = saved(page)
    assert body.count("<figure") == 2
    assert "</div><p>entre</p>" in body
    assert body.endswith('<div data-embed="https://youtu.be/dQw4w9WgXcQ"></div><p>après</p>')


def test_a_picture_comes_by_the_library_alone(page):
    tool(page, "figure")
    field = page.locator(".prose-editor-dialog input[name=imageUrl]")
    expect(field).to_have_attribute("readonly", "")


def test_quotes_open_after_an_elision_and_feet_stay_feet(page):
    page.keyboard.type('L\'"Air Force One" et 5" de plus')
    assert saved(page) == '<p>L’«\u202fAir Force One\u202f» et 5" de plus</p>'
