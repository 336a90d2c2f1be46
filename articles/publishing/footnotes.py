"""Footnotes: written in the text where they are called, read at its end, numbered by themselves."""

from django.template.loader import render_to_string
from lxml import html as lxml_html

from articles.publishing.typography import inner_html

CALL, NOTES = "data-call", "data-notes"


def move_to_end(root) -> None:
    """Move the notes of a body into a list at its end; an empty `<sup>` holds each one's place.

    root: the lxml element of a cleaned body, not yet typeset, so that the list is typeset too.
    """
    notes = root.xpath(".//small[@data-note]")
    if not notes:
        return
    section = lxml_html.Element("ol", {NOTES: ""})
    for number, note in enumerate(notes, start=1):
        call = lxml_html.Element("sup", {CALL: str(number)})
        call.tail, note.tail = note.tail, None
        _close_up(note)
        note.getparent().replace(note, call)
        note.tag = "li"
        section.append(note)
    root.append(section)


def number_calls(root) -> None:
    """Give every held place its number, a link to its note, and the list its heading."""
    for place in root.xpath(f".//sup[@{CALL}]"):
        markup = render_to_string("articles/_note_call.html", {"number": place.get(CALL)})
        _replace(place, markup)
    for notes in root.xpath(f".//ol[@{NOTES}]"):
        texts = [inner_html(note) for note in notes]
        _replace(notes, render_to_string("articles/_notes.html", {"notes": texts}))


def _replace(element, markup: str) -> None:
    new = lxml_html.fragment_fromstring(markup)
    new.tail = element.tail
    element.getparent().replace(element, new)


def _close_up(note) -> None:
    """Take away the space before a call: it stands against its word."""
    previous, parent = note.getprevious(), note.getparent()
    if previous is not None:
        previous.tail = (previous.tail or "").rstrip()
    else:
        parent.text = (parent.text or "").rstrip()
