"""The same article in other languages, elsewhere: one a line, as `en https://…`."""

import re
from typing import NamedTuple

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

CODE = re.compile(r"[a-z]{2,3}(-[a-z]{4})?(-([a-z]{2}|\d{3}))?")  # language, script, region


class Translation(NamedTuple):
    """code: of the language (ISO 639, RFC 5646). name: the language's own. address: a page's."""

    code: str
    name: str
    address: str


def translations_of(text) -> list[Translation]:
    """Return what the lines say. Raises ValueError of a line that is no translation."""
    lines = [line.split() for line in text.splitlines() if line.strip()]
    return [Translation(code.lower(), _name(code.lower()), address) for code, address in lines]


def validate_translations(text):
    """Refuse lines that are no translation, languages that stand twice, and our own."""
    is_page = URLValidator(schemes=["http", "https"])
    try:
        found = translations_of(text)
        for translation in found:
            is_page(translation.address)
    except ValueError as error:
        raise ValidationError(_("One translation a line, such as: en https://…")) from error
    codes = [translation.code for translation in found]
    if len({settings.LANGUAGE_CODE, *codes}) <= len(codes):
        raise ValidationError(_("Each language once, and none for French."))


def _name(code) -> str:
    """Return what a language calls itself. Raises ValueError of an unknown one."""
    language = code.partition("-")[0]
    known = LANG_INFO.get(code) or LANG_INFO.get(language) or LANG_INFO.get(f"{language}-hans", {})
    if not CODE.fullmatch(code) or "name_local" not in known:
        raise ValueError(code)
    return known["name_local"]
