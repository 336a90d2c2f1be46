"""The readers' page of a working copy, through the very rendering and template they get."""

from django.utils import timezone

from articles.desk.content import TEXTS, day_of_text
from articles.models import (
    Article,
    Image,
    PublishedArticle,
    PublishedByline,
    PublishedTagging,
    Section,
    Tag,
)
from articles.publishing import compose
from articles.publishing.rendering import Relations, relations_of
from authors.models import Author


def preview(article):
    """Return an unsaved PublishedArticle that shows a saved working copy as readers would see it.

    A working copy without a section or a slug is fine: it is half-finished.
    """
    return _shown(article, relations_of(article), article.copy)


def preview_of(content: dict, article=None):
    """Return what `preview` does, of a content that is not saved (see articles.desk.content).

    article: the working copy that it is for, if there is one already.
    """
    draft = Article(
        pk=article.pk if article else 0,  # a row that never is: what is shown is not saved
        section=Section.objects.filter(pk=content["section"]).first(),
        hero_image=Image.objects.filter(pk=content["hero_image"]).first(),
        ai_reviewed_on=day_of_text(content["ai_reviewed_on"]),
        **{name: content[name] for name in TEXTS},
    )
    authors = Author.objects.in_bulk(content["bylines"])
    relations = Relations(
        authors=[authors[pk] for pk in content["bylines"] if pk in authors],
        tags=[Tag(name=name, slug="-") for name in content["tags"]],
        related_ids=content["related"],
        corrections=list(article.corrections.all()) if article else [],
    )
    return _shown(draft, relations, article and article.copy)


def _shown(article, relations, copy):
    shown = compose(article, copy.published_at if copy else timezone.now(), relations)
    if copy:
        shown.modified_at = copy.modified_at
    vars(shown)["_prefetched_objects_cache"] = {
        "bylines": [_byline(shown, author) for author in relations.authors],
        "taggings": [PublishedTagging(article=shown, tag=tag) for tag in relations.tags],
    }
    return shown


def _byline(shown, author):
    byline = PublishedByline(article=shown, author=author)
    vars(byline)["live_count"] = PublishedArticle.objects.live().by_author(author).count()
    return byline
