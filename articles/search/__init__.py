"""Search: words in, readers' copies out. Text and query go through one normaliser."""

from functools import reduce

from articles.models.published import PublishedArticle
from articles.search.words import stems


def search(words, is_typing=False):
    """Return the live articles that hold every word of the query, newest first.

    is_typing: the query is still being typed, and the beginnings of its words will do.

    Accents, case, plurals and inflections do not matter. A query without a word finds nothing.
    """
    wanted = stems(words)[:12]
    if not wanted:
        return PublishedArticle.objects.none()
    patterns = [f" {stem}" if is_typing else f" {stem} " for stem in wanted]
    articles = PublishedArticle.objects.live().newest()
    return reduce(
        lambda found, pattern: found.filter(search_text__contains=pattern), patterns, articles
    )
