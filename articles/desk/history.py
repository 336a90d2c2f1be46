"""The history of a working copy: every act is kept, shown as text, and can be gone back to."""

import re
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from itertools import zip_longest

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk.content import (
    FIELDS,
    TEXTS,
    content_of,
    day_as_text,
    day_of_text,
    restore_content,
)
from articles.models import Article, Image, Revision, Section
from articles.publishing.body import parse
from authors import audit
from authors.models import Author

Act = Revision.Act
PUBLIC = {Act.PUBLISHED, Act.SCHEDULED, Act.MOVED, Act.ENDING, Act.WITHDRAWN}  # for the audit log
LARGEST = 4_000_000  # pairs of words in one paragraph
WORD = re.compile(r"\w+|\s+|[^\w\s]")
CHOICES = {
    "genre": Article.Genre,
    "robots": Article.Robots,
    "ai_use": Article.AiUse,
    "mining": Article.Mining,
}
SAID = ["p", "h2", "h3", "li", "tr", "figure", "hr", "div", "aside"]
BOX_NAMES = {
    "pullquote": gettext_lazy("Pull quote"),
    "factbox": gettext_lazy("Factbox"),
    "specs": gettext_lazy("Specifications"),
    "see-also": gettext_lazy("See also"),
}


def record(article, act, by=None, reason=""):
    """Keep what the saved working copy holds now as a revision, and return it."""
    revision = Revision.objects.create(
        article=article,
        version=article.version,
        act=act,
        content=content_of(article),
        reason=reason,
        by=by,
    )
    if act in PUBLIC:
        said = f"{revision.get_act_display()}: {article.title} ({article.pk})"
        audit.record(audit.Act.PUBLISHED, said, by=by)
    return revision


def keep_base(article):
    """See to it that the present version of a working copy is in its history.

    Articles that came by another way than the form (an import, the demonstration) begin
    without one, and merging needs what both sides started from.
    """
    if not article.revisions.filter(version=article.version).exists():
        revision = record(article, Act.FOUND, by=article.created_by)
        Revision.objects.filter(pk=revision.pk).update(at=article.updated_at)


def content_at(article, version) -> dict | None:
    """Return the content that a version had, or None when it is not known."""
    revision = article.revisions.filter(version=version).first()
    return revision and revision.content


def texts_readers_see(article) -> dict | None:
    """Return the texts of the readers' copy, where the desk has gone on since; None otherwise.

    As the desk wrote them, by the names of content.TEXTS; of a version that history does not
    know, as they were typeset.
    """
    copy = article.copy
    if copy is None or article.version <= copy.version:
        return None
    known = content_at(article, copy.version) or {}
    texts = {name: known.get(name, getattr(copy, name, "")) for name in TEXTS}
    return texts | {"slug": copy.slug, "ai_reviewed_on": day_as_text(copy.ai_reviewed_on)}


@transaction.atomic
def restore(article, revision, by):
    """Bring a working copy back to what a revision holds; that is a revision too.

    Readers see nothing of it before the article is published again.
    """
    article = Article.objects.select_for_update(of=["self"], no_key=True).get(pk=article.pk)
    keep_base(article)
    restore_content(article, revision.content)
    return record(article, Act.RESTORED, by)


@dataclass
class Change:
    """How one field of the content differs: paragraphs, each a list of (kind, text).

    kind: "same", "added" or "removed". A paragraph of None stands for unchanged ones.
    """

    name: str
    paragraphs: list[list[tuple[str, str]] | None]


def compare(old: dict, new: dict) -> list[Change]:
    """Return the fields in which two contents differ, word by word, as the text reads."""
    before, after = _readable(old), _readable(new)
    return [
        Change(name, _compare(before[name], after[name]))
        for name in FIELDS
        if before[name] != after[name]
    ]


