"""`manage.py export`: the whole site, in a form that others read."""

import shutil
import zipfile
from collections import Counter
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from articles.portable import writing as portable
from articles.wordpress import writing
from avion.archive import Archive
from avion.models import SiteSettings

EVERY = 100  # pages between two lines
TEXTS = {".html", ".css", ".js", ".svg", ".xml", ".json", ".jsonl", ".txt"}


class Command(BaseCommand):
    help = (
        "Write the whole site: as WXR 1.2, which WordPress's importer takes (a file), or as HTML "
        "that is read without a server (a folder), of what readers can open, or as JSON with its "
        "files (a folder), which import_json reads. A folder whose name ends in .zip is a zip."
    )

    def add_arguments(self, parser):
        parser.add_argument("format", choices=["wxr", "html", "json"])
        parser.add_argument("target", type=Path, metavar="TARGET", help="where it is written")

    def handle(self, target, **options):
        part = target.with_name(f"{target.name}.part")
        try:
            WRITERS[options["format"]](self, target, part)
            if part.is_dir() and target.suffix == ".zip":
                part = _zipped(part)
            part.replace(target)
        except OSError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(self.style.SUCCESS(f"{target} is written."))

    def _write_wxr(self, _target, part):
        root = f"{settings.SITE_URL.scheme}://{settings.SITE_URL.netloc}"
        total = writing.total()
        with part.open("w", encoding="utf-8") as out:
            for done, piece in enumerate(writing.write(SiteSettings.load().name, root), 1):
                out.write(piece)
                if done % EVERY == 0:
                    self.stderr.write(f"records: {done}/{total}")

    def _write_json(self, target, part):
        self._clear(target, part)
        done, total = 0, portable.total()
        for done in portable.write(part):
            if done % EVERY == 0:
                self.stderr.write(f"records: {done}/{total}")
        self.stdout.write(f"{done} records.")

    def _clear(self, target, part):
        """Refuse to write over anything, but for what an export that was stopped left."""
        if target.exists():
            raise CommandError(f"{target} exists: name a new one.")
        if part.exists():
            shutil.rmtree(part)

    def _write_html(self, target, part):
        self._clear(target, part)
        part.mkdir(parents=True)
        statuses: Counter[int] = Counter()
        archive = Archive(part)
        for done, (path, status) in enumerate(archive.write(), 1):
            statuses[status] += 1
            if status >= 400:
                self.stderr.write(f"{path}: {status}")
            if done % EVERY == 0:
                self.stderr.write(f"pages: {done}/{len(archive.known)}")
        self.stdout.write(f"{statuses[200]} files.")


def _zipped(folder: Path) -> Path:
    """Return a zip of a folder, which goes. Pictures and the like are as small as they get."""
    path = folder.with_name(f"{folder.name}.zip")
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*")):
            is_text = file.suffix in TEXTS
            kind = zipfile.ZIP_DEFLATED if is_text else zipfile.ZIP_STORED
            archive.write(file, file.relative_to(folder), compress_type=kind)
    shutil.rmtree(folder)
    return path


WRITERS = {
    "wxr": Command._write_wxr,
    "html": Command._write_html,
    "json": Command._write_json,
}
