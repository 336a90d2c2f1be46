"""Who signs and what is written about: the indexes of authors and tags, each in 2 queries."""

from itertools import groupby

from articles.models import MonthCount, Tag
from articles.reading.counts import live_counts
from articles.slugs import fold
from authors.models import Author


def signing_authors() -> list[Author]:
    """Return the authors of live articles by name, each with `live_count`."""
    return _counted(Author, MonthCount.Kind.AUTHOR)


def tags_by_letter() -> list[tuple[str, list[Tag]]]:
    """Return (letter, tags) of the tags of live articles, each tag with `live_count`."""
    tags = _counted(Tag, MonthCount.Kind.TAG)
    return [(letter, list(group)) for letter, group in groupby(tags, _letter)]


def _counted(model, kind):
    counts = live_counts(kind, "key")
    rows = model.objects.in_bulk(counts)
    for pk, row in rows.items():
        row.live_count = counts[pk]
    return sorted(rows.values(), key=lambda row: (_letter(row), fold(row.name)))


def _letter(row) -> str:
    """Return the letter under which a name stands: "0-9" for figures and signs."""
    first = fold(row.name)[:1].upper()
    return first if first.isalpha() else "0-9"
