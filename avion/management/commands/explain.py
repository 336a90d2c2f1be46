from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from avion.plans import addresses, large_tables, plans


class Command(BaseCommand):
    help = (
        "Print how the database finds what each kind of readers' page asks for; exit with 1 when "
        "it reads a table from end to end that grows with the articles."
    )

    def handle(self, **options):
        settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "localhost"]
        paths = addresses()
        if not paths:
            raise CommandError("There is no article with a tag: nothing can be explained.")
        large, whole = large_tables(), 0
        for path in paths:
            self.stdout.write(self.style.MIGRATE_HEADING(path))
            for plan in plans(path):
                self.stdout.write(f"{plan.sql}\n{plan.text}\n")
                whole += len(large & set(plan.whole))
        if whole:
            raise CommandError(f"{whole} times a growing table is read from end to end.")
