"""Paragraphs of classic posts: WordPress keeps blank lines, and makes paragraphs when it serves."""

import re

BLOCKS = (
    "address article aside blockquote caption center col colgroup dd details div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr iframe li main nav ol p pre "
    "section summary table tbody td tfoot th thead tr ul video audio script style"
).split()
NAMES = "|".join(BLOCKS)
# Their text stands as it is: no paragraph, no line break is put in.
WHOLE = re.compile(r"<(pre|script|style|textarea|table|ul|ol|dl)\b", re.I)
BEFORE = re.compile(rf"(<(?:{NAMES})\b[^>]*>)", re.I)
AFTER = re.compile(rf"(</(?:{NAMES})\s*>|<hr\b[^>]*>)", re.I)
STARTS_BLOCK = re.compile(rf"</?(?:{NAMES})\b", re.I)
HELD = "\x00%d\x00"
IS_HELD = re.compile("\x00(\\d+)\x00")


def autop(text: str) -> str:
    """Return a classic post's text with its paragraphs: blank lines part them, single ones break.

    What WordPress's own wpautop() makes of usual posts; blocks keep what they hold.
    """
    text, held = _hold(text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", ""))
    text = AFTER.sub(r"\1\n\n", BEFORE.sub(r"\n\n\1", text))
    parts = [part.strip() for part in re.split(r"\n\s*\n", text)]
    done = "\n".join(_paragraph(part) for part in parts if part)
    return IS_HELD.sub(lambda found: held[int(found[1])], done)


def _hold(text) -> tuple[str, list[str]]:
    """Return the text with a mark for each element that is kept whole, and these elements."""
    parts: list[str] = []
    held: list[str] = []
    place, never_closed = 0, set()
    for start in WHOLE.finditer(text):
        name = start[1].lower()
        if start.start() < place or name in never_closed:
            continue
        end = re.compile(rf"</{name}\s*>", re.I).search(text, start.end())
        if end is None:
            never_closed.add(name)
            continue
        parts += [text[place : start.start()], f"\n\n{HELD % len(held)}\n\n"]
        held.append(text[start.start() : end.end()])
        place = end.end()
    return "".join([*parts, text[place:]]), held


def _paragraph(part: str) -> str:
    if STARTS_BLOCK.match(part) or IS_HELD.fullmatch(part):
        return part
    return f"<p>{part.replace(chr(10), '<br>' + chr(10))}</p>"
