"""Where pictures stand on a page, and which files a browser may choose from there."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urljoin

from django.conf import settings
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from articles.images.renditions import SLOTS, name_of

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
    "card-beside": Place("card", "(min-width: 78rem) 22rem, (min-width: 48rem) 30vw, 7rem"),
    "headline": Place("card", "(min-width: 78rem) 22rem, (min-width: 48rem) 30vw, 92vw"),
    "listing": Place("card", "(min-width: 40rem) 13rem, 26vw"),
    "tag": Place("full", "(min-width: 78rem) 72rem, 92vw", first=True),
    "figure": Place("full", "(min-width: 60rem) 48rem, (min-width: 40rem) 35rem, 92vw"),
    "gallery": Place("card", "(min-width: 48rem) 24rem, 80vw"),
}


def shown(image, place, alt="") -> dict:
    """Return what `articles/_picture.html` says of an image in a place of PLACES.

    Until the image has its renditions, they are missing and the picture itself is shown.
    """
    where = PLACES[place]
    context = {"image": image, "alt": alt, "place": where}
    sizes = image.renditions.get("sizes", {}).get(where.slot)
    if not sizes:
        return context
    *sources, (_type, srcset) = [
        (
            TYPES[suffix],
            ", ".join(f"{url(image, where.slot, width, suffix)} {width}w" for width, _h in sizes),
        )
        for suffix in SLOTS[where.slot].suffixes
    ]
    width, height = next((size for size in sizes if size[0] >= FALLBACK_WIDTH), sizes[-1])
    return context | {
        "sources": sources,
        "srcset": srcset,
        "src": url(image, where.slot, width, "jpg"),
        "width": width,
        "height": height,
        "placeholder": image.renditions["placeholder"],
    }


def markup(image, place, alt="") -> SafeString:
    """Return an image in a place of PLACES as HTML."""
    files = (image.file.name, image.width, image.height, image.renditions.get("key"))
    return _markup(Placed(image, place, alt, files))


@dataclass(frozen=True)
class Placed:
    """An image in a place, equal to all whose markup is the same (renditions/key_of)."""

    image: Any = field(compare=False)
    place: str
    alt: str
    files: tuple


@lru_cache(maxsize=2000)  # some 5 KB each
def _markup(placed: Placed) -> SafeString:
    context = shown(placed.image, placed.place, placed.alt)
    return mark_safe(render_to_string("articles/_picture.html", context).strip())


def single(image, slot, least=0) -> dict:
    """Return {"url", "width", "height"} of one JPEG file of a slot, or of the picture itself.

    least: the width in pixels that it should have at least; the widest if 0 or none is so wide.
    """
    sizes = image.renditions.get("sizes", {}).get(slot)
    if not sizes:
        return {"url": image.file.url, "width": image.width, "height": image.height}
    width, height = next((size for size in sizes if 0 < least <= size[0]), sizes[-1])
    return {"url": url(image, slot, width, "jpg"), "width": width, "height": height}


def absolute(address: str) -> str:
    """Return the address of a file as other sites need it."""
    return urljoin(settings.SITE_URL.geturl(), address)


def url(image, slot, width, suffix) -> str:
    return _url(name_of(image.renditions["key"], slot, width, suffix))


@lru_cache(maxsize=10_000)
def _url(name) -> str:
    """Return the address of a rendition, which is never another file's."""
    return default_storage.url(name)
