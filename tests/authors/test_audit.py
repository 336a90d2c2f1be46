"""The audit log: who, when, from where, what; read at the desk, and as JSON lines."""

import json
from datetime import timedelta
from io import StringIO

from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client, TestCase, TransactionTestCase
from django.urls import reverse
from django.utils import timezone

from authors import roles
from authors.models import Entry
from avion.models import SiteSettings
from tests.authors.test_door import code_of, sign_in
from tests.factories import make_article, make_user, sign_in_lately

LOG = reverse("admin:authors_entry_changelist")
Act = Entry.Act


class AuditTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.chief = make_user(roles.ADMINISTRATOR, "Camille Chef")
        cls.user = make_user(roles.JOURNALIST, "Julie Une", last_login=timezone.now())

    def acts(self):
        return list(Entry.objects.order_by("pk").values_list("act", "who", "about"))

    def test_the_door_is_written_down(self):
        sign_in(self.client, self.user.email, "faux")
        sign_in(self.client, self.user.email)
        self.client.post(reverse("admin:logout"))
        for _attempt in range(5):
            sign_in(self.client, "personne@avion.example", "faux", where="192.0.2.7")
        email = self.user.email
        acts = self.acts()
        self.assertEqual(
            acts[:3],
            [
                (Act.REFUSED, email, ""),
                (Act.SIGNED_IN, email, "password"),
                (Act.SIGNED_OUT, email, ""),
            ],
        )
        self.assertIn((Act.REFUSED, "personne@avion.example", ""), acts)
        self.assertIn((Act.LOCKED_OUT, "personne@avion.example", ""), acts)
        addresses = set(Entry.objects.values_list("address", flat=True))
        self.assertEqual(addresses, {"192.0.2.1", "192.0.2.7", "127.0.0.1"})

    def test_accounts_settings_publishing_and_exports_are(self):
        sign_in_lately(self.client, self.chief)
        editor = Group.objects.get(name=roles.EDITOR)
        invited = {"email": "zoe@avion.example", "name": "Zoé", "role": editor.pk}
        self.client.post(reverse("admin:authors_user_add"), invited)
        change = reverse("admin:authors_user_change", args=[self.user.pk])
        data = {"email": self.user.email, "name": "Julie Deux", "role": editor.pk}
        self.client.post(change, data)
        for act in ("end_sessions", "reset_factor", "link", "revoke", "leave", "reopen", "leave"):
            self.client.post(reverse(f"admin:authors_user_{act}", args=[self.user.pk]))
        erase = reverse("admin:authors_user_erase", args=[self.user.pk])
        self.client.post(erase, {"byline": "J."})
        users = reverse("admin:authors_user_changelist")
        self.client.post(
            users, {"action": "export", "confirmed": "1", "_selected_action": [self.chief.pk]}
        )
        gone = make_user()
        self.client.post(reverse("admin:authors_user_delete", args=[gone.pk]), {"post": "yes"})
        SiteSettings.objects.create(pk=1)
        self.client.post(
            reverse("admin:avion_sitesettings_change", args=[1]),
            {"name": "Le Phare", "ai_crawlers": "training", "tdm_reserved": "on"},
        )
        article = make_article("Un vol")
        self.client.post(
            reverse("admin:articles_article_change", args=[article.pk]),
            {"title": "Un vol", "slug": "un-vol", "standfirst": "x", "body": "<p>x</p>"}
            | {"section": article.section_id, "bylines": [article.bylines.get().author_id]}
            | {"seen_version": 1, "_publish": "1", "corrections-TOTAL_FORMS": 0}
            | {"corrections-INITIAL_FORMS": 0},
        )
        acts = self.acts()
        wanted = [
            (Act.INVITED, "zoe@avion.example"),
            (Act.ACCOUNT, f"{self.user.email}: name, role"),
            (Act.ROLE, f"{self.user.email}: {roles.EDITOR}"),
            (Act.SESSIONS, self.user.email),
            (Act.FACTOR, f"- {self.user.email}"),
            (Act.REVOKED, self.user.email),
            (Act.CLOSED, self.user.email),
            (Act.REOPENED, self.user.email),
            (Act.ERASED, f"compte {self.user.pk}"),
            (Act.EXPORTED, "comptes (1)"),
            (Act.DELETED, gone.email),
            (Act.SETTINGS, "name"),
            (Act.PUBLISHED, f"publié: Un vol ({article.pk})"),
        ]
        for act, about in wanted:
            self.assertIn((act, self.chief.email, about), acts)

    def test_lines_go_out_as_json(self):
        with (
            self.assertLogs("avion.audit", "INFO") as logs,
            self.captureOnCommitCallbacks(execute=True),
        ):
            sign_in(self.client, self.user.email)
        line = json.loads(logs.records[0].getMessage())
        self.assertEqual(
            (line["act"], line["account"], line["who"], line["address"]),
            ("signed_in", self.user.pk, self.user.email, "192.0.2.1"),
        )

    def test_it_is_read_and_searched_and_nobody_writes_in_it(self):
        sign_in(Client(), self.user.email, "faux")
        entry = Entry.objects.get()
        sign_in_lately(self.client, self.chief)
        self.assertContains(self.client.get(LOG, {"q": self.user.email}), "connexion refusée")
        detail = reverse("admin:authors_entry_change", args=[entry.pk])
        for address in (
            reverse("admin:authors_entry_add"),
            reverse("admin:authors_entry_delete", args=[entry.pk]),
            detail,
        ):
            self.assertEqual(self.client.post(address, {"who": "x"}).status_code, 403)
        self.client.post(LOG, {"action": "delete_selected", "_selected_action": [entry.pk]})
        entry.refresh_from_db()
        self.assertEqual(entry.who, self.user.email)

    def test_lines_are_kept_for_twelve_months(self):
        for days in (364, 366):
            Entry.objects.create(act=Act.SIGNED_IN, at=timezone.now() - timedelta(days=days))
        said = StringIO()
        call_command("purge_audit", stdout=said)
        self.assertIn("1 lines deleted", said.getvalue())
        self.assertEqual(Entry.objects.count(), 1)


class CommittedTests(TransactionTestCase):
    def test_a_password_and_a_factor_are(self):
        user = make_user()
        sign_in(self.client, user.email)
        new = {"password1": "brume-au-dessus-du-lac", "password2": "brume-au-dessus-du-lac"}
        change = reverse("account_change_password")
        self.client.post(change, new | {"oldpassword": "nuage-de-beau-temps"})
        session = self.client.session
        secret = session["mfa.totp.secret"] = generate_totp_secret()
        session.save()
        self.client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
        acts = list(Entry.objects.values_list("act", "who", "about"))
        self.assertIn((Act.PASSWORD, user.email, ""), acts)
        self.assertIn((Act.FACTOR, user.email, "+ totp"), acts)
