"""Readers write to the newsroom: nothing is lost, nothing is asked for twice, robots stay out."""

import time
from datetime import timedelta
from io import StringIO
from unittest import mock

import pytest
from django.core import mail, signing
from django.core.management import CommandError, call_command
from django.test import TestCase, override_settings
from django.urls import reverse
from django.utils import timezone
from redis.exceptions import RedisError

from articles.models import Letter
from articles.models.letter import lines_of
from articles.publishing import publish, unpublish
from articles.reading.letters import SALT
from authors import roles
from avion.models import SiteSettings
from tests.factories import make_page, make_published, make_user

CONTACT, ERROR, REPLY = "/contact/", "/signaler/", "/droit-de-reponse/"


@override_settings(MAIL_GOES_OUT=True)
class LetterTestCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        SiteSettings.objects.create(pk=1, contact_email="redaction@avion.example")
        cls.story = make_published("Un vol", body=f"<p>{'mot ' * 60}</p><p>Fin.</p>")

    def send(self, path, *, after=60, **fields):
        opened = signing.dumps(int(time.time()) - after, salt=SALT)
        data = {"name": "Zoé Vent", "email": "zoe@lecteur.example", "text": "Bravo.\nMerci."}
        return self.client.post(path, data | {"opened": opened} | fields)


class WritingTests(LetterTestCase):
    def test_a_message_is_kept_mailed_and_numbered(self):
        answer = self.send(CONTACT)
        letter = Letter.objects.get()
        self.assertRedirects(answer, f"/contact/recu/{letter.reference}/")
        self.assertContains(self.client.get(answer.headers["Location"]), letter.reference)
        [message] = mail.outbox
        self.assertEqual(message.to, ["redaction@avion.example"])
        self.assertEqual(message.reply_to, ["zoe@lecteur.example"])
        self.assertIn("Bravo.", message.body)
        self.assertIn(reverse("admin:articles_letter_change", args=[letter.pk]), message.body)
        self.assertEqual(self.client.cookies, {})

    def test_an_error_is_reported_from_its_article(self):
        page = self.client.get(self.story.get_absolute_url())
        self.assertContains(page, f'href="{ERROR}?article=un-vol"')
        form = self.client.get(f"{ERROR}?article=un-vol")
        self.assertContains(form, 'value="/un-vol/"')
        self.send(ERROR, address="https://avion.test/un-vol/", passage="mot")
        self.assertEqual(Letter.objects.get().article_id, self.story.pk)
        self.send(ERROR)  # of the site at large
        self.assertEqual(Letter.objects.count(), 2)

    def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays(self):
        wrong = self.send(REPLY, email="zoe", address="/rien/", text="Ma réponse à moi.")
        self.assertContains(wrong, "adresse de courriel valide")
        self.assertContains(wrong, "Aucun de nos articles")
        self.assertContains(wrong, "Ce champ est obligatoire")  # the passage
        self.assertContains(wrong, "Ma réponse à moi.")
        self.assertFalse(Letter.objects.exists())

    def test_an_address_that_cannot_be_is_said_to_be_nobodys(self):
        for odd in ("http://[x", "//[", "http://avion.test:x/un", "\u202e"):
            self.assertContains(self.send(ERROR, address=odd), "Aucun de nos articles")

    def test_a_cache_that_is_away_loses_no_letter(self):
        with (
            mock.patch("authors.door.throttle.cache.add", side_effect=RedisError),
            self.assertLogs("authors.door.throttle", "ERROR"),
        ):
            self.assertEqual(self.send(CONTACT).status_code, 302)
        self.assertTrue(Letter.objects.exists())

    def test_robots_are_told_by_haste_and_by_a_field_that_nobody_sees(self):
        quick = self.send(CONTACT, after=1)
        self.assertContains(quick, "Bravo.")
        for odd in ({"website": "http://spam"}, {"opened": "forged"}, {"opened": ""}):
            self.assertEqual(self.send(CONTACT, **odd).status_code, 200)
        self.assertEqual(self.send(CONTACT, after=25 * 3600).status_code, 200)
        self.assertFalse(Letter.objects.exists())

    def test_one_address_sends_five_letters_an_hour(self):
        for _letter in range(5):
            self.assertEqual(self.send(CONTACT).status_code, 302)
        over = self.send(CONTACT)
        self.assertContains(over, "Bravo.", status_code=429)
        self.assertEqual(Letter.objects.count(), 5)

    def test_a_letter_outlives_the_mail_server(self):
        with (
            mock.patch("django.core.mail.EmailMessage.send", side_effect=ConnectionRefusedError),
            self.assertLogs("articles.reading.letters", "ERROR"),
        ):
            self.assertEqual(self.send(CONTACT).status_code, 302)
            with self.assertRaises(CommandError):
                call_command("send_letters", stdout=StringIO())
        self.assertEqual(mail.outbox, [])
        said = StringIO()
        call_command("send_letters", stdout=said)
        self.assertIn("1 of 1", said.getvalue())
        self.assertEqual(len(mail.outbox), 1)
        call_command("send_letters", stdout=said)
        self.assertEqual(len(mail.outbox), 1)

    def test_letters_are_forgotten_after_24_months_and_published_replies_are_not(self):
        for state in (Letter.State.DONE, Letter.State.PUBLISHED):
            for days in (700, 740):
                received = timezone.now() - timedelta(days=days)
                Letter.objects.create(kind="reply", state=state, received_at=received)
        call_command("purge_letters", stdout=StringIO())
        self.assertEqual(Letter.objects.filter(state=Letter.State.DONE).count(), 1)
        self.assertEqual(Letter.objects.filter(state=Letter.State.PUBLISHED).count(), 2)

    def test_no_header_of_the_mail_is_forged(self):
        self.send(CONTACT, name="Zoé\r\nBcc: x@evil.example", email="a@b.fr\nBcc: x@evil.example")
        self.assertFalse(Letter.objects.exists())
        self.send(CONTACT, name="Zoé\u2028Bcc: x@evil.example")
        self.assertNotIn("\n", mail.outbox[0].subject)

    def test_the_newsrooms_own_words_stand_above_the_form(self):
        make_page("Contact", body="<p>12, rue des Hélices.</p>")
        page = self.client.get(CONTACT)
        self.assertContains(page, "rue des Hélices")
        self.assertContains(page, 'name="email"')
        self.assertContains(self.client.get("/"), f'href="{CONTACT}"', count=1)
        self.assertIn("no-store", page.headers["Cache-Control"])

    def test_pages_cost_few_queries(self):
        for path, queries in ((CONTACT, 3), (f"{ERROR}?article=un-vol", 3), (REPLY, 2)):
            with self.assertNumQueries(queries):
                self.client.get(path)


