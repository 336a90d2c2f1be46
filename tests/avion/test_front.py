"""The front page as the newsroom arranges it."""

from datetime import timedelta

from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from articles.models import MostRead
from articles.publishing import publish, unpublish
from authors import roles
from avion.models import SiteSettings
from tests.factories import (
    make_article,
    make_dossier,
    make_image,
    make_published,
    make_section,
    make_user,
)

FRONT, PREVIEW = reverse("admin:front"), reverse("admin:front_preview")
HOUR = timedelta(hours=1)


class FrontTestCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.now = timezone.now()
        section, image = make_section(), make_image()
        cls.stories = [
            make_published(
                f"Sujet {number}", section=section, hero_image=image, at=cls.now - number * HOUR
            )
            for number in range(9)
        ]
        cls.editor = make_user(roles.EDITOR)

    def setUp(self):
        self.client.force_login(self.editor)

    def arrange(self, *articles, **fields):
        data = {f"article_{number}": each.pk for number, each in enumerate(articles) if each}
        return self.client.post(FRONT, data | fields)

    def front(self):
        return self.client.get("/").context["front"]

    def until(self, moment, name):
        local = timezone.localtime(moment)
        return {name: f"{local:%Y-%m-%dT%H:%M:%S}"}


class PlaceTests(FrontTestCase):
    def test_an_end_that_is_past_is_said_to_be(self):
        past = self.until(self.now - HOUR, "until_0") | self.until(self.now - HOUR, "alert_until")
        answer = self.arrange(self.stories[7], alert_text="Orage", **past)
        self.assertContains(answer, "est déjà passé", count=2)
        self.assertNotEqual(self.front().lead, self.stories[7])

    def test_what_is_no_news_yet_is_refused_with_the_reason(self):
        answer = self.arrange(make_article("Ébauche"))
        self.assertContains(answer, "Ni publié ni programmé")

    def test_a_preview_says_that_it_is_one(self):
        page = self.client.get(PREVIEW, {"at": "2026-12-24T18:00"})
        self.assertContains(page, "24 décembre 2026 à 18")
        self.assertContains(page, "jeudi 24 décembre 2026")
        self.assertNotContains(self.client.get("/"), "Aperçu")

    def test_the_stream_repeats_nothing_unless_there_is_too_little_else(self):
        front = self.front()
        placed = [front.lead, *front.secondary]
        self.assertEqual(front.stream, self.stories[4:])
        for story in self.stories[5:]:
            unpublish(story.article)
        front = self.front()
        self.assertEqual([front.lead, *front.secondary], placed)
        self.assertEqual(front.stream, self.stories[1:5])

    def test_stories_stand_where_they_were_placed(self):
        stories = self.stories
        self.assertRedirects(self.arrange(stories[7], stories[5], None, stories[6]), FRONT)
        front = self.front()
        self.assertEqual(front.lead, stories[7])
        self.assertEqual(front.secondary, [stories[5], stories[0], stories[6]])
        self.assertContains(self.client.get(FRONT), "Sujet 7")

    def test_four_may_be_placed_under_the_lead(self):
        self.arrange(*self.stories[2:7])
        self.assertEqual(self.front().secondary, self.stories[3:7])
        self.assertContains(self.client.get("/"), 'class="cards four"')

    def test_without_places_the_newest_lead(self):
        front = self.front()
        self.assertEqual([front.lead, *front.secondary], self.stories[:4])

    def test_a_place_ends_and_falls_back_to_the_newest(self):
        self.arrange(self.stories[7], self.stories[6], **self.until(self.now + HOUR, "until_0"))
        self.assertEqual(self.front().lead, self.stories[7])
        site = SiteSettings.load()
        site.front[0]["until"] = self.now.isoformat()
        site.save()
        front = self.front()
        self.assertEqual((front.lead, front.secondary[0]), (self.stories[0], self.stories[6]))

    def test_what_is_withdrawn_leaves_its_place(self):
        self.arrange(self.stories[7], self.stories[6])
        unpublish(self.stories[7].article)
        self.assertEqual(self.front().lead, self.stories[0])

    def test_the_lead_has_headlines_of_the_same_matter_under_it(self):
        one, two = self.stories[7], self.stories[8]
        lead = make_article("Chef de file", hero_image=make_image())
        lead.related.add(one.article)
        lead.related.add(two.article)
        copy = publish(lead)
        front = self.front()
        self.assertEqual((front.lead, front.related), (copy, [one, two]))

    def test_without_a_picture_nothing_stands_twice(self):
        for story in self.stories:
            unpublish(story.article)
        bare = [make_published(f"Sans image {number}") for number in range(2)]
        self.arrange(None, bare[1])
        front = self.front()
        self.assertEqual((front.lead, front.secondary), (bare[0], [bare[1]]))

    def test_an_arranged_page_costs_no_more(self):
        self.arrange(*self.stories[4:9])
        self.client.logout()
        self.client.get("/")
        with self.assertNumQueries(6):
            self.client.get("/")

    def test_one_story_or_none_is_enough(self):
        for story in self.stories[1:]:
            unpublish(story.article)
        self.assertContains(self.client.get("/"), "Sujet 0")
        unpublish(self.stories[0].article)
        self.assertContains(self.client.get("/"), "Rien n’a encore paru ici")


