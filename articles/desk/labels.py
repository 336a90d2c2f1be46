"""What the desk's search fields show of a row."""

from articles.models import Article
from articles.publishing.typography import typeset


def label(row) -> str:
    """Return a row's name; an article's with its state, unless readers can open it."""
    if not isinstance(row, Article):
        return str(row)
    title = typeset(row.title)
    return title if row.copy and row.copy.is_live else f"{title} ({row.state.label})"
