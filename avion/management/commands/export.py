"""`manage.py export`: the whole site, in a form that others read."""

from collections import Counter
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from articles.portable import writing as portable
from articles.wordpress import writing
from avion.archive import Archive
from avion.models import SiteSettings

EVERY = 100  # pages between two lines


class Command(BaseCommand):
    help = (
        "Write the whole site: as WXR 1.2, which WordPress's importer takes (a file), or as HTML "
        "that is read without a server (a folder), of what readers can open, or as JSON with its "
        "files (a folder), which import_json reads."
    )

    def add_arguments(self, parser):
        parser.add_argument("format", choices=["wxr", "html", "json"])
        parser.add_argument("target", type=Path, metavar="TARGET", help="where it is written")

    def handle(self, target, **options):
        part = target.with_name(f"{target.name}.part")
        try:
            WRITERS[options["format"]](self, target, part)
            part.replace(target)
        except OSError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(self.style.SUCCESS(f"{target} is written."))

    def _write_wxr(self, _target, part):
        root = f"{settings.SITE_URL.scheme}://{settings.SITE_URL.netloc}"
        with part.open("w", encoding="utf-8") as out:
            for piece in writing.write(SiteSettings.load().name, root):
                out.write(piece)

    def _write_json(self, target, part):
        self._refuse(target, part)
        done = 0
        for done in portable.write(part):
            if done % EVERY == 0:
                self.stderr.write(f"{done} records")
        self.stdout.write(f"{done} records.")

    def _refuse(self, *folders):
        for folder in folders:
            if folder.exists():
                raise CommandError(f"{folder} exists: name a new folder.")

    def _write_html(self, target, part):
        self._refuse(target, part)
        part.mkdir(parents=True)
        statuses: Counter[int] = Counter()
        for done, (path, status) in enumerate(Archive(part).write(), 1):
            statuses[status] += 1
            if status >= 400:
                self.stderr.write(f"{path}: {status}")
            if done % EVERY == 0:
                self.stderr.write(f"{done} addresses")
        self.stdout.write(f"{statuses[200]} files.")


WRITERS = {
    "wxr": Command._write_wxr,
    "html": Command._write_html,
    "json": Command._write_json,
}
