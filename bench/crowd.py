"""How long readers wait while others wear the server down: python bench/crowd.py

Prints the median and the 99th percentile of a known page's latency in milliseconds, and the latter
as a ratio to the calm: 10,000 idle connections, slow clients, a flood of unknown addresses, and of
headers; against granian itself, and against two nodes behind deploy/nginx/avion.conf. Then what a
known page costs behind nginx, TLS and both nodes included.
"""

import http.client
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from pages import addresses, prepared
from servers import ROOT, Process, Server

sys.path.insert(0, str(ROOT))
from tests.deploy.nginx import NAME, Site
from tests.faults import crowd

READS = 500
OPTIONS = ["--backlog", "20000", "--backpressure", "20000"]
# A fifth of the weight of nginx, as docs/deployment.md has it. Linux weighs sessions, of which each
# of our servers has one (sched(7), autogroup); elsewhere nice does it.
LIGHTLY = 'echo 7 2>/dev/null >/proc/self/autogroup; exec nice -n 7 "$@"'
BEHIND = {"ALLOWED_HOSTS": NAME, "BEHIND_PROXY": "on"}


def main():
    environment = prepared(1314, None)
    path = addresses(environment)["article"]
    crowd.most(0)
    with Server(environment, *OPTIONS) as server:
        print("granian alone: median, p99, p99 as a ratio to the calm")
        printed(lambda: http.client.HTTPConnection("127.0.0.1", server.port), server.port, path)
    with behind_nginx(environment | BEHIND) as site:
        print("behind nginx")
        printed(site.line, site.port, path, NAME)
    with behind_nginx(environment | BEHIND, {r"rate=30r/s": "rate=1000000r/s"}) as site:
        rate, cost = Behind(site).flooded(path)
        print(f"a known page behind nginx: {cost:.3f} ms of CPU, {rate:.0f} a second")


class Behind(Process):
    """nginx and its nodes, measured as one."""

    scheme, host = "https", NAME

    def __init__(self, site):
        self.site, self.port = site, site.port

    def roots(self):
        return [each.pid for each in (self.site.nginx, *(n.process for n in self.site.nodes))]


@contextmanager
def behind_nginx(environment, changes=None):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        site = Site(folder, environment, changes, within=["sh", "-c", LIGHTLY, "sh"])
        try:
            yield site
        finally:
            site.stop()


def printed(connected, port, path, *host):
    """Print what a reader waits; connected: returns a new connection. host: by TLS, to this one."""
    calm = waited(connected, path, *host)
    print(f"{'calm':<10} {calm[0]:8.2f} {calm[1]:8.2f}")
    for kind in crowd.KINDS:
        command = [sys.executable, "-m", "tests.faults.crowd", kind, str(port), *host]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as attack:
            next(iter(attack.stdout or ()))  # it is at it
            middle, worst = waited(connected, path, *host)
            attack.kill()
        print(f"{kind:<10} {middle:8.2f} {worst:8.2f} {worst / calm[1]:6.1f}")
        time.sleep(2)


def waited(connected, path, host="127.0.0.1") -> tuple[float, float]:
    """Return the median and the 99th percentile, in milliseconds, over one connection."""
    line = connected()
    times = []
    for _again in range(READS):
        begun = time.perf_counter()
        line.request("GET", path, headers={"Host": host, "Accept-Encoding": "br"})
        line.getresponse().read()
        times.append((time.perf_counter() - begun) * 1000)
        time.sleep(0.04)  # nginx lets an address ask for thirty pages a second
    line.close()
    return statistics.median(times), statistics.quantiles(times, n=100)[98]


if __name__ == "__main__":
    main()
