"""The desk's door: signing in, the second factor, sessions, over HTTP."""

import os
import re
import subprocess
import sys
import time
from datetime import timedelta
from unittest import mock

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.signals import authenticator_added
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client, TestCase, override_settings
from django.urls import reverse
from django.utils import timezone

from authors import roles
from authors.door.passwords import ContextValidator
from authors.models import Entry, Invitation
from tests.avion.test_permissions import LOWEST
from tests.factories import PASSWORD, make_user, sign_in_lately

DESK = reverse("admin:index")
ENTRY = reverse("account_login")
SESSIONS = reverse("usersessions_list")
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:153.0) Gecko/20100101 Firefox/153.0"


def sign_in(client, email, password=PASSWORD, *, where="192.0.2.1", **query):
    data = {"login": email, "password": password}
    return client.post(ENTRY, data | query, REMOTE_ADDR=where, HTTP_USER_AGENT=FIREFOX)


def make_factor(user):
    """Give an account an authenticator app and return its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def code_of(secret):
    """Return the app's code of this moment; one that is about to change is waited for."""
    left = 30 - time.time() % 30
    if left < 8:
        time.sleep(left)
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


class SignInTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = make_user(roles.JOURNALIST, "Julie Une")

    def test_the_desk_leads_to_the_door_and_back(self):
        listing = reverse("admin:articles_article_changelist")
        closed = self.client.get(listing, follow=True)
        self.assertEqual(
            closed.redirect_chain[-1][0], f"{ENTRY}?next={listing.replace('/', '%2F')}"
        )
        self.assertContains(closed, "Se connecter à la rédaction")
        opened = sign_in(self.client, self.user.email.upper(), next=listing)
        self.assertRedirects(opened, listing)
        self.assertRedirects(self.client.get(ENTRY), DESK)

    def test_nobody_is_led_away_from_the_site(self):
        for evil in ("https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil"):
            answer = sign_in(Client(), self.user.email, next=evil)
            self.assertEqual(answer.headers["Location"], DESK, evil)

    def test_the_session_is_a_new_one_after_signing_in(self):
        self.client.get(ENTRY)
        self.client.session["planted"] = True
        before = self.client.session.session_key
        sign_in(self.client, self.user.email)
        self.assertNotEqual(self.client.session.session_key, before)
        cookie = self.client.cookies["sessionid"]
        self.assertTrue(cookie["httponly"])
        self.assertEqual((cookie["samesite"], cookie["max-age"]), ("Lax", 12 * 3600))

    def test_known_and_unknown_addresses_get_the_same_answer_for_the_same_work(self):
        answers, works = [], []
        for email in (make_user().email, "personne@avion.example"):
            with mock.patch.object(MD5PasswordHasher, "encode", return_value="x") as work:
                page = sign_in(Client(), email, "faux").content.decode()
            works.append(work.call_count)
            page = re.sub(r'(nonce|value)="[^"]*"', "", page)
            answers.append(page.replace(email, ""))
        self.assertEqual(answers[0], answers[1])
        self.assertIn("L’adresse ou le mot de passe n’est pas bon", answers[0])
        self.assertEqual(works[0], works[1])

    def test_nobody_is_told_that_an_account_is_closed(self):
        type(self.user).objects.filter(pk=self.user.pk).update(is_active=False)
        page = sign_in(self.client, self.user.email)
        self.assertContains(page, "L’adresse ou le mot de passe n’est pas bon")

    def test_nobody_signs_up(self):
        self.assertRedirects(self.client.get(reverse("account_signup")), ENTRY)

    def test_a_first_browser_is_told_by_e_mail_and_a_known_one_is_not(self):
        sign_in(self.client, self.user.email)
        [message] = mail.outbox
        self.assertEqual(message.to, [self.user.email])
        self.assertIn("192.0.2.1", message.body)
        self.assertIn(reverse("account_reset_password"), message.body)
        self.client.post(reverse("admin:logout"))
        sign_in(self.client, self.user.email)
        self.assertEqual(len(mail.outbox), 1)
        self.client.post(reverse("admin:logout"))
        self.client.cookies["known-accounts"] = f"{self.user.pk}:forged"
        sign_in(self.client, self.user.email)
        self.assertEqual(len(mail.outbox), 2)

    def test_a_mail_server_that_is_away_keeps_nobody_out(self):
        with (
            mock.patch("django.core.mail.EmailMessage.send", side_effect=ConnectionRefusedError),
            self.assertLogs("authors.door.adapter", "ERROR"),
        ):
            self.assertRedirects(sign_in(self.client, self.user.email), DESK)


class ThrottleTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = make_user(roles.JOURNALIST)

    def test_an_account_is_closed_for_a_while_from_wherever_it_is_tried(self):
        for number in range(5):
            answer = sign_in(Client(), self.user.email, "faux", where=f"192.0.2.{number}")
        self.assertEqual(answer.status_code, 429)
        until = timezone.localtime(timezone.now() + timedelta(minutes=15))
        self.assertContains(answer, f"{until.hour}\u00a0h\u00a0{until:%M}", status_code=429)
        for _attempt in range(3):
            right = sign_in(self.client, self.user.email.upper(), where="192.0.2.99")
            self.assertContains(right, f"{until.hour}\u00a0h\u00a0{until:%M}", status_code=429)
        AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
        self.assertRedirects(sign_in(self.client, self.user.email), DESK)

    def test_ones_own_success_forgets_no_failure_against_others(self):
        own = make_user(roles.JOURNALIST)
        for _round in range(2):
            for _attempt in range(3):
                answer = sign_in(Client(), self.user.email, "faux")
            sign_in(Client(), own.email)
        self.assertEqual(answer.status_code, 429)

    def test_another_spelling_is_the_same_account(self):
        user = make_user(roles.JOURNALIST)
        type(user).objects.filter(pk=user.pk).update(email="direction@avion.example")
        spellings = [
            "direction@avion.example",
            "DIRECTION@avion.example",
            "Direction@AVION.example",
        ]
        for number in range(5):
            email = spellings[number % 3]
            answer = sign_in(Client(), email, "faux", where=f"192.0.2.{number}")
        self.assertEqual(answer.status_code, 429)
        dotless = sign_in(Client(), "d\u0131rection@avion.example", where="192.0.2.99")
        self.assertNotEqual(dotless.status_code, 302)

    def test_an_address_is_closed_whatever_account_it_tries(self):
        for number in range(5):
            answer = sign_in(Client(), f"n{number}@avion.example", "faux")
        self.assertEqual(answer.status_code, 429)
        self.assertEqual(sign_in(Client(), self.user.email).status_code, 429)
        self.assertRedirects(sign_in(self.client, self.user.email, where="192.0.2.2"), DESK)

    @override_settings(BEHIND_PROXY=True)
    def test_behind_a_proxy_the_address_that_it_wrote_counts(self):
        forged = {"HTTP_X_FORWARDED_FOR": "203.0.113.5, 198.51.100.7"}
        data = {"login": self.user.email, "password": PASSWORD}
        self.client.post(ENTRY, data, REMOTE_ADDR="127.0.0.1", **forged)
        self.assertEqual(UserSession.objects.get().ip, "198.51.100.7")


class PasswordTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = make_user(roles.JOURNALIST)

    def ask(self, email):
        return self.client.post(reverse("account_reset_password"), {"email": email}, follow=True)

    def test_a_forgotten_password_is_chosen_anew_by_a_link(self):
        self.user.set_unusable_password()  # Django's own form would find nobody
        self.user.save()
        known, unknown = self.ask(self.user.email), self.ask("personne@avion.example")
        self.assertEqual(
            known.content.decode().split("<main")[1], unknown.content.decode().split("<main")[1]
        )
        self.assertContains(known, reverse("account_login"))
        link = re.search(r"https?://\S+/mot-de-passe/nouveau/\S+", mail.outbox[0].body)[0]
        root = f"{settings.SITE_URL.scheme}://{settings.SITE_URL.netloc}"
        self.assertTrue(link.startswith(root))  # whatever host was asked
        path = link.removeprefix(root)
        form = self.client.get(path, follow=True)
        where = form.redirect_chain[-1][0]
        weak = self.client.post(where, {"password1": "motdepasse", "password2": "motdepasse"})
        self.assertContains(weak, "12 caractères")
        strong = {"password1": "brume-au-dessus-du-lac", "password2": "brume-au-dessus-du-lac"}
        Invitation.objects.renew(self.user, by=self.user)
        done = self.client.post(where, strong, follow=True)
        self.assertContains(done, reverse("account_login"))
        self.assertFalse(Invitation.objects.exists())  # it would open the account once more
        self.assertRedirects(
            sign_in(Client(), self.user.email, strong["password1"]),
            DESK,
            fetch_redirect_response=False,
        )
        self.assertEqual(Client().get(path, follow=True).context.get("token_fail"), True)

    def test_a_new_password_ends_the_other_sessions(self):
        other = Client()
        for client in (self.client, other):
            sign_in(client, self.user.email)
        new = {"password1": "brume-au-dessus-du-lac", "password2": "brume-au-dessus-du-lac"}
        change = reverse("account_change_password")
        answer = self.client.post(change, new | {"oldpassword": PASSWORD})
        self.assertRedirects(answer, reverse("account"))
        self.assertEqual(self.client.get(DESK).status_code, 200)
        self.assertEqual(other.get(DESK).status_code, 302)
        self.assertEqual(mail.outbox[-1].subject, "Votre mot de passe a été changé")

    @override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.Argon2PasswordHasher"])
    def test_passwords_are_kept_by_argon2(self):
        self.user.set_password("x")
        self.assertTrue(self.user.password.startswith("argon2"))


