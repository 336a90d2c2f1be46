"""Readers' pages as those meet them who use a keyboard, large print, a narrow or a bare browser."""

import re

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import expect

from articles.models import DailyReads, MostRead, PublishedArticle
from articles.reading import counting
from avion.models import SiteSettings
from tests.browser.steps import sign_in
from tests.factories import (
    figures,
    make_article,
    make_author,
    make_dossier,
    make_photograph,
    make_published,
    make_section,
    photograph,
)

pytestmark = pytest.mark.django_db(transaction=True)
LONG = " ".join(["Anticonstitutionnellement", "l’avion", "ravitailleur"] * 3) + " a décollé de nuit"
BODY = (
    "<h2>Un</h2><p>Texte.<small data-note=''>Une note.</small></p><h2>Deux</h2><p>Texte.</p>"
    "<h2>Trois</h2><p>Texte.</p><h2>Quatre</h2><p>Texte.</p>"
)
FOCUSED = """async () => {
  const focused = document.activeElement;
  for (const _frame of [1, 2]) await new Promise(requestAnimationFrame);  // it is scrolled to
  const style = getComputedStyle(focused);
  const box = focused.getBoundingClientRect();
  return {
    name: focused.tagName + " " + focused.textContent.trim().slice(0, 40),
    outline: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll("main *")]
    .filter((each) => each.getBoundingClientRect().right > innerWidth)
    .map((each) => `${each.tagName}.${each.className}`)"""
REACHABLE = """() => [...document.querySelectorAll("a[href], button, input, summary, select")]
  .filter((each) => each.tabIndex >= 0 && each.checkVisibility({ visibilityProperty: true }))
  .filter((each) => each.type !== "radio" || each.checked).length"""


@pytest.fixture
def stories(newsroom):
    """A story with all that an article may hold, and others around it."""
    portrait = ContentFile(photograph(), name="portrait.jpg")
    author = make_author("Julie Longue", biography="Écrit depuis longtemps.", portrait=portrait)
    image = make_photograph(1, caption="Une légende.")
    body = BODY + f'<div data-gallery="">{figures(make_photograph(2), make_photograph(3))}</div>'
    article = make_article(
        "Un vol", body=body, hero_image=image, authors=[author], tags=["Rafale", "Essais"]
    )
    make_dossier("Le prototype", article)
    for number in range(6):
        picture, authors = (
            (image if number % 2 else None),
            [author if number < 3 else make_author()],
        )
        make_published(f"Autre {number}", hero_image=picture, authors=authors, tags=["Rafale"])
    from articles.publishing import publish

    return publish(article)


def walk(page):
    """Press Tab through the whole page; return what had the focus, in order."""
    stops = []
    for _key in range(400):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        stops.append(page.evaluate(FOCUSED))
    return stops


@pytest.mark.parametrize("path", ["/", "/un-vol/"])
@pytest.mark.parametrize("width", [390, 1440])
def test_everything_is_reached_by_keyboard_and_the_focus_is_seen(stories, new_page, path, width):
    page = new_page(viewport={"width": width, "height": 800})
    page.goto(path)
    reachable = page.evaluate(REACHABLE)
    stops = walk(page)
    assert len(stops) == reachable > 20
    assert [stop["name"] for stop in stops if not stop["outline"]] == []
    assert [stop["name"] for stop in stops if not stop["seen"]] == []
    assert stops[0]["name"] == "A Aller au contenu"


def test_the_skip_link_leads_past_the_menu(stories, new_page):
    page = new_page()
    page.goto("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_an_article_is_used_by_keyboard(stories, new_page):
    page = new_page(viewport={"width": 1280, "height": 800})
    page.goto("/un-vol/")
    page.locator(".contents a", has_text="Quatre").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#.*quatre"))
    page.locator(".note-call a").focus()
    page.keyboard.press("Enter")
    page.locator(".note-back").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".note-call:has(a:target)")).to_be_in_viewport()
    page.locator(".share summary").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="E-mail")).to_be_visible()
    page.locator(".gallery .large").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".lightbox")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".lightbox")).to_be_hidden()
    expect(page.locator(".gallery .large").first).to_be_focused()