def _readable(content: dict) -> dict[str, list[str]]:
    """Return the paragraphs of each field, names in place of ids."""
    section = Section.objects.filter(pk=content["section"]).first()
    image = Image.objects.filter(pk=content["hero_image"]).first()
    authors = Author.objects.in_bulk(content["bylines"])
    related = Article.objects.in_bulk(content["related"])
    said = {name: in_words(name, content[name]).splitlines() for name in FIELDS}
    return said | {
        "body": _paragraphs(content["body"]),
        "section": [str(section)] if section else [],
        "embargo_until": [_date(content["embargo_until"])],
        "hero_image": [str(image)] if image else [],
        "bylines": [", ".join(str(authors.get(pk, "?")) for pk in content["bylines"])],
        "related": [str(related.get(pk, "?")) for pk in content["related"]],
        "tags": [", ".join(content["tags"])],
    }


def in_words(name, value) -> str:
    """Return the value of a field as people read it: the label of a choice, a date."""
    if value and name in CHOICES:
        return str(CHOICES[name](value).label)
    day = day_of_text(value) if name == "ai_reviewed_on" else None
    return date_format(day) if day else str(value)


def _date(moment: str) -> str:
    if not moment:
        return ""
    return date_format(timezone.localtime(datetime.fromisoformat(moment)), "DATETIME_FORMAT")


def _paragraphs(markup: str) -> list[str]:
    """Return a body as it reads: one text a paragraph, what is no text in brackets."""
    root = parse(markup)
    for note in root.iter("small"):
        said = _("Note:")
        note.text = f" [{said} {note.text or ''}"
        note.tail = f"]{note.tail or ''}"
    return [text for element in root.iterdescendants(*SAID) if (text := _say(element))]


def _say(element) -> str:
    """Return what one block says for itself; "" for what its own blocks say."""
    text = element.text_content().strip()
    if element.tag == "figure":
        image = element.find(".//img")
        alt = image.get("alt", "") if image is not None else ""
        text = _("[Picture: %s]") % " – ".join(filter(None, [alt, text]))
    elif element.tag == "hr":
        text = "⁂"
    elif element.tag == "aside":
        text = f"[{BOX_NAMES[element.get('data-box')]}]"
    elif element.get("data-embed"):
        words = [element.get("data-title", ""), element.get("data-embed")]
        text = _("[Embed: %s]") % " – ".join(filter(None, words))
    elif element.tag == "tr":
        text = " | ".join(cell.text_content().strip() for cell in element)
    elif element.get("data-gallery") is not None:
        text = _("[Gallery]")
    elif _is_within(element, "tr", "figure") or element.find("p") is not None:
        text = ""
    return text


def _is_within(element, *tags) -> bool:
    return next(element.iterancestors(*tags), None) is not None


def _compare(before: list[str], after: list[str]) -> list[list[tuple[str, str]] | None]:
    paragraphs: list[list[tuple[str, str]] | None] = []
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for kind, start, end, new_start, new_end in steps:
        if kind == "equal":
            paragraphs.append(None)
            continue
        pairs = zip_longest(before[start:end], after[new_start:new_end], fillvalue="")
        paragraphs += [compare_words(old, new) for old, new in pairs]
    return paragraphs


def compare_words(old: str, new: str) -> list[tuple[str, str]]:
    """Return the text of both as (kind, text): "same", "removed", "added"."""
    one, other = WORD.findall(old), WORD.findall(new)
    if len(one) * len(other) > LARGEST:  # rewritten from end to end; comparing takes seconds
        return [(kind, text) for kind, text in (("removed", old), ("added", new)) if text]
    found: list[tuple[str, str]] = []
    removed = added = ""
    for kind, start, end, new_start, new_end in SequenceMatcher(
        None, one, other, autojunk=False
    ).get_opcodes():
        before, after = "".join(one[start:end]), "".join(other[new_start:new_end])
        if kind != "equal" or ((removed or added) and before.isspace()):
            removed, added = removed + before, added + after  # a space parts no changes
            continue
        found += [("removed", removed), ("added", added), ("same", before)]
        removed = added = ""
    found += [("removed", removed), ("added", added)]
    return [(kind, text) for kind, text in found if text]
