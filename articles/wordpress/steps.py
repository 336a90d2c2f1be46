"""The tree of a WordPress text, brought to our vocabulary step by step.

Each step takes (root, sources, remarks): the lxml element, what the text refers to (see
content.py), and the list of what could not come along as it was. Their order is STEPS.
"""

import re
from urllib.parse import urlsplit

from lxml import html as lxml_html

from articles.publishing.body import parse
from articles.publishing.embeds import describe
from articles.publishing.vocabulary import BOXES
from articles.wordpress.shortcodes import ADDRESS_MARK

LONG_HEADING = 140  # characters: beyond, a heading was used to make text large
# What stands for itself and is no element of a body: its text goes on in a block of its own.
AS_BLOCKS = set(
    "address main header footer nav fieldset form center details dl dd dt legend".split()
)
BOLD = re.compile(r"font-weight:\s*(bold|[6-9]00)", re.I)
ITALIC = re.compile(r"font-style:\s*(italic|oblique)", re.I)
BACKGROUND = re.compile(r"background-image:\s*url\(\s*['\"]?([^'\")]+)", re.I)
# Of a picture in a gallery, as the editors, old and new, and themes write them.
CAPTIONS = ".//figcaption|.//dd|.//*[contains(@class, 'caption-text')]"
WORDPRESS_ID = re.compile(r"\bwp-image-(\d+)\b")
PLAYERS = {  # the player's address of old embeds, and the page that it shows
    re.compile(r"//(?:www\.)?youtube(?:-nocookie)?\.com/(?:embed|v)/([\w-]{6,20})"): (
        "https://www.youtube.com/watch?v=%s"
    ),
    re.compile(r"//player\.vimeo\.com/video/(\d+)"): "https://vimeo.com/%s",
    re.compile(r"//(?:www\.)?dailymotion\.com/embed/video/(\w+)"): (
        "https://www.dailymotion.com/video/%s"
    ),
}


def _drop_what_shows_nothing(root, _sources, remarks):
    for element in list(root.iter("script", "style", "noscript", "svg", "canvas")):
        element.drop_tree()
    for element in list(root.iter("object")):  # around a player, or with words in its place
        if element.get("data") and element.find(".//embed") is None:
            element.insert(0, lxml_html.Element("embed", {"src": element.get("data")}))
        if element.find(".//embed") is None and element.find(".//iframe") is None:
            remarks.append(("element", element.tag))
        element.drop_tag()
    for element in root.xpath(".//*[contains(@class, 'wp-block-file__button')]"):
        element.drop_tree()
    for element in list(root.iter("input", "select", "textarea", "button")):
        remarks.append(("element", element.tag))
        element.drop_tree() if element.tag != "button" else element.drop_tag()


def _number_notes(root, sources, _remarks):
    """Put the footnotes of the block editor where they are called."""
    for call in root.xpath(".//sup[@data-fn]"):
        text = sources.notes.get(call.get("data-fn"), "")
        note = parse(f"<small data-note>{text}</small>")[0]
        note.tail = call.tail
        call.getparent().replace(call, note)


def _mark_emphasis(root, _sources, _remarks):
    """Keep what inline styles and headings mean, not how they look."""
    for element in root.xpath(".//span[@style]"):
        style = element.get("style")
        if BOLD.search(style):
            element.tag = "strong"
        elif ITALIC.search(style):
            element.tag = "em"
    for heading in list(root.iter("h1", "h2", "h3", "h4", "h5", "h6")):
        if len(heading.text_content()) > LONG_HEADING:
            heading.tag = "p"


def _make_blocks(root, _sources, _remarks):
    for element in list(root.iter(*AS_BLOCKS)):
        element.tag = "div" if element.tag not in {"dt", "dd", "legend"} else "p"
    for summary in list(root.iter("summary")):
        summary.tag = "h3"
    for verbatim in list(root.iter("pre")):
        _break_lines(verbatim)
        verbatim.tag = "p"


