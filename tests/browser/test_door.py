"""The door in a browser: an app's code, a passkey, recovery codes, sessions that end."""

from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from authors import roles
from tests.authors.test_door import code_of, make_factor
from tests.browser.steps import sign_in
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def strict(settings):
    settings.SECOND_FACTOR_REQUIRED = True
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # localhost


def add_authenticator(page):
    """Give the browser a passkey device of software, through the DevTools protocol."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def enter(page, user):
    page.goto("/admin/")
    page.fill("#id_login", user.email)
    page.fill("#id_password", PASSWORD)
    page.click(".door-form [type=submit]")


def sign_out(page):
    page.locator("#logout-form button").click()
    page.wait_for_load_state()


def test_an_editor_sets_up_an_app_and_comes_in_with_its_codes(newsroom, new_page, strict):
    page = new_page(viewport={"width": 390, "height": 800}, bypass_csp=True)  # axe writes styles
    enter(page, newsroom["editor"])
    expect(page.locator(".messagelist")).to_contain_text("second facteur")
    assert not Axe().run(page).response["violations"]
    page.get_by_role("link", name="Ajouter une application").click()
    assert not Axe().run(page).response["violations"]
    page.fill("#id_code", code_of(page.input_value("#authenticator_secret")))
    page.locator(".door-form .default").click()
    expect(page.locator("textarea#recovery_codes")).to_be_visible()
    recovery = page.locator("textarea#recovery_codes").input_value().split()[0]
    page.goto("/admin/")
    expect(page.locator("h1")).to_have_text("La rédaction")
    sign_out(page)
    enter(page, newsroom["editor"])
    page.fill("#id_code", recovery)
    page.locator(".door-form .default").first.click()
    expect(page.locator("h1")).to_have_text("La rédaction")


def test_a_passkey_opens_the_desk_by_itself(newsroom, new_page, strict):
    editor = newsroom["editor"]
    secret = make_factor(editor)
    page = new_page(viewport={"width": 1280, "height": 800})
    enter(page, editor)
    page.fill("#id_code", code_of(secret))
    page.locator(".door-form .default").first.click()
    add_authenticator(page)
    page.goto("/admin/compte/facteur/webauthn/add/")
    page.fill("#id_name", "Téléphone")
    expect(page.locator("#id_passwordless")).to_be_checked()
    page.click("#add_key")
    expect(page.locator(".messagelist")).to_be_visible()
    assert Authenticator.objects.filter(user=editor, type="webauthn").count() == 1
    page.goto("/admin/compte/facteur/")
    expect(page.locator("#content")).to_contain_text("Téléphone")
    page.goto("/admin/")
    sign_out(page)
    page.goto("/admin/articles/article/")
    page.click("#passkey_login")
    expect(page.locator("h1")).to_have_text("Articles")


def test_a_browser_that_gives_no_passkey_says_so(new_page):
    page = new_page()
    page.goto("/admin/compte/entree/")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('no')) }")
    page.click("#passkey_login")
    expect(page.get_by_role("alert")).to_contain_text("n’a pas donné de clé d’accès")


def test_a_session_that_is_ended_elsewhere_is_over_at_once(newsroom, new_page):
    here, there = new_page(), new_page()
    for page in (here, there):
        sign_in(page, newsroom["journalist"])
    here.goto("/admin/compte/sessions/")
    here.get_by_role("button", name="Mettre fin à toutes les autres").click()
    expect(here.locator(".messagelist")).to_be_visible()
    there.goto("/admin/articles/article/")
    expect(there.locator("h1")).to_have_text("Se connecter à la rédaction")


def test_somebody_is_invited_writes_and_is_shown_out(newsroom, new_page):
    chief = make_user(roles.ADMINISTRATOR, "Camille Chef")
    desk = new_page(viewport={"width": 1280, "height": 800})
    sign_in(desk, chief)
    desk.goto("/admin/authors/user/")
    desk.get_by_role("link", name="Inviter une personne").click()
    desk.fill("#id_email", "zoe@avion.example")
    desk.fill("#id_name", "Zoé Vent")
    desk.select_option("#id_role", label=roles.JOURNALIST)
    desk.get_by_role("button", name="Inviter").click()
    link = desk.get_by_label("Lien").input_value()  # no mail goes out here
    over = ["status of 401"]  # what the guest's open form is told in the end
    guest = new_page(over, viewport={"width": 390, "height": 800}, bypass_csp=True)
    guest.goto(urlsplit(link).path)
    assert not Axe().run(guest).response["violations"]
    for field in ("#id_new_password1", "#id_new_password2"):
        guest.fill(field, PASSWORD)
    guest.get_by_role("button", name="Ouvrir mon compte").click()
    guest.fill("#id_biography", "Pilote de planeur.")
    guest.get_by_role("button", name="Enregistrer").click()
    expect(guest.locator("h1")).to_have_text("Mon compte")
    guest.goto("/admin/articles/article/add/")
    expect(guest.locator("#id_title")).to_be_visible()
    desk.goto("/admin/authors/user/")
    desk.get_by_role("link", name="Zoé Vent").click()
    desk.get_by_role("link", name="Désactiver…").click()
    desk.get_by_role("button", name="Désactiver le compte").click()
    expect(desk.locator(".messagelist")).to_contain_text("ne peut plus se connecter")
    guest.goto("/admin/")
    expect(guest.locator("h1")).to_have_text("Se connecter à la rédaction")


def test_a_reader_writes_without_a_script(newsroom, new_page):
    page = new_page(java_script_enabled=False)
    page.goto("/contact/")
    page.fill("#id_name", "Zoé")
    page.fill("#id_email", "zoe@lecteur.example")
    page.fill("#id_text", "Bravo.")
    page.wait_for_timeout(3500)  # nobody writes a letter in three seconds
    page.get_by_role("button", name="Envoyer").click()
    expect(page.locator("h1")).to_have_text("Votre message est arrivé")
    assert page.context.cookies() == []
