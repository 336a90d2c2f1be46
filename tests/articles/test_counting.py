"""Counting readers: what is counted, what is not, and what it costs."""

from datetime import timedelta
from unittest.mock import patch

from django.db import InterfaceError
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from articles.models import DailyReads, MostRead
from articles.publishing import unpublish
from articles.reading import counting
from articles.reading.counting import OPENED, Tally
from authors import roles
from tests.factories import make_article, make_image, make_published, make_user

HOUR = timedelta(hours=1)
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


class CountingTestCase(TestCase):
    def setUp(self):
        self.client.defaults["HTTP_USER_AGENT"] = BROWSER
        patched = patch.object(counting, "tally", Tally())
        self.tally = patched.start()
        self.addCleanup(patched.stop)

    def read(self, article, times=1, path="", **headers):
        for _time in range(times):
            answer = self.client.post(f"/lectures/{article.pk}/{path}", headers=headers)
            self.assertEqual(answer.status_code, 204)

    def figures(self, article):
        self.tally.write()
        rows = DailyReads.objects.filter(article=article.pk)
        return [(row.opened, row.finished) for row in rows]


class CountTests(CountingTestCase):
    def test_openings_and_ends_are_added_to_the_day(self):
        article = make_published()
        self.read(article, 3)
        self.read(article, 1, "fin/")
        self.assertEqual(self.figures(article), [(3, 1)])
        self.read(article, 2)
        self.assertEqual(self.figures(article), [(5, 1)])
        self.assertEqual(DailyReads.objects.get().day, timezone.localdate())

    def test_a_beacon_asks_nothing_of_the_database_and_sets_no_cookie(self):
        article = make_published()
        with self.assertNumQueries(0):
            self.read(article, 50)
        self.assertFalse(self.client.cookies)
        with self.assertNumQueries(12):  # savepoints included; whatever the number of articles
            self.tally.write()

    def test_robots_and_colleagues_are_left_out(self):
        article = make_published()
        agents = [
            "",
            "Googlebot/2.1 (+http://google.com/)",
            "curl/8",
            "HeadlessChrome/1",
        ]
        for agent in agents:
            self.read(article, user_agent=agent)
        self.read(article, sec_fetch_site="cross-site")
        self.client.force_login(make_user(roles.JOURNALIST))
        self.read(article)
        self.assertEqual(self.figures(article), [])

    def test_what_readers_cannot_open_is_not_counted(self):
        later = make_published("Demain", at=timezone.now() + HOUR)
        for pk in (make_article().pk, later.pk, 10**17):
            self.client.post(f"/lectures/{pk}/")
        self.tally.write()
        self.assertFalse(DailyReads.objects.exists())

    def test_only_a_post_counts(self):
        self.assertEqual(self.client.get(f"/lectures/{make_published().pk}/").status_code, 405)

    def test_a_flood_adds_no_more_than_the_cap(self):
        article = make_published()
        for _act in range(counting.MOST + 500):
            self.tally.add(article.pk, OPENED)
        self.assertEqual(self.figures(article), [(counting.MOST, 0)])

    def test_acts_are_written_together_once_it_is_time(self):
        article = make_published()
        self.read(article, 2)
        self.assertFalse(DailyReads.objects.exists())
        with patch.object(counting, "WRITE_EVERY", 0):
            self.read(article)
        self.assertEqual(DailyReads.objects.get().opened, 3)

    def test_while_the_database_is_away_counts_wait(self):
        article = make_published()
        self.read(article, 2)
        with (
            patch.object(counting, "record", side_effect=InterfaceError("closed")),
            self.assertLogs("articles.reading.tallies", "ERROR"),
        ):
            self.tally.write()
        self.read(article)
        self.assertEqual(self.figures(article), [(3, 0)])

    def test_figures_are_forgotten_after_25_months(self):
        article, today = make_published(), timezone.localdate()
        for days in (counting.KEPT, counting.KEPT + 1):
            DailyReads.objects.create(article_id=article.pk, day=today - timedelta(days=days))
        self.read(article)
        self.tally.write()
        days = [(today - row.day).days for row in DailyReads.objects.order_by("day")]
        self.assertEqual(days, [counting.KEPT, 0])