@pytest.mark.parametrize("hero", [True, False])
def test_a_title_of_180_characters_holds_at_every_width(newsroom, new_page, hero):
    assert 150 < len(LONG) <= 180
    image = make_photograph(4) if hero else None
    section = make_section("Une rubrique au nom interminable")
    for number in range(6):
        make_published(f"{LONG} {number}", hero_image=image, section=section, slug=f"long-{number}")
    for width in (320, 390, 820, 1440):
        page = new_page(viewport={"width": width, "height": 900})
        for path in ("/", "/long-0/", section.get_absolute_url(), "/recherche/?q=avion", "/rien/"):
            page.goto(path)
            assert page.evaluate(TOO_WIDE) == [], (path, width)
            cut = page.evaluate(
                "() => [...document.querySelectorAll('h1:not(.visually-hidden), h2, h3')]"
                ".filter((each) => each.scrollWidth > each.clientWidth + 1)"
                ".map((each) => each.textContent.trim().slice(0, 40))"
            )
            assert cut == [], (path, width)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_young_title_has_a_front_page(newsroom, new_page, number):
    for each in range(number):
        make_published(f"Sujet {each}")
    page = new_page(viewport={"width": 390, "height": 800})
    page.goto("/")
    expect(page.locator("main")).to_contain_text("Sujet 0" if number else "Rien n’a encore paru")


# Words that are cut into: a column too narrow for its longest syllables.
CRUSHED = """() => [...document.querySelectorAll("dt, dd, h1, h2, h3, p")]
  .filter((each) => each.checkVisibility() && !each.matches(".visually-hidden"))
  .filter((each) => each.textContent.trim().length > 12)
  .filter((each) => each.clientWidth < 4 * parseFloat(getComputedStyle(each).fontSize))
  .map((each) => each.textContent.trim())"""


def test_text_is_larger_without_loss(stories, new_page):
    values = {
        "name": "Le Journal des ailes et de l’espace",
        "publisher": "Les Éditions de la Manche à air, SAS au capital de 10 000 €",
        "publication_director": "Anne-Catherine Villeneuve-Lavergne",
        "host": "Hangar numérique, 17 rue de l’Anticonstitutionnalité",
        "contact_email": "redaction-permanente@journal-des-ailes.example",
    }
    SiteSettings.objects.update_or_create(pk=1, defaults=values)
    for place, copy in enumerate(PublishedArticle.objects.all()[:5], 1):
        MostRead.objects.create(article=copy, period="day", place=place)
    lists = (stories.section.get_absolute_url(), "/auteur/julie-longue/", "/equipe/", "/signaler/")
    pages = ("/", "/un-vol/", "/recherche/", "/dossier/le-prototype/", "/mentions-legales/")
    for width in (320, 390, 768, 1024, 1440):
        page = new_page(viewport={"width": width, "height": 800})
        for path in (*pages, *lists):
            page.goto(path)
            page.evaluate("() => { document.documentElement.dataset.text = 'larger' }")
            assert page.evaluate(TOO_WIDE) == [], (path, width)
            assert page.evaluate(CRUSHED) == [], (path, width)


def test_text_is_doubled_without_loss(stories, new_page):
    for width in (390, 1440):
        page = new_page(viewport={"width": width, "height": 800})
        for path in ("/", "/un-vol/", "/recherche/", "/dossier/le-prototype/"):
            page.goto(path)
            page.evaluate("() => document.documentElement.style.setProperty('--text', '2.375rem')")
            page.evaluate("() => document.documentElement.style.setProperty('font-size', '200%')")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)


def test_pages_are_read_without_style_sheets_or_pictures(stories, new_page):
    page = new_page(expects=["ERR_FAILED"], viewport={"width": 390, "height": 800})
    page.route(re.compile(r"\.(css|jpg|png|webp|avif|svg)$"), lambda route: route.abort())
    page.goto("/un-vol/")
    text = page.inner_text("body")
    order = ["Aller au contenu", "Essais", "Un vol", "Dans cet article", "Texte.", "Rafale"]
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert page.locator(".hero img").last.get_attribute("alt") == "Un avion gris"


def test_the_readers_own_colours_and_contrast_are_kept(stories, new_page):
    page = new_page(forced_colors="active", contrast="more", viewport={"width": 390, "height": 800})
    page.goto("/")
    current = page.locator(".menu a[aria-current]")
    expect(current).to_have_css("text-decoration-line", "underline")
    soft = page.locator(".top-line time").evaluate("(each) => getComputedStyle(each).color")
    assert soft == page.locator(".card-title").first.evaluate("(e) => getComputedStyle(e).color")


