"""How many articles readers can open is kept by the database, and is always what counting says."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from articles.models import MonthCount, PublishedArticle, PublishedByline, PublishedTagging, Tag
from articles.publishing import end_at, publish, reschedule, unpublish
from articles.publishing.counted import ensure_counts, release_tables
from articles.reading import pagination, views
from articles.reading.counts import live_counts, local_months, months
from tests.factories import make_article, make_author, make_published, make_section

pytestmark = pytest.mark.django_db
Kind = MonthCount.Kind
COUNTED = {
    Kind.SECTION: (PublishedArticle, "section"),
    Kind.TAG: (PublishedTagging, "tag"),
    Kind.AUTHOR: (PublishedByline, "author"),
}


def assert_all_right():
    """Compare what is kept with what is there, and what readers are told with what they see."""
    live = PublishedArticle.objects.live()
    for kind, (model, name) in COUNTED.items():
        rows = model.objects.order_by().filter(article__in=live.values("pk"))
        counted = dict(rows.values_list(name).annotate(Count("pk")))
        assert live_counts(kind, "key") == counted, kind
        assert months(kind).total == rows.count()
    assert not MonthCount.objects.filter(count__lt=0).exists()


def test_whatever_the_desk_does_is_counted():
    armies, industry = make_section("Armées"), make_section("Industrie")
    author, other = make_author("Zoé Vent"), make_author("Ada Brun")
    copy = make_published("Un", section=armies, authors=[author], tags=["Rafale", "Moteur"])
    make_published("Deux", section=armies, authors=[author, other], tags=["Rafale"])
    assert_all_right()
    article = copy.article
    article.section = industry
    article.save()
    article.tags.set(["Rafale"])
    publish(article)
    assert live_counts(Kind.SECTION, "key") == {armies.pk: 1, industry.pk: 1}
    assert_all_right()
    unpublish(article)
    assert_all_right()
    PublishedTagging.objects.update(tag=Tag.objects.named("Autre"))
    PublishedArticle.objects.update(section=industry)
    assert_all_right()


def test_what_is_scheduled_or_has_ended_is_not_told():
    section = make_section("Armées")
    ended = make_published("Finie", section=section, tags=["Rafale"])
    make_published("Là", section=section, tags=["Rafale"])
    soon = timezone.now() + timedelta(days=40)
    later = make_article("Plus tard", section=section, tags=["Rafale"])
    publish(later, at=soon)
    assert_all_right()
    reschedule(later, soon + timedelta(days=40))
    assert_all_right()
    end_at(ended.article, timezone.now() + timedelta(hours=1))
    assert_all_right()
    past = timezone.now() - timedelta(minutes=1)
    PublishedArticle.objects.filter(pk=ended.pk).update(
        published_at=past - timedelta(days=1), withdrawn_at=past
    )
    assert_all_right()
    assert months(Kind.SECTION, section.pk).total == 1


def test_pages_of_a_list_follow_one_another_over_the_months(monkeypatch, client):
    monkeypatch.setattr(pagination, "PER_PAGE", 3)
    for rows in (views.IN_SECTION, views.TAGGED):  # whose SQL may be written already
        monkeypatch.setattr(rows, "_written", {})
    section = make_section("Armées")
    first = datetime(2024, 1, 31, 23, 30, tzinfo=UTC)
    copies = [
        make_published(f"Vol {number}", section=section, tags=["Rafale"]) for number in range(20)
    ]
    for number, copy in enumerate(copies):  # a month has none, one or four
        at = first + timedelta(days=number * number)
        PublishedArticle.objects.filter(pk=copy.pk).update(published_at=at)
        copy.taggings.update(published_at=at)
        copy.bylines.update(published_at=at)
    hidden = copies[7]
    PublishedArticle.objects.filter(pk=hidden.pk).update(withdrawn_at=timezone.now())
    wanted = [copy.pk for copy in reversed(copies) if copy != hidden]
    for name, slug in (("section", "armees"), ("tag", "rafale")):
        found = []
        for page in range(1, 8):
            path = reverse(name, args=[slug]) if page == 1 else reverse(name, args=[slug, page])
            listing = client.get(path).context["listing"]
            assert (listing.total, listing.pages) == (19, 7)
            found += [article.pk for article in listing.articles]
        assert found == wanted
        assert client.get(reverse(name, args=[slug, 8])).status_code == 404


def test_a_migration_takes_the_triggers_away_and_counts_anew_after_it():
    make_published("Un", tags=["Rafale"])
    release_tables(plan=[(type("Migration", (), {"app_label": "articles"}), False)])
    copy = make_published("Deux", tags=["Rafale"])
    assert months(Kind.SECTION).total == 1
    ensure_counts()
    assert_all_right()
    assert months(Kind.SECTION).total == 2
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    copy.delete()
    assert_all_right()


@pytest.mark.parametrize("zone", ["Europe/Paris", "America/Martinique", "Pacific/Kiritimati"])
def test_months_of_the_sites_own_time_zone_are_what_counting_says(zone):
    edge = datetime(2024, 7, 1, tzinfo=UTC)
    hours = [-26, -14, -13, -4, -1.5, -0.5, 0, 0.5, 3.5, 4, 15, 400]
    moments = [edge + timedelta(hours=each) for each in hours]
    moments += [datetime(2024, 10, 31, 23, tzinfo=UTC), datetime(2023, 12, 31, 23, tzinfo=UTC)]
    for moment in moments:
        make_published(at=moment)
    make_published(at=timezone.now() + timedelta(days=1))
    with timezone.override(zone):
        firsts = [timezone.localdate(moment).replace(day=1) for moment in moments]
        expected = sorted(((first, firsts.count(first)) for first in set(firsts)), reverse=True)
        assert local_months() == expected
