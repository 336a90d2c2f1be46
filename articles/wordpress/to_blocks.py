"""Bodies of articles in WordPress's block editor: the way back of content.py."""

import json
from html import escape

from lxml import html as lxml_html

from articles.publishing.body import parse
from articles.publishing.typography import inner_html

NAMES = {"h2": "heading", "h3": "heading", "ul": "list", "ol": "list", "blockquote": "quote"}


def to_blocks(body: str, pictures, id_of) -> tuple[str, list[dict]]:
    """Return (text of blocks, footnotes) of a body of our vocabulary.

    pictures: id of the library → (address, alternative text) of each picture in it.
    id_of: the number of a library id in the export.
    """
    root = parse(body)
    notes = _take_notes(root)
    shown = _Writer(pictures, id_of)
    blocks = [text for element in root if (text := shown.block(element))]
    if notes:
        blocks.append("<!-- wp:footnotes /-->")
    return "\n\n".join(blocks), notes


def _take_notes(root) -> list[dict]:
    """Put calls in the place of footnotes, and return these as the block editor keeps them."""
    notes = []
    for number, note in enumerate(root.xpath(".//small[@data-note]"), 1):
        name = f"note-{number}"
        notes.append({"id": name, "content": inner_html(note)})
        call = parse(
            f'<sup data-fn="{name}" class="fn">'
            f'<a href="#{name}" id="{name}-link">{number}</a></sup>'
        )[0]
        call.tail = note.tail
        note.getparent().replace(note, call)
    return notes


class _Writer:
    def __init__(self, pictures, id_of):
        self.pictures, self.id_of = pictures, id_of

    def block(self, element) -> str:
        """Return an element of a body as a block; "" if nothing is left of it."""
        if element.get("data-gallery") is not None:
            return self._gallery(element)
        if element.get("data-embed"):
            return self._embed(element)
        writers = {"figure": self._image, "aside": self._box, "table": self._table, "hr": _line}
        return writers.get(element.tag, self._text)(element)

    def _gallery(self, gallery) -> str:
        inner = "\n".join(filter(None, map(self._image, gallery)))
        html = f'<figure class="wp-block-gallery has-nested-images">{inner}</figure>'
        return _block("gallery", {"linkTo": "none"}, html) if inner else ""

    def _table(self, table) -> str:
        return _block("table", {}, f'<figure class="wp-block-table">{_html(table)}</figure>')

    def _text(self, element) -> str:
        said: dict = {}
        if element.tag in {"h2", "h3"}:
            said = {"level": int(element.tag[1])}
        elif element.tag == "ol":
            said = {"ordered": True}
        elif element.tag == "blockquote":
            inner = "\n".join(filter(None, map(self.block, element)))
            return _block("quote", {}, f'<blockquote class="wp-block-quote">{inner}</blockquote>')
        return _block(NAMES.get(element.tag, "paragraph"), said, _html(element))

    def _image(self, figure) -> str:
        image = figure.find(".//img")
        pk = int(image.get("data-file"))
        if pk not in self.pictures:
            return ""
        address, alt = self.pictures[pk]
        number = self.id_of(pk)
        caption = figure.find("figcaption")
        words = f"<figcaption>{inner_html(caption)}</figcaption>" if caption is not None else ""
        html = (
            f'<figure class="wp-block-image"><img src="{escape(address)}" '
            f'alt="{escape(image.get("alt") or alt)}" class="wp-image-{number}"/>{words}</figure>'
        )
        return _block("image", {"id": number}, html)

    def _embed(self, place) -> str:
        address, title = place.get("data-embed"), place.get("data-title", "")
        caption = f"<figcaption>{escape(title)}</figcaption>" if title else ""
        html = (
            '<figure class="wp-block-embed"><div class="wp-block-embed__wrapper">\n'
            f"{escape(address)}\n</div>{caption}</figure>"
        )
        return _block("embed", {"url": address}, html)

    def _box(self, box) -> str:
        if box.get("data-box") == "pullquote":
            quote = f'<figure class="wp-block-pullquote"><blockquote>{inner_html(box)}'
            return _block("pullquote", {}, f"{quote}</blockquote></figure>")
        inner = "\n".join(filter(None, map(self.block, box)))
        kind = box.get("data-box", "")
        html = f'<div class="wp-block-group {kind}">{inner}</div>'
        return _block("group", {"className": kind}, html)


def _line(_element) -> str:
    return _block("separator", {}, '<hr class="wp-block-separator"/>')


def _html(element) -> str:
    return lxml_html.tostring(element, encoding="unicode", with_tail=False)


def _block(name, said, html) -> str:
    # As WordPress does, so that no attribute ends the comment.
    written = json.dumps(said, ensure_ascii=False).replace("--", "\\u002d\\u002d") if said else ""
    return f"<!-- wp:{name} {written + ' ' if written else ''}-->\n{html}\n<!-- /wp:{name} -->"
