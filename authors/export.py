"""Accounts as a table for a spreadsheet."""

import csv

from django.utils import timezone
from django.utils.translation import gettext as _

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run (OWASP, CSV injection)


def neutral(value) -> str:
    """Return a value as text that no spreadsheet takes for a formula."""
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def write_accounts(accounts, file):
    """Write accounts as CSV with semicolons, as French spreadsheets expect, to a text file."""
    table = csv.writer(file, delimiter=";")
    table.writerow([_("name"), _("e-mail address"), _("role"), _("active"), _("last sign-in")])
    for account in accounts:
        seen = account.last_login and timezone.localtime(account.last_login)
        row = [
            account.name,
            account.email,
            ", ".join(group.name for group in account.groups.all())
            or (_("superuser") if account.is_superuser else ""),
            _("yes") if account.is_active else _("no"),
            f"{seen:%Y-%m-%d %H:%M}" if seen else "",
        ]
        table.writerow([neutral(value) for value in row])
