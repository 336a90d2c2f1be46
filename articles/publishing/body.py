"""What a body may hold: a closed vocabulary of HTML, and the cleaning of all else.

Vocabulary: p, h2, h3, strong, em, a, ul, ol, li, blockquote with cite, figure/img/figcaption
by image id (`data-file`), table, hr, br, sub, sup, a `lang` mark, and the placeholder of an
embed (`<div data-embed="https://…">`). Every way in goes through `clean`.
"""

import re
from urllib.parse import urlsplit

import nh3
from lxml import html as lxml_html

from articles.publishing.typography import inner_html

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")
RENAMED = {"b": "strong", "i": "em", "h1": "h2", "h4": "h3", "h5": "h3", "h6": "h3"}
TABLE = {"table", "thead", "tbody", "tr", "th", "td"}
BLOCKS = {"p", "h2", "h3", "ul", "ol", "blockquote", "figure", "table", "hr", "div"}
INLINE = {"strong", "em", "a", "cite", "sub", "sup", "span", "br"}
TAGS = BLOCKS | INLINE | TABLE | {"li", "img", "figcaption"} | RENAMED.keys()
ATTRIBUTES = {
    "a": {"href", "title", "lang", "hreflang"},
    "img": {"src", "alt", "data-file"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
    "ol": {"start"},
    "div": {"data-embed"},
    "blockquote": {"cite", "lang"},
    **{tag: {"lang"} for tag in ("p", "span", "em", "strong", "cite", "li", "h2", "h3")},
}
_cleaner = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
    strip_comments=True,
)


def clean(markup: str) -> str:
    """Return the HTML that a body may hold of any HTML; "" when no content is left.

    Text is never lost: unknown elements go, their text stays. Scripts and styles go whole.
    """
    root = parse(_cleaner.clean(markup.replace("\x00", "")))
    for element in list(root.iter(*RENAMED)):
        element.tag = RENAMED[element.tag]
    for image in list(root.iter("img")):
        _keep_library_image(image)
    for element in list(root.iterdescendants("div", "span")):
        _keep_marked(element)
    for element in root.xpath(".//*[@lang]"):
        if not LANGUAGE.match(element.get("lang")):
            del element.attrib["lang"]
    _wrap_loose_text(root)
    for paragraph in list(root.iter("p")):
        if is_empty(paragraph):
            paragraph.drop_tree()
    return inner_html(root).strip()


def parse(markup: str):
    """Return an lxml `<div>` that holds a fragment of HTML."""
    return lxml_html.fragment_fromstring(markup, create_parent="div")


def blocks(markup: str) -> list[str]:
    """Return the paragraphs, headings, figures… of a cleaned body, each as its own HTML."""
    root = parse(markup)
    for element in root:
        element.tail = None
    return [lxml_html.tostring(element, encoding="unicode") for element in root]


def is_empty(element) -> bool:
    """Say whether an element shows nothing: no text, no picture, no line."""
    return not element.text_content().strip() and not element.xpath(
        ".//img|.//hr|.//*[@data-embed]"
    )


def image_ids(root) -> list[int]:
    """Return the ids of the library images in a cleaned body, in their order."""
    return [int(image.get("data-file")) for image in root.iter("img")]


def _keep_library_image(image) -> None:
    """Keep a picture of the library, in a figure; drop any other (hot-linked, data:)."""
    reference = image.get("data-file", "")
    if not re.fullmatch("[1-9][0-9]{0,17}", reference):
        figure = image.getparent()
        image.drop_tree()
        if figure.tag == "figure" and is_empty(figure):
            figure.drop_tree()
        return
    if image.getparent().tag != "figure":
        figure = lxml_html.Element("figure")
        figure.tail, image.tail = image.tail, None
        image.getparent().replace(image, figure)
        figure.append(image)


def _keep_marked(element) -> None:
    """Keep a div that holds a place for an embed and a span that marks a language."""
    if element.tag == "span":
        if not element.get("lang"):
            element.drop_tag()
        return
    address = urlsplit(element.get("data-embed", ""))
    if address.scheme == "https" and address.hostname:
        element.text, element[:] = None, []
    elif len(element) and all(child.tag in BLOCKS for child in element):
        element.drop_tag()
    else:
        element.tag = "p"
        element.attrib.clear()


def _wrap_loose_text(root) -> None:
    """Put text and inline elements that stand outside any block into paragraphs."""
    children, paragraph = list(root), None
    if root.text and root.text.strip():
        paragraph = lxml_html.Element("p")
        paragraph.text, root.text = root.text, None
        root.insert(0, paragraph)
    for child in children:
        tail, child.tail = child.tail, None
        if child.tag in BLOCKS:
            paragraph = None
        else:
            if paragraph is None:
                paragraph = lxml_html.Element("p")
                child.addprevious(paragraph)
            paragraph.append(child)
        if tail and tail.strip() and paragraph is None:
            paragraph = lxml_html.Element("p")
            paragraph.text = tail
            child.addnext(paragraph)
        elif paragraph is not None and tail:
            if len(paragraph):
                paragraph[-1].tail = (paragraph[-1].tail or "") + tail
            else:
                paragraph.text = (paragraph.text or "") + tail
        else:
            child.tail = tail
