"""Search: words in, readers' copies out. Text and query go through one normaliser."""

from articles.models.published import PublishedArticle
from articles.search.matching import Matches
from articles.search.query import parse


def search(words, is_typing=False):
    """Return the live articles that a query finds, newest first.

    is_typing: the query is still being typed, and the beginnings of its words will do.
    A query without a word finds nothing. See articles/search/query.py for what it may hold.
    """
    query = parse(words, is_typing)
    live = PublishedArticle.objects.live().newest()
    return live.filter(Matches(query)) if query else live.none()
