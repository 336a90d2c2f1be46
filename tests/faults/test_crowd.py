"""Ten thousand at once, and those who mean harm: readers of what is known read on.

How much longer they wait: bench/crowd.py.
"""

import asyncio
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from avion.pagecache.clock import LONGEST
from tests.faults import crowd
from tests.faults.postgres import variables
from tests.servers import ROOT, Server, run

PREPARE = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tests.factories import make_published
make_published("Un vol", slug="un-vol")
make_published("Autre vol", slug="autre-vol")
"""
READS = 60


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("crowd")
    (folder / "metrics").mkdir()
    environment = variables(
        folder,
        DATABASE_URL=f"sqlite:///{folder / 'site.sqlite3'}",
        METRICS_TOKEN="jeton",
        PROMETHEUS_MULTIPROC_DIR=str(folder / "metrics"),
    )
    run(PREPARE, environment)
    crowd.most(0)  # the server may open as many files as the machine allows
    # Beyond `backpressure` granian takes no connection.
    options = {"backlog": 20_000, "backpressure": 20_000, "blocking-threads": 8}
    server = Server(environment, workers=2, **options)
    try:
        server.wait_until_up()
        yield server
    finally:
        server.kill()


def made(server) -> float:
    _status, text = server.get("/metrics", Authorization="Bearer jeton")
    found = re.search(r'avion_page_cache_total\{answer="made"\} (\S+)', text)
    return float(found[1]) if found else 0


def test_ten_thousand_who_come_first_have_it_made_once(server):
    number, before, begun = crowd.most(10_000), made(server), time.monotonic()
    with ThreadPoolExecutor(1) as apart:  # Playwright's loop runs in the thread of the tests
        crowded = apart.submit(lambda: asyncio.run(crowd.first(server.port, "/autre-vol/", number)))
        answers = crowded.result()
    assert len(answers) == number
    assert {status for status, _body in answers} == {b"HTTP/1.1 200 OK"}
    assert len({body for _status, body in answers}) == 1
    once = {1}  # for both of its processes
    if time.monotonic() - begun > LONGEST:  # then it was made anew
        once = {1, 2, 3}
    assert made(server) - before in once


@pytest.mark.parametrize("kind", sorted(crowd.KINDS))
def test_readers_read_on(server, kind):
    known = server.get("/un-vol/")
    assert known[0] == 200
    command = [sys.executable, "-m", "tests.faults.crowd", kind, str(server.port)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as attack:
        try:
            assert attack.stdout.readline() == "ready\n"
            for _again in range(READS):
                assert server.get("/un-vol/") == known
            assert attack.poll() is None
        finally:
            attack.kill()
    assert server.get("/un-vol/") == known
