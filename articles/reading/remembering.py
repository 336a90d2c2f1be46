"""What every page carries, worked out once a generation of the page cache rather than for each.

Without a page cache before the site (tests, the development server) nothing is remembered.
"""

from collections.abc import Callable, Hashable
from typing import Any

from django.conf import settings


def nobody_knows() -> None:
    return None


class Remembered:
    """A value of the database that readers' pages share.

    It is kept under the generation that its request began with: what came to be meanwhile may be
    in it or not. generation: says what generation it is, None where nobody knows; the front door
    sets it (avion/wsgi.py), and each request notes it (avion/middleware.py).
    """

    generation: Callable[[], Hashable | None] = staticmethod(nobody_knows)

    def __init__(self, make):
        self._make = make
        self._kept: tuple[Hashable, Any] = (None, None)  # the generation and its value, together

    def get(self, request, *given):
        """Return the value, made with what is given; for whoever works here, as it is now."""
        now = getattr(request, "generation", None)
        if now is None or settings.SESSION_COOKIE_NAME in request.COOKIES:
            return self._make(*given)
        known, value = self._kept
        if known != now:
            value = self._make(*given)
            self._kept = (now, value)
        return value
