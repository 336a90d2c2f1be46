from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client, TestCase
from django.urls import reverse

from articles.models import Byline
from authors import roles
from authors.models import Author, User
from tests.factories import make_article, make_author, make_published, make_user


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
        self.client.force_login(self.chief)

    def change(self, user, groups=(), **ticks):
        data = {"email": user.email, "name": user.name, "groups": [group.pk for group in groups]}
        return self.client.post(reverse("admin:authors_user_change", args=[user.pk]), data | ticks)

    def test_the_last_administrator_stays_one(self):
        on = {"is_active": "on", "is_staff": "on"}
        for groups, ticks in [([], on), ([self.role], {"is_active": "on"}), ([self.role], {})]:
            answer = self.change(self.chief, groups, **ticks)
            self.assertContains(answer, "dernier administrateur")
        delete = reverse("admin:authors_user_delete", args=[self.chief.pk])
        self.assertEqual(self.client.post(delete, {"post": "yes"}).status_code, 403)
        self.assertEqual(self.change(self.chief, [self.role], **on).status_code, 302)
        self.assertTrue(User.objects.get(pk=self.chief.pk).is_active)

    def test_with_another_one_may_go(self):
        make_user(roles.ADMINISTRATOR)
        self.assertEqual(self.change(self.chief, is_active="on", is_staff="on").status_code, 302)
        self.assertFalse(User.objects.get(pk=self.chief.pk).groups.exists())

    def test_all_at_once_are_not_deleted(self):
        both = [self.chief.pk, make_user(roles.ADMINISTRATOR).pk]
        data = {"action": "delete_selected", "_selected_action": both, "post": "yes"}
        self.client.post(reverse("admin:authors_user_changelist"), data)
        self.assertEqual(User.objects.filter(pk__in=both).count(), 2)

    def test_an_account_that_is_closed_is_out_at_once(self):
        colleague = make_user(roles.EDITOR)
        session = Client()
        session.force_login(colleague)
        self.assertEqual(session.get(reverse("admin:index")).status_code, 200)
        self.assertEqual(self.change(colleague, is_staff="on").status_code, 302)
        self.assertEqual(session.get(reverse("admin:index")).status_code, 302)

    def test_accounts_are_exported_without_formulas(self):
        make_user(roles.JOURNALIST, "=1+1")
        everybody = User.objects.values_list("pk", flat=True)
        data = {"action": "export", "_selected_action": list(everybody)}
        table = self.client.post(reverse("admin:authors_user_changelist"), data)
        text = table.content.decode("utf-8-sig")
        self.assertIn("'=1+1;", text)
        self.assertIn(f"Camille Chef;{self.chief.email};{roles.ADMINISTRATOR};oui;", text)
        self.assertIn("attachment", table.headers["Content-Disposition"])


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
