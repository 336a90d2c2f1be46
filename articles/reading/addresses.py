"""Addresses of readers' pages. A page names some fifty; most stand on others as well."""

from functools import lru_cache

from django.urls import reverse


@lru_cache(maxsize=10_000)
def address_of(name, *args) -> str:
    """Return the path of a pattern of urls.py, as `reverse` does: address_of("tag", "rafale")."""
    return reverse(name, args=args)
