"""The database is away, or busy, and readers read on."""

import os
import subprocess
import sys
import threading
import time
from collections import Counter

from tests.faults.postgres import variables
from tests.servers import ROOT, Server, run

AWAY = 60  # seconds without a database
SECONDS = int(os.environ.get("FAULT_SECONDS", "8"))  # with two that write and many that read
PREPARE = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tests.factories import make_published
for number in range(5):
    make_published(f"Vol {number}", slug=f"vol-{number}", tags=["Rafale"])
"""
PUBLISH = """
from articles.models import Article
from articles.publishing import publish
article = Article.objects.get(slug="vol-0")
article.title = "Vol corrigé"
article.save()
publish(article)
"""
WRITE = """
import sys, time
from articles.models import Article
from articles.publishing import publish
end = time.monotonic() + float({seconds})
count = 0
while time.monotonic() < end:
    article = Article.objects.get(slug=f"vol-{{count % 5}}")
    article.title = f"Vol {{count}}"
    article.save()
    article.touch()
    publish(article)
    count += 1
print(count)
"""
PAGES = ["/", "/vol-0/", "/vol-1/", "/tag/rafale/", "/feed/"]


class Readers:
    """Threads that read pages, and what they were answered. pause: seconds between two pages."""

    def __init__(self, server, number, pause=0.0):
        self.over, self.answers, self.pause = threading.Event(), Counter(), pause
        self.threads = [
            threading.Thread(target=self._read, args=[server, each]) for each in range(number)
        ]

    def _read(self, server, number):
        while not self.over.is_set():
            path = PAGES[number % len(PAGES)]
            try:
                status, _body = server.get(path)
            except OSError as error:
                status = repr(error)
            self.answers[path, status] += 1
            number += 1
            self.over.wait(self.pause)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_error):
        self.over.set()
        for thread in self.threads:
            thread.join()


def test_known_pages_are_served_while_the_database_is_away(postgres, tmp_path):
    environment = variables(tmp_path, DATABASE_URL=postgres.address)
    run(PREPARE, environment)
    server = Server(environment, workers=1)
    try:
        server.wait_until_up()
        for path in PAGES:
            assert server.get(path)[0] == 200
        with Readers(server, 4, pause=0.02) as readers:  # up to two hundred pages a second
            time.sleep(1)
            postgres.stop()
            time.sleep(AWAY)
            assert server.get("/readyz")[0] == 503
            assert server.get("/healthz")[0] == 200
            assert server.get("/jamais-vu/")[0] == 503
            postgres.start()
            run(PUBLISH, environment)
            end = time.monotonic() + 60
            while "corrigé" not in server.get("/vol-0/")[1]:
                assert time.monotonic() < end, "what was published since is not shown"
                time.sleep(0.2)
        assert {status for _path, status in readers.answers} == {200}
        assert sum(readers.answers.values()) > 1000
    finally:
        server.kill()


def test_a_writer_and_many_readers_never_meet_a_locked_database(tmp_path):
    environment = variables(
        tmp_path, DATABASE_URL=f"sqlite:///{tmp_path / 'site.sqlite3'}", PAGE_CACHE_MB="0"
    )
    run(PREPARE, environment)
    server = Server(environment, workers=2)
    try:
        server.wait_until_up()
        with Readers(server, 32) as readers:
            command = ["-c", WRITE.format(seconds=SECONDS)]
            writers = [
                subprocess.Popen(
                    [sys.executable, "-W", "ignore", "manage.py", "shell", "-v0", *command],
                    cwd=ROOT,
                    env=environment,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                )
                for _writer in range(2)
            ]
            said = [writer.communicate(timeout=SECONDS + 60) for writer in writers]
        assert [writer.returncode for writer in writers] == [0, 0], said
        assert all(int(out) > 0 for out, _error in said)
        assert {status for _path, status in readers.answers} == {200}
    finally:
        server.kill()
