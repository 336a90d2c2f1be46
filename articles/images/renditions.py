"""Renditions: the files that readers load, made from a picture of the library.

A rendition's name holds a key of all that it depends on, so it never changes under its name
and may be cached for ever. The secret name of the picture's own file is part of it: nobody who
has the same picture can find out whether the library holds it.

`Image.renditions` says which ones are there, and is written once all are: a page names what it
finds there, and until then the picture itself.
"""

import hashlib
import json
from base64 import b64encode
from io import BytesIO
from typing import NamedTuple

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image as Picture

from articles.images.geometry import crop_box, reduced_size, rendition_sizes
from articles.images.metadata import packet
from articles.models.image import Image

FOLDER = "renditions"


class Slot(NamedTuple):
    """A shape that the layout uses."""

    ratio: float | None  # width divided by height; None keeps the picture whole
    widths: tuple[int, ...]  # pixels
    suffixes: tuple[str, ...] = ("avif", "webp", "jpg")


SLOTS = {
    "hero": Slot(16 / 9, (480, 800, 1200, 1600, 2304)),
    "card": Slot(3 / 2, (240, 480, 800, 1200)),
    "full": Slot(None, (480, 800, 1200, 1600)),
    "social": Slot(1200 / 630, (1200,), ("jpg",)),
    "standard": Slot(4 / 3, (1200,), ("jpg",)),  # for search engines, and so is the next
    "square": Slot(1, (1200,), ("jpg",)),
}
# Equally like the picture, and as good as equal to WordPress's JPEG 82: see bench/pictures.py.
ENCODERS: dict[str, tuple[str, dict]] = {
    "avif": ("AVIF", {"quality": 63, "speed": 7}),
    "webp": ("WEBP", {"quality": 80, "method": 4}),
    "jpg": ("JPEG", {"quality": 80, "progressive": True, "optimize": True}),
}
PLACEHOLDER_WIDTH = 20  # pixels


def key_of(image) -> str:
    """Return the key of the renditions that an image should have: 32 hexadecimal digits."""
    recipe = [SLOTS, ENCODERS, PLACEHOLDER_WIDTH]
    picture = [image.file.name, image.focal_x, image.focal_y, packet(image).decode()]
    return hashlib.sha256(json.dumps([recipe, picture]).encode()).hexdigest()[:32]


def is_current(image) -> bool:
    """Say whether the image's row names the renditions that it should have."""
    return image.renditions.get("key") == key_of(image)


def name_of(key, slot, width, suffix) -> str:
    """Return the name of a rendition in the storage."""
    return f"{FOLDER}/{key}/{slot}-{width}.{suffix}"


def names(renditions) -> list[str]:
    """Return the names of all files that an image's `renditions` speaks of."""
    return [
        name_of(renditions["key"], slot, width, suffix)
        for slot, sizes in renditions.get("sizes", {}).items()
        for width, _height in sizes
        for suffix in SLOTS[slot].suffixes
    ]


def build(image) -> dict:
    """Make and store all renditions of an image; return what `Image.renditions` says of them.

    {"key": str, "placeholder": a data: address, "sizes": {slot: [[width, height], …]}}. Writes
    no row, so that several images can be built at a time. Raises OSError where the picture
    cannot be read or a file cannot be written.
    """
    key, xmp = key_of(image), packet(image)
    sizes: dict[str, list] = {}
    with image.file.open() as file, Picture.open(file) as picture:
        whole = picture.size
        boxes = {slot: _box(whole, image, shape) for slot, shape in SLOTS.items()}
        for slot, (left, top, right, bottom) in boxes.items():
            sizes[slot] = rendition_sizes((right - left, bottom - top), SLOTS[slot].widths)
        widest = [(boxes[slot][2] - boxes[slot][0], sizes[slot][-1][0]) for slot in SLOTS]
        picture.draft("RGB", reduced_size(whole, widest))  # JPEG alone decodes smaller
        picture.load()
        for slot, shape in SLOTS.items():
            box = _box(picture.size, image, shape)
            for size in sizes[slot]:
                cut = picture.resize(size, Picture.Resampling.LANCZOS, box, reducing_gap=3)
                for suffix in shape.suffixes:
                    _store(name_of(key, slot, size[0], suffix), _encode(cut, suffix, xmp))
        placeholder = _placeholder(picture)
    return {"key": key, "placeholder": placeholder, "sizes": sizes}


@transaction.atomic
def record(image, renditions) -> bool:
    """Let pages name these renditions, unless the image changed since they were built.

    Returns whether they were recorded.
    """
    now = Image.objects.select_for_update(no_key=True).filter(pk=image.pk).first()
    if now is None or key_of(now) != renditions["key"]:
        return False
    Image.objects.filter(pk=image.pk).update(renditions=renditions)
    return True


def _box(size, image, shape):
    if shape.ratio is None:
        return 0, 0, *size
    return crop_box(size, (image.focal_x, image.focal_y), shape.ratio)


def _encode(picture, suffix, xmp) -> bytes:
    form, options = ENCODERS[suffix]
    if suffix == "jpg" and picture.mode == "RGBA":
        white = Picture.new("RGBA", picture.size, "white")
        picture = Picture.alpha_composite(white, picture).convert("RGB")
    output = BytesIO()
    picture.save(output, form, xmp=xmp, **options)
    return output.getvalue()


def _placeholder(picture) -> str:
    """Return a blurred stand-in of some hundred bytes as a data: address; "" if see-through."""
    if picture.mode != "RGB":
        return ""
    width, height = picture.size
    small = picture.resize(
        (PLACEHOLDER_WIDTH, max(1, round(height * PLACEHOLDER_WIDTH / width))), reducing_gap=2
    )
    output = BytesIO()
    small.save(output, "WEBP", quality=30, method=6)
    return f"data:image/webp;base64,{b64encode(output.getvalue()).decode()}"


def _store(name, content) -> None:
    """Write a file in place of one that an interrupted run may have left half-written."""
    default_storage.delete(name)
    stored = default_storage.save(name, ContentFile(content))
    if stored != name:  # another worker was quicker, with the same content
        default_storage.delete(stored)
