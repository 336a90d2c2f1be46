"""What a process knows of the generation, and when a page ends by itself."""

import logging
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Lock, Thread
from time import monotonic, sleep, time

from django.db import Error, connections
from django.utils import timezone

from articles.models import PublishedArticle
from avion.metrics import WITHOUT_DATABASE
from avion.models import Generation, SiteSettings
from avion.replica import for_readers

logger = logging.getLogger(__name__)
EVERY = 0.5  # seconds between two looks: a correction is to be on every node within one second
HANGING = 10  # seconds after which a look that has not come back is taken for a failure
LONGEST = 300  # seconds that any page lives, for whatever else depends on the time


class Clock:
    """The generation's number, and until when a page made now may live (seconds since 1970).

    number is None as long as it could not be read; is_well says whether the last look succeeded.
    """

    def __init__(self):
        self.number: int | None = None
        self._is_well, self._looked_at = False, 0.0
        self._next_change, self._told_at = 0.0, 0.0
        self._starting = Lock()
        self._thread: Thread | None = None

    @property
    def is_well(self) -> bool:
        """Whether the last look succeeded, and was not long ago: one may hang."""
        return self._is_well and monotonic() - self._looked_at < HANGING

    def start(self):
        """Look once, and from then on twice a second, in a thread of its own.

        Called at the first request: a thread does not survive a fork.
        """
        with self._starting:
            if self._thread is None:
                self.look()
                self._thread = Thread(target=self._go_on, name="page cache", daemon=True)
                self._thread.start()

    def look(self):
        """Read the generation; while the database is away, what was known stands."""
        was_well = self._is_well
        try:
            with for_readers():
                number = Generation.objects.filter(pk=1).values_list("number", flat=True).first()
                # Told before a clock was set back, it passes over what comes meanwhile.
                is_known = self._told_at <= time() < self._next_change
                if number != self.number or not is_known:
                    now = timezone.now()
                    self._next_change = next_change(now).timestamp()
                    self._told_at = now.timestamp()
            self.number = number
        except Exception as error:  # noqa: BLE001  # whatever it is, the next look may succeed
            if was_well:
                logger.warning("The database is away, known pages are served on: %r", error)
            self._is_well = False
        else:
            if not was_well and self._thread:
                logger.warning("The database is back.")
            self._is_well, self._looked_at = True, monotonic()
        WITHOUT_DATABASE.set(not self._is_well)

    def generation(self) -> tuple[int, float] | None:
        """Return what changes with everything that readers see, and with time; None if unknown."""
        return None if self.number is None or not self.is_well else (self.number, self._next_change)

    def until(self) -> float:
        """Return until when a page that is made now may live."""
        now = time()
        upcoming = self._next_change if self._next_change > now else now + EVERY
        return min(now + LONGEST, upcoming)

    def _go_on(self):
        while True:
            sleep(EVERY)
            self.look()
            with suppress(Error):
                connections.close_all()  # of this thread


def next_change(now) -> datetime:
    """Return the next moment at which readers' pages change without anybody's doing.

    An article comes out or ends, an alert or a place on the front page ends, a day begins.
    """
    ahead = PublishedArticle.objects.order_by()
    coming = ahead.filter(published_at__gt=now).order_by("published_at")
    ending = ahead.filter(withdrawn_at__gt=now).order_by("withdrawn_at")
    site = SiteSettings.load()
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    moments = [
        coming.values_list("published_at", flat=True).first(),
        ending.values_list("withdrawn_at", flat=True).first(),
        site.alert_until,
        *site.ends_of_places(),
        timezone.make_aware(datetime.combine(tomorrow, datetime.min.time())),
    ]
    return min(moment for moment in moments if moment and moment > now)
