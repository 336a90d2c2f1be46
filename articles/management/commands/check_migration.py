"""`manage.py check_migration`: the proof that a WordPress site came over whole."""

import json
from dataclasses import asdict
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.template.loader import render_to_string
from django.utils import timezone

from articles.wordpress.checking import Check
from articles.wordpress.wxr import WxrError

EVERY = 100  # addresses between two lines


class Command(BaseCommand):
    help = (
        "Ask a site for every address of a WordPress export and compare every text. Ends with "
        "an error if anything was lost; check.html says what, line by line."
    )

    def add_arguments(self, parser):
        parser.add_argument("exports", nargs="+", type=Path, metavar="EXPORT.xml")
        parser.add_argument(
            "--base-url", required=True, metavar="URL", help="the new site: https://avion.example"
        )
        parser.add_argument(
            "--report", type=Path, metavar="FOLDER", default=settings.VAR_DIR / "import"
        )

    def handle(self, exports, base_url, report, **options):
        if not base_url.startswith(("http://", "https://")):
            raise CommandError("--base-url must begin with http:// or https://.")
        found = []
        try:
            for checked in Check(exports, base_url).run():
                found.append(checked)
                if len(found) % EVERY == 0 and options["verbosity"]:
                    self.stderr.write(f"{len(found)} addresses")
        except WxrError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{base_url}: {error}") from error
        lost = [checked for checked in found if checked.losses]
        texts = [checked.likeness for checked in found if checked.likeness is not None]
        alike = 100 * sum(texts) / len(texts) if texts else 100
        said = {
            "site": base_url,
            "exports": ", ".join(path.name for path in exports),
            "at": timezone.localtime(),
            "lost": len(lost),
            "texts": len(texts),
            "alike": alike,
        }
        self._write(report, found, said)
        self.stdout.write(f"{len(found)} addresses, {len(lost)} with a loss.")
        self.stdout.write(f"{len(texts)} texts, {alike:.2f} % of their words are here.")
        self.stdout.write(f"The report, line by line: {report / 'check.html'}")
        if lost:
            raise CommandError(f"Something was lost at {len(lost)} addresses.")

    def _write(self, folder, found, said):
        folder.mkdir(parents=True, exist_ok=True)
        rows = [asdict(checked) for checked in found]
        html = render_to_string("admin/wordpress/check.html", said | {"checked": found})
        texts = {"check.json": json.dumps(rows, ensure_ascii=False, indent=1), "check.html": html}
        for name, text in texts.items():
            part = folder / f"{name}.part"
            part.write_text(text, encoding="utf-8")
            part.replace(folder / name)
