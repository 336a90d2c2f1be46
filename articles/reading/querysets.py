"""The questions that readers' pages ask. They chain, and read aloud."""

from datetime import date, datetime, time, timedelta

from django.apps import apps
from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone

SEARCHED = ["search_title", "search_about", "search_text"]  # for the index alone
HEADLINE = [  # what a headline or a card shows
    *("slug", "kicker", "title", "standfirst", "word_count", "published_at"),
    *("section__slug", "section__name"),
    *(f"hero_image__{name}" for name in ("file", "width", "height", "alt", "renditions")),
]


def live_now(relation="", at=None, before=None):
    """Return the condition that readers may open a copy: its time has come and not ended.

    relation: the lookup that leads to the copy, such as "article__". at: a moment; None means now.
    before: a past moment before which it came out: in place of the present, since of two such
    bounds SQLite looks up the first and passes over all that lies between.
    """
    now = at or timezone.now()
    begun = models.Q(**{f"{relation}published_at__lte": now})
    if before:
        begun = models.Q(**{f"{relation}published_at__lt": before})
    return begun & (
        models.Q(**{f"{relation}withdrawn_at__isnull": True})
        | models.Q(**{f"{relation}withdrawn_at__gt": now})
    )


class PublishedArticleQuerySet(models.QuerySet):
    def live(self, at=None, before=None):
        """Articles that readers may open now, or at another moment.

        before: a past moment before which they came out; None means any.
        """
        return self.filter(live_now(at=at, before=before))

    def begun(self, at=None):
        """Articles that readers may open now or at a moment, and those whose time has ended."""
        return self.filter(published_at__lte=at or timezone.now())

    def newest(self):
        return self.order_by("-published_at", "-article_id")

    def in_section(self, section):
        return self.filter(section=section).newest()

    def tagged(self, tag, before=None):
        """Articles with this tag, newest first, in the order of the tagging's own index.

        before: the moment before which they came out; None means any.
        """
        bound = {"taggings__published_at__lt": before} if before else {}
        return self.filter(taggings__tag=tag, **bound).order_by(
            "-taggings__published_at", "-taggings__article_id"
        )

    def by_author(self, author, before=None):
        """Articles that this author signs, as those of a tag, by the byline's own index."""
        bound = {"bylines__published_at__lt": before} if before else {}
        return self.filter(bylines__author=author, **bound).order_by(
            "-bylines__published_at", "-bylines__article_id"
        )

    def in_dossier(self, dossier):
        """Articles of a dossier in its order."""
        part = apps.get_model("articles", "DossierPart").objects.filter(dossier=dossier)
        place = part.filter(article_id=models.OuterRef("pk")).values("position")
        return (
            self.filter(pk__in=part.order_by().values("article_id"))
            .annotate(place=models.Subquery(place))
            .order_by("place")
        )

    def in_month(self, year, month):
        """Articles of a month in the site's time zone, newest first.

        Ask for it before `live`: of two bounds SQLite looks up the first, and passes over all that
        came out since where that is the present.
        """
        return self._between(
            date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)
        ).newest()

    def on_day(self, day):
        """Articles of a day in the site's time zone, newest first; see `in_month`."""
        return self._between(day, day + timedelta(days=1)).newest()

    def _between(self, first, last):
        """Articles from the midnight that begins `first` to the one that begins `last`."""
        start, end = (timezone.make_aware(datetime.combine(day, time.min)) for day in (first, last))
        return self.filter(published_at__gte=start, published_at__lt=end)

    def days(self):
        """The days with articles, the first of them first."""
        return list(self.order_by().datetimes("published_at", "day"))

    def corrected(self):
        """Articles with corrections, the latest correction first."""
        return self.filter(corrected_at__isnull=False).order_by("-corrected_at", "-article_id")

    def most_read(self, period):
        """The most read articles of a MostRead.Period, the first of them first."""
        return self.filter(rankings__period=period).order_by("rankings__place")

    def for_cards(self):
        """All that a list of cards shows, in 2 queries whatever the number of rows."""
        return self.for_headlines().prefetch_related(models.Prefetch("bylines", names()))

    def for_headlines(self, *more):
        """What a headline with its picture shows, and these other fields, in 1 query."""
        return self.select_related("section", "hero_image").only(*HEADLINE, *more)

    def for_page(self, at=None):
        """All that an article's own page shows of it, in 3 queries: itself, authors, tags.

        Each author has `live_count`, the number of articles that readers may open. Of the first
        dossier that the article stands in, it has `dossier_title` and `dossier_slug`.
        """
        dossiers = (
            apps.get_model("articles", "Dossier")
            .objects.filter(parts__article_id=models.OuterRef("pk"))
            .order_by("position", "-pk")
        )
        taggings = apps.get_model("articles", "PublishedTagging").objects.select_related("tag")
        return (
            self.select_related("section", "hero_image")
            .prefetch_related(
                models.Prefetch("bylines", bylines().with_live_counts(at)),
                models.Prefetch("taggings", taggings),
            )
            .annotate(
                dossier_title=models.Subquery(dossiers.values("title")[:1]),
                dossier_slug=models.Subquery(dossiers.values("slug")[:1]),
            )
            .defer(*SEARCHED)
        )

    def for_feed(self):
        """Whole articles with section, authors and tags, in 3 queries."""
        taggings = apps.get_model("articles", "PublishedTagging").objects.select_related("tag")
        return (
            self.select_related("section", "hero_image")
            .prefetch_related(
                models.Prefetch("bylines", bylines()), models.Prefetch("taggings", taggings)
            )
            .defer(*SEARCHED)
        )

    def any_of(self, *sources):
        """Articles of this queryset that stand in one of several querysets of articles or of ids.

        One query, in which the database looks each list up by itself: of an OR between them,
        PostgreSQL would read the whole table. The lists are brought together by their ids alone,
        which Django writes in a quarter of the time of whole rows.
        """
        ids = [each.values("pk") if isinstance(each, type(self)) else each for each in sources]
        rows = self.model._default_manager.order_by().values("pk")
        first, *others = (rows.filter(pk__in=each) for each in ids)
        return self.filter(pk__in=first.union(*others, all=True)).order_by()

    def for_results(self):
        """Cards with the texts in which words were found, in 2 queries."""
        return self.for_cards().only(*HEADLINE, "body")

    def for_sitemap(self):
        """Addresses, dates and pictures, in 2 queries."""
        uses = apps.get_model("articles", "PublishedPicture").objects.select_related("image")
        shown = ["file", "width", "height", "renditions"]
        return (
            self.select_related("hero_image")
            .prefetch_related(models.Prefetch("picture_uses", uses))
            .only("slug", "modified_at", "published_at", *(f"hero_image__{f}" for f in shown))
        )


