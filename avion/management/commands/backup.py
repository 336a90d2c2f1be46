import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from avion.backup import making
from avion.backup.making import BackupError
from avion.backup.sealing import SealError
from avion.backup.stores import StoreError, open_store
from avion.timers import note_backup


def progress_on(stream):
    """Return a function that shows how far something is, on one line of a terminal."""

    def show(what, done, total):
        if stream.isatty():
            width = round(30 * done / total) if total else 30
            ending = "\n" if done == total else ""
            stream.write(f"\r{what:<6} [{'#' * width:<30}] {done}/{total}{ending}")
            stream.flush()

    return show


class Command(BaseCommand):
    help = (
        "Write rows, uploads and settings of the site to one file (site.tar), a folder or "
        "s3://bucket/prefix, and check what was written. Folders and buckets take each upload once."
    )

    def add_arguments(self, parser):
        parser.add_argument("to", nargs="?", default=settings.BACKUP_TO, help="default: BACKUP_TO")
        parser.add_argument(
            "--check",
            action="store_true",
            help="read the newest one, whole; damaged files are stored again by the next backup",
        )
        parser.add_argument("--list", action="store_true", help="print the moments of those there")
        parser.add_argument("--keep", type=int, help="throw away all but the newest so many")

    def handle(self, to, keep, **options):
        if not to:
            raise CommandError("Say where to: manage.py backup /srv/backup, or set BACKUP_TO.")
        if keep is not None and keep < 1:
            raise CommandError("--keep is at least 1.")
        is_making = not options["check"] and not options["list"]
        try:
            with open_store(to, making=is_making) as store:
                sealer = making.sealer_of(store, settings.BACKUP_KEY)
                if options["list"]:
                    self.stdout.write("\n".join(making.stamps(store)))
                elif options["check"]:
                    self._check(store, sealer)
                else:
                    self._make(store, sealer, keep)
            if is_making and to == settings.BACKUP_TO:
                note_backup()
        except (BackupError, StoreError, SealError, OSError) as error:
            raise CommandError(str(error)) from error

    def _make(self, store, sealer, keep):
        manifest = making.make(store, sealer, progress_on(sys.stderr))
        rows, files = sum(manifest.rows["counts"].values()), len(manifest.files)
        self.stdout.write(f"{manifest.stamp}: {rows} rows and {files} files; new ones checked.")
        if manifest.gone:
            self.stderr.write(f"{manifest.gone} files went meanwhile and are not in it.")
        if keep:
            self.stdout.write(f"{making.forget(store, sealer, keep)} older pieces thrown away.")

    def _check(self, store, sealer):
        found = making.stamps(store)
        if not found:
            raise BackupError("There is no backup.")
        manifest = making.manifest_at(store, sealer, found[-1])
        making.check(store, sealer, manifest, progress_on(sys.stderr), mend=True)
        self.stdout.write(f"{manifest.stamp}: whole.")
