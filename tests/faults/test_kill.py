"""kill -9 at 200 random instants of publishing, autosave, uploads, imports and background work.

KILLS sets another number. The server itself under the desk's form: tests/avion/test_kill.py.
"""

import json
import os
import subprocess
import sys

import pytest

from tests.faults.postgres import variables
from tests.servers import ROOT, run

KILLS = int(os.environ.get("KILLS", "100"))  # on each engine
STOPS = int(os.environ.get("STOPS", "4"))  # of the database, under a writer
PREPARE = 'from django.core.management import call_command; call_command("migrate", verbosity=0)'
KILL = "from tests.faults.killing import main; main({kills}, {folder!r})"

# Publish a story again and again until told to end; what was acknowledged must be there then.
WRITE = """
import select, sys, time
from django.db import Error, connection
from tests.faults.killing import NUMBER, check_articles
from tests.factories import make_article, make_author
from articles.models import Article
from articles.publishing import publish
pk, said = make_article("0 de 0", authors=[make_author("Zoé Vent")]).pk, []
while not select.select([sys.stdin], [], [], 0)[0]:
    try:
        article = Article.objects.get(pk=pk)
        number = int(NUMBER.match(article.title)[0]) + 1
        article.title, article.body = f"{number} de 0", f"<p>Le corps {number}.</p>"
        article.save()
        article.tags.set([f"mot {number}", f"terme {number}"])
        publish(article)
        said.append(f"{pk}:{number}")
        print(said[-1], flush=True)
        check_articles(said)
    except Error:  # what an editor would be told; nothing of it may be there by half
        connection.close()
        time.sleep(0.05)
check_articles(said)
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def environment(request, tmp_path):
    if request.param == "sqlite":
        yield variables(
            tmp_path, DATABASE_URL=f"sqlite:///{tmp_path / 'site.sqlite3'}", TASKS_WORKER="1"
        )
        return
    postgres = request.getfixturevalue("postgres")
    yield variables(tmp_path, DATABASE_URL=postgres.address, TASKS_WORKER="1")


def test_no_kill_loses_or_halves_anything(environment, tmp_path):
    run(PREPARE, environment)
    said = run(KILL.format(kills=KILLS, folder=str(tmp_path)), environment)
    done = json.loads(said.splitlines()[-1])
    assert sum(done["struck"].values()) == KILLS
    assert min(done["struck"].values()) >= KILLS // 5
    for kind in ("publish", "autosave", "upload"):
        assert done["acknowledged"][kind] > 0


def test_a_database_that_is_killed_loses_nothing_it_acknowledged(postgres, tmp_path):
    environment = variables(tmp_path, DATABASE_URL=postgres.address)
    run(PREPARE, environment)
    with (tmp_path / "faults").open("w+") as faults:
        writer = subprocess.Popen(
            [sys.executable, "-W", "ignore", "manage.py", "shell", "-v0", "-c", WRITE],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=faults,
            text=True,
        )
        for stop in range(STOPS):
            for _number in range(2 + stop):  # each line is a publication
                assert writer.stdout.readline(), (tmp_path / "faults").read_text()[-2000:]
            postgres.kill()
            postgres.start()
        writer.communicate("over\n", timeout=60)
        assert writer.returncode == 0, (tmp_path / "faults").read_text()[-2000:]
