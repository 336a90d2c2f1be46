"""`json_ld`: structured data in a page."""

import json

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe

register = template.Library()
NO_MARKUP = {sign: f"\\u{ord(sign):04x}" for sign in "<>&"}  # nothing ends the script early


@register.simple_tag
def json_ld(data):
    """Write a graph of articles/reading/structured.py into a page."""
    written = json.dumps(data, ensure_ascii=False)
    for sign, escaped in NO_MARKUP.items():
        written = written.replace(sign, escaped)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(written))
