import re
from datetime import timedelta
from io import StringIO
from pathlib import Path
from threading import Barrier, Thread
from unittest import mock

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client, RequestFactory, TestCase, TransactionTestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.models import Byline, Presence, Tag
from authors import roles
from authors.door.profile import profile
from authors.models import Author, Invitation, User
from tests.factories import (
    PASSWORD,
    make_article,
    make_author,
    make_image,
    make_published,
    make_user,
    sign_in_lately,
)


class AccountTests(TestCase):
    def test_one_e_mail_one_account_whatever_the_case(self):
        User.objects.create_user("Zoe@avion.example", "x", name="Zoé")
        with self.assertRaises(IntegrityError), transaction.atomic():
            User.objects.create_user("zoe@avion.example", "x", name="Zoé")
        self.assertEqual(User.objects.get_by_natural_key("ZOE@avion.example").name, "Zoé")

    def test_removing_an_account_keeps_its_byline(self):
        author = make_author(user=make_user())
        article = make_article(authors=[author])
        author.user.delete()
        self.assertEqual(Byline.objects.get(article=article).author, Author.objects.get(user=None))


class AdministratorTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.chief = make_user(roles.ADMINISTRATOR, "Camille Chef")
        cls.role = Group.objects.get(name=roles.ADMINISTRATOR)

    def setUp(self):
        sign_in_lately(self.client, self.chief)

    def change(self, user, role, **fields):
        group = Group.objects.get(name=role) if role else None
        data = {"email": user.email, "name": user.name, "role": group.pk if group else ""} | fields
        return self.client.post(reverse("admin:authors_user_change", args=[user.pk]), data)

    def act(self, name, user, **data):
        return self.client.post(reverse(f"admin:authors_user_{name}", args=[user.pk]), data)

    def test_the_last_administrator_stays_one(self):
        answer = self.change(self.chief, roles.EDITOR)
        self.assertContains(answer, "dernier administrateur")
        delete = reverse("admin:authors_user_delete", args=[self.chief.pk])
        self.assertEqual(self.client.post(delete, {"post": "yes"}).status_code, 403)
        self.assertEqual(self.act("leave", self.chief).status_code, 403)
        self.assertEqual(self.change(self.chief, roles.ADMINISTRATOR).status_code, 302)
        self.assertTrue(User.objects.get(pk=self.chief.pk).is_active)

    def test_with_another_one_may_go(self):
        make_user(roles.ADMINISTRATOR)
        self.assertEqual(self.change(self.chief, roles.EDITOR).status_code, 302)
        self.assertEqual(self.chief.groups.get().name, roles.EDITOR)

    def test_all_at_once_are_not_deleted(self):
        both = [self.chief.pk, make_user(roles.ADMINISTRATOR).pk]
        data = {"action": "delete_selected", "_selected_action": both, "post": "yes"}
        self.client.post(reverse("admin:authors_user_changelist"), data)
        self.assertEqual(User.objects.filter(pk__in=both).count(), 2)

    def test_accounts_are_exported_without_formulas(self):
        make_user(roles.JOURNALIST, "=1+1")
        everybody = User.objects.values_list("pk", flat=True)
        data = {"action": "export", "_selected_action": list(everybody)}
        asked = self.client.post(reverse("admin:authors_user_changelist"), data)
        self.assertContains(asked, "de 2 personnes")
        data["confirmed"] = "1"
        table = self.client.post(reverse("admin:authors_user_changelist"), data)
        text = table.content.decode("utf-8-sig")
        self.assertIn("'=1+1;", text)
        self.assertIn(f"Camille Chef;{self.chief.email};{roles.ADMINISTRATOR};oui;", text)
        self.assertIn("attachment", table.headers["Content-Disposition"])

    def test_dangerous_acts_ask_again_who_it_is(self):
        colleague = make_user(roles.JOURNALIST, "Avant")
        session = self.client.session
        session["account_authentication_methods"] = [{"method": "password", "at": 0}]
        session.save()
        changelist = reverse("admin:authors_user_changelist")
        tag = Tag.objects.create(name="Rafale", slug="rafale")
        export = {"action": "export", "_selected_action": [colleague.pk]}
        again = reverse("account_reauthenticate")
        for answer in (
            self.client.post(changelist, export),
            self.act("leave", colleague),
            self.act("reset_factor", colleague),
            self.client.post(
                reverse("admin:authors_user_delete", args=[colleague.pk]), {"post": "yes"}
            ),
            self.client.post(reverse("admin:articles_tag_delete", args=[tag.pk]), {"post": "yes"}),
            self.client.post(
                reverse("admin:articles_tag_changelist"),
                {"action": "delete_selected", "_selected_action": [tag.pk], "post": "yes"},
            ),
            self.change(colleague, roles.EDITOR, name="Après"),
        ):
            self.assertTrue(answer.headers["Location"].startswith(again))
        colleague.refresh_from_db()
        self.assertEqual((colleague.name, colleague.is_active), ("Avant", True))
        self.assertTrue(type(tag).objects.filter(pk=tag.pk).exists())
        wrong = self.client.post(answer.headers["Location"], {"password": "faux"})
        self.assertContains(wrong, "Le mot de passe n’est pas bon")
        self.assertContains(wrong, reverse("admin:index"))
        self.client.post(answer.headers["Location"], {"password": PASSWORD}, follow=True)
        colleague.refresh_from_db()
        self.assertEqual(colleague.name, "Après")  # what was posted is done then
        self.assertEqual(colleague.groups.get().name, roles.EDITOR)

    def confirm(self, answer):
        """Type the password that is asked for, and go where that leads."""
        return self.client.post(answer.headers["Location"], {"password": PASSWORD}, follow=True)

    def forget_proof(self):
        session = self.client.session
        session["account_authentication_methods"] = [{"method": "password", "at": 0}]
        session.save()

    def test_what_waited_is_answered_at_its_own_address(self):
        make_author("Zoé Vent")
        self.forget_proof()
        add = reverse("admin:authors_user_add")
        data = {"email": "zoe@avion.example", "name": "Zoé Vent", "role": self.role.pk}
        answer = self.confirm(self.client.post(add, data))
        self.assertContains(answer, "existe déjà, sans compte")
        self.assertContains(answer, "zoe@avion.example")
        self.assertEqual(answer.redirect_chain[-1][0], add)  # where its form posts to
        self.assertNotContains(self.client.get(add), "zoe@avion.example")  # and it is done once

    def test_what_was_held_is_not_done_unless_it_is_confirmed(self):
        colleague = make_user(roles.JOURNALIST, "Avant")
        self.forget_proof()
        self.change(colleague, roles.EDITOR, name="Après")
        page = reverse("admin:authors_user_change", args=[colleague.pk])
        self.client.get(page)
        self.client.get(reverse("go-on", args=["guessed"]))
        token = self.client.session["held"]["token"]
        self.client.get(reverse("go-on", args=[token]))  # without having confirmed
        self.client.get(page)
        colleague.refresh_from_db()
        self.assertEqual(colleague.name, "Avant")

    def test_a_file_is_asked_for_once_more_after_confirming(self):
        self.forget_proof()
        data = {"action": "export", "confirmed": "1", "_selected_action": [self.chief.pk]}
        answer = self.confirm(self.client.post(reverse("admin:authors_user_changelist"), data))
        self.assertContains(answer, "Télécharger (CSV)")

    def test_nobody_resets_themselves_from_the_list_of_accounts(self):
        TOTP.activate(self.chief, generate_totp_secret())
        for act, where in (("reset_factor", "mfa_index"), ("end_sessions", "usersessions_list")):
            self.assertRedirects(self.act(act, self.chief), reverse(where))
        self.assertTrue(Authenticator.objects.filter(user=self.chief).exists())

    def test_nobody_gives_more_than_they_have(self):
        clerk = make_user(roles.JOURNALIST)
        names = ["view_user", "add_user", "change_user", "delete_user"]
        clerk.user_permissions.set(Permission.objects.filter(codename__in=names))
        sign_in_lately(self.client, clerk)
        for above in (self.chief, make_user(roles.EDITOR), make_user(is_superuser=True)):
            change = reverse("admin:authors_user_change", args=[above.pk])
            self.client.post(change, {"email": "x@avion.example", "name": "x"})
            for act in ("leave", "link", "reset_factor", "end_sessions", "revoke", "erase"):
                self.assertEqual(self.act(act, above).status_code, 403, act)
            delete = reverse("admin:authors_user_delete", args=[above.pk])
            self.assertEqual(self.client.post(delete, {"post": "yes"}).status_code, 403)
            self.assertEqual(User.objects.get(pk=above.pk).email, above.email)
        equal = make_user(roles.JOURNALIST)
        answer = self.change(equal, roles.EDITOR)
        self.assertContains(answer, "Sélectionnez un choix valide")
        self.assertContains(self.change(clerk, roles.ADMINISTRATOR), "choix valide")
        self.change(equal, roles.JOURNALIST, is_superuser="on")
        self.assertFalse(User.objects.get(pk=equal.pk).is_superuser)

    def test_the_list_says_who_is_there(self):
        editor = make_user(roles.EDITOR, "Édith Deux")
        TOTP.activate(editor, generate_totp_secret())
        make_published(authors=[make_author(user=editor)])
        with CaptureQueriesContext(connection) as few:
            listed = self.client.get(reverse("admin:authors_user_changelist"))
        self.assertContains(listed, '<td class="field-article_count">1</td>')
        for _number in range(3):
            make_published(authors=[make_author(user=make_user(roles.JOURNALIST))])
        with CaptureQueriesContext(connection) as many:
            self.client.get(reverse("admin:authors_user_changelist"))
        self.assertEqual(len(few), len(many))
        with_factor = self.client.get(reverse("admin:authors_user_changelist"), {"factor": "yes"})
        self.assertEqual([user.pk for user in with_factor.context["cl"].result_list], [editor.pk])


