"""The pages of one process, bounded in bytes: what was asked for longest ago goes first."""

from collections import OrderedDict
from threading import Lock


class Memory:
    """most: bytes. A page that is larger than an eighth of it is not kept."""

    def __init__(self, most):
        self.most, self.size = most, 0
        self._pages = OrderedDict()
        self._lock = Lock()

    def get(self, key):
        """Return what is kept under a key, and keep it longer; None if nothing is."""
        entry = self._pages.get(key)
        if entry is not None:
            try:
                self._pages.move_to_end(key)
            except KeyError:  # another thread threw it away just now
                return entry
        return entry

    def put(self, key, entry):
        """Keep a page in place of what was kept under its key."""
        if entry.size > self.most / 8:
            return
        with self._lock:
            before = self._pages.pop(key, None)
            self._pages[key] = entry
            self.size += entry.size - (before.size if before else 0)
            while self.size > self.most:
                _key, oldest = self._pages.popitem(last=False)
                self.size -= oldest.size

    def drop(self, key):
        """Forget what is kept under a key, if anything is."""
        with self._lock:
            before = self._pages.pop(key, None)
            self.size -= before.size if before else 0

    def __len__(self):
        return len(self._pages)
