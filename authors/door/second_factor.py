"""The second factor: who needs one, that nobody of those passes without, how secrets are kept."""

from base64 import urlsafe_b64encode
from hashlib import sha256

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from authors.door.adapter import ask_for_a_second_factor

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]  # recovery codes stand in for one
POWERS = [  # what wants a second factor
    "articles.publish_article",
    "authors.add_user",
    "authors.change_user",
    "authors.delete_user",
    "avion.change_sitesettings",
]
STAYS = _("Your role asks for a second factor: this one stays.")
PASSED = "second_factor"  # key of the session: it was opened with one, or set one up


def is_required(user) -> bool:
    """Say whether an account must have a second factor: whoever publishes or manages accounts."""
    return settings.SECOND_FACTOR_REQUIRED and any(map(user.has_perm, POWERS))


def passed(request, authenticator, **_signal):
    """Note that a session set a second factor up: it has shown what it holds."""
    if authenticator.type in FACTORS:
        request.session[PASSED] = True


def has_one(user) -> bool:
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


def keeps_one(user) -> bool:
    """Say whether an account has one factor alone, and must have one: it cannot be removed."""
    held = Authenticator.objects.filter(user=user, type__in=FACTORS).count()
    return held == 1 and is_required(user)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps secrets encrypted under the site's key; the last factor stays where one is required."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": STAYS,
        "cannot_generate_recovery_codes": _("Set a second factor up first."),
        "incorrect_code": _("This code is not right, or no longer."),
    }

    def get_totp_issuer(self):
        return settings.SITE_URL.hostname

    def encrypt(self, text):
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        return _fernet().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator):
        return authenticator.type not in FACTORS or not keeps_one(authenticator.user)


def _fernet() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        [
            Fernet(urlsafe_b64encode(sha256(f"second factor {key}".encode()).digest()))
            for key in keys
        ]
    )


def required_second_factor(get_response):
    """Let nobody who needs a second factor go further than to the page that sets one up."""
    own_pages = (reverse("account"), reverse("admin:logout"), reverse("admin:jsi18n"))

    def middleware(request):
        is_own = request.path.startswith(own_pages) and request.path != reverse("profile")
        if (
            not request.path.startswith(reverse("admin:index"))
            or is_own
            or not request.user.is_authenticated
            or request.session.get(PASSED)
            or not is_required(request.user)
        ):
            return get_response(request)
        records = get_authentication_records(request, request.user)
        if any(record["method"] == "mfa" for record in records):
            request.session[PASSED] = True
            return get_response(request)
        if has_one(request.user):  # opened by password alone, before there was one
            logout(request)
            return HttpResponseRedirect(f"{reverse('admin:login')}?next={request.path}")
        ask_for_a_second_factor(request)
        return HttpResponseRedirect(reverse("mfa_index"))

    return middleware
