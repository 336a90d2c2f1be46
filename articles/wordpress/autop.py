"""Paragraphs of classic posts: WordPress keeps blank lines, and makes paragraphs when it serves."""

import re

BLOCKS = (
    "address article aside blockquote caption center col colgroup dd details div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr iframe li main nav ol p pre "
    "section summary table tbody td tfoot th thead tr ul video audio script style"
).split()
NAMES = "|".join(BLOCKS)
# Their text stands as it is: no paragraph, no line break is put in.
WHOLE = re.compile(r"<(pre|script|style|textarea|table|ul|ol|dl)\b.*?</\1\s*>", re.DOTALL | re.I)
BEFORE = re.compile(rf"(<(?:{NAMES})\b[^>]*>)", re.I)
AFTER = re.compile(rf"(</(?:{NAMES})\s*>|<hr\b[^>]*>)", re.I)
STARTS_BLOCK = re.compile(rf"</?(?:{NAMES})\b", re.I)
HELD = "\x00%d\x00"
IS_HELD = re.compile("\x00(\\d+)\x00")


def autop(text: str) -> str:
    """Return a classic post's text with its paragraphs: blank lines part them, single ones break.

    What WordPress's own wpautop() makes of usual posts; blocks keep what they hold.
    """
    held: list[str] = []

    def hold(found):
        held.append(found[0])
        return f"\n\n{HELD % (len(held) - 1)}\n\n"

    text = WHOLE.sub(hold, text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", ""))
    text = AFTER.sub(r"\1\n\n", BEFORE.sub(r"\n\n\1", text))
    parts = [part.strip() for part in re.split(r"\n\s*\n", text)]
    done = "\n".join(_paragraph(part) for part in parts if part)
    return IS_HELD.sub(lambda found: held[int(found[1])], done)


def _paragraph(part: str) -> str:
    if STARTS_BLOCK.match(part) or IS_HELD.fullmatch(part):
        return part
    return f"<p>{part.replace(chr(10), '<br>' + chr(10))}</p>"