class ReviewedTests(TestCase):
    """What a review found, each once."""

    @classmethod
    def setUpTestData(cls):
        cls.chief = make_user(roles.ADMINISTRATOR, "Camille Chef")
        cls.user = make_user(roles.JOURNALIST, "Julie Une", last_login=timezone.now())

    def setUp(self):
        sign_in_lately(self.client, self.chief)

    def change(self, user, **fields):
        role = user.groups.first()
        data = {"email": user.email, "name": user.name, "role": role.pk if role else ""} | fields
        return self.client.post(reverse("admin:authors_user_change", args=[user.pk]), data)

    def ask_for_a_password(self, email):
        return Client().post(reverse("account_reset_password"), {"email": email})

    def test_a_former_address_opens_nothing(self):
        former = self.user.email
        self.ask_for_a_password(former)
        self.client.post(reverse("admin:authors_user_link", args=[self.user.pk]))
        self.change(self.user, email="nouvelle@avion.example")
        self.assertFalse(Invitation.objects.exists())
        mail.outbox.clear()
        self.ask_for_a_password(former)
        self.assertIn("Aucun compte", mail.outbox[0].subject)

    def test_a_closed_account_keeps_its_rank(self):
        closed = make_user(roles.ADMINISTRATOR, is_active=False)
        clerk = make_user()
        names = ["view_user", "change_user"]
        clerk.user_permissions.set(Permission.objects.filter(codename__in=names))
        sign_in_lately(self.client, clerk)
        reopen = reverse("admin:authors_user_reopen", args=[closed.pk])
        self.assertEqual(self.client.post(reopen).status_code, 403)

    def test_somebody_who_cannot_sign_in_yet_is_no_administrator(self):
        invited = make_user(roles.ADMINISTRATOR)
        invited.set_unusable_password()
        invited.save()
        journalist = Group.objects.get(name=roles.JOURNALIST)
        self.assertContains(self.change(self.chief, role=journalist.pk), "dernier administrateur")

    def test_several_roles_stay_and_none_is_given_unasked(self):
        self.user.groups.add(Group.objects.get(name=roles.EDITOR))
        self.change(self.user, name="Julie Deux")
        self.assertEqual(self.user.groups.count(), 2)
        bare = make_user()
        self.change(bare, name="Sans rôle")
        self.assertFalse(bare.groups.exists())

    def test_revoking_a_link_deletes_nobody_who_may_not_be_deleted(self):
        fresh = make_user(roles.JOURNALIST)
        make_article(created_by=fresh, authors=[])
        for _time in range(2):
            self.client.post(reverse("admin:authors_user_link", args=[fresh.pk]))
            self.client.post(reverse("admin:authors_user_revoke", args=[fresh.pk]))
        self.assertTrue(User.objects.filter(pk=fresh.pk).exists())

    def test_what_was_posted_is_done_on_a_filtered_page_too(self):
        session = self.client.session
        session["account_authentication_methods"] = [{"method": "password", "at": 0}]
        session.save()
        change = reverse("admin:authors_user_change", args=[self.user.pk])
        data = {"email": self.user.email, "name": "Après", "role": self.user.groups.get().pk}
        asked = self.client.post(f"{change}?_changelist_filters=q%3Djuli", data)
        self.client.post(asked.headers["Location"], {"password": PASSWORD}, follow=True)
        self.user.refresh_from_db()
        self.assertEqual(self.user.name, "Après")

    def test_an_editor_gives_no_byline_to_an_account(self):
        author = make_author("Agence Ciel")
        sign_in_lately(self.client, make_user(roles.EDITOR))
        data = {"name": "Agence Ciel", "slug": author.slug, "user": self.user.pk}
        self.client.post(reverse("admin:authors_author_change", args=[author.pk]), data)
        author.refresh_from_db()
        self.assertIsNone(author.user)

    def test_erased_names_are_found_no_more(self):
        author = make_author("Claire Morvan", user=self.user)
        make_published("Un vol", authors=[author])
        self.client.post(reverse("admin:authors_user_leave", args=[self.user.pk]))
        erase = reverse("admin:authors_user_erase", args=[self.user.pk])
        self.client.post(erase, {"byline": "C. M."})
        self.assertNotContains(self.client.get("/recherche/", {"q": "morvan"}), "Un vol")
        self.assertEqual(self.client.get("/auteur/claire-morvan/").status_code, 404)


class InvitationTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.chief = make_user(roles.ADMINISTRATOR, "Camille Chef")

    def setUp(self):
        sign_in_lately(self.client, self.chief)

    def invite(self, name="Zoé Vent", role=roles.JOURNALIST, **fields):
        role = Group.objects.get(name=role)
        data = {"email": "zoe@avion.example", "name": name, "role": role.pk} | fields
        return self.client.post(reverse("admin:authors_user_add"), data)

    def link(self):
        return re.search(r"http\S+/invitation/\S+/", mail.outbox[-1].body)[0].partition("test")[2]

    def accept(self, client, link):
        new = {"new_password1": "brume-au-dessus-du-lac", "new_password2": "brume-au-dessus-du-lac"}
        return client.post(link, new)

    @override_settings(MAIL_GOES_OUT=True)
    def test_somebody_is_invited_comes_in_and_completes_the_profile(self):
        answer = self.invite()
        self.assertContains(answer, "en route vers zoe@avion.example")
        self.assertNotContains(answer, "/invitation/")
        [message] = mail.outbox
        self.assertIn("Camille Chef", message.body)
        self.assertIn(self.link(), message.alternatives[0].content)
        user = User.objects.get(email="zoe@avion.example")
        self.assertEqual(user.groups.get().name, roles.JOURNALIST)
        self.assertNotIn(self.link().split("/")[-2], user.invitation.digest)
        stranger = Client()
        self.assertContains(stranger.get(self.link()), "Bienvenue, Zoé Vent")
        weak = {"new_password1": "avion", "new_password2": "avion"}
        self.assertContains(stranger.post(self.link(), weak), "12 caractères")
        self.assertRedirects(self.accept(stranger, self.link()), reverse("profile"))
        self.assertEqual(len(mail.outbox), 1)  # no notice of a new browser on the first day
        self.assertEqual(Client().get(self.link()).status_code, 410)
        stranger.post(reverse("profile"), {"biography": "Pilote.", "tell_mentions": "on"})
        self.assertEqual(Author.objects.get(user=user).biography, "Pilote.")

    @override_settings(MAIL_GOES_OUT=False)
    def test_without_mail_the_link_is_shown_to_copy(self):
        page = self.invite()
        self.assertContains(page, "/admin/compte/invitation/")
        self.assertEqual(mail.outbox, [])

    @override_settings(MAIL_GOES_OUT=True)
    def test_a_mail_server_that_is_away_loses_no_link(self):
        with (
            mock.patch("django.core.mail.EmailMessage.send", side_effect=ConnectionRefusedError),
            self.assertLogs("authors.invitations", "ERROR"),
        ):
            self.assertContains(self.invite(), "/admin/compte/invitation/")

    @override_settings(MAIL_GOES_OUT=True)
    def test_a_link_is_over_after_72_hours_and_once_another_is_sent(self):
        self.invite()
        first, user = self.link(), User.objects.get(email="zoe@avion.example")
        self.client.post(reverse("admin:authors_user_link", args=[user.pk]))
        second = self.link()
        self.assertEqual(Client().get(first).status_code, 410)
        Invitation.objects.update(sent_at=timezone.now() - timedelta(hours=73))
        over = Client().get(second)
        self.assertContains(over, "72\u00a0heures", status_code=410)
        self.assertEqual(self.accept(Client(), second).status_code, 410)
        listed = self.client.get(reverse("admin:authors_user_changelist"), {"invited": "yes"})
        self.assertContains(listed, "expirée")

    @override_settings(MAIL_GOES_OUT=True)
    def test_an_invitation_that_is_revoked_leaves_nothing(self):
        self.invite()
        user = User.objects.get(email="zoe@avion.example")
        self.client.post(reverse("admin:authors_user_revoke", args=[user.pk]))
        self.assertFalse(User.objects.filter(pk=user.pk).exists())
        self.assertEqual(Client().get(self.link()).status_code, 410)

    def test_a_guest_who_is_here_already_keeps_the_byline(self):
        guest = make_author("Zoé Vent")
        refused = self.invite()  # nobody takes a byline over unawares
        self.assertContains(refused, "existe déjà, sans compte")
        self.assertContains(refused, "zoe@avion.example")
        self.invite(author=guest.pk)
        self.assertEqual(Author.objects.get(user__email="zoe@avion.example"), guest)
        other = make_author("Agence Ciel")
        self.invite("Yves Ciel", email="yves@avion.example", author=other.pk)
        self.assertEqual(Author.objects.get(user__email="yves@avion.example"), other)
        self.assertContains(self.invite("Zoé Vent", email="zoe2@avion.example"), "a déjà un compte")
        self.invite("Zoe-Vent", email="zoe2@avion.example")
        slugs = Author.objects.filter(name__startswith="Zo").values_list("slug", flat=True)
        self.assertEqual(set(slugs), {"zoe-vent", "zoe-vent-2"})

    @override_settings(MAIL_GOES_OUT=True)
    def test_a_role_that_demands_a_second_factor_asks_for_it_first(self):
        self.invite(role=roles.EDITOR)
        stranger = Client()
        with override_settings(SECOND_FACTOR_REQUIRED=True):
            self.accept(stranger, self.link())
            self.assertRedirects(stranger.get(reverse("admin:index")), reverse("mfa_index"))

    @override_settings(MAIL_GOES_OUT=True)
    def test_a_link_for_a_new_password_does_not_pass_by_the_second_factor(self):
        editor = make_user(roles.EDITOR, last_login=timezone.now())
        TOTP.activate(editor, generate_totp_secret())
        self.client.post(reverse("admin:authors_user_link", args=[editor.pk]))
        stranger = Client()
        self.assertRedirects(self.accept(stranger, self.link()), reverse("mfa_authenticate"))
        self.assertEqual(stranger.get(reverse("admin:index")).status_code, 302)


