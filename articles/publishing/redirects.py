"""Redirects that people make: from what to what, without loops and without chains."""

import csv

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from articles.models import Redirect
from articles.models.redirect import can_be_opened
from articles.reading.old_addresses import normal
from authors.export import neutral

LONGEST_CHAIN = 10  # redirects that are followed to where one ends
ROWS = 10_000  # lines of a file


def checked(path: str, destination: str) -> tuple[str, str]:
    """Return what is kept of a redirect: the path in its one form, the end that it leads to.

    destination: a path of ours, a web address, or "" for what is gone. Where it is redirected
    itself, the end of that is kept. Raises ValidationError by field for a path that readers open
    something at, a destination that readers cannot open, and a loop.
    """
    path, destination = path.strip(), destination.strip()
    if not path.startswith("/") or path.startswith("//"):
        raise ValidationError({"path": _("Begin with /: /2020/05/an-old-name/")})
    path = path if path.startswith("/?") else normal(path)
    if can_be_opened(path):
        raise ValidationError({"path": _("Readers find something there: move or withdraw it.")})
    if destination.startswith(("https://", "http://")) or not destination:
        return path, destination
    if not destination.startswith("/") or destination.startswith("//"):
        raise ValidationError({"destination": _("Begin with / or https://.")})
    return path, _end_of(path, normal(destination))


def _end_of(path, destination) -> str:
    for _step in range(LONGEST_CHAIN):
        if destination == path:
            raise ValidationError({"destination": _("It would lead back to itself.")})
        onward = Redirect.objects.filter(path=destination).first()
        if onward is None or not onward.destination.startswith("/"):
            break
        destination = onward.destination
    if not can_be_opened(destination):
        said = _("Nothing that readers can open stands at %s.") % destination
        raise ValidationError({"destination": said})
    return destination


def write_csv(file):
    """Write every redirect to a text file: CSV with semicolons, as French spreadsheets expect."""
    table = csv.writer(file, delimiter=";")
    table.writerow([_("old address"), _("new address")])
    for path, destination in Redirect.objects.values_list("path", "destination").iterator():
        table.writerow([neutral(path), neutral(destination)])


@transaction.atomic
def read_csv(text: str) -> int:
    """Bring redirects in from CSV (path; destination) and return how many; all of them or none.

    A first line that is no redirect names the columns. Raises ValidationError, a message a line.
    """
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    rows = [row for row in csv.reader(text.splitlines(), delimiter=delimiter) if any(row)]
    if rows and not rows[0][0].strip().startswith("/"):
        rows = rows[1:]
    if len(rows) > ROWS:
        raise ValidationError(_("More than %d lines: cut the file.") % ROWS)
    faults = []
    for number, row in enumerate(rows, 1):
        try:
            path, destination = checked(*[*row, ""][:2])
        except ValidationError as error:
            faults.append(f"{number}: {row[0]} – {' '.join(error.messages)}")
            continue
        Redirect.objects.update_or_create(path=path, defaults={"destination": destination})
    if faults:
        raise ValidationError(faults)
    return len(rows)
