"""`manage.py export`: the whole site, in a form that others read."""

from collections import Counter
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from articles.wordpress import writing
from avion.archive import Archive
from avion.models import SiteSettings

EVERY = 100  # pages between two lines


class Command(BaseCommand):
    help = (
        "Write the whole site: as WXR 1.2, which WordPress's importer takes (a file), or as HTML "
        "that is read without a server (a folder), of what readers can open."
    )

    def add_arguments(self, parser):
        parser.add_argument("format", choices=["wxr", "html"])
        parser.add_argument("target", type=Path, metavar="TARGET", help="where it is written")

    def handle(self, target, **options):
        part = target.with_name(f"{target.name}.part")
        try:
            self._write_html(target, part) if options["format"] == "html" else self._write_wxr(part)
            part.replace(target)
        except OSError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(self.style.SUCCESS(f"{target} is written."))

    def _write_wxr(self, part):
        root = f"{settings.SITE_URL.scheme}://{settings.SITE_URL.netloc}"
        with part.open("w", encoding="utf-8") as out:
            for piece in writing.write(SiteSettings.load().name, root):
                out.write(piece)

    def _write_html(self, target, part):
        if target.exists() or part.exists():
            raise CommandError(f"{target if target.exists() else part} exists: name a new folder.")
        part.mkdir(parents=True)
        statuses: Counter[int] = Counter()
        for done, (path, status) in enumerate(Archive(part).write(), 1):
            statuses[status] += 1
            if status >= 400:
                self.stderr.write(f"{path}: {status}")
            if done % EVERY == 0:
                self.stderr.write(f"{done} addresses")
        self.stdout.write(f"{statuses[200]} files.")
