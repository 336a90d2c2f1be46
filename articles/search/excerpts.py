"""What of a found article shows why it was found: its words, marked."""

import re
from html import unescape

from django.utils.html import escape, strip_tags
from django.utils.safestring import SafeString, mark_safe

from articles.search.words import WORD, forms

AROUND = 14  # words before and after the first that was found
NOTE_MARKS = re.compile(
    r'<sup class="note-call">.*?</sup>|<a class="note-back".*?</a>|<h2 id="notes">.*?</h2>'
)
SPACES = re.compile(r"[ \n\t]+")  # no-break spaces stay
HEADING_ENDS = re.compile(r"</h[23]>")  # or they would run into the paragraph below
ENDS = re.compile(r"</(?:p|li|td|th|figcaption|blockquote)>")


def marked(text: str, wanted: set[str]) -> SafeString:
    """Return a plain text as HTML with the words of these stems in <mark>."""
    pieces, last = [], 0
    for word in WORD.finditer(text):
        if wanted & forms(word[0]):
            pieces += [escape(text[last : word.start()]), f"<mark>{escape(word[0])}</mark>"]
            last = word.end()
    return mark_safe("".join([*pieces, escape(text[last:])]))  # each piece is escaped


def excerpt(standfirst: str, body: str, wanted: set[str]) -> SafeString:
    """Return the standfirst, marked, or the passage of the text where a word is found first."""
    if any(wanted & forms(word) for word in WORD.findall(standfirst)):
        return marked(standfirst, wanted)
    parted = ENDS.sub(" ", HEADING_ENDS.sub(" – ", NOTE_MARKS.sub("", body)))
    text = unescape(strip_tags(parted))
    text = SPACES.sub(" ", text).strip()
    words = list(WORD.finditer(text))
    for place, word in enumerate(words):
        if wanted & forms(word[0]):
            first, last = max(0, place - AROUND), min(len(words) - 1, place + AROUND)
            passage = text[words[first].start() : words[last].end()]
            before, after = "… " if first else "", " …" if last < len(words) - 1 else ""
            return mark_safe(f"{before}{marked(passage, wanted)}{after}")
    return marked(standfirst, wanted)