def enter(client, user):
    """Come in by the door itself."""
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})


class LeavingTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.chief = make_user(roles.ADMINISTRATOR)
        cls.leaver = make_user(roles.JOURNALIST, "Paul Part")
        cls.author = make_author("Paul Part", user=cls.leaver, biography="Pilote.")
        cls.draft = make_article("Ébauche", authors=[cls.author], created_by=cls.leaver)
        cls.story = make_published("Paru", authors=[cls.author])

    def setUp(self):
        sign_in_lately(self.client, self.chief)

    def act(self, name, **data):
        return self.client.post(reverse(f"admin:authors_user_{name}", args=[self.leaver.pk]), data)

    def test_an_account_that_is_closed_is_out_at_once_and_frees_what_it_holds(self):
        session = Client()
        enter(session, self.leaver)
        self.assertEqual(session.get(reverse("admin:index")).status_code, 200)
        Presence.objects.create(article=self.draft, editor=self.leaver, seen_at=timezone.now())
        page = self.client.get(reverse("admin:authors_user_leave", args=[self.leaver.pk]))
        self.assertContains(page, "Ébauche")
        heir = make_user(roles.JOURNALIST)
        self.act("leave", successor=heir.pk)
        self.assertEqual(session.get(reverse("admin:index")).status_code, 302)
        self.assertFalse(Presence.objects.exists())
        self.draft.refresh_from_db()
        self.assertEqual(self.draft.created_by, heir)
        self.assertContains(self.client.get(self.story.get_absolute_url()), "Paul Part")
        change = reverse("admin:articles_article_change", args=[self.draft.pk])
        sign_in_lately(self.client, heir)
        self.assertEqual(self.client.get(change).status_code, 200)

    def test_a_closed_account_can_be_reopened(self):
        self.act("leave")
        self.leaver.refresh_from_db()
        self.assertFalse(self.leaver.is_active)
        self.act("reopen")
        self.leaver.refresh_from_db()
        self.assertTrue(self.leaver.is_active)

    def test_whoever_has_published_is_not_deleted(self):
        delete = reverse("admin:authors_user_delete", args=[self.leaver.pk])
        page = self.client.get(delete)
        self.assertContains(page, "désactivez plutôt le compte")
        self.assertContains(page, reverse("admin:authors_user_leave", args=[self.leaver.pk]))
        self.client.post(delete, {"post": "yes"})
        self.assertTrue(User.objects.filter(pk=self.leaver.pk).exists())

    def test_data_are_erased_and_the_byline_stays_as_the_person_chose(self):
        self.assertEqual(self.act("erase", byline="P. P.").status_code, 403)  # still at work
        self.act("leave")
        self.act("erase", byline="P. P.")
        self.leaver.refresh_from_db()
        self.author.refresh_from_db()
        self.assertNotIn("Paul", f"{self.leaver.name}{self.leaver.email}")
        self.assertFalse(self.leaver.has_usable_password() or self.leaver.groups.exists())
        self.assertEqual((self.author.name, self.author.biography), ("P. P.", ""))
        story = self.client.get(self.story.get_absolute_url())
        self.assertContains(story, "P. P.")
        self.assertNotContains(story, "Paul")

    def test_a_lost_factor_is_taken_away_and_the_person_told(self):
        session = Client()
        enter(session, self.leaver)
        TOTP.activate(self.leaver, generate_totp_secret())
        self.act("reset_factor")
        self.assertFalse(Authenticator.objects.filter(user=self.leaver).exists())
        self.assertEqual(session.get(reverse("admin:index")).status_code, 302)
        self.assertEqual(mail.outbox[-1].to, [self.leaver.email])

    def test_all_sessions_of_an_account_are_ended(self):
        session = Client()
        enter(session, self.leaver)
        self.act("end_sessions")
        self.assertEqual(session.get(reverse("admin:index")).status_code, 302)


