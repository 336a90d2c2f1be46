"""`manage.py load_demo`: the demonstration newsroom, with a progress bar."""

import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from avion.demo import generator, newsroom

WIDTH = 30  # characters of the progress bar


class Command(BaseCommand):
    help = "Fill the site with the demonstration newsroom; running it again adds nothing twice."

    def add_arguments(self, parser):
        parser.add_argument(
            "--articles",
            type=int,
            default=0,
            metavar="N",
            help="add N generated articles besides, for benchmarks",
        )
        parser.add_argument(
            "--accounts",
            type=Path,
            default=settings.VAR_DIR / "demo-accounts.json",
            metavar="FILE",
            help="where the passwords of the demonstration accounts are kept",
        )

    def handle(self, articles, accounts, **options):
        if articles < 0:
            raise CommandError("--articles must be zero or more.")
        for done, total in newsroom.load():
            self._progress("Newsroom", done, total)
        self._keep(accounts, newsroom.create_accounts())
        try:
            for done in generator.generate(articles):
                self._progress("Articles", done, articles)
        except ValueError as error:
            raise CommandError(str(error)) from error
        if articles and connection.vendor in {"sqlite", "postgresql"}:
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")

    def _progress(self, what, done, total):
        if self.stderr.isatty():
            bar = ("#" * round(WIDTH * done / total)).ljust(WIDTH, ".")
            self.stderr.write(
                f"\r{what} [{bar}] {done}/{total}", ending="\n" if done == total else ""
            )
        elif done == total:
            self.stderr.write(f"{what}: {done}")

    def _keep(self, path, passwords):
        """Write the new passwords beside the old ones, readable by this account alone."""
        if not passwords:
            return
        known = json.loads(path.read_text()) if path.exists() else {}
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.touch(mode=0o600)
        part.write_text(json.dumps(known | passwords, indent=2) + "\n")
        part.replace(path)
