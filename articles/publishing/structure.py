"""Where the elements of a body may stand: what browsers, programs and pasting mixed up, sorted."""

from copy import deepcopy

from lxml import html as lxml_html

from articles.publishing.vocabulary import BLOCKS, HOLDERS, INLINE, LISTS, TABLE


def is_empty(element) -> bool:
    """Say whether an element shows nothing: no text, no picture, no line."""
    return not element.text_content().strip() and not element.xpath(
        "descendant-or-self::img|descendant-or-self::hr|descendant-or-self::*[@data-embed]"
    )


def arrange(root) -> None:
    """Put every element of a body where it may stand, and take away what shows nothing.

    root: an lxml element whose elements are all of the vocabulary; changed in place.
    """
    _free_tables(root)
    for element in list(root.iter("figcaption", "li")):
        _give_a_place(element)
    for element in list(root.iter(*LISTS)):
        _tidy_list(element)
    for element in list(root.iterdescendants(*BLOCKS)):
        _lift(element)
    for figure in root.xpath(".//figure[not(.//img)]"):  # what was split off one
        for caption in figure.findall("figcaption"):
            caption.tag = "p"
        figure.drop_tag()
    for holder in [root, *root.iter("aside", "blockquote"), *root.xpath(".//li[p]")]:
        _wrap_loose_text(holder)
    _drop_empty(root)


def _free_tables(root) -> None:
    """Let pictures and embeds stand after a table instead of in a cell."""
    for element in reversed(root.xpath(".//table//*[self::figure or @data-embed]")):
        table = list(element.iterancestors("table"))[-1]
        copy = deepcopy(element)
        copy.tail, table.tail = table.tail, None
        element.drop_tree()
        table.addnext(copy)


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