class RaceTests(TransactionTestCase):
    def test_two_administrators_cannot_show_each_other_out(self):
        call_command("migrate", verbosity=0)  # a flush between tests takes the roles away
        pair = [make_user(roles.ADMINISTRATOR) for _each in range(2)]
        start = Barrier(2)

        def show_out(actor, other):
            client = Client(raise_request_exception=False)
            sign_in_lately(client, actor)
            start.wait()
            try:
                client.post(reverse("admin:authors_user_leave", args=[other.pk]))
            finally:
                connection.close()

        threads = [Thread(target=show_out, args=each) for each in (pair, pair[::-1])]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(User.objects.filter(is_active=True).count(), 1)

    def test_an_invitation_is_accepted_once(self):
        user = make_user(name="Zoé")
        token = Invitation.objects.renew(user, by=user)
        start, answers = Barrier(2), []

        def accept(password):
            client = Client(raise_request_exception=False)
            new = {"new_password1": password, "new_password2": password}
            start.wait()
            try:
                answer = client.post(reverse("invitation", args=[token]), new)
                answers.append((answer.status_code, password))
            finally:
                connection.close()

        words = ["brume-au-dessus-du-lac", "orage-derriere-la-crete"]
        threads = [Thread(target=accept, args=[password]) for password in words]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        [(_status, chosen)] = [answer for answer in answers if answer[0] == 302]
        user.refresh_from_db()
        self.assertTrue(user.check_password(chosen))
        self.assertFalse(Invitation.objects.exists())


