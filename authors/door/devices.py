"""The browsers that an account was opened in: a signed cookie of the desk remembers them."""

from django.conf import settings
from django.core.signing import BadSignature
from django.utils.translation import gettext

COOKIE = "known-accounts"
# In this order: Edge says that it is Chrome, and Chrome that it is Safari.
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome"}
BROWSERS |= {"CriOS": "Chrome", "FxiOS": "Firefox", "Safari": "Safari"}
SYSTEMS = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows"}
SYSTEMS |= {"Mac OS X": "macOS", "CrOS": "ChromeOS", "Linux": "Linux"}
AGE = 365 * 24 * 3600  # seconds
SALT = "authors.door.devices"


def is_known(request, user) -> bool:
    """Say whether this account was opened in this browser before."""
    return str(user.pk) in _accounts(request)


def remember(request, response, user):
    """Note on an answer that this account was opened in this browser."""
    accounts = dict.fromkeys([*_accounts(request), str(user.pk)])
    response.set_signed_cookie(
        name(),
        ".".join(accounts),
        salt=SALT,
        max_age=AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def name() -> str:
    return f"{settings.COOKIE_PREFIX}{COOKIE}"


def _accounts(request) -> list[str]:
    try:
        value = request.get_signed_cookie(name(), "", salt=SALT, max_age=AGE)
    except BadSignature:  # made up, or of a secret key that is gone
        return []
    return value.split(".") if value else []


def describe(user_agent: str) -> str:
    """Return what a browser says that it is, in words: "Firefox, Windows"."""
    browser = next((name for mark, name in BROWSERS.items() if f"{mark}/" in user_agent), "")
    system = next((name for mark, name in SYSTEMS.items() if mark in user_agent), "")
    return ", ".join(filter(None, [browser, system])) or gettext("unknown device")
