"""Text pasted from elsewhere arrives whole, and as our vocabulary has it."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from articles.models import Article
from tests.browser.steps import press, sign_in

pytestmark = pytest.mark.django_db(transaction=True)
FOLDER = Path(__file__).resolve().parent.parent / "data" / "paste"
PASTE = """
(html) => {
  const data = new DataTransfer()
  data.setData("text/html", html)
  const options = { clipboardData: data, bubbles: true, cancelable: true }
  const event = new ClipboardEvent("paste", options)
  document.querySelector(".tiptap").dispatchEvent(event)
}
"""
NOTE = '<small data-note="">Voir le rapport.</small>'
SENTENCE = "Le <strong>Rafale</strong> vole ; <em>il vole</em> bien"
EXPECTED = {
    "word": "<h2>Le titre du document</h2><h2>Une partie</h2>"
    f"<p>{SENTENCE}{NOTE} à Mont-de-Marsan.</p>"
    "<ul><li><p>Un point</p><ul><li><p>Un sous-point</p></li></ul></li>"
    "<li><p>Un autre</p></li></ul>"
    "<p>une onde = 12 cm</p><ol><li><p>Premier</p></li></ol>"
    "<table><tbody><tr><td><p>Vitesse</p></td><td><p>900 km/h</p></td></tr></tbody></table>",
    "google-docs": f"<h2>Une partie</h2><p>{SENTENCE}, dit le "
    f'<a href="https://exemple.fr/">site</a>{NOTE}.</p><ul><li><p>Un point</p></li></ul>',
    "libreoffice": f"<h2>Une partie</h2><p>{SENTENCE}{NOTE}.</p><ol><li><p>Premier</p></li></ol>",
    "web-page": f"<h3>Une partie</h3><p>{SENTENCE}.</p><p>Légende</p>"
    "<blockquote><p>Une citation</p></blockquote><p>clic</p>",
    "e-mail": f"<p>Bonjour,</p><p>{SENTENCE}.</p>"
    "<blockquote><p>Le message d'avant</p></blockquote>",
}
WITH_PICTURES = {"word", "google-docs", "web-page", "e-mail"}


@pytest.mark.parametrize("source", EXPECTED)
def test_pasting_keeps_the_structure_and_drops_the_rest(newsroom, new_page, source):
    page = new_page(viewport={"width": 1440, "height": 1000})
    sign_in(page, newsroom["journalist"])
    page.goto("/admin/articles/article/add/")
    page.fill("#id_title", "Collé")
    page.locator(".tiptap").click()
    page.evaluate(PASTE, (FOLDER / f"{source}.html").read_text(encoding="utf-8"))
    if source in WITH_PICTURES:
        expect(page.locator(".pasted")).to_contain_text("photothèque")
    press(page, "_continue")
    body = Article.objects.get().body.replace(' colspan="1"', "").replace(' rowspan="1"', "")
    assert body == EXPECTED[source]
