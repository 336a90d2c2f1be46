"""`manage.py import_wordpress`: a WordPress site comes over from its export."""

import time
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from zipfile import BadZipFile

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.wordpress import rest, wxr
from articles.wordpress.importing import OURS, THEIRS, Import, Options
from articles.wordpress.mapping import Mapping, MappingError
from articles.wordpress.media import Folder, Web, Zip
from articles.wordpress.report import Report
from avion.models import SiteSettings

WIDTH = 30  # characters of the progress bar
EVERY = 1  # seconds between two lines where there is no terminal
PLACES = 5  # of the front page


class Command(BaseCommand):
    help = (
        "Bring a WordPress site over from its export (Tools, Export, All content). Run again, it "
        "goes on where it stopped and doubles nothing; what was edited here is not overwritten."
    )

    def add_arguments(self, parser):
        parser.add_argument("exports", nargs="*", type=Path, metavar="EXPORT.xml")
        parser.add_argument(
            "--from-site",
            metavar="URL",
            help="read a live site through its REST API instead: what is public there, no more",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would happen, and change nothing"
        )
        parser.add_argument(
            "--media",
            default="",
            metavar="FROM",
            help="where the files are: a folder of uploads, a zip, or an address under which the "
            "years lie (default: each file's own address)",
        )
        parser.add_argument("--no-media", action="store_true", help="bring no files")
        parser.add_argument(
            "--allow-private-addresses",
            action="store_true",
            help="let files be fetched from this machine and its network",
        )
        parser.add_argument("--mapping", type=Path, metavar="FILE.toml")
        parser.add_argument(
            "--propose-mapping",
            type=Path,
            metavar="FILE.toml",
            help="write what would become of authors and categories to a file, and stop",
        )
        preference = parser.add_mutually_exclusive_group()
        preference.add_argument(
            "--theirs", action="store_const", const=THEIRS, dest="prefer", default=""
        )
        preference.add_argument("--ours", action="store_const", const=OURS, dest="prefer")
        parser.add_argument(
            "--report",
            type=Path,
            metavar="FOLDER",
            default=settings.VAR_DIR / "import",
            help="where report.json and report.html are written",
        )

    def handle(self, exports, dry_run, mapping, propose_mapping, report, **options):
        readers = self._readers(exports, options)
        try:
            is_trial = dry_run or propose_mapping
            media = self._media(options)
            chosen = Options(
                Mapping.read(mapping) if mapping else Mapping(),
                options["prefer"],
                later=media if is_trial else None,
            )
        except (MappingError, OSError, BadZipFile) as error:
            raise CommandError(str(error)) from error
        lines = Report(None if propose_mapping else report)
        media = None if is_trial else media
        moving = Import(readers, media=media, options=chosen, report=lines, progress=self._progress)
        self._began, self._said_at = time.monotonic(), 0.0
        try:
            with transaction.atomic() if is_trial else nullcontext():
                if propose_mapping:
                    moving.site.register()
                else:
                    moving.run()
                if is_trial:
                    transaction.set_rollback(True)
        except (wxr.WxrError, OSError) as error:
            said = _("What came before is here; run it again with a whole export.")
            raise CommandError(f"{error}\n{said}") from error
        finally:
            lines.close()
        if propose_mapping:
            propose_mapping.write_text(moving.proposed().text(), encoding="utf-8")
            self.stdout.write(f"{propose_mapping} is written: change it, then run with --mapping.")
            return
        if not dry_run:
            self._pin(moving.sticky)
        self._sum_up(lines, report, dry_run)

    def _readers(self, exports, options):
        """Return what reads the old site; refuse what is no file, and nothing at all."""
        if site := options["from_site"]:
            return [partial(rest.read, site, self._web("", options))]
        if not exports:
            raise CommandError("Name an export, or a site by --from-site.")
        for path in exports:
            if not path.is_file():
                raise CommandError(f"{path} is no file.")
        return [partial(wxr.read, path) for path in exports]

    def _web(self, base, options):
        allow_private = options["allow_private_addresses"]
        return Web(base, largest=settings.UPLOAD_MAX_BYTES, allow_private=allow_private)

    def _media(self, options):
        where = options["media"]
        if options["no_media"]:
            return None
        if where.startswith(("http://", "https://")) or not where:
            return self._web(where, options)
        path = Path(where)
        if not path.exists():
            raise CommandError(f"{where} is neither a folder, a zip nor an address.")
        kind = Folder if path.is_dir() else Zip
        return kind(path, largest=settings.UPLOAD_MAX_BYTES)

    def _pin(self, sticky):
        """Put sticky posts on the front page, if the newsroom has arranged nothing there."""
        site = SiteSettings.load()
        if sticky and not site.front:
            site.front = [{"article": pk, "until": None} for pk in sticky[-PLACES:][::-1]]
            site.save()

    def _progress(self, what, done, total):
        passed = max(time.monotonic() - self._began, 0.001)
        if not self.stderr.isatty():
            if time.monotonic() - self._said_at >= EVERY or done == total:
                self.stderr.write(f"{what}: {done}/{total}")
                self._said_at = time.monotonic()
            return
        left = round((total - done) * passed / done)
        bar = ("#" * round(WIDTH * done / total)).ljust(WIDTH, ".")
        said = f"\r{what} [{bar}] {done}/{total}, {done / passed:.0f}/s, {left} s left "
        self.stderr.write(said, ending="\n" if done == total else "")
        if done == total:
            self._began = time.monotonic()

    def _sum_up(self, lines, folder, dry_run):
        for (kind, outcome), count in sorted(lines.outcomes.items()):
            self.stdout.write(f"{kind}: {count} {outcome}")
        for kind, count in sorted(lines.remarks.items()):
            self.stdout.write(f"remark: {count} {kind}")
        self.stdout.write(f"The report, line by line: {folder / 'report.html'}")
        if dry_run:
            self.stdout.write("Nothing was changed: this was a trial.")
        failed = sum(count for (_kind, out), count in lines.outcomes.items() if out == "failed")
        if failed:
            said = ngettext(
                "%d entry could not be brought over: see the report.",
                "%d entries could not be brought over: see the report.",
                failed,
            )
            raise CommandError(said % failed)
