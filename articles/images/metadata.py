"""What a picture says of itself: IPTC, XMP and EXIF, read into words.

The fields are those of the IPTC Photo Metadata Standard; where a picture says a thing thrice,
XMP comes before IPTC-IIM, and that before EXIF, as the standard asks of readers. Of places, the
city alone is read, since a person typed it; coordinates, serial numbers, thumbnails never are.
"""

import logging
import re
from dataclasses import dataclass, field
from datetime import date
from typing import cast
from xml.sax.saxutils import escape

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from lxml import etree
from PIL import ExifTags, IptcImagePlugin

NAMESPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
}
LONGEST = 500  # characters of one text; the fields of the library hold no more
MOST_KEYWORDS, LONGEST_KEYWORD = 20, 100  # characters, as many as a tag's name may have
# IPTC-IIM, record 2
HEADLINE, CAPTION, CREDIT, BYLINE, COPYRIGHT = (2, 105), (2, 120), (2, 110), (2, 80), (2, 116)
KEYWORDS, CREATED_ON, CITY = (2, 25), (2, 55), (2, 90)
DATE = re.compile(r"((?:19|20)\d\d)[-:]?(\d\d)[-:]?(\d\d)")
XMP_START, XMP_END = b"<rdf:RDF", b"</rdf:RDF>"
LARGEST_XMP = 256_000  # bytes
logger = logging.getLogger(__name__)
_parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)


@dataclass
class Metadata:
    """What was found; "", None or nothing where nothing was said."""

    headline: str = ""
    caption: str = ""
    credit: str = ""
    creator: str = ""
    copyright: str = ""
    licence_url: str = ""
    city: str = ""
    taken_on: date | None = None
    keywords: list[str] = field(default_factory=list)

    @property
    def printed_credit(self) -> str:
        """The credit as it is printed: creator and agency, or who claims the copyright."""
        parts = dict.fromkeys(filter(None, [self.creator, self.credit]))
        return " / ".join(parts) or self.copyright.removeprefix("©").strip()


def read(image) -> Metadata:
    """Return what an opened Pillow image says of itself. Damaged parts are passed over."""
    sources = [_passed_over(source, image) for source in (_from_xmp, _from_iptc, _from_exif)]
    found = Metadata()
    for name in vars(found):
        values = (getattr(source, name) for source in sources)
        setattr(found, name, next(filter(None, values), getattr(found, name)))
    return found


def _passed_over(source, image) -> Metadata:
    """Return what a source says; nothing if it is so damaged that it cannot be read."""
    try:
        return source(image)
    except Exception as error:  # noqa: BLE001  # of damaged data, parsers raise anything
        logger.info("Metadata was passed over: %r", error)
        return Metadata()


def packet(image) -> bytes:
    """Return the XMP packet that tells whom a library image is from, in IPTC's own fields.

    Written into every rendition, as the IPTC asks of publishers.
    """
    credit, rights = escape(image.credit), escape(image.copyright or image.credit)
    lines = (
        f"<photoshop:Credit>{credit}</photoshop:Credit><dc:rights><rdf:Alt>"
        f'<rdf:li xml:lang="x-default">{rights}</rdf:li></rdf:Alt></dc:rights>'
    )
    if image.creator:
        creator = escape(image.creator)
        lines += f"<dc:creator><rdf:Seq><rdf:li>{creator}</rdf:li></rdf:Seq></dc:creator>"
    if image.licence_address:
        address = escape(image.licence_address)
        lines += f"<xmpRights:WebStatement>{address}</xmpRights:WebStatement>"
    names = "".join(
        f' xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items() if prefix != "rdf"
    )
    return (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{NAMESPACES["rdf"]}">'
        f'<rdf:Description rdf:about=""{names}>{lines}</rdf:Description></rdf:RDF></x:xmpmeta>'
    ).encode()


def _from_xmp(image) -> Metadata:
    packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    packet = packet.encode() if isinstance(packet, str) else packet
    if not isinstance(packet, bytes) or len(packet) > LARGEST_XMP:
        return Metadata()
    start, end = packet.find(XMP_START), packet.rfind(XMP_END)
    if start < 0 or end < start:
        return Metadata()
    root = etree.fromstring(packet[start : end + len(XMP_END)], _parser)

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
        licence_url=_address(first("xmpRights:WebStatement")),
        city=first("photoshop:City"),
        taken_on=_day(first("photoshop:DateCreated") or first("xmp:CreateDate")),
        keywords=_keywords(texts("dc:subject")),
    )


def _from_iptc(image) -> Metadata:
    records = IptcImagePlugin.getiptcinfo(image) or {}

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
        city=first(CITY),
        taken_on=_day(first(CREATED_ON)),
        keywords=_keywords(texts(KEYWORDS)),
    )


def _from_exif(image) -> Metadata:
    exif = image.getexif()

    def text(tag, block=exif):
        value = block.get(tag, "")
        if isinstance(value, str):
            value = value.encode("latin-1", "replace")
        return _clean(_decode(value)) if isinstance(value, bytes) else ""

    return Metadata(
        caption=text(ExifTags.Base.ImageDescription),
        creator=text(ExifTags.Base.Artist),
        copyright=text(ExifTags.Base.Copyright),
        taken_on=_day(text(ExifTags.Base.DateTimeOriginal, exif.get_ifd(ExifTags.IFD.Exif))),
    )


def _decode(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("cp1252", "replace")  # IPTC-IIM of the last century


def _day(text: str) -> date | None:
    """Return the day that a date of any of the three formats begins with; None of none."""
    found = DATE.match(text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:  # the thirtieth of February
        return None


def _keywords(texts) -> list[str]:
    return [text[:LONGEST_KEYWORD] for text in texts[:MOST_KEYWORDS]]


def _address(text: str) -> str:
    try:
        URLValidator(["https", "http"])(text)
    except ValidationError:
        return ""
    return text


def _clean(text: str) -> str:
    """Return a text on one line, without controls, no longer than a field holds."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:LONGEST]