class PublishedBylineQuerySet(models.QuerySet):
    def with_live_counts(self, at=None):
        """Annotate `live_count`, the number of the author's articles that readers may open.

        What is kept of them by month (see counts.py), less what is scheduled or has ended.
        """
        kept = apps.get_model("articles", "MonthCount").objects.filter(kind="author")
        articles = apps.get_model("articles", "PublishedArticle").objects.order_by()
        now = at or timezone.now()
        rows = self.model._default_manager.filter(author=models.OuterRef("author")).order_by()
        ended = articles.filter(withdrawn_at__lte=now).values("pk")
        unseen = rows.filter(published_at__gt=now), rows.filter(article__in=ended)
        sums = (
            kept.filter(key=models.OuterRef("author")).values("key").annotate(n=models.Sum("count"))
        )
        less = [_number(each.values("author").annotate(n=models.Count("pk"))) for each in unseen]
        return self.annotate(live_count=_number(sums) - less[0] - less[1])


def _number(counted):
    return Coalesce(models.Subquery(counted.values("n")), 0)


def bylines():
    """The bylines of published articles with their authors, in order."""
    return apps.get_model("articles", "PublishedByline").objects.select_related("author")


def names():
    """The bylines with what a card says of the authors."""
    return bylines().only("article", "position", "author__slug", "author__name")
