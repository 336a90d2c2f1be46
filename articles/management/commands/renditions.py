"""`manage.py renditions`: every picture has all its files, and no file is left over."""

import os
from concurrent.futures import ThreadPoolExecutor

from django.core.management.base import BaseCommand, CommandError

from articles.images import renditions, stock

WIDTH = 30  # characters of the progress bar


class Command(BaseCommand):
    help = (
        "Make the renditions that are missing or out of date, and list the files that nothing "
        "needs any more. Interrupted, it goes on where it stopped when it is run again."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--parallel",
            type=int,
            default=os.cpu_count() or 1,
            metavar="N",
            help="pictures worked on at a time (default: one a processor)",
        )
        parser.add_argument(
            "--remove-orphans", action="store_true", help="remove the files that nothing needs"
        )

    def handle(self, parallel, remove_orphans, **options):
        if parallel < 1:
            raise CommandError("--parallel must be one or more.")
        images, failures = stock.lacking(), 0
        with ThreadPoolExecutor(parallel) as pool:
            for done, (image, made) in enumerate(
                zip(images, pool.map(_build, images), strict=True), 1
            ):
                if isinstance(made, Exception):
                    failures += 1
                    self.stderr.write(f"{image.file.name}: {made}")
                else:
                    renditions.record(image, made)
                self._progress(done, len(images))
        self._list_orphans(remove_orphans)
        if failures:
            raise CommandError(
                f"{failures} of {len(images)} pictures were not read or not written."
            )
        self.stdout.write(self.style.SUCCESS(f"{len(images)} pictures got their renditions."))

    def _list_orphans(self, remove):
        orphans = stock.orphans()
        for name in orphans:
            self.stdout.write(name)
        if remove:
            stock.remove(orphans)
        said = "removed" if remove else "left over (--remove-orphans removes them)"
        self.stdout.write(f"{len(orphans)} files {said}.")

    def _progress(self, done, total):
        if self.stderr.isatty():
            bar = ("#" * round(WIDTH * done / total)).ljust(WIDTH, ".")
            ending = "\n" if done == total else ""
            self.stderr.write(f"\rPictures [{bar}] {done}/{total}", ending=ending)
        elif done == total or done % 100 == 0:
            self.stderr.write(f"Pictures: {done}/{total}")


def _build(image):
    """Return what was built, or the error, which the command reports in its turn."""
    try:
        return renditions.build(image)
    except Exception as error:  # noqa: BLE001  # of files and storages; all are reported
        return error
