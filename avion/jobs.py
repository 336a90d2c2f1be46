"""Long work that the desk starts: a management command in a process of its own.

Each job has a folder under var/jobs: job.json says what it is and what became of it, said.txt holds
what the command said on the way. The one that works holds the lock and has written its token
there; one that was killed lets it go, whatever job.json says, and can be started again.
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
SAID, REPORTS = "said.txt", ("report.html", "report.json", "summary.json")
FOUND = {"is_working", "is_locking"}  # not written down
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
    is_working: bool = False  # as it was found, and so is the next
    is_locking: bool = False

    @classmethod
    def create(cls, kind, by, **values) -> "Job":
        """Make a job with a folder of its own."""
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
        locked_by = _locked_by()  # before what the job says of itself, which may end it
        job = cls(**json.loads(path.read_text(encoding="utf-8")))
        began_now = timezone.now() - job.moment < STARTING
        job.is_locking = locked_by == token
        job.is_working = job.status == "started" and (job.is_locking or began_now)
        return job

    @classmethod
    def all(cls) -> list["Job"]:
        """Return all jobs, the last one first; those whose time is over are thrown away."""
        root = _root()
        tokens = [path.name for path in root.iterdir()] if root.is_dir() else []
        jobs = [job for token in tokens if (job := cls.find(token))]
        for job in jobs:
            if not job.is_working and job.moment < timezone.now() - KEPT:
                job.forget()
        found = [job for job in jobs if job.folder.exists()]
        return sorted(found, key=lambda job: job.at, reverse=True)

    def forget(self):
        """Throw away the job and all that it made."""
        shutil.rmtree(self.folder, ignore_errors=True)

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
        values = {name: value for name, value in asdict(self).items() if name not in FOUND}
        part.write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")
        part.replace(self.folder / "job.json")

    def start(self, **changes):
        """Change fields and run the command in a process of its own.

        Raises BusyError while another job works, and changes nothing then.
        """
        if any(job.is_working for job in self.all()):
            raise BusyError
        for left in (SAID, *REPORTS):  # of the run before
            (self.folder / left).unlink(missing_ok=True)
        self.save(**changes, status="started", note="")
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
        with _lock(self.token), (self.folder / SAID).open("w", 1, encoding="utf-8") as said:
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
    def was_stopped(self) -> bool:
        """Whether the process ended without a word: it was killed."""
        return self.status == "started" and not self.is_working

    def progress(self) -> tuple[str, int, int] | None:
        """Return (what, done, total) as the command said it last; None if it has not yet."""
        path = self.folder / SAID
        if not path.is_file():
            return None
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - LAST))
            found = FAR.findall(file.read().decode("utf-8", "replace"))
        return (found[-1][0], int(found[-1][1]), int(found[-1][2])) if found else None


def _root() -> Path:
    return settings.VAR_DIR / "jobs"


@contextmanager
def _lock(token):
    """Hold the one lock of all jobs. Raises BusyError."""
    with (_root() / "lock").open("a+", encoding="utf-8") as lock:
        for attempt in range(TRIES):  # whoever looks at it holds it a moment
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if attempt == TRIES - 1:
                    raise BusyError from error
                time.sleep(PAUSE)
        lock.truncate(0)
        lock.write(token)
        lock.flush()
        yield


def _locked_by() -> str:
    """Return the token of the job that works; "" if none does."""
    path = _root() / "lock"
    if not path.exists():
        return ""
    with path.open(encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return lock.read()
    return ""
