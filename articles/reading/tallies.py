"""Counts that wait in the process and are written together, so that a flood costs little."""

import logging
from abc import ABC, abstractmethod
from collections import Counter
from threading import Lock
from time import monotonic

from django.db import Error

logger = logging.getLogger(__name__)


class Tally(ABC):
    """Counts of keys since the last write. A kind of it says what `record` does with them.

    A flood costs the database one write in the time between two, and adds no more than the most
    that is taken in it.
    """

    def __init__(self):
        self._lock = Lock()
        self._begin()
        self._written_at = monotonic()

    def _begin(self):
        self._counts: Counter = Counter()
        self._taken = 0

    @abstractmethod
    def record(self, counts: Counter):
        """Write counts to the database. Raises django.db.Error while it is away."""

    def count(self, key, *, most, every):
        """Count a key; write what waits once it is time.

        most: acts that are taken between two writes. every: seconds between them.
        """
        with self._lock:
            if self._taken < most:
                self._counts[key] += 1
                self._taken += 1
            is_due = monotonic() - self._written_at >= every
            if is_due:
                self._written_at = monotonic()  # the other threads go on
        if is_due:
            self.write()

    def write(self):
        """Write what waits. While the database is away, it waits on."""
        with self._lock:
            counts, taken = self._counts, self._taken
            self._begin()
        if not counts:
            return
        try:
            self.record(counts)
        except Error:
            logger.exception("Counts could not be written; they wait for the next time.")
            with self._lock:
                self._counts.update(counts)
                self._taken += taken
