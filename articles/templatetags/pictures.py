"""`picture`: a picture of the library in the renditions that its place on the page asks for."""

from typing import NamedTuple
from urllib.parse import urljoin

from django import template
from django.conf import settings
from django.core.files.storage import default_storage

from articles.images.renditions import SLOTS, name_of

register = template.Library()
TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
FALLBACK_WIDTH = 800  # pixels, at least, of what browsers without `srcset` load


class Place(NamedTuple):
    """Where a picture stands: in which shape, how wide (`sizes`), and whether it comes first."""

    slot: str
    sizes: str
    first: bool = False


PLACES = {  # the widths of static/css/site.css
    "hero": Place("hero", "(min-width: 78rem) 72rem, 100vw", first=True),
    "lead": Place("hero", "(min-width: 78rem) 48rem, (min-width: 64rem) 62vw, 100vw", first=True),
    "card": Place("card", "(min-width: 78rem) 22rem, (min-width: 48rem) 30vw, 92vw"),
    "headline": Place("card", "(min-width: 78rem) 22rem, (min-width: 48rem) 30vw, 92vw"),
    "listing": Place("card", "(min-width: 40rem) 13rem, 26vw"),
    "tag": Place("full", "(min-width: 78rem) 72rem, 92vw", first=True),
}


@register.inclusion_tag("articles/_picture.html")
def picture(image, place, alt=""):
    """Show an image in a place of PLACES; until it has its renditions, as it is."""
    where = PLACES[place]
    return {"image": image, "alt": alt, "place": where} | _shapes(image.renditions, where.slot)


@register.simple_tag
def social_picture(image):
    """Return {"url", "width", "height"} of what shared cards show, with the whole address."""
    url, (width, height) = image.file.url, (image.width, image.height)
    if sizes := image.renditions.get("sizes", {}).get("social"):
        width, height = sizes[-1]
        url = _url(image.renditions, "social", width, "jpg")
    return {"url": urljoin(settings.SITE_URL.geturl(), url), "width": width, "height": height}


def _shapes(renditions, slot):
    sizes = renditions.get("sizes", {}).get(slot)
    if not sizes:
        return {}
    fallback = next((size for size in sizes if size[0] >= FALLBACK_WIDTH), sizes[-1])
    sources = [
        (TYPES[suffix], ", ".join(f"{_url(renditions, slot, w, suffix)} {w}w" for w, _h in sizes))
        for suffix in SLOTS[slot].suffixes
    ]
    return {
        "sources": sources[:-1],
        "srcset": sources[-1][1],
        "src": _url(renditions, slot, fallback[0], "jpg"),
        "width": fallback[0],
        "height": fallback[1],
        "placeholder": renditions["placeholder"],
    }


def _url(renditions, slot, width, suffix) -> str:
    return default_storage.url(name_of(renditions["key"], slot, width, suffix))
