"""Where processes share pages at least cost: python bench/sharing.py

Prints microseconds to keep and to fetch one page of 18 KB in a file (avion/pagecache/files.py), in
Redis over a socket of this machine, and as a ratio to the file. Needs redis-server.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "avion.settings")

import redis

from avion.pagecache.entries import Entry
from avion.pagecache.files import Files

TIMES = 2000
PAGE = os.urandom(9_000).hex().encode()


def main():
    kept = {"number": 1, "made_at": 1, "until": 2, "vary": []}
    entry = Entry("200 OK", [("Content-Type", "text/html")], [PAGE], **kept)
    head, body = entry.kept()
    row = json.dumps(head).encode() + b"\n" + body
    with tempfile.TemporaryDirectory() as folder:
        files, socket = Files(Path(folder) / "pages", 10**9), Path(folder) / "redis"
        figures = {
            "kept in a file": lambda: files.put("page", entry),
            "fetched from a file": lambda: files.get("page"),
        }
        command = ["redis-server", "--port", "0", "--save", "", "--unixsocket", str(socket)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
            while not socket.exists():
                time.sleep(0.05)
            client = redis.Redis(unix_socket_path=str(socket))
            figures |= {
                "kept in Redis": lambda: client.set("page", row),
                "fetched from Redis": lambda: fetched(client),
            }
            took = {name: microseconds(act) for name, act in figures.items()}
            server.terminate()
    for name, figure in took.items():
        ratio = figure / took[f"{name.split()[0]} {'in' if 'kept' in name else 'from'} a file"]
        print(f"{name:<20} {figure:7.0f} µs {ratio:6.1f}")


def fetched(client) -> Entry:
    head, _line, body = client.get("page").partition(b"\n")
    return Entry.restored(json.loads(head), body)


def microseconds(act) -> float:
    begun = time.perf_counter()
    for _again in range(TIMES):
        act()
    return (time.perf_counter() - begun) / TIMES * 1_000_000


if __name__ == "__main__":
    main()
