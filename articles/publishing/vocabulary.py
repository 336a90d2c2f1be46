"""The closed vocabulary of a body: which elements it may hold, and with which attributes.

p, h2, h3, strong, em, a, ul, ol, li, blockquote with cite, figure/img/figcaption by image id
(`data-file`), table, hr, br, sub, sup, a `lang` mark, and four of our own:

- `<small data-note>`: a footnote, written where it is called (see footnotes.py);
- `<aside data-box="…">`: a box of one of BOXES;
- `<div data-gallery>`: two figures or more;
- `<div data-embed="https://…" data-title="…">`: the place of something shown elsewhere.
"""

import re

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
BOXES = {"pullquote", "factbox", "specs", "see-also"}
TABLE = {"table", "thead", "tbody", "tr", "th", "td"}
BLOCKS = {"p", "h2", "h3", "ul", "ol", "blockquote", "figure", "table", "hr", "div", "aside"}
LISTS = {"ul", "ol"}
INLINE = {"strong", "em", "a", "cite", "sub", "sup", "span", "small", "br"}
HOLDERS = {"div", "blockquote", "li", "td", "th", "aside"}  # what blocks may stand in
TAGS = BLOCKS | INLINE | TABLE | {"li", "img", "figcaption"} | RENAMED.keys()
ATTRIBUTES = {
    "a": {"href", "title", "lang", "hreflang"},
    "img": {"src", "alt", "data-file"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
    "ol": {"start"},
    "div": {"data-embed", "data-title", "data-gallery", "lang"},
    "aside": {"data-box", "lang"},
    "small": {"data-note"},
    "blockquote": {"cite", "lang"},
    **{
        tag: {"lang"}
        for tag in "p span em strong cite li h2 h3 font section article figcaption b i".split()
    },
}
