"""What else an article's readers may want to read, worked out once, when it is published."""

from math import exp, log2

from django.db.models import Count

from articles.models import PublishedArticle, PublishedTagging
from articles.reading.querysets import live_now

LENGTH = 6  # ids that are kept; readers get those of them that are live
MOST_TAGS = 12
NEWEST = 40  # candidates of each tag
SECTION = 0.3  # what the same section is worth, against 1 for a tag that nobody else has
FRESH = 0.3  # what it is worth to be of the same day
HALF_LIFE = 365  # days


def similar_ids(copy, tags) -> list[int]:
    """Return the ids of articles that share tags with a readers' copy, the closest first.

    A rare tag weighs more than one that stands on half of all articles; the same section and a
    date near by add to it. Costs 2 queries and one for each tag, whatever the number of articles.
    """
    tags = list(tags)[:MOST_TAGS]
    uses = dict(
        PublishedTagging.objects.filter(tag__in=tags)
        .order_by()
        .values_list("tag")
        .annotate(Count("pk"))
    )
    scores: dict[int, float] = {}
    for tag in tags:
        newest = PublishedTagging.objects.filter(live_now("article__"), tag=tag)
        newest = newest.order_by("-published_at", "-article_id").exclude(article=copy.pk)
        for pk in newest.values_list("article", flat=True)[:NEWEST]:
            scores[pk] = scores.get(pk, 0) + 1 / log2(2 + uses.get(tag.pk, 0))
    rows = PublishedArticle.objects.filter(pk__in=scores).only("section_id", "published_at")
    for other in rows:
        days = abs((copy.published_at - other.published_at).total_seconds()) / 86_400
        scores[other.pk] += SECTION * (other.section_id == copy.section_id)
        scores[other.pk] += FRESH * exp(-days / HALF_LIFE)
    return sorted(scores, key=lambda pk: (-scores[pk], -pk))[:LENGTH]
