"""The second factor: who needs one, that nobody of those passes without, how secrets are kept."""

from base64 import urlsafe_b64encode
from hashlib import sha256

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpResponseRedirect
from django.urls import reverse

from authors.door.adapter import ask_for_a_second_factor

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]  # recovery codes stand in for one
POWERS = ["articles.publish_article", "authors.change_user"]  # what wants a second factor
PASSED = "second_factor"  # key of the session: the account has one


def is_required(user) -> bool:
    """Say whether an account must have a second factor: whoever publishes or manages accounts."""
    return settings.SECOND_FACTOR_REQUIRED and any(map(user.has_perm, POWERS))


def has_one(user) -> bool:
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps secrets encrypted under the site's key; the last factor stays where one is required."""

    def get_totp_issuer(self):
        return settings.SITE_URL.hostname

    def encrypt(self, text):
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        return _fernet().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator):
        if authenticator.type not in FACTORS or not is_required(authenticator.user):
            return True
        others = Authenticator.objects.filter(user=authenticator.user, type__in=FACTORS)
        return others.exclude(pk=authenticator.pk).exists()


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
        if (
            not request.path.startswith(reverse("admin:index"))
            or request.path.startswith(own_pages)
            or not request.user.is_authenticated
            or request.session.get(PASSED)
            or not is_required(request.user)
        ):
            return get_response(request)
        if has_one(request.user):
            request.session[PASSED] = True
            return get_response(request)
        ask_for_a_second_factor(request)
        return HttpResponseRedirect(reverse("mfa_index"))

    return middleware
