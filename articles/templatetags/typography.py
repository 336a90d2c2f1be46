"""`typography`: plain text and dates as readers see them."""

import re
from datetime import datetime
from functools import lru_cache

from django import template
from django.template.defaultfilters import stringfilter
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from articles.publishing.typography import MONTHS, NBSP, NNBSP, superscripts, typeset

register = template.Library()
NO_BREAK = re.compile(f"[{NBSP}{NNBSP}]")
SENTENCE_END = re.compile(rf"[.!?…][»”{NBSP}{NNBSP}]*(?= )")
FIRST_OF_MONTH = re.compile(rf"\b1[ {NBSP}](?=(?:{MONTHS})\b)")


@register.filter
@stringfilter
def typography(text: str) -> SafeString:
    """Typeset a text that the desk typed (a name, a description) and raise its ordinals."""
    return _typography(str(text))


@register.filter
@stringfilter
def ordinals(text: str) -> SafeString:
    """Raise the ordinals of a text that is typeset already, such as a published title."""
    return mark_safe(superscripts(str(text)))  # superscripts() escapes


@register.filter
@stringfilter
def shortened(text: str, most: int) -> str:
    """Cut a text after the last sentence, or else the last word, within so many characters."""
    if len(text) <= most:
        return text
    if ends := [end.end() for end in SENTENCE_END.finditer(text, most // 2, most)]:
        return text[: ends[-1]]
    return text[:most].rsplit(" ", 1)[0].rstrip(f" ,;:–{NBSP}{NNBSP}") + "…"


@register.filter
@stringfilter
def visible_spaces(text: str) -> SafeString:
    """Mark the no-break spaces of a text, as the desk's editor shows them."""
    return mark_safe(NO_BREAK.sub(r'<span class="prose-editor-nbsp">\g<0></span>', escape(text)))


@lru_cache(maxsize=4096)
def _typography(text: str) -> SafeString:
    return mark_safe(superscripts(typeset(text)))  # superscripts() escapes


@register.filter
def minutes(number: int) -> str:
    """Say how long a text takes to read."""
    return gettext("%(minutes)s min") % {"minutes": number}


@register.filter
def iso(moment: datetime) -> str:
    """Write a moment as machines read it: ISO 8601 in the site's time zone, to the second."""
    return timezone.localtime(moment).isoformat(timespec="seconds")


@register.filter
def french_date(value, format="DATE_FORMAT") -> SafeString:
    """Write a date in French words, the first of a month as 1<sup>er</sup> novembre.

    format: a name of the French formats (avion/formats) or Django's own letters.
    """
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        value = local.replace(tzinfo=None)
    return _french_date(value, format)


@lru_cache(maxsize=4096)
def _french_date(value, format) -> SafeString:
    text = date_format(value, format)
    return mark_safe(FIRST_OF_MONTH.sub(r"1<sup>er</sup>" + NBSP, escape(text)))  # escaped here
