"""The rows of every table as lines of JSON, the same from either engine, and back."""

import json
import zlib
from collections.abc import Iterator

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models

from articles.publishing.counted import recount

LEFT = {"avion.Generation", "articles.MonthCount"}  # which the database keeps by itself
BATCH = 500  # rows that are read and written at a time


class RowError(Exception):
    """Rows cannot be put back; the message says which."""


def kept_models() -> list[type[models.Model]]:
    """Return the models whose rows make the site, those between others among them."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.label not in LEFT
    ]


def lines() -> Iterator[bytes]:
    """Yield one line for each row: [model, {column: value}]."""
    for model in kept_models():
        fields = model._meta.concrete_fields
        for row in model._base_manager.order_by("pk").iterator(BATCH):
            values = {field.attname: _text(field, row) for field in fields}
            yield json.dumps([model._meta.label, values]).encode() + b"\n"


def _text(field, row):
    """Return a value as JSON holds it: what it does not know, as the field writes it."""
    value = getattr(row, field.attname)
    if value is None or isinstance(value, bool | int | str) or isinstance(field, models.JSONField):
        return value
    return field.value_to_string(row)


def pressed(chunks) -> Iterator[bytes]:
    """Yield a stream as gzip."""
    press = zlib.compressobj(6, wbits=31)
    for chunk in chunks:
        if done := press.compress(chunk):
            yield done
    yield press.flush()


def lines_of(chunks) -> Iterator[bytes]:
    """Yield the lines of a stream that `pressed` made."""
    press, held = zlib.decompressobj(wbits=31), b""
    for chunk in chunks:
        *whole, held = (held + press.decompress(chunk)).split(b"\n")
        yield from whole
    if held or not press.eof:
        raise RowError("The rows break off.")


def put_back(found) -> dict[str, int]:
    """Replace all rows of a migrated database, in its transaction; return {model: rows}.

    Raises RowError. Values are written as they are: no date of a change moves.
    """
    known = {model._meta.label: model for model in kept_models()}
    for model in known.values():  # as they are: nothing that goes with them is looked for
        rows = model._base_manager.all()
        rows._raw_delete(rows.db)
    counts: dict[str, int] = {}
    waiting: list[models.Model] = []
    for line in found:
        label, values = json.loads(line)
        if label not in known:
            raise RowError(f"{label} is unknown here.")
        model = known[label]
        if waiting and (type(waiting[0]) is not model or len(waiting) >= BATCH):
            _insert(waiting)
            waiting = []
        waiting.append(_row(model, values))
        counts[label] = counts.get(label, 0) + 1
    if waiting:
        _insert(waiting)
    connection.check_constraints()
    recount()
    with connection.cursor() as cursor:
        statements = connection.ops.sequence_reset_sql(no_style(), list(known.values()))
        for statement in statements:
            cursor.execute(statement)
    return counts


def _row(model, values):
    fields = {field.attname: field for field in model._meta.concrete_fields}
    if unknown := set(values) - set(fields):
        raise RowError(f"{model._meta.label} has no {', '.join(sorted(unknown))} here.")
    return model(**{name: _value(fields[name], value) for name, value in values.items()})


def _value(field, value):
    if value is None or isinstance(field, models.JSONField):
        return value
    return getattr(field, "target_field", field).to_python(value)


def _insert(rows):
    """Insert rows of one model, as many at a time as the engine takes.

    As `bulk_create` does, but raw: that one would set dates of creation to today.
    """
    model = type(rows[0])
    fields = model._meta.concrete_fields
    manager = model._base_manager.all()
    size = max(1, min(BATCH, connection.ops.bulk_batch_size(fields, rows)))
    for start in range(0, len(rows), size):
        some = rows[start : start + size]
        manager._insert(some, fields=fields, raw=True)
