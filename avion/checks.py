"""Refusals to go into production half-configured: `manage.py check --deploy`."""

from django.conf import settings
from django.core.checks import Error


def check_site_url(app_configs, **_kwargs):
    """A public site is reached over HTTPS: cookies, HSTS and redirects follow from SITE_URL."""
    if settings.HTTPS:
        return []
    return [Error("SITE_URL must begin with https:// in production.", id="avion.E001")]