class DeskTests(LetterTestCase):
    def setUp(self):
        self.send(REPLY, address="/un-vol/", passage="mot", text="Je n'ai rien dit.\n\nVraiment.")
        self.letter = Letter.objects.get()
        self.client.force_login(make_user(roles.EDITOR))
        self.change = reverse("admin:articles_letter_change", args=[self.letter.pk])
        self.publish = reverse("admin:articles_letter_publish", args=[self.letter.pk])

    def test_the_clock_and_the_length_of_a_reply_are_shown(self):
        due = timezone.localtime(self.letter.received_at + timedelta(days=3))
        page = self.client.get(self.change)
        self.assertContains(page, f"{due.hour}\u00a0h\u00a0{due:%M}")
        self.assertContains(page, "2 lignes de 60 signes")
        self.assertContains(page, "l’article en compte 5")
        dashboard = self.client.get(reverse("admin:index"))
        self.assertContains(dashboard, "Droit de réponse – Un vol")
        self.assertContains(dashboard, "à publier avant le")

    def test_a_reply_that_is_too_long_or_too_late_is_said_to_be(self):
        Letter.objects.update(
            text="ligne\n" * 201, received_at=self.story.first_published_at + timedelta(days=120)
        )
        page = self.client.get(self.change)
        self.assertContains(page, "plus que les 200 lignes")
        self.assertContains(page, "plus de trois mois")

    def test_a_reply_stands_beside_the_article_and_stays_there(self):
        self.assertRedirects(self.client.post(self.publish), self.change)
        for _time in range(2):
            page = self.client.get(self.story.get_absolute_url())
            self.assertContains(page, "Droit de réponse de Zoé Vent")
            self.assertContains(page, "<p>Je n’ai rien dit.</p>", html=True)
            publish(self.story.article)  # a later version of the article keeps it
        self.letter.refresh_from_db()
        self.assertEqual(self.letter.state, Letter.State.PUBLISHED)
        self.assertNotContains(self.client.get(reverse("admin:index")), "Droit de réponse – Un vol")

    def test_without_an_article_that_readers_see_there_is_no_place_for_it(self):
        unpublish(self.story.article)
        page = self.client.post(self.publish, follow=True)
        self.assertContains(page, "il n’y a pas de place")
        self.letter.refresh_from_db()
        self.assertEqual(self.letter.state, Letter.State.NEW)

    def test_what_a_reader_wrote_is_never_changed_and_what_was_done_is_kept(self):
        self.client.post(self.change, {"state": "refused", "note": "Hors délai.", "text": "Faux."})
        self.letter.refresh_from_db()
        self.assertEqual((self.letter.state, self.letter.note), ("refused", "Hors délai."))
        self.assertTrue(self.letter.handled_by)
        self.assertIn("rien dit", self.letter.text)
        self.client.post(self.change, {"state": "published", "note": ""})
        self.letter.refresh_from_db()
        self.assertEqual(self.letter.state, "refused")


@pytest.mark.parametrize(
    ("text", "lines"), [("", 0), ("a", 1), ("a" * 60, 1), ("a" * 61, 2), ("a\n\nb", 2)]
)
def test_lines_are_those_of_newspapers(text, lines):
    assert lines_of(text) == lines
