"""A real browser on a real server, both on loopback."""

import os

import pytest
from django.core.management import call_command
from playwright.sync_api import sync_playwright

from authors import roles
from tests.factories import make_author, make_image, make_section, make_user

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-smooth-scrolling",  # a focus is where it leads at once
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Playwright's event loop runs in this thread; Django would refuse its own database for it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def playwright():
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(playwright):
    path = os.environ["CHROMIUM"]  # bin/test finds it
    browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def firefox(playwright):
    """Debian's own Firefox, which Playwright speaks to by WebDriver BiDi."""
    path = os.environ["FIREFOX"]  # bin/test finds it
    browser = playwright.firefox.launch(executable_path=path, channel="moz-firefox")
    yield browser
    browser.close()


@pytest.fixture
def new_page(chromium, live_server, settings):
    """Open pages in contexts of their own; afterwards no page may have complained."""
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    complaints, contexts = [], []
    ignored = ["status of 404", "status of 410"]

    def open_page(expects=(), **options):
        ignored.extend(expects)
        context = chromium.new_context(base_url=live_server.url, locale="fr-FR", **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: complaints.append(message.text) if message.type == "error" else None,
        )
        return page

    yield open_page
    said = list(complaints)
    for context in contexts:
        context.set_offline(True)  # no farewell of a closing page may outlive the test
        context.close()
    assert [text for text in said if not any(part in text for part in ignored)] == []


@pytest.fixture
def newsroom(transactional_db):
    """A section, a picture, and one account of each of the two who write."""
    call_command("migrate", verbosity=0)  # a flush between tests takes the roles away
    section = make_section("Essais")
    journalist = make_user(roles.JOURNALIST, "Julie Une")
    make_author("Julie Une", user=journalist)
    editor = make_user(roles.EDITOR, "Édith Deux")
    image = make_image(title="Prototype", alt="Un prototype gris", caption="Au point fixe.")
    return {"section": section, "journalist": journalist, "editor": editor, "image": image}
