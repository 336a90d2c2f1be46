"""Shortcodes: `[gallery ids="1,2"]`, which WordPress replaces when it serves a text."""

import re
from dataclasses import dataclass
from html import escape, unescape

SAID = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'\]]+))|"([^"]*)"|(\S+)""")
TAG = re.compile(r"\[(\[?)(/?)([a-zA-Z][\w-]*)((?:[^\[\]\"']|\"[^\"]*\"|'[^']*')*?)(/?)\](\]?)")
ADDRESS_LINE = re.compile(r"^[ \t]*(?:<p>)?[ \t]*(https?://[^\s<>\"]+)[ \t]*(?:</p>)?[ \t]*$", re.M)
ADDRESS_MARK = "data-address"  # of the paragraph that is made of such a line
VIDEOS = {"youtube", "vimeo", "dailymotion", "embed", "tweet", "twitter", "wpvideo", "facebook"}


@dataclass
class Shortcode:
    name: str
    said: dict[str, str]

    @property
    def ids(self) -> list[str]:
        """The ids of a gallery's or playlist's files."""
        return re.findall(r"\d+", self.said.get("ids") or self.said.get("include") or "")


def expand(text: str, gallery, removed) -> str:
    """Return a text without shortcodes: those that we know as HTML, others taken out.

    gallery: called with the ids of a `[gallery]` ([] for all that is attached to the post), it
    returns HTML. removed: called with the name of each one that is not known; the words that it
    stood around stay. Brackets that are no shortcode stay: [sic], [NDLR : …], [1].
    """
    closed = {found[3].lower() for found in TAG.finditer(text) if found[2]}
    text = _caption(text)

    def replace(found):
        escaped, end, name, said, _void, escaped_too = found.groups()
        name = name.lower()
        if escaped and escaped_too:  # [[so]] is written to show it
            return found[0][1:-1]
        if name in KNOWN:
            return "\n\n" if end else _shown(Shortcode(name, _attributes(said)), gallery)
        if not (name in closed if end else _is_shortcode(name, said, closed)):
            return found[0]
        if not end:
            removed(name)
        return ""

    return TAG.sub(replace, text)


def _is_shortcode(name, said, closed) -> bool:
    return "=" in said or name in closed or "_" in name or "-" in name


def _shown(code, gallery) -> str:
    """Return the HTML of a shortcode that we know, apart from the text around it."""
    html = ""
    if code.name == "gallery" or (code.name == "playlist" and code.ids):
        html = gallery(code.ids)
    elif code.name in {"video", "audio"}:
        html = _player(code)
    elif code.name in VIDEOS:
        html = _address(code)
    return f"\n\n{html}\n\n"


KNOWN = {"gallery", "playlist", "video", "audio", "caption", "wp_caption", *VIDEOS}
CAPTION = re.compile(r"\[(?:wp_)?caption([^\]]{0,2000})\]", re.I)
CAPTION_END = re.compile(r"\[/(?:wp_)?caption\]", re.I)
PICTURE = re.compile(r"\s*((?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?)(.*)", re.DOTALL | re.I)


def _caption(text: str) -> str:
    """Turn `[caption]` into a figure; its words stand inside, or in old posts in an attribute."""

    parts, place = [], 0
    while (start := CAPTION.search(text, place)) and (end := CAPTION_END.search(text, start.end())):
        parts.append(text[place : start.start()])
        parts.append(_figure(_attributes(start[1]), text[start.end() : end.start()]))
        place = end.end()
    return "".join([*parts, text[place:]])


def _figure(said, inside) -> str:
    found = PICTURE.match(inside)
    if found is None:
        return inside
    words = found[2].strip() or escape(unescape(said.get("caption", "")))
    caption = f"<figcaption>{words}</figcaption>" if words else ""
    return f"\n\n<figure>{found[1]}{caption}</figure>\n\n"


def _attributes(text: str) -> dict[str, str]:
    """Return what a shortcode says, by name; what has no name by its place: "0", "1"…"""
    said: dict[str, str] = {}
    for name, double, single, bare, quoted, word in SAID.findall(unescape(text)):
        if name:
            said[name.lower()] = double or single or bare
        else:
            said[str(len(said))] = (quoted or word).lstrip("=")
    return said


def _address(code: Shortcode) -> str:
    values = [code.said.get(name, "") for name in ("url", "src", "href", "id", "0")]
    value = next((value for value in values if value), "")
    if value.startswith(("http://", "https://")):
        return value
    bases = {
        "youtube": "https://www.youtube.com/watch?v=",
        "vimeo": "https://vimeo.com/",
        "dailymotion": "https://www.dailymotion.com/video/",
    }
    return f"{bases[code.name]}{value}" if value and code.name in bases else ""


def _player(code: Shortcode) -> str:
    """Return a link to the file of a video or a recording."""
    names = "src mp4 m4v webm ogv mov flv mp3 m4a ogg wav".split()
    address = next((code.said[name] for name in names if code.said.get(name)), "")
    if not address:
        return ""
    return f'<{code.name} src="{escape(address)}"></{code.name}>'
