"""Pages in files that the processes of a machine share, and that outlive them.

A page that one process made, the others need not make; and after a restart while the database is
away, there is something to serve. Nothing is trusted but what its digest vouches for.
"""

import fcntl
import json
import logging
import os
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from threading import Lock, get_ident
from time import monotonic, sleep

from avion.pagecache.entries import Entry

logger = logging.getLogger(__name__)
CLAIMS = "claims"  # a file of no content: whoever makes a page holds a lock on one byte of it
POLL = 0.01  # seconds between two looks at whether another process is done
SLACK = 8  # the folder is looked through each time that one part in so many of it was written


class Files:
    """Pages in files, and which process makes which.

    folder: made unless it is there. most: bytes; what was written longest ago goes first.

    edition: of the code. What another one made is never fresh.
    """

    def __init__(self, folder: Path, most: int, edition: str = ""):
        self.folder, self.most, self.edition = folder, most, edition
        self._written, self._is_well, self._lock = most, True, Lock()
        self._claims = self._opened()

    def _opened(self) -> int | None:
        """Open the file of claims for good: locks go with the first of its descriptors to close.

        None where none can be made: then each process makes its own pages.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            return os.open(self.folder / CLAIMS, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            logger.warning("Pages cannot be shared in %s: %s", self.folder, error)
            return None

    def get(self, key) -> Entry | None:
        """Return what is kept under a key; None if nothing is, or nothing that can be read."""
        try:
            head, _line, body = self._path(key).read_bytes().partition(b"\n")
            told = json.loads(head)
            entry = Entry.restored(told, body)
            if told["edition"] != self.edition:
                entry.number = None
            return entry
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            logger.warning("A page in %s cannot be read: %r", self.folder, error)
            return None

    def put(self, key, entry):
        """Keep a page. Where the disk is full, readers are served without it."""
        head, body = entry.kept()
        path = self._path(key)
        new = path.with_suffix(f".{os.getpid()}-{get_ident()}")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            head |= {"edition": self.edition}
            new.write_bytes(json.dumps(head).encode() + b"\n" + body)
            new.replace(path)
        except OSError as error:
            if self._is_well:
                logger.warning("Pages cannot be shared in %s: %s", self.folder, error)
            self._is_well = False
            with suppress(OSError):
                new.unlink(missing_ok=True)
            return
        self._is_well = True
        with self._lock:
            self._written += len(body)
            is_time = self._written >= self.most / SLACK
            self._written = 0 if is_time else self._written
        if is_time:
            with suppress(OSError):  # others tidy up, too; next time, then
                self._make_room()

    def drop(self, key):
        """Forget what is kept under a key, if anything is."""
        with suppress(OSError):
            self._path(key).unlink(missing_ok=True)

    @contextmanager
    def claimed(self, key, patience):
        """Be the one process that makes a page; wait up to so many seconds for another that does.

        Yields False where that one still makes it. A process that dies gives its pages free.
        """
        place = int(_digest(key)[:15], 16)
        is_ours = self._claim(place, monotonic() + patience)
        try:
            yield is_ours
        finally:
            if is_ours and self._claims is not None:
                with suppress(OSError):
                    fcntl.lockf(self._claims, fcntl.LOCK_UN, 1, place)

    def _claim(self, place, end) -> bool:
        while self._claims is not None:
            try:
                fcntl.lockf(self._claims, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
            except BlockingIOError:
                if monotonic() >= end:
                    return False
                sleep(POLL)
            except OSError:  # a file system without locks: then each makes its own
                break
            else:
                break
        return True

    def _path(self, key) -> Path:
        return self.folder / _digest(key)[:40]

    def _make_room(self):
        found, size = [], 0
        with os.scandir(self.folder) as files:
            for entry in files:
                with suppress(FileNotFoundError):
                    told = entry.stat()
                    if entry.is_file() and entry.name != CLAIMS:
                        found.append((told.st_mtime, told.st_size, entry.path))
                        size += told.st_size
        for _at, length, path in sorted(found):
            if size <= self.most:
                break
            Path(path).unlink(missing_ok=True)
            size -= length


def _digest(key) -> str:
    return sha256(repr(key).encode()).hexdigest()


def edition_of(*folders: Path) -> str:
    """Return what changes with any file of a site's code and templates: the latest change, and how
    many they are.
    """
    changed = [
        path.stat().st_mtime_ns
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix in {".py", ".html", ".xml", ".mo", ".json"}
    ]
    return f"{max(changed, default=0)}-{len(changed)}"
