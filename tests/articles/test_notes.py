"""Notes between colleagues: kept, told by e-mail, and in the way until resolved."""

from unittest import mock

from django.core import mail
from django.test import TestCase
from django.urls import reverse

from articles.desk import notes, rights, workflow
from articles.models import Note, PublishedArticle
from articles.publishing import PublishingError
from authors import roles
from tests.factories import make_article, make_author, make_user


def page(article, name, *more):
    return reverse(f"admin:articles_article_{name}", args=[article.pk, *more])


class NoteTests(TestCase):
    def setUp(self):
        self.julie = make_user(roles.JOURNALIST, "Julie Une")
        self.edith = make_user(roles.EDITOR, "Édith Deux")
        self.author = make_author("Julie Une", user=self.julie)
        self.article = make_article("Le vol", authors=[self.author], standfirst="Un chapô.")
        self.client.force_login(self.edith)

    def write(self, text, **fields):
        return self.client.post(page(self.article, "note"), {"text": text} | fields, follow=True)

    def test_a_note_on_a_passage_is_kept_and_shown(self):
        response = self.write("Vraiment ?", passage=" deux \n vols ")
        note = Note.objects.get()
        self.assertEqual(
            (note.by, note.passage, note.is_blocking), (self.edith, "deux vols", False)
        )
        self.assertRedirects(response, page(self.article, "change") + "#notes")
        self.assertContains(response, "Vraiment ?")
        self.assertContains(response, "Aucune note", count=0)
        self.assertContains(self.write("  "), "obligatoire")
        self.assertEqual(Note.objects.count(), 1)

    def test_a_mention_tells_by_e_mail(self):
        for text in ("@julie, tu peux vérifier ?", "Pour @Julie-Une.", "@julie @julie-une"):
            mail.outbox.clear()
            response = self.write(text, passage="Mach 2")
            self.assertContains(response, "Julie Une")
            [message] = mail.outbox
            self.assertEqual(message.to, [self.julie.email])
            self.assertIn("Le vol", message.subject)
            for said in (text, "« Mach 2 »", page(self.article, "change")):
                self.assertIn(said, message.body)

    def test_a_mention_of_nobody_says_so_and_sends_nothing(self):
        make_user(roles.JOURNALIST, "Jean Trois")  # may not open this article
        response = self.write("@jean et moi@exemple.fr")
        self.assertContains(response, "ne s’appelle @jean.")
        self.assertEqual(len(mail.outbox), 0)
        self.assertEqual(Note.objects.count(), 1)

    def test_a_note_stays_when_no_e_mail_can_be_sent(self):
        with mock.patch("articles.desk.notes.EmailMessage.send", side_effect=OSError):
            response = self.write("@julie ?")
        self.assertContains(response, "aucun e-mail")
        self.assertEqual(Note.objects.count(), 1)

    def test_a_blocking_note_stands_in_the_way_until_it_is_resolved(self):
        self.write("Source ?", is_blocking="on")
        note = Note.objects.get()
        with self.assertRaisesMessage(PublishingError, "Source ?"):
            workflow.publish(self.article, by=self.edith)
        self.client.force_login(self.julie)
        self.assertNotContains(self.client.get(page(self.article, "change")), ">Résoudre<")
        refused = self.client.post(page(self.article, "resolve", note.pk))
        self.assertEqual(refused.status_code, 403)
        self.client.force_login(self.edith)
        self.client.post(page(self.article, "resolve", note.pk))
        note.refresh_from_db()
        self.assertEqual(note.resolved_by, self.edith)
        workflow.publish(self.article, by=self.edith)
        self.assertTrue(PublishedArticle.objects.exists())

    def test_who_may_be_told_is_who_may_edit(self):
        accounts = [
            self.julie,
            self.edith,
            make_user(roles.ADMINISTRATOR, "Ada"),
            make_user(roles.JOURNALIST, "Jean"),
            make_user(roles.EDITOR, "Partie", is_active=False),
            make_user(None, "Sans rôle"),
        ]
        expected = {account for account in accounts if rights.may_edit(account, self.article)}
        self.assertEqual(set(rights.who_may_edit(self.article)), expected)
        self.assertEqual(set(notes.colleagues(self.article)), {"julie", "edith", "ada"})

    def test_two_of_one_name_are_told_apart(self):
        make_user(roles.EDITOR, "Julie Autre")
        self.assertEqual(set(notes.colleagues(self.article)), {"julie-une", "julie-autre", "edith"})
