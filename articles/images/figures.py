"""The pictures within a text: named by their id, and shown as the library has them at the moment.

A readers' copy holds `<img data-picture="12" data-place="figure" alt="…">` and
`<span class="credit" data-credit="12">`. They are filled when a page is served, so that a new
file, focal point or credit is seen everywhere at once and no copy is written again.
"""

import re
from html import unescape

from django.template.loader import render_to_string
from django.utils.html import format_html

from articles.images.places import FALLBACK_WIDTH, markup, single
from articles.models.image import Image

# An alternative text that holds a quotation mark is serialised in apostrophes.
PICTURE = re.compile(r"""<img data-picture="(\d+)" data-place="(\w+)" alt=("[^"]*"|'[^']*')>""")
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
        shown = markup(image, place, alt)
        if place != "gallery":
            return shown
        context = {"large": single(image, "full"), "picture": shown}
        return render_to_string("articles/_gallery_picture.html", context).strip()

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


def _filled(html, pictures, picture):
    def show_picture(found):
        pk, place, alt = found.groups()
        image = pictures.get(int(pk))  # None of one that was deleted while the page is made
        return picture(image, place, unescape(alt[1:-1])) if image else ""

    def show_credit(found):
        context = {"image": pictures.get(int(found[1]))}
        return ">" + render_to_string("articles/_credit.html", context).strip()

    return CREDIT.sub(show_credit, PICTURE.sub(show_picture, html))
