"""`manage.py import_json`: a folder that `export json` wrote, or another program, comes in."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from articles.portable.reading import Reader, RecordError

EVERY = 100  # records between two lines


class Command(BaseCommand):
    help = (
        "Bring a folder of records in (docs/portable.md). Whole or not at all; again, it updates."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, metavar="FOLDER")

    def handle(self, folder, **options):
        done = 0
        try:
            for done in Reader(folder).read():
                if done % EVERY == 0:
                    self.stderr.write(f"{done} records")
        except (RecordError, OSError) as error:
            raise CommandError(f"{error} Nothing is changed.") from error
        self.stdout.write(self.style.SUCCESS(f"{done} records are here."))
