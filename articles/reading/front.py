"""The home page: which story stands where."""

from dataclasses import dataclass

from django.db import models

from articles.models import PublishedArticle, Section
from articles.reading.querysets import bylines

LATEST = 9  # headlines in the stream
SECONDARY = 3
IN_SECTION = 4  # candidates of each section; those above the fold are left out again
LAYOUTS = ["three", "one-large", "list"]  # in turn: see .cards in site.css


@dataclass
class Block:
    """A section's place on the home page, with up to three stories."""

    section: Section
    articles: list
    layout: str


@dataclass
class FrontPage:
    lead: PublishedArticle | None
    secondary: list
    stream: list
    blocks: list[Block]


def front_page() -> FrontPage:
    """Return the home page's stories in 4 queries, whatever the number of rows.

    The newest story with a picture leads; the newest others stream beside it. No story
    stands twice in the body of the page, save in the stream.
    """
    live = PublishedArticle.objects.live()
    latest = list(live.newest().for_headlines()[: LATEST + SECONDARY + 1])
    lead = next(
        (article for article in latest if article.hero_image), latest[0] if latest else None
    )
    others = [article for article in latest if article != lead]
    stream = others[:LATEST]
    secondary = [article for article in others if article.hero_image][:SECONDARY]
    shown = {article.pk for article in [lead, *secondary] if article}
    sections = _sections_with_newest(live)
    wanted = {pk for _section, pks in sections for pk in pks} - shown
    stories = live.for_headlines().in_bulk(wanted)
    blocks: list[Block] = []
    for section, pks in sections:
        articles = [stories[pk] for pk in pks if pk in stories][:3]
        if articles:
            blocks.append(_block(section, articles, LAYOUTS[len(blocks) % len(LAYOUTS)]))
    models.prefetch_related_objects(
        [lead, *secondary, *stories.values()] if lead else [],
        models.Prefetch("bylines", bylines()),
    )
    return FrontPage(lead, secondary, stream, blocks)


def _block(section, articles, layout) -> Block:
    """Lay out a section; without a picture for each, in a way that leaves no hole."""
    if layout != "list" and not all(article.hero_image for article in articles):
        articles.sort(key=lambda article: article.hero_image is None)
        layout = "one-large" if articles[0].hero_image else "list"
    return Block(section, articles, layout)


def _sections_with_newest(live):
    """Return (section, ids of its newest articles) for every section: 1 query of index look-ups."""
    newest = live.filter(section=models.OuterRef("pk")).newest().values("pk")
    places = {f"newest_{n}": models.Subquery(newest[n : n + 1]) for n in range(IN_SECTION)}
    return [
        (section, [pk for place in places if (pk := getattr(section, place))])
        for section in Section.objects.annotate(**places)
    ]
