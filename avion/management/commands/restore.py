import os
import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from avion.backup import making
from avion.backup.making import BackupError
from avion.backup.restoring import restore
from avion.backup.rows import RowError
from avion.backup.sealing import SealError
from avion.backup.stores import StoreError, open_store
from avion.management.commands.backup import progress_on

# Whatever a backup may be wrong in: it is said, and nothing was changed.
FAULTS = (BackupError, RowError, StoreError, SealError, DatabaseError, ValueError, OSError)


class Command(BaseCommand):
    help = (
        "Put a backup in place, on either engine. All of it is looked through before anything is "
        "changed. Run `migrate` first, with the release that made the backup."
    )

    def add_arguments(self, parser):
        parser.add_argument("source", metavar="from", help="site.tar, a folder, s3://bucket/prefix")
        parser.add_argument("--at", help="the moment of one of several: see `backup --list`")
        parser.add_argument(
            "--replace", action="store_true", help="overwrite a site that is not empty"
        )

    def handle(self, source, at, replace, **options):
        try:
            with open_store(source, making=False) as store:
                sealer = making.sealer_of(store, settings.BACKUP_KEY)
                found = making.stamps(store)
                if not found or (at and at not in found):
                    raise BackupError("There is no such backup.")
                manifest = making.manifest_at(store, sealer, at or found[-1])
                restore(store, sealer, manifest, progress_on(sys.stderr), replace=replace)
        except (
            BackupError,
            RowError,
            StoreError,
            SealError,
            DatabaseError,
            ValueError,
            OSError,
        ) as error:
            raise CommandError(f"{error} Nothing was changed in the database.") from error
        self.stdout.write(f"The site is as it was at {manifest.stamp}.")
        missing = [name for name in manifest.environment if name not in os.environ]
        if missing:
            self.stdout.write(f"Set then, and not now: {', '.join(missing)}.")
