"""How long readers wait while others wear the server down: python bench/crowd.py

Prints the median and the 99th percentile of a known page's latency in milliseconds, and the latter
as a ratio to the calm: 10,000 idle connections, slow clients, a flood of unknown addresses, and of
headers, each against granian itself. What nginx keeps away is shown by tests/deploy.
"""

import http.client
import statistics
import subprocess
import sys
import time

from pages import ROOT, Server, addresses, prepared

sys.path.insert(0, str(ROOT))
from tests.faults import crowd

READS = 500
OPTIONS = ["--backlog", "20000", "--backpressure", "20000"]


def main():
    environment = prepared(1314, None)
    path = addresses(environment)["article"]
    crowd.most(0)
    with Server(environment, *OPTIONS) as server:
        calm = waited(server, path)
        print(f"{'calm':<10} {calm[0]:8.2f} {calm[1]:8.2f}")
        for kind in crowd.KINDS:
            command = [sys.executable, "-m", "tests.faults.crowd", kind, str(server.port)]
            with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as attack:
                next(iter(attack.stdout or ()))  # it is at it
                middle, worst = waited(server, path)
                attack.kill()
            print(f"{kind:<10} {middle:8.2f} {worst:8.2f} {worst / calm[1]:6.1f}")
            time.sleep(2)


def waited(server, path) -> tuple[float, float]:
    """Return the median and the 99th percentile, in milliseconds, over one connection."""
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    times = []
    for _again in range(READS):
        begun = time.perf_counter()
        line.request("GET", path, headers={"Host": "127.0.0.1", "Accept-Encoding": "br"})
        line.getresponse().read()
        times.append((time.perf_counter() - begun) * 1000)
    line.close()
    return statistics.median(times), statistics.quantiles(times, n=100)[98]


if __name__ == "__main__":
    main()
