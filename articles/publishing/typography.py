"""French typography: text in, text out, and nothing else.

The rules are those of the Imprimerie nationale (*Lexique des règles typographiques en
usage à l'Imprimerie nationale*). They change spaces, quotation marks, apostrophes, dots
and hyphens; never a letter or a digit. Applying them twice changes nothing more.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from html import escape as escape_text
from itertools import pairwise
from typing import Any

from django.utils.html import escape
from lxml import html as lxml_html

NBSP = "\u00a0"
NNBSP = "\u202f"  # the narrow no-break space, "fine insécable"
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")  # no XML may hold them
SPACE = "[ \u00a0\u2009\u202f]"  # the spaces that a rule may replace; never a line break

MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
PERIODS = "siècles?|millénaires?|République|Empire|Reich|dynastie|arrondissements?"
UNITS = (
    "km/h|m/s|km²|m²|m³|km|cm|mm|m|kg|mg|g|t|hPa|kPa|kN|N|kts?|ft|Nm|nm|NM|min|ms|s|ha|"
    "kWh|MWh|GWh|kW|MW|GW|W|kHz|MHz|GHz|Hz|kV|V|Ah|dB|ko|Mo|Go|To|°C|°F|K|L|l|"
    "M€|Md€|k€|€|\\$|£|euros?|dollars?|USD|EUR|nœuds?|pieds?|milles?|h|tr/min|daN|lb|ch|"
    "kilomètres?|mètres?|centimètres?|millimètres?|kilos?|kilogrammes?|grammes?|tonnes?|litres?|"
    "hectares?|degrés?|heures?|minutes?|secondes?|jours?|mois|ans?|milliers?|millions?|milliards?"
)
TITLES = "MM?\\.|Mmes?|Mlles?"  # before any word: M. de Villepin, Mme la ministre
TITLES_OF_NAMES = "Mgr|Dr|Pr|Me"  # before a capital alone: « Me » is a word, too
ROMAN = "(?:X{1,3}(?:IX|IV|VI{0,3}|I{1,3})?|IX|IV|VI{0,3}|I{2,3})"
ORDINAL = re.compile(
    # A hyphen may stand before or after where it joins two ordinals: XXe-XXIe siècles.
    f"(?<![\\w.,/])(?:(?<!-)|(?<=[IVX\\d]e-)|(?<=1er-)|(?<=1re-))"
    f"(?:(1)(ers?|res?)|(I)(er|re)|(\\d+)(es?)|({ROMAN})(es?))(?!\\w)(?!-(?![IVX\\d]))"
)
PROTECTED = re.compile(
    r"(?:https?://|ftp://|www\.)[^\s<>«»\"]+|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"
)

Replacement = str | Callable[[re.Match[str]], str]

QUOTES = re.compile('["«»“”]')

# In this order: what a rule writes, the rules below it may rely on.
RULES: list[tuple[re.Pattern[str], Replacement]] = [
    # The apostrophe; after a digit, ' is a minute or a foot unless letters follow.
    (re.compile(r"(?<!\d)'|'(?=[^\W\d])"), "’"),
    (re.compile(r"(?<!\.)\.\.\.(?!\.)"), "…"),
    # Guillemets hold their words with narrow no-break spaces.
    (re.compile(f"«{SPACE}*(?=[^\\s»])"), f"«{NNBSP}"),
    (re.compile(f"(?<=[^\\s«]){SPACE}*»"), f"{NNBSP}»"),
    (re.compile(f"(?<={SPACE})-(?={SPACE})"), "–"),
    # High punctuation. Without a space it gets one only where a word ends there for sure.
    (re.compile(f"(?<=\\S){SPACE}+(?=[;!?])"), NNBSP),
    (re.compile("(?<=[\\w)\\]»”’%…°])(?=[;!?]+(?:[\\s»”)\\]…,.]|$))"), NNBSP),
    (re.compile(f"(?<=\\S){SPACE}+(?=:(?!//))"), NBSP),
    (re.compile("(?<=[\\w)\\]»”’%…°])(?=:(?:[\\s«“]|$))"), NBSP),
    # The time of day: 14h30, 14 h 30.
    (
        re.compile(
            f"(?:(?<![\\w-])|(?<=[\\dh]-))([01]?\\d|2[0-4]){SPACE}?h(?:{SPACE}?([0-5]\\d))?(?!\\w)"
        ),
        lambda match: f"{match[1]}{NBSP}h" + (f"{NBSP}{match[2]}" if match[2] else ""),
    ),
    # References: n° 12, p. 4.
    (re.compile(f"(?<!\\w)([nN]°s?)(?:{SPACE}(?=\\w)|(?=\\d))"), f"\\1{NBSP}"),
    (re.compile(f"(?<!\\w)(pp?\\.)(?:{SPACE}(?=[\\dIVXLC])|(?=\\d))"), f"\\1{NBSP}"),
    # Thousands that are already parted; years and codes are not.
    (
        re.compile(f"(?<![\\w.,])(?<![^\\W\\d]-)\\d{{1,3}}(?:{SPACE}\\d{{3}})+(?!\\d)"),
        lambda match: re.sub(SPACE, NNBSP, match[0]),
    ),
    (re.compile(f"(?<=\\d){SPACE}*(?=[%‰])"), NNBSP),
    (re.compile(f"(?<=\\d){SPACE}*(?=[€$£](?!\\w))"), NBSP),
    (re.compile(f"(?<=\\d){SPACE}(?=(?:{UNITS})(?![\\w’]))"), NBSP),
    # What must not part at the end of a line.
    (re.compile(f"(?<=\\d){SPACE}(?=(?:{MONTHS})(?!\\w))", re.IGNORECASE), NBSP),
    (re.compile(f"(?<=1er){SPACE}(?=(?:{MONTHS})(?!\\w))", re.IGNORECASE), NBSP),
    (re.compile(f"(?<=[IVXivx]e){SPACE}(?=(?:{PERIODS})(?!\\w))"), NBSP),
    (re.compile(f"(?<!\\w)({TITLES}){SPACE}(?=[^\\W\\d_])"), f"\\1{NBSP}"),
    (re.compile(f"(?<!\\w)({TITLES_OF_NAMES}){SPACE}(?=[^\\W\\d_a-zà-ÿ])"), f"\\1{NBSP}"),
    (re.compile(f"(?<!\\w)(Mach){SPACE}(?=\\d|(?:un|deux|trois|quatre|cinq)\\b)"), f"\\1{NBSP}"),
]


def typeset(text: str) -> str:
    """Return plain French text with French spaces, quotation marks and dashes.

    Web and e-mail addresses inside it stay as they are. Superscripts need markup:
    see `superscripts` and `typeset_html`.
    """
    return _typeset_runs([CONTROLS.sub("", text)])[0]


def typeset_html(markup: str) -> str:
    """Return an HTML fragment with its text nodes typeset, block by block.

    Rules see through inline elements (`<em>Rafale</em> !`). Code, attributes and passages
    marked with another language (`lang="en"`) stay as they are; ordinals get `<sup>`.
    """
    if not markup.strip():
        return markup
    root = lxml_html.fragment_fromstring(markup, create_parent="div")
    typeset_tree(root)
    return inner_html(root)


@lru_cache(maxsize=4096)
def superscripts(text: str) -> str:
    """Return typeset plain text as safe HTML: escaped, with 1er as `1<sup>er</sup>`."""
    return ORDINAL.sub(
        lambda match: _ordinal(match)[0] + f"<sup>{_ordinal(match)[1]}</sup>", escape(text)
    )


def inner_html(root) -> str:
    """Return the markup inside an lxml element."""
    parts = [escape_text(root.text or "", quote=False)]
    parts += [lxml_html.tostring(child, encoding="unicode") for child in root]
    return "".join(parts)


# Elements whose text is one line of reading together with what surrounds them.
INLINE = {"a", "em", "strong", "b", "i", "cite", "span", "sub", "sup", "q", "abbr", "time", "mark"}
LITERAL = {"code", "pre", "kbd", "samp", "script", "style"}
BREAKS = re.compile("[ \t\r\n]*[\r\n][ \t\r\n]*")  # of the source; to HTML they are a space
Run = tuple[Any, str]  # an element and the place of its text: "text", "tail", or "" for a literal
WORD = "\ufffc"  # stands for a literal passage, so that what follows it has something to follow


def typeset_tree(root) -> None:
    """Typeset the text of an lxml element in place, its inline elements as one line."""
    lines: list[list[Run]] = [[]]
    _collect(root, lines)
    for line in filter(None, lines):
        texts = _typeset_runs(
            [BREAKS.sub(" ", getattr(element, place)) if place else WORD for element, place in line]
        )
        for (element, place), text in zip(line, texts, strict=True):
            if place:
                setattr(element, place, text)
    _raise_ordinals(root)


def _collect(element, lines: list[list[Run]]) -> None:
    """Add the runs of an element to the last line, and a new line around each block in it."""
    if element.text:
        lines[-1].append((element, "text"))
    for child in element:
        if not isinstance(child.tag, str):
            pass  # a comment: nothing to read
        elif child.tag in LITERAL or not _is_french(child):
            lines[-1].append((child, ""))
        elif child.tag in INLINE:
            _collect(child, lines)
        else:
            lines.append([])
            _collect(child, lines)
            lines.append([])
        if child.tail:
            lines[-1].append((child, "tail"))


def _is_french(element) -> bool:
    language = element.get("lang")
    return language is None or language.lower().split("-")[0] == "fr"


def _typeset_runs(runs: list[str]) -> list[str]:
    """Typeset the runs of one line as if they were one text, and give them back apart."""
    text = "".join(runs)
    breaks: list[int] = []
    for run in runs[:-1]:
        breaks.append((breaks[-1] if breaks else 0) + len(run))
    text = _pair_quotes(text)
    for pattern, replacement in RULES:
        text, breaks = _replace(pattern, replacement, text, breaks)
    ends = [0, *breaks, len(text)]
    return [text[start:end] for start, end in pairwise(ends)]


def _addresses(text: str) -> list[tuple[int, int]]:
    """Return the spans of the web and e-mail addresses, which no rule may touch."""
    if "://" not in text and "www." not in text and "@" not in text:
        return []
    return [match.span() for match in PROTECTED.finditer(text)]


def _replace(pattern, replacement: Replacement, text: str, breaks: list[int]):
    """Apply one rule outside addresses and move the breaks between runs along with it."""
    protected = _addresses(text)
    pieces, position, moved, shift = [], 0, list(breaks), 0
    for match in pattern.finditer(text):
        start, end = match.span()
        if any(start < stop and end > begin for begin, stop in protected):
            continue
        new = replacement(match) if callable(replacement) else match.expand(replacement)
        pieces += [text[position:start], new]
        for index, place in enumerate(breaks):
            if place >= end and place > start:
                moved[index] += len(new) - (end - start)
            elif place > start:
                moved[index] = start + shift + min(place - start, len(new))
        shift += len(new) - (end - start)
        position = end
    return "".join([*pieces, text[position:]]), moved


def _pair_quotes(text: str) -> str:
    """Turn pairs of straight or English quotes into « » and, inside those, into “ ”.

    The text keeps its length. Marks without a partner (5" of snow) stay as they are, and so
    do English quotes where a guillemet has none: the quotation began in another paragraph.
    """
    chars, protected = list(text), _addresses(text)
    whole = text.count("«") == text.count("»")
    opened: list[int] = []
    for match in QUOTES.finditer(text):
        at, mark = match.start(), match[0]
        if any(begin <= at < stop for begin, stop in protected):
            continue
        if _opens(text, at, opened):
            opened.append(at)
        elif mark in PARTNERS and any(text[place] == PARTNERS[mark] for place in opened):
            while text[start := opened.pop()] != PARTNERS[mark]:
                pass  # a mark left open inside this quotation has no partner
            if mark == '"' or (mark == "”" and whole):
                chars[start], chars[at] = ("“", "”") if opened else ("«", "»")
    return "".join(chars)


PARTNERS = {'"': '"', "»": "«", "”": "“"}


def _opens(text: str, at: int, opened: list[int]) -> bool:
    """Say whether the mark at this place opens a quotation; `opened` are those still open."""
    if text[at] != '"':
        return text[at] in "«“"
    before, after = text[at - 1 : at] or " ", text[at + 1 : at + 2] or " "
    starts_word = before.isspace() or before in "([{'’-–—«“/"
    ends_word = after.isspace() or after in "»”)]}…,.;:!?%"
    return starts_word and (not ends_word or not opened or text[opened[-1]] != '"')


def _ordinal(match) -> tuple[str, str]:
    """Return (figure, ending) of an ordinal: ("1", "er"), ("XXI", "e")."""
    figure, ending = (group for group in match.groups() if group)
    return figure, ending


def _raise_ordinals(root) -> None:
    """Put the endings of ordinals (1er, XXIe) into `<sup>`, in place."""
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or not _reads_as_french_text(element, root):
            continue
        if element.tag != "sup":
            _raise_in(element, "text")
        for child in list(element):
            _raise_in(child, "tail")


def _reads_as_french_text(element, root) -> bool:
    while True:
        if element.tag in LITERAL or not _is_french(element):
            return False
        if element is root:
            return True
        element = element.getparent()


def _raise_in(element, place: str) -> None:
    text = getattr(element, place) or ""
    while match := ORDINAL.search(text):
        figure, ending = _ordinal(match)
        sup = lxml_html.Element("sup")
        sup.text = ending
        if place == "text":
            element.insert(0, sup)
        else:
            element.addnext(sup)
        setattr(element, place, text[: match.start()] + figure)
        element, place, text = sup, "tail", text[match.end() :]
        sup.tail = text