class ProfileTests(TestCase):
    def test_people_edit_their_own_profile_and_nobody_elses(self):
        user, other = make_user(roles.JOURNALIST), make_author(biography="La sienne.")
        author = make_author("Julie Une", user=user)
        self.client.force_login(user)
        bad = self.client.post(reverse("profile"), {"links": "zoe", "biography": "Gardée."})
        self.assertContains(bad, "Gardée.")
        self.assertContains(bad, "une adresse par ligne")
        data = {"biography": "Pilote.", "name": "Autre", "author": other.pk, "slug": "x"}
        self.assertRedirects(self.client.post(reverse("profile"), data), reverse("account"))
        author.refresh_from_db()
        user.refresh_from_db()
        self.assertEqual((author.name, author.biography), ("Julie Une", "Pilote."))
        self.assertFalse(user.tell_mentions)
        other.refresh_from_db()
        self.assertEqual(other.biography, "La sienne.")

    def test_saving_it_opens_no_account_that_is_closed_meanwhile(self):
        user = make_user(roles.JOURNALIST)
        self.client.force_login(user)
        asked = User.objects.get(pk=user.pk)
        User.objects.filter(pk=user.pk).update(is_active=False)
        request = RequestFactory().post(reverse("profile"), {"tell_mentions": "on"})
        request.user, request.session = asked, self.client.session
        request._messages = FallbackStorage(request)
        profile(request)
        user.refresh_from_db()
        self.assertEqual((user.is_active, user.tell_mentions), (False, True))

    @override_settings(SECOND_FACTOR_REQUIRED=True)
    def test_it_stands_behind_the_second_factor(self):
        self.client.force_login(make_user(roles.EDITOR))
        self.assertRedirects(self.client.get(reverse("profile")), reverse("mfa_index"))

    def test_whoever_signs_nothing_has_notices_alone(self):
        self.client.force_login(make_user(roles.JOURNALIST))
        page = self.client.get(reverse("profile"))
        self.assertContains(page, "tell_mentions")
        self.assertNotContains(page, "biography")


