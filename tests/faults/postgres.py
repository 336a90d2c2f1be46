"""Clusters of PostgreSQL of our own, which can be stopped, and a server's variables on them."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from tests.servers import static_root


class Postgres:
    """A cluster of our own, so that it can be stopped."""

    def __init__(self, primary=None):
        """primary: the cluster that this one is to be a streaming replica of."""
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
        self.binaries, self.folder = found[-1], Path(tempfile.mkdtemp(prefix="avion-fault-"))
        self.user = []
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
            self.user = ["runuser", "-u", "postgres", "--"]
        if primary:
            source = f"host={primary.folder} user=postgres"
            self._do("pg_basebackup", "-d", source, "-D", "data", "-R", "-c", "fast")
        else:
            self._do("initdb", "-D", "data", "-A", "trust", "-U", "postgres", "--locale=C.UTF-8")

    def _do(self, command, *arguments):
        subprocess.run(
            [*self.user, self.binaries / command, *arguments],
            cwd=self.folder,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL if command == "pg_ctl" else None,
        )

    @property
    def address(self):
        return f"postgres://postgres@/postgres?host={self.folder}"

    def start(self):
        options = f"-k {self.folder} -c listen_addresses= -c fsync=off"
        for attempt in range(50):  # the sessions of a postmaster that was killed hold its memory
            try:
                self._do("pg_ctl", "-D", "data", "-w", "-l", "log", "-o", options, "start")
            except subprocess.CalledProcessError:
                if attempt == 49:
                    raise
                time.sleep(0.2)
            else:
                return

    def stop(self):
        self._do("pg_ctl", "-D", "data", "-w", "-m", "immediate", "stop")

    def kill(self):
        """kill -9 of the postmaster: its sessions notice, each at its next step."""
        pid = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(pid, 0)

    def remove(self):
        if (self.folder / "data" / "postmaster.pid").exists():
            self.stop()
        shutil.rmtree(self.folder)


def variables(tmp_path, **more) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": "une-cle-assez-longue-pour-ne-rien-craindre-de-personne-0123456789",
        "SITE_URL": "http://127.0.0.1",
        "LOG_LEVEL": "CRITICAL",
        "STATIC_ROOT": static_root(),
        "MEDIA_ROOT": str(tmp_path / "media"),
        "PAGE_FILES": str(tmp_path / "pages"),
    } | more
