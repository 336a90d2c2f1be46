"""Where a reader goes on from an article: to read further, and through its section."""

from dataclasses import dataclass

from django.utils import timezone

from articles.models import PublishedArticle
from articles.reading.prepared import Prepared

FURTHER = 3  # articles to read further


@dataclass
class Onward:
    """Articles to read after one; `older` and `newer` are its neighbours in the section."""

    further: list
    older: PublishedArticle | None
    newer: PublishedArticle | None


def _around(now, pk, section, moment, listed):
    """The articles of a list, the newest of a section and the neighbours of one in it.

    Those of the very same moment are asked for apart: of an OR, no index finds the next one.
    """
    others = PublishedArticle.objects.live(now).exclude(pk=pk)
    line = others.in_section(section)
    upwards = "published_at", "article_id"
    same_moment = line.filter(published_at=moment)
    return others.for_headlines().any_of(
        listed,
        line[:FURTHER],
        PublishedArticle.objects.live(now, before=moment).in_section(section)[:1],
        same_moment.filter(pk__lt=pk)[:1],
        same_moment.filter(pk__gt=pk).order_by(*upwards)[:1],
        line.filter(published_at__gt=moment).order_by(*upwards)[:1],
    )


AROUND = Prepared(_around)


def onward(article) -> Onward:
    """Return what follows an article, in 1 query.

    The desk's picks come first, then what is similar, then the newest of the section.
    """
    listed = list(dict.fromkeys([*article.related_ids, *article.similar_ids]))
    around = AROUND(
        now=timezone.now(),
        pk=article.pk,
        section=article.section_id,
        moment=article.published_at,
        listed=listed,
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