@override_settings(SECOND_FACTOR_REQUIRED=True)
class SecondFactorTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.editor = make_user(roles.EDITOR)
        cls.journalist = make_user(roles.JOURNALIST)

    def test_an_editor_without_one_gets_no_further_than_setting_one_up(self):
        sign_in(self.client, self.editor.email)
        for name in LOWEST.keys() - {"logout", "jsi18n"}:
            if (address := address_of(name)) is None:
                continue
            for ask in (self.client.get, self.client.post):
                self.assertRedirects(
                    ask(address),
                    reverse("mfa_index"),
                    fetch_redirect_response=False,
                    msg_prefix=name,
                )
        page = self.client.get(reverse("mfa_index"))
        self.assertContains(page, "Votre rôle demande un second facteur")

    def test_whoever_publishes_nothing_needs_none(self):
        self.assertRedirects(sign_in(self.client, self.journalist.email), DESK)
        make_user(is_superuser=True)
        for role in (roles.ADMINISTRATOR, None):
            client, user = Client(), make_user(role, is_superuser=role is None)
            sign_in(client, user.email)
            self.assertRedirects(client.get(DESK), reverse("mfa_index"))

    def test_a_code_of_the_app_opens_the_desk_once(self):
        secret = make_factor(self.editor)
        asked = sign_in(self.client, self.editor.email)
        self.assertRedirects(asked, reverse("mfa_authenticate"))
        self.assertEqual(self.client.get(DESK).status_code, 302)
        wrong = self.client.post(reverse("mfa_authenticate"), {"code": "000000"})
        self.assertContains(wrong, "Ce code n’est pas bon")
        code = code_of(secret)
        self.assertRedirects(self.client.post(reverse("mfa_authenticate"), {"code": code}), DESK)
        thief = Client()
        sign_in(thief, self.editor.email)
        again = thief.post(reverse("mfa_authenticate"), {"code": code})
        self.assertContains(again, "Ce code n’est pas bon")

    def test_a_session_opened_before_the_factor_does_not_pass_with_it(self):
        thief = Client()
        sign_in(thief, self.editor.email)
        make_factor(self.editor)
        self.assertIn(reverse("admin:login"), thief.get(DESK).headers["Location"])
        self.assertIn(ENTRY, thief.get(reverse("account")).headers["Location"])

    def test_a_recovery_code_stands_in_for_it(self):
        make_factor(self.editor)
        code = RecoveryCodes.activate(self.editor).get_unused_codes()[0]
        for expected in (302, 200):  # once
            client = Client()
            sign_in(client, self.editor.email)
            answer = client.post(reverse("mfa_authenticate"), {"code": code})
            self.assertEqual(answer.status_code, expected)

    def test_codes_cannot_be_tried_for_ever(self):
        secret = make_factor(self.editor)
        sign_in(self.client, self.editor.email)
        for _attempt in range(7):
            answer = self.client.post(reverse("mfa_authenticate"), {"code": "000000"})
        self.assertContains(answer, "Trop de tentatives")
        right = self.client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
        self.assertEqual(right.status_code, 200)

    def test_the_last_one_stays_where_it_is_required(self):
        for user, expected in ((self.editor, True), (self.journalist, False)):
            secret = make_factor(user)
            client = Client()
            sign_in(client, user.email)
            client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
            client.post(reverse("mfa_deactivate_totp"))
            kept = Authenticator.objects.filter(user=user, type="totp").exists()
            self.assertEqual(kept, expected)
            page = client.get(reverse("mfa_index"))
            self.assertNotContains(page, reverse("mfa_deactivate_totp"))

    def test_a_last_passkey_stays_though_its_removal_is_asked_for(self):
        data = {"type": "webauthn", "data": {"name": "Clé", "credential": {}}}
        key = Authenticator.objects.create(user=self.editor, **data)
        sign_in_lately(self.client, self.editor)
        session = self.client.session
        session["second_factor"] = True
        session.save()
        remove = reverse("mfa_remove_webauthn", args=[key.pk])
        self.assertContains(self.client.post(remove, follow=True), "celui-ci reste")
        self.assertTrue(Authenticator.objects.filter(pk=key.pk).exists())

    def test_it_is_set_up_though_nobody_proved_the_address(self):
        EmailAddress.objects.create(user=self.journalist, email=self.journalist.email)
        sign_in_lately(self.client, self.journalist)
        page = self.client.get(reverse("mfa_activate_totp"))
        self.assertContains(page, "authenticator_secret")

    def test_a_change_of_factors_ends_the_other_sessions(self):
        other = Client()
        for client in (self.client, other):
            sign_in(client, self.journalist.email)
        session = self.client.session
        secret = session["mfa.totp.secret"] = generate_totp_secret()
        session.save()
        with self.captureOnCommitCallbacks() as callbacks:
            self.client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
        self.assertTrue(callbacks)
        authenticator = Authenticator.objects.get(user=self.journalist, type="totp")
        request = mock.Mock(session=self.client.session, META={})
        authenticator_added.send(
            Authenticator, request=request, user=self.journalist, authenticator=authenticator
        )
        self.assertEqual(other.get(DESK).status_code, 302)
        self.assertEqual(self.client.get(DESK).status_code, 200)

    def test_whoever_has_a_factor_confirms_with_it_and_not_with_the_password_alone(self):
        secret = make_factor(self.journalist)
        sign_in(self.client, self.journalist.email)
        self.client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
        session = self.client.session
        session["account_authentication_methods"] = [{"method": "password", "at": 0}]
        session.save()
        asked = self.client.post(SESSIONS)
        self.assertTrue(asked.headers["Location"].startswith(reverse("mfa_reauthenticate")))
        again = reverse("account_reauthenticate")
        self.client.post(again, {"password": PASSWORD})
        asked = self.client.post(SESSIONS)
        self.assertTrue(asked.headers["Location"].startswith(reverse("mfa_reauthenticate")))

    def test_the_session_is_a_new_one_after_confirming(self):
        sign_in(self.client, self.journalist.email)
        before = self.client.session.session_key
        self.client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        after = self.client.session.session_key
        self.assertNotEqual(before, after)
        self.assertEqual(UserSession.objects.get().session_key, after)
        acts = Entry.objects.values_list("act", flat=True)
        self.assertIn(Entry.Act.CONFIRMED, acts)

    def test_secrets_are_kept_encrypted(self):
        secret = make_factor(self.editor)
        kept = Authenticator.objects.get(user=self.editor, type="totp").data["secret"]
        self.assertNotIn(secret, kept)
        with override_settings(SECRET_KEY="new", SECRET_KEY_FALLBACKS=[self.secret_key()]):
            sign_in(self.client, self.editor.email)
            answer = self.client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
            self.assertRedirects(answer, DESK)

    def secret_key(self):
        from django.conf import settings

        return settings.SECRET_KEY


def address_of(name):
    """The address of a page of the desk; None of those that no row can be made up for."""
    for arguments in ([], [1], ["articles"], [1, 1], ["7e57d004-2b97-0e7a-b45f-5387367791cd"]):
        try:
            return reverse(f"admin:{name}", args=arguments)
        except Exception as error:
            if type(error).__name__ != "NoReverseMatch":
                raise
    return None