def _break_lines(element):
    """Turn the line ends of a text into `<br>`."""
    for node in [element, *element.iterdescendants()]:
        for name in ("text", "tail"):
            if name == "tail" and node is element:
                continue
            lines = (getattr(node, name) or "").strip("\n").split("\n")
            if len(lines) < 2:
                continue
            setattr(node, name, lines[0])
            breaks = [lxml_html.Element("br") for _line in lines[1:]]
            for line_break, line in zip(breaks, lines[1:], strict=True):
                line_break.tail = line
            if name == "text":
                node[:0] = breaks
            else:
                place = node.getparent().index(node) + 1
                node.getparent()[place:place] = breaks


def _show_backgrounds(root, _sources, _remarks):
    """A cover's picture may be a background alone."""
    for element in root.xpath(".//*[contains(@style, 'background-image')]"):
        address = BACKGROUND.search(element.get("style"))
        if address and not element.xpath(".//img[contains(@class, 'cover__image')]"):
            figure = lxml_html.Element("figure")
            figure.append(lxml_html.Element("img", {"src": address[1]}))
            element.addprevious(figure)


def _embed(root, _sources, remarks):
    """Turn frames, and addresses that stand alone, into places of embeds; words stay."""
    for frame in list(root.iter("iframe", "embed")):
        address = (frame.get("src") or frame.get("data-src") or "").strip().replace(" ", "%20")
        address = _secure(_page_of(address))
        if address:
            frame.addprevious(_place(address))
        else:
            remarks.append(("element", frame.tag))
        frame.drop_tree()
    for quote in root.xpath(".//blockquote[contains(@class, 'twitter-tweet')]"):
        links = quote.xpath(".//a[contains(@href, '/status/')]/@href")
        if links:
            quote.addnext(_place(_secure(links[-1])))
    for figure in root.xpath(".//figure[contains(@class, 'wp-block-embed')]"):
        _embed_figure(figure, remarks)
    for line in root.xpath(f".//p[@{ADDRESS_MARK}]"):
        _embed_line(line)


def _embed_line(line):
    """Show what an address on a line of its own leads to, or let it be a link."""
    written = (line.text or "").strip()
    address = _secure(written)
    if len(line) or not address:
        return
    if describe(address).kind in {"page", "document"}:
        line.text = None
        link = lxml_html.Element("a", {"href": written})
        link.text = written
        line.append(link)
    else:
        line.addprevious(_place(address))
        line.drop_tree()


def _embed_figure(figure, remarks):
    """Put the place of an embed before a figure; what else the figure holds stays if it says any.

    A caption becomes the place's title, unless it leads somewhere, which a title cannot.
    """
    place = figure.find(".//div[@data-embed]")
    if place is None:
        wrapper = figure.find("./div")
        words = "" if wrapper is None else wrapper.text_content().strip()
        if address := _secure(words):
            place = _place(address)
            wrapper.drop_tree()
        else:
            remarks.append(("element", "embed"))
    caption = figure.find("./figcaption")
    if place is not None:
        figure.addprevious(place)
        if caption is not None and not caption.xpath(".//a"):
            place.set("data-title", " ".join(caption.text_content().split()))
            caption.drop_tree()
    _leave_words(figure)


def _place(address):
    return lxml_html.Element("div", {"data-embed": address})


def _secure(address: str) -> str:
    """Return an address of the web as embeds have it; "" of anything else."""
    address = re.sub(r"^http://", "https://", address)
    return address if re.fullmatch(r"https://\S+", address) else ""


def _leave_words(element):
    """Take an element away, but for the words and pictures that it still holds."""
    if element.text_content().strip() or element.xpath(".//img|.//*[@data-embed]"):
        element.tag = "div"
        element.attrib.clear()
        for caption in element.xpath(".//figcaption"):
            caption.tag = "p"
    else:
        element.drop_tree()


def _page_of(address: str) -> str:
    if address.startswith("//"):
        address = f"https:{address}"
    for pattern, page in PLAYERS.items():
        if found := pattern.search(address):
            return page % found[1]
    return address


