"""Where a reader goes on from an article: to read further, and through its section."""

from dataclasses import dataclass

from django.db.models import Q

from articles.models import PublishedArticle

FURTHER = 3  # articles to read further


@dataclass
class Onward:
    """Articles to read after one; `older` and `newer` are its neighbours in the section."""

    further: list
    older: PublishedArticle | None
    newer: PublishedArticle | None


def onward(article) -> Onward:
    """Return what follows an article, in 1 query.

    The desk's picks come first, then what is similar, then the newest of the section.
    """
    live = PublishedArticle.objects.live()
    section = live.in_section(article.section_id).exclude(pk=article.pk)
    same_moment = Q(published_at=article.published_at)
    before = Q(published_at__lt=article.published_at) | same_moment & Q(pk__lt=article.pk)
    after = Q(published_at__gt=article.published_at) | same_moment & Q(pk__gt=article.pk)
    listed = dict.fromkeys([*article.related_ids, *article.similar_ids])
    around = (
        live.exclude(pk=article.pk)
        .for_headlines()
        .any_of(
            list(listed),
            section[:FURTHER],
            section.filter(before)[:1],
            section.filter(after).order_by("published_at", "article_id")[:1],
        )
    )
    found = {each.pk: each for each in around}
    here = _place(article)
    line = sorted(
        (each for each in found.values() if each.section_id == article.section_id), key=_place
    )
    newest = [each.pk for each in reversed(line)]
    order = dict.fromkeys([*(pk for pk in listed if pk in found), *newest])
    return Onward(
        further=[found[pk] for pk in order][:FURTHER],
        older=next((each for each in reversed(line) if _place(each) < here), None),
        newer=next((each for each in line if _place(each) > here), None),
    )


def _place(article):
    return article.published_at, article.pk
