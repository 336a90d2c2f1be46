from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import TestCase

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
