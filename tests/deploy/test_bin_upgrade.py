"""bin/upgrade, run for real: readers read on, the desk is closed, and there is a way back."""

import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.servers import ROOT, Server, empty_database

PREPARE = """
from tests.factories import make_published
make_published("Un vol", slug="un-vol")
"""
LOOK = """
from articles.models import Article
print(",".join(Article.objects.values_list("title", flat=True)))
"""
MIGRATION = """
from django.db import migrations

def change(apps, schema_editor):
    apps.get_model("articles", "Article").objects.update(title="{title}")
    {then}

class Migration(migrations.Migration):
    dependencies = [("avion", "{last}"), ("articles", "0001_initial")]
    operations = [migrations.RunPython(change)]
    atomic = False
"""


class Site:
    """A site whose code is a clone, as docs/operations.md has it, and its releases."""

    def __init__(self, folder, environment):
        self.origin, self.folder = folder / "origin", folder / "site"
        self.environment = environment | {"HOME": str(folder), "AVION_ENV": str(folder / "env")}
        ignored = shutil.ignore_patterns(".git", ".venv", "var", "__pycache__", ".*_cache")
        shutil.copytree(ROOT, self.origin, ignore=ignored)
        self.git("init", "--quiet", "--initial-branch=main")
        self.release("un")
        self._migration("9000_next", title="Changé", then="")
        self.release("deux")
        self._migration("9001_fault", title="À moitié", then="raise RuntimeError('no')")
        self.release("faute")
        self.git("clone", "--quiet", "--branch=un", str(self.origin), str(self.folder))
        self._share_packages()
        lines = [f'{name}="{value}"\n' for name, value in environment.items()]
        (folder / "env").write_text("".join(lines))

    def _migration(self, name, **values):
        folder = self.origin / "avion" / "migrations"
        last = max(folder.glob("[0-9]*.py")).stem
        (folder / f"{name}.py").write_text(MIGRATION.format(last=last, **values))

    def _share_packages(self):
        """Give the site the packages that are installed here, which are those that it asks for."""
        known, own = Path(sys.prefix), self.folder / ".venv"
        own.mkdir()
        shutil.copy(known / "pyvenv.cfg", own)
        for each in ("bin", "lib"):
            (own / each).symlink_to(known / each)

    def git(self, *words, folder=None):
        who = ("-c", "user.name=Avion", "-c", "user.email=avion@avion.example")
        done = self.run("git", *who, *words, folder=folder or self.origin)
        assert done.returncode == 0, done.stderr

    def release(self, name):
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", name)
        self.git("tag", name)

    def run(self, *command, folder=None):
        return subprocess.run(
            command,
            cwd=folder or self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def manage(self, *words) -> str:
        done = self.run(".venv/bin/python", "-W", "ignore", "manage.py", *words)
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture
def site(tmp_path):
    with empty_database(tmp_path) as environment:
        site = Site(tmp_path, environment | {"STATIC_ROOT": str(tmp_path / "static")})
        site.manage("migrate", "-v0")
        site.manage("collectstatic", "--no-input", "-v0")
        site.manage("shell", "-v0", "-c", PREPARE)
        yield site


@pytest.fixture
def server(site):
    server = Server(site.environment, folder=site.folder, workers=1)
    server.wait_until_up()
    yield server
    server.kill()


@pytest.fixture
def readers(server):
    """Two readers of the old code, one of a known page, one of a new page each time."""
    over, answers = threading.Event(), []

    def read(of):
        number = 0
        while not over.is_set():
            number += 1
            answers.append(server.get(of.format(number))[0])
            over.wait(0.05)

    threads = [
        threading.Thread(target=read, args=[of]) for of in ("/un-vol/", "/recherche/?q=vol{}")
    ]
    for thread in threads:
        thread.start()
    yield answers
    over.set()
    for thread in threads:
        thread.join()


def test_an_upgrade_and_one_that_fails_with_the_way_back(site, server, readers):
    def titles():
        return site.manage("shell", "-v0", "-c", LOOK).strip()

    done = site.run("bin/upgrade", "deux")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "kill -HUP" in done.stdout
    assert titles() == "Changé"
    assert server.get("/admin/")[0] == 302
    [before] = (site.folder / "var").glob("before-*.tar")
    before.unlink()

    failed = site.run("bin/upgrade", "faute")
    assert failed.returncode != 0
    assert titles() == "À moitié"
    assert server.get("/admin/")[0] == 503
    [before] = (site.folder / "var").glob("before-*.tar")
    assert f"restore --replace var/{before.name}" in failed.stdout
    site.git("checkout", "--quiet", "deux", folder=site.folder)
    site.manage("restore", "--replace", f"var/{before.name}")
    site.manage("maintenance", "off")
    assert titles() == "Changé"
    assert server.get("/admin/")[0] == 302

    assert site.run("bin/upgrade", "jamais").returncode != 0
    assert server.get("/admin/")[0] == 302  # and the desk is open
    assert len(readers) > 20
    assert set(readers) == {200}
