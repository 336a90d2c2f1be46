"""`manage.py export`: the whole site, in a form that others read."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from articles.wordpress import writing
from avion.models import SiteSettings


class Command(BaseCommand):
    help = "Write the whole site to a file: as WXR 1.2, which WordPress's importer takes."

    def add_arguments(self, parser):
        parser.add_argument("format", choices=["wxr"])
        parser.add_argument("file", type=Path, metavar="FILE", help="where it is written")

    def handle(self, file, **options):
        root = f"{settings.SITE_URL.scheme}://{settings.SITE_URL.netloc}"
        part = file.with_name(f"{file.name}.part")
        try:
            with part.open("w", encoding="utf-8") as out:
                for piece in writing.write(SiteSettings.load().name, root):
                    out.write(piece)
            part.replace(file)
        except OSError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(self.style.SUCCESS(f"{file} is written."))
