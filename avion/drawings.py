"""SVG drawings that a title brings along, kept without anything that could run or call out."""

import re
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from lxml import etree

SVG = "http://www.w3.org/2000/svg"
MOST_BYTES = 100_000
ELEMENTS = frozenset(
    "svg g path circle ellipse rect line polyline polygon defs linearGradient radialGradient stop "
    "clipPath mask title desc style".split()
)
ATTRIBUTES = frozenset(
    "id class style viewBox width height x y x1 y1 x2 y2 cx cy r rx ry fx fy d points "
    "transform fill fill-rule fill-opacity stroke stroke-width stroke-linecap stroke-linejoin "
    "stroke-miterlimit stroke-dasharray stroke-opacity opacity clip-path clip-rule mask "
    "offset stop-color stop-opacity gradientUnits gradientTransform preserveAspectRatio "
    "color".split()
)
LEFT_OUT = frozenset(["text", "use", "symbol"])  # shapes that would silently be missing
CALLS_OUT = re.compile(r"url\((?!\s*[\"']?#)|@import|\\|image-set", re.IGNORECASE)


def is_drawing(file) -> bool:
    """Say whether a file begins as SVG does."""
    file.seek(0)
    start = file.read(512).lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    file.seek(0)
    return start.startswith((b"<svg", b"<?xml", b"<!doctype svg", b"<!--"))


def clean(file) -> ContentFile:
    """Return an SVG file with shapes, paints and styles alone.

    Raises ValidationError for what is no SVG or weighs more than MOST_BYTES.
    """
    if file.size > MOST_BYTES:
        raise ValidationError(_("This drawing weighs more than 100 KB: simplify it."))
    file.seek(0)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(file.read(), parser)
    except etree.XMLSyntaxError as error:
        raise ValidationError(_("This is no SVG drawing that we can read.")) from error
    if root.tag != f"{{{SVG}}}svg":
        raise ValidationError(_("This is no SVG drawing that we can read."))
    if any(etree.QName(each).localname in LEFT_OUT for each in root.iter(f"{{{SVG}}}*")):
        raise ValidationError(
            _("Convert texts and linked objects of this drawing to paths before sending it.")
        )
    content = etree.tostring(_copy(root))
    return ContentFile(content, f"{PurePath(file.name or '').stem}.svg")


def _copy(element):
    """Return an element anew, with what is allowed of it and in it."""
    name = etree.QName(element).localname
    kept = element.makeelement(f"{{{SVG}}}{name}")
    for key, value in element.attrib.items():
        if key in ATTRIBUTES and not CALLS_OUT.search(value):
            kept.set(key, value)
    if name in {"title", "desc", "style"} and not CALLS_OUT.search(element.text or ""):
        kept.text = element.text
    for child in element:
        if isinstance(child.tag, str) and _is_allowed(child.tag):
            kept.append(_copy(child))
    return kept


def _is_allowed(tag) -> bool:
    name = etree.QName(tag)
    return name.namespace == SVG and name.localname in ELEMENTS
