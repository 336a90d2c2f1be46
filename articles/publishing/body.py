"""The body of an article: what may come in, and what can be asked of it.

The vocabulary stands in vocabulary.py. Every way in goes through `clean`.
"""

from copy import deepcopy
from urllib.parse import urlsplit

import nh3
from lxml import etree
from lxml import html as lxml_html

from articles.publishing.structure import arrange
from articles.publishing.typography import CONTROLS, inner_html
from articles.publishing.vocabulary import (
    ATTRIBUTES,
    BLOCKS,
    BOXES,
    INLINE,
    LANGUAGE,
    LIBRARY_ID,
    RENAMED,
    TAGS,
)

_cleaner = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
    strip_comments=True,
)
_parser = lxml_html.HTMLParser(huge_tree=True)  # without it, text in deep nesting is lost


def clean(markup: str) -> str:
    """Return the HTML that a body may hold of any HTML; "" when no content is left.

    Text is never lost: unknown elements go, their text stays. Scripts and styles go whole.
    Cleaning twice changes nothing more.
    """
    root = parse(_cleaner.clean(CONTROLS.sub("", markup)))
    _speak_the_vocabulary(root)
    arrange(root)
    return inner_html(root).strip()


def _speak_the_vocabulary(root) -> None:
    """Bring every element to one of the vocabulary, its attributes to values that may be."""
    for caption in list(root.iter("caption")):
        caption.tail = None
        next(caption.iterancestors("table")).addprevious(caption)
    for element in list(root.iter(*RENAMED)):
        element.tag = RENAMED[element.tag]
    for figure in reversed(list(root.iter("figure"))):  # the innermost first
        _one_picture_a_figure(figure)
    for element in root.xpath(".//*[@lang]"):
        if not LANGUAGE.match(element.get("lang")):
            del element.attrib["lang"]
    for path, keep in KEEPERS:
        for element in root.xpath(path):
            keep(element)


def parse(markup: str):
    """Return an lxml `<div>` that holds a fragment of HTML."""
    return lxml_html.fragment_fromstring(markup, create_parent="div", parser=_parser)


def blocks(markup: str) -> list[str]:
    """Return the paragraphs, headings, figures… of a cleaned body, each as its own HTML."""
    root = parse(markup)
    for element in root:
        element.tail = None
    return [lxml_html.tostring(element, encoding="unicode") for element in root]


def text_of(root) -> str:
    """Return the text of a body: inline elements part no words, blocks do."""
    parts = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if element.tag not in INLINE or element.tag == "br":
            parts.append(" ")
        parts.append((element.text if event == "start" else element.tail) or "")
    return "".join(parts)