def _link_players(root, sources, remarks):
    """Leave a link to the file of a video or a recording that lay on the old site."""
    for player in list(root.iter("video", "audio")):
        address = player.get("src") or player.xpath("string(.//source/@src)")
        new = lxml_html.Element("p")
        new.tail = player.tail
        if address:
            target = sources.file(address)
            if target is None and sources.is_upload(address):
                remarks.append(("file", address))
            link = lxml_html.Element("a", {"href": target or address})
            link.text = urlsplit(address).path.rpartition("/")[2] or address
            new.append(link)
        player.getparent().replace(player, new)


def _find_pictures(root, sources, remarks):
    """Name the pictures by their id in the library; those that are missing are remarked."""
    for image in list(root.iter("img")):
        named = WORDPRESS_ID.search(image.get("class", ""))
        wordpress_id = named[1] if named else image.get("data-id", "")
        address = image.get("data-full-url") or image.get("src") or ""
        pk = sources.picture(wordpress_id, address)
        parent = image.getparent()
        if parent.tag == "a" and not parent.text_content().strip() and _leads_to_file(parent):
            parent.drop_tag()  # it opened the file at its full size: readers' pages do that
        if pk is None:
            remarks.append(("picture", address or wordpress_id))
            image.drop_tree()
            continue
        alt = image.get("alt", "")
        image.attrib.clear()
        if alt:
            image.set("alt", alt)
        image.set("data-file", str(pk))


def _leads_to_file(link) -> bool:
    path = urlsplit(link.get("href", "")).path.lower()
    return path.endswith((".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif"))


def _gather_galleries(root, _sources, _remarks):
    galleries = ".//*[contains(concat(' ', @class, ' '), ' gallery ') or "
    galleries += "contains(@class, 'wp-block-gallery') or contains(@class, 'tiled-gallery')]"
    for gallery in root.xpath(galleries):
        if not gallery.xpath(".//img"):  # or those of one around it, which are gathered already
            continue
        new = lxml_html.Element("div", {"data-gallery": ""})
        for image in list(gallery.iter("img")):
            figure = lxml_html.Element("figure")
            captions = _captions_of(image, gallery)
            _move(image, figure)
            for caption in captions[:1]:
                caption.tag = "figcaption"
                _move(caption, figure)
            new.append(figure)
        gallery.addprevious(new)
        _leave_words(gallery)


def _captions_of(image, gallery) -> list:
    """Return the captions beside a picture in the nearest element of its own in a gallery."""
    for around in image.iterancestors():
        if around is gallery:
            return []
        if around.tag in {"figure", "li", "dl"}:
            return around.xpath(CAPTIONS)
    return []


def _move(element, target):
    """Append an element to another; the words after it stay where they are."""
    element.drop_tree()
    element.tail = None
    target.append(element)


def _quote(root, _sources, _remarks):
    for figure in root.xpath(".//*[contains(@class, 'wp-block-pullquote')]"):
        for quote in figure.xpath(".//blockquote"):
            quote.drop_tag()
        figure.tag = "aside"
        figure.attrib.clear()
        figure.set("data-box", "pullquote")
    for kind in BOXES:  # of an export of ours
        for group in root.xpath(f".//div[contains(@class, 'wp-block-group {kind}')]"):
            group.tag = "aside"
            group.set("data-box", kind)
    for cite in root.xpath(".//blockquote//cite|.//aside//cite"):
        if cite.getparent().tag != "p":
            paragraph = lxml_html.Element("p")
            paragraph.tail, cite.tail = cite.tail, None
            cite.getparent().replace(cite, paragraph)
            paragraph.append(cite)


def _lead_on(root, sources, remarks):
    """Let links to the old site lead to the same page, or the same file, here."""
    for link in root.iter("a"):
        address = link.get("href", "")
        if sources.is_upload(address):
            target = sources.file(address)
            if target is None:
                remarks.append(("file", address))
        else:
            target = sources.page(address)
        if target:
            link.set("href", target)


STEPS = [
    _drop_what_shows_nothing,
    _number_notes,
    _mark_emphasis,
    _show_backgrounds,
    _embed,
    _link_players,
    _find_pictures,
    _gather_galleries,
    _quote,
    _make_blocks,
    _lead_on,
]
