"""The readers' page of a working copy, through the very rendering and template they get."""

from django.utils import timezone

from articles.models import PublishedArticle, PublishedByline, PublishedTagging
from articles.publishing import compose


def preview(article):
    """Return an unsaved PublishedArticle that shows a saved working copy as readers would see it.

    A working copy without a section or a slug is fine: it is half-finished.
    """
    copy = article.copy
    shown = compose(article, copy.published_at if copy else timezone.now())
    if copy:
        shown.modified_at = copy.modified_at
    prefetched = {
        "bylines": [
            _byline(shown, byline.author) for byline in article.bylines.select_related("author")
        ],
        "taggings": [PublishedTagging(article=shown, tag=tag) for tag in article.tags.all()],
    }
    vars(shown)["_prefetched_objects_cache"] = prefetched
    return shown


def _byline(shown, author):
    byline = PublishedByline(article=shown, author=author)
    vars(byline)["live_count"] = PublishedArticle.objects.live().by_author(author).count()
    return byline
