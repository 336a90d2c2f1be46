"""`manage.py maintenance`: close the site, or the desk alone, for a while, and open it again."""

from datetime import datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from avion import faults


class Command(BaseCommand):
    help = (
        "Close the site with a page that says so (on), or the desk and all forms alone while "
        "readers read on (desk); open it again (off); or print that page (show) for the server in "
        "front, which may serve it when Avion itself does not run."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("act", choices=["on", faults.DESK, "off", "show"])
        parser.add_argument(
            "--until", metavar="HH:MM", help="when the site will be back, in its own time zone"
        )

    def handle(self, act, until, **options):
        end = _moment(until) if until else None
        file = Path(settings.MAINTENANCE_FILE)
        if act == "show":
            self.stdout.write(faults.maintenance(end).content.decode())
        elif act in {"on", faults.DESK}:
            file.parent.mkdir(parents=True, exist_ok=True)
            part = file.with_suffix(".part")
            said = [
                *([faults.DESK] if act == faults.DESK else []),
                *([end.isoformat()] if end else []),
            ]
            part.write_text(" ".join(said), encoding="utf-8")
            part.replace(file)
            closed = "The desk is closed." if act == faults.DESK else "The site is closed."
            self.stdout.write(self.style.SUCCESS(closed))
        else:
            file.unlink(missing_ok=True)
            self.stdout.write(self.style.SUCCESS("The site is open."))


def _moment(until) -> datetime:
    """Return the next moment at which clocks show HH:MM. Raises CommandError if it is no time."""
    try:
        hour, minute = until.split(":")
        clock = time(int(hour), int(minute))
    except ValueError as error:
        raise CommandError(f"--until is {until!r}; it must look like 18:30.") from error
    today = timezone.localdate()
    moment = timezone.make_aware(datetime.combine(today, clock))
    if moment <= timezone.now():
        moment = timezone.make_aware(datetime.combine(today + timedelta(days=1), clock))
    return moment
