"""Footnotes: written in the text where they are called, read at its end, numbered by themselves."""

from django.template.loader import render_to_string
from lxml import html as lxml_html

from articles.publishing.typography import inner_html

CALL = "data-call"


def move_to_end(root) -> None:
    """Move the notes of a body into a list at its end; an empty `<sup>` holds each one's place.

    root: the lxml element of a cleaned body, not yet typeset, so that the list is typeset too.
    """
    notes = root.xpath(".//small[@data-note]")
    if not notes:
        return
    texts = []
    for number, note in enumerate(notes, start=1):
        texts.append(inner_html(note))
        call = lxml_html.Element("sup", {CALL: str(number)})
        call.tail = note.tail
        _close_up(note)
        note.getparent().replace(note, call)
    section = render_to_string("articles/_notes.html", {"notes": texts})
    root.append(lxml_html.fragment_fromstring(section))


def number_calls(root) -> None:
    """Give every held place its number, a link to its note."""
    for place in root.xpath(f".//sup[@{CALL}]"):
        markup = render_to_string("articles/_note_call.html", {"number": place.get(CALL)})
        call = lxml_html.fragment_fromstring(markup)
        call.tail = place.tail
        place.getparent().replace(place, call)


def _close_up(note) -> None:
    """Take away the space before a call: it stands against its word."""
    previous, parent = note.getprevious(), note.getparent()
    if previous is not None:
        previous.tail = (previous.tail or "").rstrip()
    else:
        parent.text = (parent.text or "").rstrip()
