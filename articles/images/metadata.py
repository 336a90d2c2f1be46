"""What a picture says of itself: IPTC, XMP and EXIF, read into words.

The fields are those of the IPTC Photo Metadata Standard; where a picture says a thing thrice,
XMP comes before IPTC-IIM, and that before EXIF, as the standard asks of readers. Places, serial
numbers and thumbnails are never read, so nothing of them can be kept.
"""

import re
from dataclasses import dataclass
from typing import cast
from xml.sax.saxutils import escape

from lxml import etree
from PIL import ExifTags, IptcImagePlugin

NAMESPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
}
LONGEST = 500  # characters of one text; the fields of the library hold no more
# IPTC-IIM, record 2
HEADLINE, CAPTION, CREDIT, BYLINE, COPYRIGHT = (2, 105), (2, 120), (2, 110), (2, 80), (2, 116)
XMP = re.compile(rb"<(?:x:)?xmpmeta.*</(?:x:)?xmpmeta>|<rdf:RDF.*</rdf:RDF>", re.DOTALL)
_parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)


@dataclass
class Metadata:
    """What was found; "" where nothing was said."""

    headline: str = ""
    caption: str = ""
    credit: str = ""
    creator: str = ""
    copyright: str = ""

    @property
    def printed_credit(self) -> str:
        """The credit as it is printed: creator and agency, or who claims the copyright."""
        parts = dict.fromkeys(filter(None, [self.creator, self.credit]))
        return " / ".join(parts) or self.copyright.removeprefix("©").strip()


def read(image) -> Metadata:
    """Return what an opened Pillow image says of itself. Damaged parts are passed over."""
    sources = [_from_xmp(image), _from_iptc(image), _from_exif(image)]
    found = Metadata()
    for name in vars(found):
        values = (getattr(source, name) for source in sources)
        setattr(found, name, next(filter(None, values), ""))
    return found


def packet(image) -> bytes:
    """Return the XMP packet that tells whom a library image is from, in IPTC's own fields.

    Written into every rendition, as the IPTC asks of publishers.
    """
    credit = escape(image.credit)
    lines = (
        f"<photoshop:Credit>{credit}</photoshop:Credit><dc:rights><rdf:Alt>"
        f'<rdf:li xml:lang="x-default">{credit}</rdf:li></rdf:Alt></dc:rights>'
    )
    names = "".join(
        f' xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items() if prefix != "rdf"
    )
    return (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{NAMESPACES["rdf"]}">'
        f'<rdf:Description rdf:about=""{names}>{lines}</rdf:Description></rdf:RDF></x:xmpmeta>'
    ).encode()


def _from_xmp(image) -> Metadata:
    packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    packet = packet.encode() if isinstance(packet, str) else bytes(packet)
    match = XMP.search(packet)
    try:
        root = etree.fromstring(match[0], _parser) if match else None
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        return Metadata()

    def texts(name) -> list[str]:
        path = f".//{name}//rdf:li/text()|.//{name}[not(*)]/text()|.//@{name}"
        found = cast("list[str]", root.xpath(path, namespaces=NAMESPACES))
        return [cleaned for text in found if (cleaned := _clean(text))]

    def first(name):
        return next(iter(texts(name)), "")

    return Metadata(
        headline=first("photoshop:Headline") or first("dc:title"),
        caption=first("dc:description"),
        credit=first("photoshop:Credit"),
        creator=", ".join(texts("dc:creator")),
        copyright=first("dc:rights"),
    )


def _from_iptc(image) -> Metadata:
    try:
        records = IptcImagePlugin.getiptcinfo(image) or {}
    except (OSError, SyntaxError, ValueError, IndexError, KeyError, AttributeError):
        records = {}  # a block that no program can read says nothing

    def texts(key):
        values = records.get(key, [])
        values = values if isinstance(values, list) else [values]
        return [text for value in values if (text := _clean(_decode(value)))]

    def first(key):
        return next(iter(texts(key)), "")

    return Metadata(
        headline=first(HEADLINE),
        caption=first(CAPTION),
        credit=first(CREDIT),
        creator=", ".join(texts(BYLINE)),
        copyright=first(COPYRIGHT),
    )


def _from_exif(image) -> Metadata:
    exif = image.getexif()

    def text(tag):
        value = exif.get(tag, "")
        if isinstance(value, str):
            value = value.encode("latin-1", "replace")
        return _clean(_decode(value)) if isinstance(value, bytes) else ""

    return Metadata(
        caption=text(ExifTags.Base.ImageDescription),
        creator=text(ExifTags.Base.Artist),
        copyright=text(ExifTags.Base.Copyright),
    )


def _decode(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("cp1252", "replace")  # IPTC-IIM of the last century


def _clean(text: str) -> str:
    """Return a text on one line, without controls, no longer than a field holds."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:LONGEST]
