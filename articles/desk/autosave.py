"""Autosave: what stands in an open form is kept on the server, apart from the article itself."""

from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.forms import DateField, SplitDateTimeField
from django.http import QueryDict
from django.utils import timezone

from articles.desk import rights
from articles.desk.content import LISTS, TEXTS, day_as_text, moment_as_text
from articles.models import Buffer, Presence, Tag
from articles.publishing.body import clean

PRESENT = timedelta(seconds=40)  # the form reports every ten seconds, see autosave.js
NOT_KEPT = ["csrfmiddlewaretoken", "buffer_key", "resumed_from", "article", "kept", "user"]


def keep(editor, key: UUID, article, data: QueryDict) -> Buffer:
    """Keep a form as it stands; the same key replaces what was kept before."""
    kept = data.copy()
    for name in NOT_KEPT:
        kept.pop(name, None)
    values = {"article": article, "data": kept.urlencode(), "saved_at": timezone.now()}
    return Buffer.objects.update_or_create(editor=editor, key=key, defaults=values)[0]


def forget(editor, key: UUID | None):
    """Drop what was kept of a form, once it is saved or given up."""
    if key:
        Buffer.objects.filter(editor=editor, key=key).delete()


def forget_resumed(editor, resumed_from: str):
    """Drop the text that a form was resumed from, unless another form has gone on with it.

    resumed_from: "KEY MOMENT", as `origin_of` gives it.
    """
    key, _space, saved_at = resumed_from.partition(" ")
    try:
        found = Buffer.objects.filter(
            editor=editor, key=UUID(key), saved_at=datetime.fromisoformat(saved_at)
        )
    except ValueError:
        return
    found.delete()


def origin_of(buffer) -> str:
    """Return what a resumed form remembers of the text that it came from."""
    return f"{buffer.key} {buffer.saved_at.isoformat()}"


def waiting(editor, article=None):
    """Return the editor's own unsaved texts of an article, or of articles never saved."""
    return Buffer.objects.filter(editor=editor, article=article)


def data_of(buffer) -> QueryDict:
    """Return the form as it was when it was kept."""
    return QueryDict(buffer.data)


def content_of(buffer) -> dict:
    """Return the content (see articles.desk.content) of what was kept."""
    return content_of_data(data_of(buffer), buffer.editor)


def content_of_data(data: QueryDict, editor) -> dict:
    """Return the content of a form as it was sent; it need not be valid.

    Articles that the editor may not know of are left out.
    """
    numbers = {name: [int(pk) for pk in data.getlist(name) if is_id(pk)] for name in LISTS}
    known = rights.may_be_named_to(editor).filter(pk__in=numbers["related"])
    numbers["related"] = list(known.values_list("pk", flat=True))
    names = Tag.objects.in_bulk(numbers["tags"])
    tags = [
        str(names.get(int(entry), "?")) if is_id(entry) else entry.removeprefix("new:")
        for entry in data.getlist("tags")
    ]
    ids = {name: data.get(name, "") for name in ("section", "hero_image")}
    return (
        {name: data.get(name, "").replace("\r\n", "\n") for name in TEXTS}
        | {"body": clean(data.get("body", ""))}
        | {"embargo_until": moment_as_text(_moment(data, "embargo_until"))}
        | {"ai_reviewed_on": day_as_text(_day(data, "ai_reviewed_on"))}
        | {name: int(pk) if is_id(pk) else None for name, pk in ids.items()}
        | numbers
        | {"tags": tags}
    )


def is_id(text) -> bool:
    """Say whether a text may be the id of a row."""
    return str(text).isdecimal() and len(str(text)) < 19


def _moment(data, name):
    """Return the moment that two fields of a form give together; None if they give none."""
    try:
        return SplitDateTimeField(required=False).clean([data.get(f"{name}_{n}") for n in (0, 1)])
    except ValidationError:
        return None


def _day(data, name):
    """Return the date that a field of a form gives; None if it gives none."""
    try:
        return DateField(required=False).clean(data.get(name, ""))
    except ValidationError:
        return None


def report_presence(editor, article):
    """Note that this editor has the form open, and return who else does."""
    now = timezone.now()
    Presence.objects.update_or_create(article=article, editor=editor, defaults={"seen_at": now})
    others = Presence.objects.filter(article=article, seen_at__gte=now - PRESENT)
    return [presence.editor for presence in others.exclude(editor=editor).select_related("editor")]
