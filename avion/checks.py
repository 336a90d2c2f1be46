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
    from avion.models import SiteSettings

    try:
        if SiteSettings._meta.db_table not in connection.introspection.table_names():
            return [Info("The legal notice is checked once the database is migrated.")]
        missing = SiteSettings.load().missing_by_law()
    except DatabaseError as error:
        return [Error(f"The site's settings cannot be read: {error}", id="avion.E003")]
    if not missing:
        return []
    hint = "Fill them in at the desk: Site settings."
    said = f"The legal notice is not complete: {', '.join(missing)}."
    return [Error(said, hint=hint, id="avion.E002")]
