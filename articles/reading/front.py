"""The home page: which story stands where."""

from dataclasses import dataclass
from functools import cache

from django.db import models
from django.utils import timezone

from articles.models import MostRead, PublishedArticle, Section
from articles.reading.prepared import Children, Prepared
from articles.reading.querysets import names

LATEST = 9  # headlines in the stream
MOST_READ = 5  # headlines
WORTH_A_STREAM = 3  # headlines that stand nowhere else; with fewer the stream repeats the page
SECONDARY = 3  # at least; the newsroom may place one more
RELATED = 2  # headlines under the lead
IN_SECTION = 4  # candidates of each section; those above the fold are left out again
NEWEST = [f"newest_{number}" for number in range(IN_SECTION)]
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
    related: list  # headlines under the lead
    secondary: list
    stream: list
    blocks: list[Block]
    most_read: list  # of 24 hours, or of 7 days while those say too little

    @property
    def headlines(self) -> list:
        """The stories above the blocks, in their order."""
        return [article for article in (self.lead, *self.secondary, *self.stream) if article]


def front_page(pins=(), at=None, section_ids=()) -> FrontPage:
    """Return the home page's stories in 4 queries, whatever the number of rows.

    pins: the ids of the articles that the newsroom placed, in order, the lead first; None of a
        place that is left to the newest. One that readers cannot open leaves its place, too.
    at: the moment that is shown; None means now.
    section_ids: the sections that have a block, in order; none means all of them.

    Otherwise the newest story with a picture leads; the newest others stream beside it. No
    story stands twice in the body of the page; the section blocks may repeat the stream.
    """
    now = at or timezone.now()
    count = LATEST + SECONDARY + len(pins) + 1
    placed = [pk for pk in pins if pk]
    chosen = {article.pk: article for article in _chosen(count)(now=now, placed=placed)}
    by_date = sorted(
        chosen.values(), key=lambda article: (article.published_at, article.pk), reverse=True
    )
    # What is only read much, however old, is no news.
    latest = by_date[:count] + [article for article in by_date[count:] if article.pk in pins]
    lead, secondary = _placed(latest, pins)
    pinned = {article.pk for article in (lead, *secondary) if article}
    stream = [article for article in latest if article.pk not in pinned][:LATEST]
    if len(stream) < WORTH_A_STREAM:
        stream = [article for article in latest if article != lead]
    under = [*lead.related_ids, *lead.similar_ids] if lead else []
    under = [pk for pk in under if pk not in pinned]
    every = {section.pk: section for section in SECTIONS(now=now)}
    sections = _with_newest(every, section_ids)
    wanted = {pk for _section, pks in sections for pk in pks} - pinned
    asked = list(wanted | set(under))
    stories = {article.pk: article for article in STORIES(now=now, asked=asked)}
    related = [stories[pk] for pk in under if pk in stories][:RELATED]
    shown = pinned | {article.pk for article in related}
    blocks: list[Block] = []
    for section, pks in sections:
        articles = [stories[pk] for pk in pks if pk in stories and pk not in shown][:3]
        if articles:
            blocks.append(_block(section, articles, LAYOUTS[len(blocks) % len(LAYOUTS)]))
    if lead:
        lead.section = every.get(lead.section_id)
    BYLINES.attach([lead, *secondary, *stories.values()] if lead else [])
    return FrontPage(lead, related, secondary, stream, blocks, _most_read(chosen.values()))


def _placed(latest, pins):
    """Return the lead and the secondary stories: as placed, or the newest with a picture."""
    there = {article.pk: article for article in latest}
    places = [there.get(pk) for pk in pins] or [None]
    free = [a for a in latest if a.hero_image and a not in places]
    unplaced = [article for article in latest if article not in places]
    lead = places[0] or next(iter(free), None) or next(iter(unplaced), None)
    free = [article for article in free if article != lead]
    wanted = places[1:] + [None] * (SECONDARY - len(places[1:]))
    last = max((number for number, place in enumerate(wanted, 1) if place), default=0)
    filled = [place or (free.pop(0) if free else None) for place in wanted[: max(SECONDARY, last)]]
    secondary = [article for article in filled if article]
    return lead, secondary


def _headlines(articles, *more):
    """Headlines without their sections, all of which the page has by `SECTIONS`."""
    return articles.for_headlines(*more).select_related(None).select_related("hero_image")


STORIES = Prepared(
    lambda now, asked: _headlines(PublishedArticle.objects.live(now)).filter(pk__in=asked)
)
BYLINES = Children(PublishedArticle, models.Prefetch("bylines", names()))


@cache
def _chosen(count) -> Prepared:
    """Return the question for the newest articles, those that are placed, and the most read."""
    ranked = MostRead.objects.filter(place__lte=MOST_READ).values("article")

    def chosen(now, placed):
        live = PublishedArticle.objects.live(now)
        headlines = _with_places(_headlines(live, "related_ids", "similar_ids"))
        return headlines.any_of(live.newest()[:count], placed, ranked)

    return Prepared(chosen)


def _with_places(articles):
    """Annotate the place of each article in the rankings: `day`, `week`; None of those without."""
    rankings = MostRead.objects.filter(article=models.OuterRef("pk")).values("place")
    places = {
        period: models.Subquery(rankings.filter(period=period)[:1])
        for period in MostRead.Period.values
    }
    return articles.annotate(**places)


def _most_read(articles) -> list:
    """Return the most read in their order, of the day if it has enough to show."""
    for period in MostRead.Period.values:
        ranked = [article for article in articles if getattr(article, period)]
        ranked.sort(key=lambda article: getattr(article, period))
        if len(ranked) >= MOST_READ:
            break
    return ranked[:MOST_READ]


def _block(section, articles, layout) -> Block:
    """Lay out a section; without a picture for each, in a way that leaves no hole."""
    if layout != "list" and not all(article.hero_image for article in articles):
        articles.sort(key=lambda article: article.hero_image is None)
        layout = "one-large" if articles[0].hero_image else "list"
    return Block(section, articles, layout)


def _sections(now):
    """Return the sections, each with the ids of its newest articles: 1 query of index look-ups."""
    live = PublishedArticle.objects.live(now)
    newest = live.filter(section=models.OuterRef("pk")).newest().values("pk")
    places = {place: models.Subquery(newest[n : n + 1]) for n, place in enumerate(NEWEST)}
    return Section.objects.annotate(**places)


SECTIONS = Prepared(_sections)


def _with_newest(every, section_ids):
    """Return (section, ids of its newest articles) for each section that has a block."""
    chosen = [every[pk] for pk in section_ids if pk in every] or every.values()
    return [
        (section, [pk for place in NEWEST if (pk := getattr(section, place))]) for section in chosen
    ]