def host_of(address: str) -> str:
    """Return the host of a web address; "" of a local or malformed one."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def image_ids(root) -> list[int]:
    """Return the ids of the library images in a body, in their order."""
    return [int(image.get("data-file")) for image in root.iter("img") if _is_of_library(image)]


def _keep_link(element) -> None:
    """Keep the address if a browser can follow it; a link within a link is none."""
    _check_address(element)
    if element.tag == "a" and next(element.iterancestors("a"), None) is not None:
        element.drop_tag()


def _check_address(element) -> None:
    """Take away an address that no browser can follow, or that a quotation may not name."""
    name = "cite" if element.tag == "blockquote" else "href"
    address = element.get(name, "")
    is_web = address.startswith(("https://", "http://", "//"))
    usable = bool(host_of(address)) if is_web else name == "href"
    if address and not usable:
        del element.attrib[name]


def _one_picture_a_figure(figure) -> None:
    """Leave a figure one library picture and its caption; let all else stand outside it."""
    pictures = [image for image in figure.iter("img") if _is_of_library(image)]
    others = figure.xpath(".//figure|.//table|.//blockquote|.//ul|.//ol|.//hr|.//div[@data-embed]")
    if len(pictures) != 1 or others:
        for caption in figure.findall("figcaption"):
            caption.tag = "p"
        figure.tag = "div"  # dissolved with the other divs
        return
    kept = [_take_out(pictures[0])]
    captions = figure.findall(".//figcaption")
    if captions:
        kept.append(_take_out(captions[0]))
        for element in list(kept[1].iterdescendants("p", "h2", "h3", "div", "figcaption")):
            element.drop_tag()
    rest = " ".join(figure.text_content().split())
    tail, figure.text, figure[:] = figure.tail, None, kept
    figure.tail = tail
    if rest:
        paragraph = lxml_html.Element("p")
        paragraph.text, paragraph.tail, figure.tail = rest, figure.tail, None
        figure.addnext(paragraph)


def _take_out(element):
    """Remove an element from its place, where its tail stays, and return it alone."""
    alone = deepcopy(element)
    alone.tail = None
    element.drop_tree()
    return alone


def _is_of_library(image) -> bool:
    return bool(LIBRARY_ID.fullmatch(image.get("data-file", "")))


def _keep_library_image(image) -> None:
    """Keep a picture of the library, in a figure; drop any other (hot-linked, data:)."""
    image.attrib.pop("src", None)  # the library knows where its file is
    if not _is_of_library(image):
        image.drop_tree()
    elif image.getparent().tag != "figure":
        figure = lxml_html.Element("figure")
        figure.tail, image.tail = image.tail, None
        image.getparent().replace(image, figure)
        figure.append(image)


def _keep_note(element) -> None:
    """Keep a footnote that stands in running text; anything else small is plain text."""
    outer = element.iterancestors("small", "a", "h2", "h3")
    if element.get("data-note") is None or next(outer, None) is not None:
        element.drop_tag()
    else:
        element.set("data-note", "")


def _keep_box(element) -> None:
    """Keep a box of a known kind that stands between paragraphs; dissolve any other."""
    if element.get("data-box") not in BOXES or _is_inside(element):
        element.tag = "div"
        element.attrib.pop("data-box", None)


def _is_inside(element) -> bool:
    """Say whether an element stands in what is no place for boxes and galleries."""
    outer = element.iterancestors("aside", "table", "ul", "ol", "li", "blockquote")
    return next(outer, None) is not None


def _keep_gallery(element) -> None:
    """Leave a gallery its figures, two at least, and let all else stand after it."""
    figures = element.findall(".//figure")
    del element.attrib["data-gallery"]  # dissolved with the other divs
    if len(figures) > 1 and not _is_inside(element):
        gallery = lxml_html.Element("div", {"data-gallery": ""})
        element.addprevious(gallery)
        gallery.extend([_take_out(figure) for figure in figures])


def _keep_marked(element) -> None:
    """Keep a div that holds a gallery or a place for an embed, and a span that marks a language."""
    if element.tag == "span":
        if not element.get("lang"):
            element.drop_tag()
        return
    if element.get("data-gallery") is not None:
        return
    address, title = element.get("data-embed", ""), element.get("data-title", "").strip()
    if address.startswith("https://") and host_of(address):
        attributes = {"data-embed": address} | ({"data-title": title[:200]} if title else {})
        if not len(element) and not element.text:
            element.attrib.clear()
            element.attrib.update(attributes)
            return
        element.addprevious(lxml_html.Element("div", attributes))
        del element.attrib["data-embed"]
    element.attrib.pop("data-title", None)
    if any(child.tag in BLOCKS | {"li", "figcaption"} for child in element):
        for child in element:
            is_gallery = child.get("data-gallery") is not None
            if element.get("lang") and not child.get("lang") and not is_gallery:
                child.set("lang", element.get("lang"))
        element.drop_tag()
    else:
        element.tag = "p"
        element.attrib.pop("data-embed", None)


# In this order: galleries hold whole figures, and what dissolves becomes a plain div first.
KEEPERS = [
    (".//a|.//blockquote", _keep_link),
    (".//img", _keep_library_image),
    (".//small", _keep_note),
    (".//aside", _keep_box),
    (".//div[@data-gallery]", _keep_gallery),
    (".//div|.//span", _keep_marked),
]
