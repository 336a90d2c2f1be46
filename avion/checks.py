"""Refusals to go into production half-configured: `manage.py check --deploy`."""

from django.conf import settings
from django.core.checks import Error, Info
from django.db import DatabaseError, connection


def check_site_url(app_configs, **_kwargs):
    """A public site is reached over HTTPS: cookies, HSTS and redirects follow from SITE_URL."""
    if settings.HTTPS:
        return []
    return [Error("SITE_URL must begin with https:// in production.", id="avion.E001")]


def check_legal_notice(app_configs, **_kwargs):
    """A public site names its publisher, its director, its host and an address to write to.

    Source: article 1-1 of the French act of 21 June 2004 (LCEN). Before the first `migrate`
    there is nothing to look at, which is said and is no failure.
    """
    from avion.models import LEGAL, SiteSettings

    try:
        if SiteSettings._meta.db_table not in connection.introspection.table_names():
            return [Info("The legal notice is checked once the database is migrated.")]
        # These fields alone: one that a migration is still to add must not matter.
        said = SiteSettings.objects.values(*LEGAL).first() or dict.fromkeys(LEGAL, "")
    except DatabaseError as error:
        return [Error(f"The site's settings cannot be read: {error}", id="avion.E003")]
    missing = [name for name in LEGAL if not said[name].strip()]
    if not missing:
        return []
    hint = "Fill them in at the desk: Site settings."
    message = f"The legal notice is not complete: {', '.join(missing)}."
    return [Error(message, hint=hint, id="avion.E002")]
