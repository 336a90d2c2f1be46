"""Prepared questions: asked with other values, they answer as the queryset would."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.models import PublishedArticle
from articles.reading.prepared import After, Prepared
from tests.factories import make_author, make_published, make_section

pytestmark = pytest.mark.django_db


def in_section(now, section):
    return PublishedArticle.objects.live(now).in_section(section).for_cards()


def shown(copies):
    return [(copy.title, copy.byline, copy.section.name, copy.hero_image) for copy in copies]


def test_each_question_has_its_own_values(django_assert_num_queries):
    ask, soon = Prepared(in_section), timezone.now() + timedelta(minutes=1)
    air, sea = make_section("Air"), make_section("Mer")
    pair = [make_author("Anne Vol"), make_author("Ben Aile")]
    make_published("Un vol", section=air, authors=pair)
    make_published("Une traversée", section=sea)
    for section in (air, sea, air):
        with django_assert_num_queries(2):  # the articles, their bylines
            found = shown(ask(now=soon, section=section.pk))
        assert found == shown(in_section(soon, section.pk)) != []
    assert shown(ask(now=soon, section=air.pk))[0][1] == "Anne Vol et Ben Aile"
    assert ask(now=soon - timedelta(days=1), section=air.pk) == []


def test_a_list_of_ids_may_have_any_length():
    ask = Prepared(lambda pks: PublishedArticle.objects.filter(pk__in=pks).order_by("pk"))
    copies = [make_published() for _number in range(3)]
    for length in (1, 3, 0, 2):
        assert ask(pks=[copy.pk for copy in copies[:length]]) == copies[:length]


def test_what_lies_before_a_page_is_passed_over():
    now = timezone.now()
    copies = [make_published(at=now - timedelta(hours=hours)) for hours in range(5)]

    def page(passed):
        newest = PublishedArticle.objects.newest()
        return newest.filter(pk__in=After(newest.values("pk")[:2], passed))

    ask = Prepared(page)
    assert [ask(passed=passed) for passed in (0, 2, 4)] == [copies[:2], copies[2:4], copies[4:]]


def test_what_is_left_out_is_not_asked_for():
    copies = [make_published() for _number in range(2)]

    def after(pk):
        return PublishedArticle.objects.filter(**{"pk__gt": pk} if pk else {}).order_by("pk")

    ask = Prepared(after)
    assert ask(pk=None) == copies
    assert ask(pk=copies[0].pk) == copies[1:]
    assert ask(pk=None) == copies


def test_rows_may_be_tuples_and_the_first_may_be_missing():
    ask = Prepared(lambda slug: PublishedArticle.objects.filter(slug=slug).values_list("title"))
    make_published("Un vol", slug="un-vol")
    assert ask(slug="un-vol") == [("Un vol",)]
    assert ask.first(slug="nulle-part") is None


def test_a_moment_that_is_written_in_is_refused():
    """The present of the first question would be that of all."""
    with pytest.raises(ValueError, match="always ask about"):
        Prepared(lambda section: PublishedArticle.objects.live().in_section(section))(section=1)


def test_so_is_a_day():
    today = timezone.localdate()
    with pytest.raises(ValueError, match="always ask about"):
        Prepared(lambda pk: PublishedArticle.objects.filter(pk=pk, ai_reviewed_on=today))(pk=1)


def test_titles_are_values_not_sql():
    ask = Prepared(lambda title: PublishedArticle.objects.filter(title=title))
    titles = ["L’« %s » d'Anne", 'Un "vol" à 100 %', "2026-11-24 10:00 : un vol"]
    copies = [make_published(title, slug=f"vol-{number}") for number, title in enumerate(titles)]
    for copy in copies:
        assert ask(title=copy.title) == [copy]