class BlockTests(FrontTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.sections = [make_section(name) for name in ("Essais", "Espace", "Histoire")]
        for section in cls.sections:
            for _number in range(2):
                make_published(section=section, at=cls.now - 50 * HOUR)
        make_dossier("Un dossier", cls.stories[8].article)
        MostRead.objects.create(article=cls.stories[3], period="week", place=1)

    def blocks(self):
        return [block.section for block in self.front().blocks]

    def test_sections_have_their_blocks_in_the_order_of_the_newsroom(self):
        self.assertEqual(self.blocks(), self.sections)
        one, _two, three = self.sections
        self.arrange(sections=[three.pk, one.pk], most_read="on")
        self.assertEqual(self.blocks(), [three, one])
        self.assertContains(self.client.get(FRONT), "Histoire")
        self.arrange()
        self.assertEqual(self.blocks(), self.sections)

    def test_a_section_that_is_gone_stops_nobody(self):
        gone = make_section("Éphémère")
        self.arrange(sections=[gone.pk])
        gone.delete()
        self.assertEqual(self.blocks(), self.sections)
        shown = self.client.get(FRONT).context["form"].initial["sections"]
        self.assertEqual(shown, [])

    def test_the_most_read_and_the_dossiers_may_be_left_out(self):
        for shown in ({"most_read": "on"}, {"dossiers": "on"}, {}):
            self.arrange(**shown)
            page = self.client.get("/")
            for name, mark in (("most_read", 'id="most-read"'), ("dossiers", 'id="dossiers"')):
                self.assertEqual(mark in page.content.decode(), name in shown)


class FormTests(FrontTestCase):
    def test_nobody_overwrites_a_colleagues_front_page_unawares(self):
        seen = self.client.get(FRONT).context["form"].initial["seen"]
        self.arrange(self.stories[7], seen=seen)
        section = self.stories[0].section
        answer = self.arrange(self.stories[6], seen=seen, sections=[section.pk])  # opened before
        self.assertContains(answer, "Un collègue a composé la une entre-temps")
        for kept in ("Sujet 6", f"{section}</option>"):
            self.assertContains(answer, kept)
        self.assertEqual(self.front().lead, self.stories[7])
        again = answer.context["form"].initial["seen"]
        self.assertRedirects(self.arrange(self.stories[6], seen=again), FRONT)
        self.assertEqual(self.front().lead, self.stories[6])

    def test_a_story_has_one_place(self):
        answer = self.arrange(self.stories[7], self.stories[7])
        self.assertContains(answer, "déjà une place")
        self.assertEqual(SiteSettings.load().front, [])

    def test_an_alert_needs_its_end_and_is_over_then(self):
        answer = self.arrange(alert_text="Grève des contrôleurs")
        self.assertContains(answer, "quand l’alerte prend fin")
        self.assertContains(answer, "Grève des contrôleurs")
        end = self.until(self.now + HOUR, "alert_until")
        self.arrange(alert_text="Grève des contrôleurs", alert_address="/sujet-1/", **end)
        for address in ("/", "/sujet-2/"):
            self.assertContains(self.client.get(address), "Grève des contrôleurs</a>")
        SiteSettings.objects.update(alert_until=self.now)
        self.assertNotContains(self.client.get("/"), "Grève")

    def test_the_page_of_another_moment_is_previewed(self):
        tomorrow = make_published("Demain", at=self.now + 20 * HOUR, hero_image=make_image())
        self.arrange(tomorrow)
        self.assertNotContains(self.client.get("/"), "Demain")
        at = timezone.localtime(self.now + 21 * HOUR)
        page = self.client.get(PREVIEW, {"at": f"{at:%Y-%m-%dT%H:%M}"})
        self.assertEqual(page.context["front"].lead, tomorrow)
        self.assertEqual(self.client.get(PREVIEW, {"at": "bientôt"}).status_code, 200)

    def test_an_alert_leads_to_an_address_that_can_be_followed(self):
        end = self.until(self.now + HOUR, "alert_until")
        for address in ("javascript:alert(1)", "www.exemple.fr"):
            answer = self.arrange(alert_text="Grève", alert_address=address, **end)
            self.assertContains(answer, "Commencez par")

    def test_an_alert_that_is_over_at_that_moment_is_not_previewed(self):
        self.arrange(alert_text="Grève", **self.until(self.now + HOUR, "alert_until"))
        self.assertContains(self.client.get(PREVIEW), "Grève")
        at = timezone.localtime(self.now + 2 * HOUR)
        page = self.client.get(PREVIEW, {"at": f"{at:%Y-%m-%dT%H:%M}"})
        self.assertNotContains(page, "Grève")

    def test_a_draft_has_no_place(self):
        answer = self.arrange(make_article("Brouillon"))
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(SiteSettings.load().front, [])