class LinkTests(TestCase):
    def test_pages_and_e_mail_addresses_are_shown_by_their_names(self):
        links = "https://www.exemple.fr/zoe/\nhttps://mastodon.fr/@zoe\nzoe@avion.example"
        author = make_author("Zoé Vent", links=links)
        author.full_clean()
        make_published(authors=[author])
        page = self.client.get(author.get_absolute_url())
        for address, words in [
            ("https://www.exemple.fr/zoe/", "exemple.fr/zoe"),
            ("https://mastodon.fr/@zoe", "mastodon.fr/@zoe"),
            ("mailto:zoe@avion.example", "zoe@avion.example"),
        ]:
            self.assertContains(page, f'<a href="{address}" rel="me noopener">{words}</a>')

    def test_anything_else_is_refused(self):
        for links in ("zoe", "javascript:alert(1)", "zoe@", "ftp://x.fr/a"):
            with self.assertRaises(ValidationError, msg=links):
                make_author(links=links).full_clean()


class RoleTests(TestCase):
    def test_migrate_writes_the_table_and_repairs_it(self):
        group = Group.objects.get(name=roles.JOURNALIST)
        wanted = group.permissions.count()
        self.assertEqual(wanted, len(roles.OWN_WRITING))
        group.permissions.clear()
        call_command("migrate", verbosity=0)
        self.assertEqual(group.permissions.count(), wanted)

    def test_roles_grow(self):
        self.assertLess(roles.OWN_WRITING, roles.ALL_WRITING)
        self.assertLess(roles.ALL_WRITING, roles.THE_HOUSE)
        self.assertNotIn("articles.publish_article", roles.OWN_WRITING)
        self.assertNotIn("authors.change_user", roles.ALL_WRITING)

    def test_the_command_repairs_the_table_and_says_so(self):
        group = Group.objects.get(name=roles.EDITOR)
        group.permissions.remove(*group.permissions.filter(codename="publish_article"))
        group.permissions.add(Permission.objects.get(codename="delete_user"))
        said = StringIO()
        call_command("roles", stdout=said)
        self.assertIn("+ articles.publish_article", said.getvalue())
        self.assertIn("- authors.delete_user", said.getvalue())
        self.assertEqual(roles.permissions_of(group), roles.ALL_WRITING)

    def test_the_docs_show_the_table_as_it_is(self):
        said = StringIO()
        call_command("roles", "--matrix", stdout=said)
        docs = Path(settings.BASE_DIR, "docs", "security.md").read_text(encoding="utf-8")
        self.assertIn(said.getvalue().strip(), docs)

    def test_the_photo_editor_has_the_library_and_nothing_else(self):
        self.client.force_login(make_user(roles.PHOTO_EDITOR))
        image = make_image()
        make_published(hero_image=image)
        change = reverse("admin:articles_image_change", args=[image.pk])
        self.assertContains(self.client.get(change), 'name="alt"')
        retire = reverse("admin:articles_image_retire", args=[image.pk])
        self.assertEqual(self.client.get(retire).status_code, 200)
        for name in ("articles_article_add", "authors_user_changelist", "front"):
            self.assertEqual(self.client.get(reverse(f"admin:{name}")).status_code, 403, name)
