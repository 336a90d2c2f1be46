"""What a body may hold: a closed vocabulary of HTML, and the cleaning of all else.

Vocabulary: p, h2, h3, strong, em, a, ul, ol, li, blockquote with cite, figure/img/figcaption
by image id (`data-file`), table, hr, br, sub, sup, a `lang` mark, and the placeholder of an
embed (`<div data-embed="https://…">`). Every way in goes through `clean`.
"""

import re
from copy import deepcopy
from urllib.parse import urlsplit

import nh3
from lxml import etree
from lxml import html as lxml_html

from articles.publishing.typography import CONTROLS, inner_html

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")
LIBRARY_ID = re.compile("[1-9][0-9]{0,17}")
RENAMED = {
    "b": "strong",
    "i": "em",
    "h1": "h2",
    "h4": "h3",
    "h5": "h3",
    "h6": "h3",
    "font": "span",
    "section": "div",
    "article": "div",
    "caption": "p",
}
TABLE = {"table", "thead", "tbody", "tr", "th", "td"}
BLOCKS = {"p", "h2", "h3", "ul", "ol", "blockquote", "figure", "table", "hr", "div"}
LISTS = {"ul", "ol"}
INLINE = {"strong", "em", "a", "cite", "sub", "sup", "span", "br"}
HOLDERS = {"div", "blockquote", "li", "td", "th"}  # what blocks may stand in
TAGS = BLOCKS | INLINE | TABLE | {"li", "img", "figcaption"} | RENAMED.keys()
ATTRIBUTES = {
    "a": {"href", "title", "lang", "hreflang"},
    "img": {"src", "alt", "data-file"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
    "ol": {"start"},
    "div": {"data-embed", "lang"},
    "blockquote": {"cite", "lang"},
    **{
        tag: {"lang"}
        for tag in "p span em strong cite li h2 h3 font section article figcaption b i".split()
    },
}
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
    _arrange(root)
    _wrap_loose_text(root)
    _drop_empty(root)
    return inner_html(root).strip()


def _speak_the_vocabulary(root) -> None:
    """Bring every element to one of the vocabulary, its attributes to values that may be."""
    for caption in list(root.iter("caption")):
        caption.tail = None
        next(caption.iterancestors("table")).addprevious(caption)
    for element in list(root.iter(*RENAMED)):
        element.tag = RENAMED[element.tag]
    for element in list(root.iter("a", "blockquote")):
        _check_address(element)
        if element.tag == "a" and next(element.iterancestors("a"), None) is not None:
            element.drop_tag()
    for figure in reversed(list(root.iter("figure"))):  # the innermost first
        _one_picture_a_figure(figure)
    for image in list(root.iter("img")):
        _keep_library_image(image)
    for element in list(root.iterdescendants("div", "span")):
        _keep_marked(element)
    for element in root.xpath(".//*[@lang]"):
        if not LANGUAGE.match(element.get("lang")):
            del element.attrib["lang"]


def _arrange(root) -> None:
    """Put every element where it may stand."""
    for element in list(root.iter("figcaption", "li")):
        _give_a_place(element)
    for element in list(root.iter(*LISTS)):
        _tidy_list(element)
    for element in list(root.iterdescendants(*BLOCKS)):
        _lift(element)


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


def is_empty(element) -> bool:
    """Say whether an element shows nothing: no text, no picture, no line."""
    return not element.text_content().strip() and not element.xpath(
        "descendant-or-self::img|descendant-or-self::hr|descendant-or-self::*[@data-embed]"
    )


def image_ids(root) -> list[int]:
    """Return the ids of the library images in a cleaned body, in their order."""
    return [int(image.get("data-file")) for image in root.iter("img")]


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
    if not _is_of_library(image):
        image.drop_tree()
    elif image.getparent().tag != "figure":
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
    address = element.get("data-embed", "")
    if address.startswith("https://") and host_of(address):
        if not len(element) and not element.text:
            return
        element.addprevious(lxml_html.Element("div", {"data-embed": address}))
        del element.attrib["data-embed"]
    if any(child.tag in BLOCKS | {"li", "figcaption"} for child in element):
        for child in element:
            if element.get("lang") and not child.get("lang"):
                child.set("lang", element.get("lang"))
        element.drop_tag()
    else:
        element.tag = "p"
        element.attrib.pop("data-embed", None)


def _give_a_place(element) -> None:
    """Put an item that has no list into one; make a caption without a figure a paragraph."""
    parent, previous = element.getparent(), element.getprevious()
    if element.tag == "figcaption" and parent.tag != "figure":
        element.tag = "p"
    elif element.tag == "li" and parent.tag not in LISTS:
        if previous is None or previous.tag not in LISTS or (previous.tail or "").strip():
            previous = lxml_html.Element("ul")
            element.addprevious(previous)
        previous.append(element)
        previous.tail, element.tail = element.tail, None


def _tidy_list(element) -> None:
    """Leave a list nothing but items: whatever else it holds goes into the item before."""
    item = None
    if element.text and element.text.strip():
        item = lxml_html.Element("li")
        item.text, element.text = element.text, None
        element.insert(0, item)
    for child in list(element):
        if child.tag == "li":
            item = child
            if child.tail and child.tail.strip():
                stray = lxml_html.Element("span")  # carries the text in, then dissolves
                stray.tail, child.tail = child.tail, None
                child.append(stray)
                stray.drop_tag()
            continue
        if item is None:
            item = lxml_html.Element("li")
            child.addprevious(item)
        item.append(child)


def _lift(element) -> None:
    """Move a block out of what no block may stand in, which is split around it."""
    while (parent := element.getparent()).tag not in HOLDERS:
        after = lxml_html.Element(parent.tag, dict(parent.attrib))
        after.text, element.tail = element.tail, None
        after.extend(list(element.itersiblings()))
        after.tail, parent.tail = parent.tail, None
        parent.addnext(element)
        element.addnext(after)


def _drop_empty(root) -> None:
    """Take away what shows nothing, the innermost first; spaces between words stay."""
    for element in reversed(list(root.iterdescendants())):
        if element.tag in {"br", "img", "hr"} | TABLE - {"table"} or not is_empty(element):
            continue
        if element.tag in INLINE:
            element.drop_tag()
        else:
            element.drop_tree()


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