class MostReadTests(CountingTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.stories = [
            make_published(f"Sujet {number}", at=timezone.now() - number * HOUR)
            for number in range(8)
        ]

    def setUp(self):
        super().setUp()
        patched = patch.object(counting, "RANK_EVERY", 0)
        patched.start()
        self.addCleanup(patched.stop)

    def read_each(self, stories):
        """Read the first of them most."""
        for number, story in enumerate(stories):
            for _time in range(len(stories) - number):
                self.tally.add(story.pk, OPENED)
        self.tally.write()

    def test_a_rush_changes_the_order_once_in_five_minutes(self):
        self.read_each(self.stories[:5])
        with patch.object(counting, "RANK_EVERY", 300):
            self.read_each(self.stories[::-1])
        self.assertEqual(self.on_the_front(), self.stories[:5])
        self.read_each(self.stories[:1])
        self.assertNotEqual(self.on_the_front(), self.stories[:5])

    def test_what_counts_for_nobody_puts_no_ranking_off(self):
        with patch.object(counting, "RANK_EVERY", 300):
            self.tally.add(0, OPENED)
            self.tally.write()
            self.read_each(self.stories[:5])
        self.assertEqual(self.on_the_front(), self.stories[:5])

    def on_the_front(self):
        return self.client.get("/").context["front"].most_read

    def test_the_most_read_of_the_day_stand_on_the_front_page(self):
        order = self.stories[::-1]
        self.read_each(order)
        self.assertEqual(self.on_the_front(), order[:5])
        page = self.client.get("/les-plus-lus/")
        self.assertEqual([list(found) for _label, found in page.context["rankings"]], [order] * 2)

    def test_a_quiet_day_falls_back_to_the_week(self):
        ago = timezone.localdate() - timedelta(days=3)
        for number, story in enumerate(self.stories[:6]):
            DailyReads.objects.create(article_id=story.pk, day=ago, opened=100 - number)
        self.read_each(self.stories[6:])
        self.assertEqual(self.on_the_front(), self.stories[:5])
        page = self.client.get("/les-plus-lus/")
        self.assertEqual(list(page.context["rankings"][0][1]), self.stories[6:])

    def test_an_old_story_that_is_read_much_is_no_news(self):
        old = make_published("Vieux", at=timezone.now() - 900 * HOUR, hero_image=make_image())
        for number in range(20):
            make_published(at=timezone.now() - (20 + number) * HOUR)
        self.read_each([old])
        front = self.client.get("/").context["front"]
        self.assertEqual(front.lead, self.stories[0])
        self.assertNotIn(old, [*front.secondary, *front.stream])
        self.assertIn(old, front.most_read)

    def test_what_is_withdrawn_or_over_is_not_ranked(self):
        self.read_each(self.stories[:6])
        unpublish(self.stories[0].article)
        self.assertEqual(self.on_the_front(), self.stories[1:6])
        self.read_each(self.stories[:2])
        self.assertEqual(self.on_the_front(), self.stories[1:6])

    def test_yesterday_counts_with_the_share_that_is_within_24_hours(self):
        noon = timezone.localtime().replace(hour=12, minute=0, second=0)
        first, second = self.stories[:2]
        today = noon.date()
        DailyReads.objects.create(article_id=first.pk, day=today, opened=10)
        DailyReads.objects.create(article_id=second.pk, day=today - timedelta(days=1), opened=18)
        with patch("articles.reading.counting.timezone.localtime", return_value=noon):
            counting.rank()
        ranked = MostRead.objects.filter(period="day").order_by("place")
        self.assertEqual([row.article for row in ranked], [first, second])

    def test_without_a_reader_nothing_is_ranked(self):
        self.assertNotContains(self.client.get("/"), 'id="most-read"')
        self.assertContains(self.client.get("/les-plus-lus/"), "Rien n’a encore été lu")


class FiguresTests(CountingTestCase):
    def test_the_desk_knows_what_is_read(self):
        story, other = make_published("Sujet lu"), make_published("Sujet délaissé")
        today = timezone.localdate()
        DailyReads.objects.create(
            article_id=story.pk, day=today - timedelta(days=2), opened=1200, finished=600
        )
        DailyReads.objects.create(article_id=story.pk, day=today - timedelta(days=7), opened=5)
        self.read(story, 4)
        self.tally.write()
        self.client.force_login(make_user(roles.EDITOR))
        page = self.client.get(reverse("admin:index"))
        self.assertContains(page, "<td>1\u202f204</td>")
        self.assertContains(page, "50&#8239;%")
        read = [figures.copy.title for figures in page.context["dashboard"].most_read]
        self.assertEqual(read, ["Sujet lu"])
        form = reverse("admin:articles_article_change", args=[story.pk])
        self.assertContains(self.client.get(form), "Ouvert 1\u202f204 fois en 7\xa0jours")
        form = reverse("admin:articles_article_change", args=[other.pk])
        self.assertContains(self.client.get(form), "Ouvert 0 fois en 7\xa0jours")

    def test_large_numbers_are_written_as_the_french_do(self):
        story = make_published("Sujet lu")
        DailyReads.objects.create(article_id=story.pk, day=timezone.localdate(), opened=1110)
        self.client.force_login(make_user(roles.EDITOR))
        form = self.client.get(reverse("admin:articles_article_change", args=[story.pk]))
        self.assertContains(form, "Ouvert 1\u202f110 fois")
        self.assertContains(form, "aujourd’hui\xa0: 1\u202f110.")

    def test_words_of_a_working_copy_are_not_told(self):
        story = make_published("Titre public")
        self.read(story)
        self.tally.write()
        story.article.title = "Titre secret"
        story.article.save()
        self.client.force_login(make_user(roles.JOURNALIST))
        page = self.client.get(reverse("admin:index"))
        self.assertContains(page, "Titre public")
        self.assertNotContains(page, "Titre secret")