@pytest.mark.parametrize(
    ("password", "is_good"),
    [
        ("motdepasse123", False),
        ("avionavionavion", False),
        ("Rédaction-2026!", False),
        ("avion.test.admin", False),
        ("nuage-de-beau-temps", True),
        ("avion jaune dans la brume", True),
    ],
)
def test_words_that_everybody_would_try_are_no_password(password, is_good):
    try:
        ContextValidator().validate(password)
    except ValidationError:
        assert not is_good
    else:
        assert is_good


@pytest.mark.django_db
def test_nothing_behind_the_door_is_kept_by_a_cache(client):
    user = make_user()
    sign_in(client, user.email)
    for name in ("account", "mfa_index", "mfa_activate_totp", "account_change_password"):
        assert "no-store" in client.get(reverse(name)).headers["Cache-Control"], name


class SessionTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = make_user(roles.JOURNALIST)

    def test_a_session_has_a_longest_life(self):
        sign_in(self.client, self.user.email)
        self.client.get(DESK)
        session = self.client.session
        session["began"] = time.time() - 8 * 24 * 3600
        session.save()
        self.assertRedirects(
            self.client.get(DESK),
            f"{reverse('admin:login')}?next={DESK}",
            fetch_redirect_response=False,
        )
        self.assertEqual(self.client.get(DESK).status_code, 302)

    def test_sessions_are_listed_and_ended_one_by_one_or_all(self):
        others = [Client(), Client()]
        for client in (self.client, *others):
            sign_in(client, self.user.email)
        page = self.client.get(SESSIONS)
        self.assertContains(page, "Firefox, Windows", count=3 + 2)  # and of two buttons
        key = others[0].session.session_key
        ended = UserSession.objects.get(session_key=key)
        self.client.post(SESSIONS, {"session": ended.pk})
        self.assertEqual([each.get(DESK).status_code for each in others], [302, 200])
        self.client.post(SESSIONS)
        self.assertEqual(others[1].get(DESK).status_code, 302)
        self.assertEqual(self.client.get(DESK).status_code, 200)

    def test_nobody_ends_the_sessions_of_others(self):
        stranger = Client()
        sign_in(stranger, make_user(roles.JOURNALIST).email)
        sign_in(self.client, self.user.email)
        theirs = UserSession.objects.get(session_key=stranger.session.session_key)
        self.client.post(SESSIONS, {"session": theirs.pk})
        self.assertEqual(stranger.get(DESK).status_code, 200)

    def test_last_use_is_noted_now_and_then(self):
        sign_in(self.client, self.user.email)
        UserSession.objects.update(last_seen_at=timezone.now() - timedelta(hours=1))
        session = self.client.session
        session["seen"] -= 3600
        session.save()
        self.client.get(DESK, REMOTE_ADDR="192.0.2.8")
        seen = UserSession.objects.get()
        self.assertLess(timezone.now() - seen.last_seen_at, timedelta(minutes=1))
        self.assertEqual(seen.ip, "192.0.2.8")

    def test_an_own_account_is_for_those_who_are_in(self):
        for name in ("account", "usersessions_list", "mfa_index", "account_change_password"):
            answer = self.client.get(reverse(name))
            self.assertIn(ENTRY, answer.headers["Location"])


@pytest.mark.parametrize("https", [True, False])
def test_cookies_have_the_prefix_of_their_host_where_the_site_is_https(https):
    scheme = "https" if https else "http"
    environ = os.environ | {"SITE_URL": f"{scheme}://avion.test"}
    names = "SESSION_COOKIE_NAME CSRF_COOKIE_NAME SESSION_COOKIE_SECURE SECOND_FACTOR_REQUIRED"
    program = "import sys\nfrom avion import settings\nfor name in sys.argv[1:]:\n"
    program += "    print(getattr(settings, name))"
    command = [sys.executable, "-c", program, *names.split()]
    shown = subprocess.run(
        command, env=environ, capture_output=True, text=True, check=True
    ).stdout.split()
    prefix = "__Host-" if https else ""
    assert shown == [f"{prefix}sessionid", f"{prefix}csrftoken", str(https), str(https)]
