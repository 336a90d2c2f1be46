from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand

from authors import roles


class Command(BaseCommand):
    help = "Bring every role back to authors/roles.py, and say what had to be mended."

    def add_arguments(self, parser):
        parser.add_argument(
            "--matrix", action="store_true", help="print the table of docs/security.md instead"
        )

    def handle(self, *, matrix, **options):
        if matrix:
            self.stdout.write(roles.matrix())
            return
        before = {name: self._permissions(name) for name in roles.ROLES}
        roles.apply_roles()
        for name, wanted in roles.ROLES.items():
            self.stdout.write(f"{name}: {len(wanted)}")
            for sign, changed in (("+", wanted - before[name]), ("-", before[name] - wanted)):
                for permission in sorted(changed):
                    self.stdout.write(f"  {sign} {permission}")

    def _permissions(self, name) -> set[str]:
        group = Group.objects.filter(name=name).first()
        return roles.permissions_of(group) if group else set()
