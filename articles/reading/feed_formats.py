"""The formats of feeds: RSS 2.0, Atom 1.0 (RFC 4287) and JSON Feed 1.1 (jsonfeed.org).

Each takes the items that feeds.py gives it, with these of ours besides Django's own: `authors`
((name, address) pairs), `content` (HTML), `picture` (a dict, or None: see feeds.picture_of).
"""

import json
from datetime import UTC, datetime, time
from typing import NamedTuple
from xml.sax.xmlreader import AttributesImpl

from django.utils import feedgenerator
from django.utils.feedgenerator import rfc3339_date
from django.utils.html import escape
from django.utils.xmlutils import SimplerXMLGenerator

JSON = "application/feed+json"
NAMESPACES = {
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
}


class Dated(feedgenerator.SyndicationFeed):
    """A feed without an item is of this day; Django's is of this second, and no cache knows it."""

    def latest_post_date(self):
        if self.items:
            return super().latest_post_date()
        return datetime.combine(datetime.now(tz=UTC), time.min, UTC)


class Rss(Dated, feedgenerator.Rss201rev2Feed):
    """RSS 2.0 with the full text, who signs, and the main picture with its credit."""

    def rss_attributes(self):
        return super().rss_attributes() | {
            f"xmlns:{prefix}": space for prefix, space in NAMESPACES.items()
        }

    def add_root_elements(self, handler):
        super().add_root_elements(handler)
        if self.feed["hub"]:
            handler.addQuickElement("atom:link", None, {"rel": "hub", "href": self.feed["hub"]})

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, _as_html(item))
        for name, _address in item["authors"]:
            handler.addQuickElement("dc:creator", name)
        handler.addQuickElement("content:encoded", item["content"])
        _add_picture(handler, item["picture"])


class Atom(Dated, feedgenerator.Atom1Feed):
    """Atom 1.0 with the full text and who signs."""

    def write(self, outfile, encoding):
        """As Django's, with the style sheets, which it gives RSS alone."""
        handler = SimplerXMLGenerator(outfile, encoding, short_empty_elements=True)
        handler.startDocument()
        for stylesheet in self.feed["stylesheets"]:
            handler.processingInstruction("xml-stylesheet", stylesheet)
        handler.startElement("feed", AttributesImpl(self.root_attributes()))
        self.add_root_elements(handler)
        self.write_items(handler)
        handler.endElement("feed")

    def add_root_elements(self, handler):
        super().add_root_elements(handler)
        if self.feed["hub"]:
            handler.addQuickElement("link", None, {"rel": "hub", "href": self.feed["hub"]})

    def root_attributes(self):
        return super().root_attributes() | {"xmlns:media": NAMESPACES["media"]}

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, _as_html(item))
        for name, address in item["authors"]:
            handler.startElement("author", {})
            handler.addQuickElement("name", name)
            handler.addQuickElement("uri", address)
            handler.endElement("author")
        handler.addQuickElement("content", item["content"], {"type": "html"})
        _add_picture(handler, item["picture"])


def _as_html(item) -> dict:
    """Return an item with its description as HTML, which both formats take it for."""
    return item | {"description": escape(item["description"])}


def _add_picture(handler, picture):
    """Add the main picture of an item, if it has one, with its credit (Media RSS)."""
    if not picture:
        return
    measures = {name: str(picture[name]) for name in ("url", "width", "height", "type")}
    handler.startElement("media:content", measures | {"medium": "image"})
    for name in ("description", "credit"):
        if picture[name]:
            handler.addQuickElement(f"media:{name}", picture[name])
    handler.endElement("media:content")


class JsonFeed(feedgenerator.SyndicationFeed):
    """JSON Feed 1.1."""

    content_type = f"{JSON}; charset=utf-8"

    def write(self, outfile, _encoding):
        said = self.feed
        feed = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": said["title"],
            "home_page_url": said["link"],
            "feed_url": said["feed_url"],
            "description": said["description"],
            "language": said["language"],
            "items": [_item(item) for item in self.items],
        }
        if said["hub"]:
            feed["hubs"] = [{"type": "WebSub", "url": said["hub"]}]
        outfile.write(json.dumps(feed, ensure_ascii=False))


def _item(item) -> dict:
    """Return an item of a JSON Feed; what it does not have is left out."""
    picture = item["picture"] or {}
    whole = {
        "id": item["unique_id"],
        "url": item["link"],
        "title": item["title"],
        "summary": item["description"],
        "content_html": item["content"],
        "image": picture.get("url"),
        "_picture": {
            name: picture[name] for name in ("description", "credit") if picture.get(name)
        },
        "date_published": rfc3339_date(item["pubdate"]),
        "date_modified": rfc3339_date(item["updateddate"]),
        "authors": [{"name": name, "url": address} for name, address in item["authors"]],
        "tags": [str(category) for category in item["categories"]],
        "language": "fr",
    }
    return {name: value for name, value in whole.items() if value}


class Format(NamedTuple):
    """name: in the names of URL patterns. ending: of the address, after feed/."""

    name: str
    ending: str
    generator: type[feedgenerator.SyndicationFeed]


RSS = Format("", "", Rss)
FORMATS = (RSS, Format("-atom", "atom/", Atom), Format("-json", "json/", JsonFeed))
