"""The pictures within a text: named by their id, and shown as the library has them at the moment.

A readers' copy holds `<img data-picture="12" data-place="figure" alt="…">` and
`<span class="credit" data-credit="12">`. They are filled when a page is served, so that a new
file, focal point or credit is seen everywhere at once and no copy is written again.
"""

import re
from html import unescape

from django.template.loader import render_to_string
from django.utils.html import format_html

from articles.images.places import FALLBACK_WIDTH, shown, single
from articles.models.image import Image

DRAFT_PICTURE = re.compile(r'<img\b[^>]*\bdata-file="([1-9][0-9]{0,17})"[^>]*>')
SOURCE = re.compile(r'\ssrc="[^"]*"')
PICTURE = re.compile(r'<img data-picture="(\d+)" data-place="(\w+)" alt="([^"]*)">')
CREDIT = re.compile(r'(?<=<span class="credit") data-credit="(\d+)">(?=</span>)')


def pictures_in(*texts) -> dict[int, Image]:
    """Return the pictures of readers' texts by their ids, in their order; 1 query at most."""
    wanted = {int(pk): None for text in texts for pk, _place, _alt in PICTURE.findall(text)}
    found = Image.objects.in_bulk(wanted) if wanted else {}
    return {pk: found[pk] for pk in wanted if pk in found}


def show(html: str, pictures: dict[int, Image]) -> str:
    """Return a readers' text with its pictures in all their renditions, and their credits.

    The pictures of a gallery are links to their largest file.
    """

    def picture(image, place, alt):
        return render_to_string(
            "articles/_gallery_picture.html" if place == "gallery" else "articles/_picture.html",
            shown(image, place, alt) | {"large": single(image, "full")},
        ).strip()

    return _filled(html, pictures, picture)


def show_plain(html: str, pictures: dict[int, Image]) -> str:
    """Return a readers' text with one file for each picture, as programs that read feeds want."""

    def picture(image, _place, alt):
        file = single(image, "full", FALLBACK_WIDTH)
        return format_html(
            '<img src="{}" width="{}" height="{}" alt="{}">',
            file["url"],
            file["width"],
            file["height"],
            alt,
        )

    return _filled(html, pictures, picture)


def with_addresses(body: str) -> str:
    """Return a working copy's body for the editor: each picture with the address of its file."""
    wanted = {int(pk) for pk in DRAFT_PICTURE.findall(body)}
    pictures = Image.objects.in_bulk(wanted) if wanted else {}

    def address(found):
        tag, image = SOURCE.sub("", found[0]), pictures.get(int(found[1]))
        url = single(image, "full", FALLBACK_WIDTH)["url"] if image else ""
        return format_html('<img src="{}"', url) + tag[4:]  # without src the editor would drop it

    return DRAFT_PICTURE.sub(address, body)


def _filled(html, pictures, picture):
    def show_picture(found):
        pk, place, alt = found.groups()
        return picture(pictures[int(pk)], place, unescape(alt))

    def show_credit(found):
        context = {"image": pictures[int(found[1])]}
        return ">" + render_to_string("articles/_credit.html", context).strip()

    return CREDIT.sub(show_credit, PICTURE.sub(show_picture, html))
