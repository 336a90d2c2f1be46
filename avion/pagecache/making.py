"""Who makes which page: one request each page, and few unknown pages at a time.

Anybody can make up addresses; whoever does must not take the threads in which known pages are
served. So it is counted who waits, and what goes beyond is refused at once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock, Semaphore

AT_A_TIME = 2  # unknown pages: more would only share the processor
WAITING = 4  # requests that wait long, of the 8 threads that a worker has
PATIENCE, BRIEF = 10, 2  # seconds that these wait for a page that another makes, and the others


class Making:
    """A page that a request is making.

    is_waiting: it has not come to its turn yet. is_slow: somebody waited for it in vain.
    """

    def __init__(self):
        self.is_waiting = self.is_slow = False
        self.done = Event()


class Makings:
    """The pages that are being made in this process, by their keys."""

    def __init__(self):
        self._lock, self._going = Lock(), {}
        self._turns, self._waiting = Semaphore(AT_A_TIME), Semaphore(WAITING)

    def begin(self, key) -> Making | None:
        """Return who makes this page already; None to whoever is to make it, and then to `end`."""
        with self._lock:
            other = self._going.get(key)
            if other is None:
                self._going[key] = Making()
            return other

    def end(self, key):
        with self._lock:
            making = self._going.pop(key)
        making.done.set()

    def wait_for(self, making) -> bool:
        """Wait until another request has made a page; False where that takes too long.

        Few wait long; a rush for a page that is soon made waits for a moment, and nobody beyond
        those few for one that turned out to be slow.
        """
        if making.is_waiting:
            return False
        if self._waiting.acquire(blocking=False):
            try:
                return making.done.wait(PATIENCE)
            finally:
                self._waiting.release()
        is_done = not making.is_slow and making.done.wait(BRIEF)
        making.is_slow = not is_done
        return is_done

    @contextmanager
    def turn(self, key) -> Iterator[bool]:
        """Wait for one's turn to make an unknown page; False at once where too many wait."""
        if not self._turns.acquire(blocking=False) and not self._wait(self._going[key]):
            yield False
            return
        try:
            yield True
        finally:
            self._turns.release()

    def _wait(self, making) -> bool:
        if not self._waiting.acquire(blocking=False):
            return False
        making.is_waiting = True
        try:
            return self._turns.acquire()
        finally:
            making.is_waiting = False
            self._waiting.release()
