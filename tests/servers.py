"""The real server, in processes of its own, with an empty database that no other test uses."""

import atexit
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit
from uuid import uuid4

ROOT = Path(__file__).resolve().parent.parent


@cache
def static_root() -> str:
    """Return a folder with the static files, collected once for all servers of a process."""
    folder = TemporaryDirectory(prefix="avion-static-")
    atexit.register(folder.cleanup)
    command = [sys.executable, "-W", "ignore", "manage.py", "collectstatic", "--no-input", "-v0"]
    environment = os.environ | {"STATIC_ROOT": folder.name}
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    return folder.name


@contextmanager
def empty_database(folder):
    """Yield the environment of a server with a database of its own, on the engine under test."""
    variables = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": "une-cle-assez-longue-pour-ne-rien-craindre-de-personne-0123456789",
        "SITE_URL": "http://127.0.0.1",
        "LOG_LEVEL": "CRITICAL",
        "DATABASE_URL": f"sqlite:///{folder / 'site.sqlite3'}",
        "MEDIA_ROOT": str(folder / "media"),
        "PAGE_FILES": str(folder / "pages"),
        "STATIC_ROOT": static_root(),
    }
    address = os.environ.get("DATABASE_URL")  # bin/with-postgres sets it
    if not address:
        yield variables
        return
    import psycopg

    url = urlsplit(address)
    name = f"site_{uuid4().hex}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield variables | {"DATABASE_URL": url._replace(path=f"/{name}").geturl()}
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def run(code, environment):
    """Run Python in `manage.py shell` and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", "shell", "-v", "0", "-c", code],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """granian in a process group of its own, so that all of it can be killed at once.

    within: a command that runs the command which follows it, such as ["nice"].
    """

    def __init__(self, environment, folder=ROOT, within=(), **options):
        self.port = free_port()
        command = [*within, str(Path(sys.executable).with_name("granian")), "--interface", "wsgi"]
        command += ["--host", "127.0.0.1", "--port", str(self.port), "avion.wsgi:application"]
        command += [word for name, value in options.items() for word in (f"--{name}", str(value))]
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment | {"PYTHONWARNINGS": "ignore"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def workers(self) -> set[str]:
        """Return the ids of the server's processes but for the first."""
        pid = self.process.pid
        return set(Path(f"/proc/{pid}/task/{pid}/children").read_text().split())

    def wait_until_up(self):
        for _attempt in range(300):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError("the server did not come up")

    def get(self, path, **headers) -> tuple[int, str]:
        """Return the status and the body of a GET."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path, headers={"Host": "127.0.0.1"} | headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
