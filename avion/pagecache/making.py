"""Who makes which page: one request each page, and few unknown pages at a time.

Anybody can make up addresses; whoever does must not take the threads in which known pages are
served. So it is counted who waits, and what goes beyond is refused at once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock, Semaphore

AT_A_TIME = 2  # unknown pages: more would only share the processor
WAITING = 4  # requests that wait for unknown pages, of the 8 threads that a worker has
PATIENCE = 10  # seconds that one of these waits for a page that another makes
BRIEF = 2  # seconds that a rush waits, all of it, for a page that another makes


class Making:
    """A page that a request is making.

    is_waiting: it has not come to its turn yet. is_slow: a rush waited for it in vain.
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

    def wait_for(self, making, is_made_up) -> bool:
        """Wait until another request has made a page; False where that takes too long.

        A rush waits for a page with an address of its own, which is soon made: all of it, but
        briefly, and not at all once it waited in vain. is_made_up: anybody can make the question
        up, and it may be a slow one: few wait.
        """
        if making.is_waiting or making.is_slow:
            return False
        if not is_made_up:
            is_done = making.done.wait(BRIEF)
            making.is_slow = not is_done
            return is_done
        if not self._waiting.acquire(blocking=False):
            return False
        try:
            return making.done.wait(PATIENCE)
        finally:
            self._waiting.release()

    @contextmanager
    def turn(self, key=None) -> Iterator[bool]:
        """Wait for one's turn to make an unknown page; False at once where too many wait.

        key: of a page that was begun; None of one that is nobody else's.
        """
        making = self._going.get(key) or Making()
        if not self._turns.acquire(blocking=False) and not self._wait(making):
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
