"""Servers on loopback whose CPU and memory are read from /proc: granian with the site, nginx."""

import http.client
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ASKED, WARMING = 60, 5  # requests, one after the other
SECONDS, CONNECTIONS = 3, 8  # of wrk
TICKS = os.sysconf("SC_CLK_TCK")
NGINX = """
worker_processes 1; daemon off; pid {folder}/pid; error_log /dev/null;
events {{ worker_connections 256; }}
http {{ access_log off; root {folder}/www; default_type text/html; client_body_temp_path {folder}/t;
  proxy_temp_path {folder}/t; fastcgi_temp_path {folder}/t; uwsgi_temp_path {folder}/t;
  scgi_temp_path {folder}/t; server {{ listen 127.0.0.1:{port}; }} }}
"""


class Process:
    """Something that listens on a port of loopback, measured from outside."""

    port: int
    scheme, host = "http", "127.0.0.1"

    def start(self, command, environment):
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, start_new_session=True
        )
        for _attempt in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise SystemExit(f"{command[0]} did not come up")

    def stop(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def get(self, path, coding="br") -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path, headers={"Host": "127.0.0.1", "Accept-Encoding": coding})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        if answer.status != 200:
            raise SystemExit(f"{path} answers {answer.status}")
        return body

    def timed(self, path) -> float:
        """Return the milliseconds of one answer."""
        begun = time.perf_counter()
        self.get(path)
        return (time.perf_counter() - begun) * 1000

    def made(self, path) -> tuple[float, float, float]:
        """Return CPU milliseconds a request, the median and the 99th percentile of the latency."""
        for _again in range(WARMING):
            self.get(path)
        before = self.cpu()
        times = [self.timed(path) for _again in range(ASKED)]
        cost = (self.cpu() - before) / ASKED
        return cost, statistics.median(times), statistics.quantiles(times, n=100)[98]

    def flooded(self, path) -> tuple[float, float]:
        """Return requests a second and CPU milliseconds a request under wrk."""
        before = self.cpu()
        address = f"{self.scheme}://127.0.0.1:{self.port}{path}"
        command = f"wrk -t1 -c{CONNECTIONS} -d{SECONDS}s {address}".split()
        command += ["-H", "Accept-Encoding: br", "-H", f"Host: {self.host}"]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        if "Non-2xx" in said:
            raise SystemExit(said)
        total = number_in(r"(\d+) requests in", said)
        return number_in(r"Requests/sec:\s+([\d.]+)", said), (self.cpu() - before) / total

    def cpu(self) -> float:
        """Return the CPU milliseconds that the process and its children have taken."""
        ticks = 0
        for pid in self.pids():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks * 1000 / TICKS

    def memory(self) -> float:
        """Return MiB that are this server's alone or shared in part (PSS)."""
        total = 0.0
        for pid in self.pids():
            said = Path(f"/proc/{pid}/smaps_rollup").read_text()
            total += number_in(r"(?m)^Pss:\s+(\d+)", said)
        return total / 1024

    def pids(self) -> list[int]:
        found = self.roots()
        for pid in found:
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
            found += map(int, children)
        return found

    def roots(self) -> list[int]:
        return [self.process.pid]


class Server(Process):
    """granian as the README starts it, with one worker, so that one core is measured."""

    def __init__(self, environment, *options, application="avion.wsgi:application"):
        self.environment, self.port = environment, free_port()
        self.options = [*options, application]

    def __enter__(self):
        options = f"--interface wsgi --host 127.0.0.1 --port {self.port} --workers 1"
        options += " --blocking-threads 8 --log-level error"
        granian = Path(sys.executable).with_name("granian")
        self.start([granian, *options.split(), *self.options], self.environment)
        return self

    def __exit__(self, *_error):
        self.stop()


class Nginx(Process):
    """nginx with one file."""

    def __init__(self, body):
        self.port, self.folder = free_port(), Path(tempfile.mkdtemp())
        (self.folder / "www").mkdir()
        self.folder.chmod(0o755)
        (self.folder / "www" / "index.html").write_bytes(body)
        settings = NGINX.format(folder=self.folder, port=self.port)
        (self.folder / "nginx.conf").write_text(settings)

    def __enter__(self):
        nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
        self.start([nginx, "-c", str(self.folder / "nginx.conf")], os.environ)
        return self

    def __exit__(self, *_error):
        self.stop()
        shutil.rmtree(self.folder)


def number_in(pattern, text) -> float:
    found = re.search(pattern, text)
    if found is None:
        raise SystemExit(f"{pattern} is not in: {text}")
    return float(found[1])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
