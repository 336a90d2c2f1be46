"""Long work that the desk starts: a management command in a process of its own.

Each job has a folder under var/jobs: job.json says what it is and what became of it, said.txt holds
what the command said on the way. A process that works holds a lock on the folder; one that was
killed lets it go, whatever job.json says, and can be started again.
"""

import fcntl
import json
import re
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from logging import getLogger
from pathlib import Path
from secrets import token_hex

from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone
from django.utils.translation import gettext as _

logger = getLogger(__name__)
STARTING = timedelta(seconds=20)  # that a process may need before it holds its lock
KEPT = timedelta(days=30)  # then a job and all that it made is thrown away
TRIES, PAUSE = 5, 0.05  # attempts to get the lock, seconds between them
LAST = 2000  # bytes at the end of what a command said, in which it says how far it is
FAR = re.compile(r"(\w+): (\d+)/(\d+)")


class BusyError(Exception):
    """Another job works: two at a time would be in each other's way."""


@dataclass
class Job:
    """kind: "import" or "export". command: name and arguments. status: "waiting", "started",
    "done" or "failed". note: what went wrong, in words for the desk. result: a file's name.
    """

    token: str
    kind: str
    by: str
    command: list[str] = field(default_factory=list)
    options: dict = field(default_factory=dict)  # what the desk chose, for its own pages
    status: str = "waiting"
    note: str = ""
    result: str = ""
    at: str = ""  # of the last change of `status`, ISO 8601

    @classmethod
    def create(cls, kind, by, **values) -> "Job":
        """Make a job with a folder of its own; throw away those whose time is over."""
        for old in cls.all():
            if not old.is_working and old.moment < timezone.now() - KEPT:
                shutil.rmtree(old.folder)
        job = cls(token_hex(8), kind, by, **values)
        job.folder.mkdir(parents=True)
        job.save(status="waiting")
        return job

    @classmethod
    def find(cls, token) -> "Job | None":
        """Return the job of a token; None if there is none."""
        path = _root() / token / "job.json"
        if not re.fullmatch(r"[0-9a-f]{16}", token) or not path.is_file():
            return None
        return cls(**json.loads(path.read_text(encoding="utf-8")))

    @classmethod
    def all(cls) -> list["Job"]:
        """Return all jobs, the last one first."""
        root = _root()
        tokens = [path.name for path in root.iterdir()] if root.is_dir() else []
        jobs = [job for token in tokens if (job := cls.find(token))]
        return sorted(jobs, key=lambda job: job.at, reverse=True)

    @property
    def folder(self) -> Path:
        return _root() / self.token

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.at)

    def save(self, **changes):
        """Change fields and write the job down, whole."""
        for name, value in changes.items():
            setattr(self, name, value)
        if "status" in changes:
            self.at = timezone.now().isoformat()
        part = self.folder / "job.json.part"
        part.write_text(json.dumps(asdict(self), ensure_ascii=False), encoding="utf-8")
        part.replace(self.folder / "job.json")

    def start(self):
        """Run the command in a process of its own. Raises BusyError while another job works."""
        if any(job.is_working for job in self.all()):
            raise BusyError
        self.save(status="started", note="")
        with (self.folder / "error.txt").open("wb") as error:
            subprocess.Popen(  # noqa: S603  # our own command, with a token of our own
                [sys.executable, settings.BASE_DIR / "manage.py", "run_job", self.token],
                stdin=subprocess.DEVNULL,
                stdout=error,
                stderr=error,
                start_new_session=True,
            )

    def run(self):
        """Run the command here and write down what became of it. Raises BusyError."""
        with self._locked(), (self.folder / "said.txt").open("w", 1, encoding="utf-8") as said:
            self.save(status="started", note="")
            try:
                call_command(*self.command, stdout=said, stderr=said, no_color=True)
            except CommandError as error:
                self.save(status="failed", note=str(error))
            except Exception:
                self.save(status="failed", note=_("A fault of ours: the log says more."))
                logger.exception("Job %s failed", self.token)
            else:
                self.save(status="done")

    @property
    def is_working(self) -> bool:
        if self.status != "started":
            return False
        return self._is_locked or timezone.now() - self.moment < STARTING

    @property
    def was_stopped(self) -> bool:
        """Whether the process ended without a word: it was killed."""
        return self.status == "started" and not self.is_working

    def progress(self) -> tuple[str, int, int] | None:
        """Return (what, done, total) as the command said it last; None if it has not yet."""
        path = self.folder / "said.txt"
        if not path.is_file():
            return None
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - LAST))
            found = FAR.findall(file.read().decode("utf-8", "replace"))
        return (found[-1][0], int(found[-1][1]), int(found[-1][2])) if found else None

    @contextmanager
    def _locked(self):
        with (self.folder / "lock").open("w") as lock:
            for attempt in range(TRIES):  # whoever looks whether it is locked holds it a moment
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError as error:
                    if attempt == TRIES - 1:
                        raise BusyError from error
                    time.sleep(PAUSE)
            yield

    @property
    def _is_locked(self) -> bool:
        try:
            with self._locked():
                return False
        except BusyError:
            return True


def _root() -> Path:
    return settings.VAR_DIR / "jobs"
