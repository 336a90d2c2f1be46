"""Search: words in, readers' copies out. Text and query go through one normaliser."""

from functools import reduce

from articles.models.published import PublishedArticle
from articles.search.words import stems


def search(words):
    """Return the live articles that hold every word of the query, newest first.

    Accents, case, plurals and inflections do not matter. A query without a word finds nothing.
    """
    wanted = stems(words)[:12]
    if not wanted:
        return PublishedArticle.objects.none()
    articles = PublishedArticle.objects.live().newest()
    return reduce(
        lambda found, stem: found.filter(search_text__contains=f" {stem} "), wanted, articles
    )
