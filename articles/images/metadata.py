"""What a picture says of itself: IPTC, XMP and EXIF, read into words.

The fields are those of the IPTC Photo Metadata Standard; where a picture says a thing thrice,
XMP comes before IPTC-IIM, and that before EXIF, as the standard asks of readers. Places, serial
numbers and thumbnails are never read, so nothing of them can be kept.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from lxml import etree
from PIL import ExifTags, IptcImagePlugin

NAMESPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "cc": "http://creativecommons.org/ns#",
}
LONGEST = 500  # characters of one text; the fields of the library hold no more
MOST_KEYWORDS = 30
# IPTC-IIM, record 2
HEADLINE, CAPTION, CREDIT, BYLINE = (2, 105), (2, 120), (2, 110), (2, 80)
COPYRIGHT, DATE, CITY, KEYWORDS = (2, 116), (2, 55), (2, 90), (2, 25)
XMP = re.compile(rb"<(?:x:)?xmpmeta.*</(?:x:)?xmpmeta>|<rdf:RDF.*</rdf:RDF>", re.DOTALL)
_parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)


@dataclass
class Metadata:
    """What was found; "" and [] where nothing was said."""

    headline: str = ""
    caption: str = ""
    credit: str = ""
    creator: str = ""
    copyright: str = ""
    city: str = ""
    licence_url: str = ""
    taken_at: datetime | None = None  # without a time zone, as cameras write it
    keywords: list[str] = field(default_factory=list)

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
        setattr(found, name, next((value for value in values if value), getattr(found, name)))
    return found


def _from_xmp(image) -> Metadata:
    packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    packet = packet.encode() if isinstance(packet, str) else bytes(packet)
    match = re.search(
        rb"<(?:x:)?xmpmeta.*</(?:x:)?xmpmeta>|<rdf:RDF.*</rdf:RDF>", packet, re.DOTALL
    )
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
        city=first("photoshop:City"),
        licence_url=_web_address(first("xmpRights:WebStatement") or first("cc:license")),
        taken_at=_moment(first("photoshop:DateCreated") or first("xmp:CreateDate")),
        keywords=texts("dc:subject")[:MOST_KEYWORDS],
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
        city=first(CITY),
        taken_at=_moment(first(DATE)),
        keywords=texts(KEYWORDS)[:MOST_KEYWORDS],
    )


def _from_exif(image) -> Metadata:
    exif = image.getexif()
    details = exif.get_ifd(ExifTags.IFD.Exif)

    def text(tag):
        value = exif.get(tag, "")
        if isinstance(value, str):
            value = value.encode("latin-1", "replace")
        return _clean(_decode(value)) if isinstance(value, bytes) else ""

    return Metadata(
        caption=text(ExifTags.Base.ImageDescription),
        creator=text(ExifTags.Base.Artist),
        copyright=text(ExifTags.Base.Copyright),
        taken_at=_moment(str(details.get(ExifTags.Base.DateTimeOriginal, ""))),
    )


def _decode(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("cp1252", "replace")  # IPTC-IIM of the last century


def _clean(text: str) -> str:
    """Return a text on one line, without controls, no longer than a field holds."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:LONGEST]


def _web_address(text: str) -> str:
    return text if text.startswith(("https://", "http://")) else ""


def _moment(text: str) -> datetime | None:
    """Read "2024:05:04 10:11:12", "2024-05-04T10:11:12+02:00" or "20240504"."""
    digits = "".join(re.findall(r"\d", text))[:14]
    for form, length in (("%Y%m%d%H%M%S", 14), ("%Y%m%d%H%M", 12), ("%Y%m%d", 8)):
        try:
            return datetime.strptime(digits[:length], form)  # noqa: DTZ007, cameras know no zone
        except ValueError:
            continue
    return None
