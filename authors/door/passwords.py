"""Passwords that are guessed first at a newsroom."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

GUESSED = ["motdepasse", "password", "azerty", "qwerty", "bienvenue", "redaction", "rédaction"]
GUESSED += ["journal", "journaliste", "avion", "admin", "article", "bonjour", "soleil"]
LEAST = 6  # letters besides the words above


class ContextValidator:
    """Refuse a password that is little more than words of this place, digits and signs.

    The words are those above and the parts of the site's host name (OWASP ASVS 5.0, 6.2.11).
    """

    def validate(self, password, user=None):
        words = [*GUESSED, *(settings.SITE_URL.hostname or "").split(".")]
        by_length = sorted(filter(None, words), key=len, reverse=True)
        rest = re.sub("|".join(map(re.escape, by_length)), "", password.lower())
        if sum(map(str.isalpha, rest)) < LEAST:
            raise ValidationError(self.get_help_text(), code="password_of_this_place")

    def get_help_text(self):
        return _("Your password must not be made of words that everybody here would try first.")
