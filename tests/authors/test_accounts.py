from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import TestCase

from articles.models import Byline
from authors import roles
from authors.models import Author, User
from tests.factories import make_article, make_author, make_user


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