READER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"


@pytest.fixture
def tally(monkeypatch):
    fresh = counting.Tally()
    monkeypatch.setattr(counting, "tally", fresh)
    return fresh


def test_reading_is_counted_once_and_to_the_end(stories, new_page, tally):
    page = new_page(user_agent=READER)
    page.clock.install()
    with page.expect_response("**/lectures/*/"):
        page.goto("/un-vol/")
    page.clock.fast_forward(11_000)
    with page.expect_response("**/lectures/*/fin/"):
        page.locator(".after").scroll_into_view_if_needed()
    tally.write()
    row = DailyReads.objects.get()
    assert (row.article_id, row.opened, row.finished) == (stories.pk, 1, 1)
    assert page.context.cookies() == []


def test_whoever_works_here_or_asks_not_to_be_counted_is_not(newsroom, stories, new_page, tally):
    colleague = new_page(user_agent=READER)
    sign_in(colleague, newsroom["editor"])
    with colleague.expect_response("**/lectures/*/"):
        colleague.goto("/un-vol/")
    shy, asked = new_page(user_agent=READER), []
    shy.add_init_script("Object.defineProperty(navigator, 'globalPrivacyControl', {value: true})")
    shy.on("request", lambda request: asked.append(request.url))
    shy.goto("/un-vol/", wait_until="networkidle")
    tally.write()
    assert not DailyReads.objects.exists()
    assert not [url for url in asked if "/lectures/" in url]
    assert PublishedArticle.objects.filter(pk=stories.pk).exists()


TARGETS = (
    "header a, nav a, footer a, button, summary, label, .card a, .listing a, .stream a, .ranking a"
)
# Links within a sentence (WCAG 2.5.8), and pictures, over which the headline's own link lies.
EXEMPT = ".visually-hidden, p:not(.label), .author-box, .signature, .skip, [aria-hidden]"
MISSED = """([targets, exempt]) => {
  const missed = [];
  for (const each of document.querySelectorAll(targets)) {
    if (!each.checkVisibility({ visibilityProperty: true }) || each.closest(exempt)) continue;
    each.scrollIntoView({ block: "center" });
    const box = each.getBoundingClientRect();
    const x = box.left + Math.min(box.width, 40) / 2, y = (box.top + box.bottom) / 2;
    const hits = [-21, 21].map((dy) => document.elementFromPoint(x, y + dy));
    const isHit = (found) => each.contains(found) || each.control?.contains(found);
    if (x > 0 && x < innerWidth && !hits.every(isHit)) missed.push(each.textContent.trim());
  }
  return missed;
}"""


def test_every_target_is_large_enough_for_a_thumb(stories, new_page):
    page = new_page(viewport={"width": 390, "height": 800})
    for path in ("/", "/un-vol/", "/recherche/?q=vol", "/equipe/", "/tags/", "/dossiers/"):
        page.goto(path)
        assert page.evaluate(MISSED, [TARGETS, EXEMPT]) == [], path


LINES = """() => {
  const lines = [];
  for (const paragraph of document.querySelectorAll(".body > p")) {
    const range = document.createRange(), text = paragraph.firstChild, counts = new Map();
    for (let at = 0; at < text.length; at++) {
      range.setStart(text, at);
      range.setEnd(text, at + 1);
      const box = range.getClientRects()[0];
      if (box) counts.set(Math.round(box.bottom), (counts.get(Math.round(box.bottom)) ?? 0) + 1);
    }
    lines.push(...[...counts.values()].slice(0, -1));
  }
  return lines;
}"""


def test_lines_are_of_a_length_that_is_read_with_ease(newsroom, new_page):
    words = (
        "Le satellite a quitté son orbite pendant la nuit, et personne au sol ne s’en est ému. " * 9
    )
    make_published("Lisible", body=f"<p>{words}</p>")
    page = new_page(viewport={"width": 1440, "height": 900})
    page.goto("/lisible/")
    page.evaluate("() => document.fonts.ready")
    lines = page.evaluate(LINES)
    assert len(lines) > 8
    assert 60 <= sum(lines) / len(lines) <= 72
    page.set_viewport_size({"width": 390, "height": 800})
    size = page.locator(".body").evaluate("(body) => parseFloat(getComputedStyle(body).fontSize)")
    assert 18 <= size <= 20
