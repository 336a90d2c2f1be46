"""From a WordPress post's text to the body of an article.

Classic texts get their paragraphs and lose their shortcodes, those of the block editor lose their
comments; then both are one tree of HTML, in which figures, galleries, quotations, embeds and notes
are brought to our vocabulary. `body.clean` has the last word. What cannot come along is remarked.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from articles.publishing.body import clean, parse
from articles.publishing.typography import CONTROLS, inner_html
from articles.wordpress.autop import autop
from articles.wordpress.blocks import pieces
from articles.wordpress.shortcodes import ADDRESS_LINE, ADDRESS_MARK, expand
from articles.wordpress.steps import STEPS

NESTED = 5  # reusable blocks within reusable blocks
SILENT = {"more", "nextpage", "spacer", "separator", "footnotes"}  # alone, and nothing is lost
CLASSIC = {"", "freeform", "shortcode"}  # pieces that WordPress treats as a classic text
KNOWN = CLASSIC | set(
    "paragraph heading list list-item quote pullquote image gallery table embed buttons button "
    "columns column media-text cover file html video audio code preformatted verse group details "
    "more nextpage separator spacer footnotes block post-content missing row stack".split()
)


@dataclass
class Sources:
    """What a text refers to, found by whoever knows it; each answers None for what is unknown.

    picture: (WordPress's id or "", address) → id in the library.
    file: the address of an upload that is no picture → its address here.
    page: the address of a page of the old site → its path here.
    reusable: the id of a reusable block → its text.
    attached: () → the ids of the pictures attached to the post.
    is_upload: whether an address is one of the old site's files.
    notes: the texts of the footnotes by their ids.
    """

    picture: Callable[[str, str], int | None]
    file: Callable[[str], str | None]
    page: Callable[[str], str | None]
    reusable: Callable[[str], str | None]
    attached: Callable[[], list[str]]
    is_upload: Callable[[str], bool]
    notes: dict[str, str] = field(default_factory=dict)


@dataclass
class Converted:
    """body: of our vocabulary. remarks: (kind, what) of all that could not come along as it was.

    Kinds: "block", "shortcode", "picture", "file", "element".
    """

    body: str
    remarks: list[tuple[str, str]]


def convert(text: str, sources: Sources) -> Converted:
    """Return a post's text as the body of an article."""
    remarks: list[tuple[str, str]] = []
    html = _flatten(CONTROLS.sub("", text), sources, remarks)
    root = parse(f"<div>{html}</div>")
    for step in STEPS:
        step(root, sources, remarks)
    return Converted(clean(inner_html(root)), list(dict.fromkeys(remarks)))


def _flatten(text, sources, remarks, depth=0) -> str:
    """Return the text as HTML: without comments of blocks, shortcodes, and lines of addresses."""
    found = []
    for piece in pieces(text):
        if piece.is_void:
            found.append(_void(piece, sources, remarks, depth))
            continue
        if piece.name not in KNOWN and piece.name.rpartition("/")[0] not in {"core-embed"}:
            remarks.append(("block", piece.name))
        is_classic = piece.name in CLASSIC
        found.append(_classic(piece.html, sources, remarks) if is_classic else piece.html)
    return "\n".join(found)


def _void(piece, sources, remarks, depth) -> str:
    """Return what stands for a block that has no HTML of its own; those of a theme have nothing."""
    if piece.name == "block" and depth < NESTED:
        inner = sources.reusable(str(piece.said.get("ref", "")))
        if inner is not None:
            return _flatten(inner, sources, remarks, depth + 1)
    if piece.name not in SILENT:
        remarks.append(("block", piece.name))
    return "<hr>" if piece.name == "separator" else ""


def _classic(text, sources, remarks) -> str:
    def gallery(ids):
        images = [f'<img class="wp-image-{pk}">' for pk in ids or sources.attached()]
        return f'<div class="gallery">{"".join(images)}</div>' if images else ""

    text = expand(text, gallery, lambda name: remarks.append(("shortcode", name)))
    return autop(ADDRESS_LINE.sub(rf"\n\n<p {ADDRESS_MARK}>\1</p>\n\n", text))
