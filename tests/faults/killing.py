"""Kills at random instants, in `manage.py shell` of a site of its own: see test_kill.py.

The process forks children that write, and kills each with -9 after some milliseconds. What a child
was told is done it says through a pipe, so that the kill cannot take it back.
"""

import json
import os
import random
import re
import select
import signal
import sys
import time
import traceback
from collections import Counter
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from unittest import mock

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection, connections
from django.db.models import Count
from django.test import Client
from django_tasks_db.models import DBTaskResult
from PIL import Image as Picture

from articles.images import stock
from articles.images.tasks import make_renditions
from articles.models import (
    Article,
    Buffer,
    Image,
    MonthCount,
    Origin,
    PublishedArticle,
    PublishedByline,
    PublishedTagging,
)
from articles.publishing import publish
from articles.reading.counts import live_counts
from articles.search import search
from authors.models import User
from avion import timers
from avion.apps import close_pools
from tests.articles.wxr_files import attachment, item, write
from tests.factories import make_article, make_author, make_image, make_section, photograph

STORIES, POSTS, FILES, PICTURES = 3, 60, 5, 3
LONGEST = {  # seconds that a child lives at first: what is too short on this machine grows
    "publish": 0.2,
    "autosave": 0.2,
    "upload": 0.4,
    "import": 0.6,
    "work": 1.2,
}
KEY = "5f4f2f7e-6e0c-4d3e-9b57-0a8f5d3c1b2a"  # of the form that somebody has open
NUMBER = re.compile(r"\d+")


def main(kills, folder):
    """Kill so many children that are at it, of each kind as many.

    One that had come to its end before does not count. Raises AssertionError over whatever is
    wrong, or where three of four come to their end, or where none of a kind got anything done.
    """
    dice, acts = random.Random(), Acts(Path(folder))
    acknowledged: dict[str, list[str]] = {kind: [] for kind in LONGEST}
    lives, struck, at_work = dict(LONGEST), Counter[str](), Counter[str]()
    for _attempt in range(4 * kills):
        if struck.total() == kills:
            break
        kind = min(LONGEST, key=lambda each: struck[each])
        acts.provide(kind)
        act = getattr(acts, kind.replace("import", "bring"))
        before = acts.done(kind)
        said, is_struck = killed(act, dice.uniform(0, lives[kind]))
        acknowledged[kind] += said
        struck[kind] += is_struck
        if not is_struck:
            lives[kind] /= 1.3
        elif said or acts.done(kind) > before:
            at_work[kind] += 1
        else:
            lives[kind] *= 1.3
        if kind == "publish":
            check_articles(acknowledged["publish"])
        elif kind == "autosave":
            acts.check_autosave(acknowledged["autosave"])
    else:
        raise AssertionError(f"three of four came to their end before: {struck}")
    check_uploads(acknowledged["upload"])
    assert set(at_work) == set(LONGEST), at_work
    acts.check_import()
    acts.check_work()
    told = {kind: len(said) for kind, said in acknowledged.items()}
    json.dump({"struck": struck, "at_work": at_work, "acknowledged": told}, sys.stdout)


def killed(act, seconds) -> tuple[list[str], bool]:
    """Let a child act until it is killed.

    Return the lines that it got out before, and whether it was still at it.
    """
    connections.close_all()
    close_pools()  # whose threads no child would have
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            act(lambda said: os.write(writing, f"{said}\n".encode()))
        except BaseException:  # noqa: BLE001  # the parent is told, and the child must not go on
            os.write(writing, traceback.format_exc().encode())
            os._exit(1)
        os._exit(0)
    os.close(writing)
    process = os.pidfd_open(child)
    select.select([process], [], [], seconds)  # whoever has come to its end is not waited for
    os.close(process)
    os.kill(child, signal.SIGKILL)
    status = os.waitpid(child, 0)[1]
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    assert not os.WIFEXITED(status) or os.WEXITSTATUS(status) == 0, said
    return said.split(), os.WIFSIGNALED(status)


class Acts:
    """What children do until they are killed. Each takes a function that acknowledges."""

    def __init__(self, folder):
        section, author = make_section("Essais"), make_author("Zoé Vent")
        self.folder, self.posts = folder, 0
        self.draft = make_article("0").pk
        self.stories = [
            make_article(f"0 de {place}", section=section, authors=[author]).pk
            for place in range(STORIES)
        ]
        user = User.objects.create_superuser("e@avion.example", None, name="E")
        self.client = Client(headers={"host": "127.0.0.1"})
        self.client.force_login(user)
        uploads = folder / "uploads" / "2020" / "05"
        uploads.mkdir(parents=True)
        for number in range(1, FILES + 1):
            (uploads / f"photo-{number}.jpg").write_bytes(photograph(number))
        self.options = {"media": str(folder / "uploads"), "verbosity": 0}
        self._upload()  # the first one is slow: views and templates are read
        self.pictures: list[int] = []
        for _number in range(PICTURES):
            self._enqueue()

    def provide(self, kind):
        """See that whoever imports or works has something left to do."""
        if kind == "import" and self._brought().count() == self.posts:
            first = 100 + self.posts
            self.posts += POSTS
            posts = [item(pk, f"Ancien {pk}") for pk in range(first, first + POSTS)]
            files = [attachment(pk, f"photo-{pk}.jpg") for pk in range(1, FILES + 1)]
            self.export = str(write(self.folder, *files, *posts))
        while kind == "work" and DBTaskResult.objects.ready().count() < PICTURES:
            self._enqueue()

    def _enqueue(self):
        image = make_image(file=ContentFile(photograph(size=(900, 600)), name="t.jpg"))
        make_renditions.enqueue(image.pk)
        self.pictures.append(image.pk)

    def done(self, kind) -> int:
        """Return how many posts were brought over, or pictures made; 0 of what says so itself."""
        if kind == "import":
            return self._brought().count()
        if kind == "work":
            return len(set(self.pictures) - {image.pk for image in stock.lacking()})
        return 0

    def _brought(self):
        return Article.objects.filter(origins__kind="post")

    def publish(self, acknowledge):
        """Give a story the next number in all its parts, and publish it."""
        while True:
            for place, pk in enumerate(self.stories):
                article = Article.objects.get(pk=pk)
                number = int(NUMBER.match(article.title)[0]) + 1
                article.title = f"{number} de {place}"
                article.body = f"<p>Le corps {number}.</p>"
                article.save()
                article.tags.set([f"mot {number}", f"terme {number}"])
                publish(article)
                acknowledge(f"{pk}:{number}")

    def autosave(self, acknowledge):
        """Keep what is typed, as the form of the desk does while somebody writes."""
        number = int(Buffer.objects.get().title) if Buffer.objects.exists() else 0
        while True:
            number += 1
            answer = self.client.post(
                "/admin/articles/article/autosave/",
                {
                    "article": self.draft,
                    "buffer_key": KEY,
                    "kept": 1,
                    "seen_version": 1,
                    "title": number,
                    "body": f"<p>Le corps {number}.</p>",
                },
            )
            assert answer.status_code == 200, answer.content
            acknowledge(number)

    def check_autosave(self, acknowledged):
        """Nothing that was kept is lost, and what is there is of one moment."""
        wait_for_the_dead()
        for buffer in Buffer.objects.all():  # none before the first was kept
            assert f"corps+{buffer.title}." in buffer.data
        kept = [int(buffer.title) for buffer in Buffer.objects.all()]
        assert len(kept) == 1 or not (kept or acknowledged)
        assert max(kept, default=0) >= max(map(int, acknowledged), default=0)

    def upload(self, acknowledge):
        while True:
            acknowledge(self._upload())

    def _upload(self) -> int:
        """Upload a picture as the desk does; return its id."""
        content = BytesIO()  # like no other, or its twin would be named
        noise = Picture.frombytes("L", (16, 10), os.urandom(160))
        noise.resize((96, 60)).save(content, "JPEG")
        answer = self.client.post(
            "/admin/articles/image/upload/",
            {
                "files": SimpleUploadedFile("bruit.jpg", content.getvalue(), "image/jpeg"),
                "credit": "Zoé Vent",
                "licence": "reserved",
            },
            headers={"accept": "application/json"},
        )
        assert answer.status_code == 201, answer.content
        return Image.objects.latest("pk").pk

    def bring(self, _acknowledge):
        call_command("import_wordpress", self.export, **self.options, stdout=StringIO())

    def work(self, _acknowledge):
        """Do one task after another as a worker does, those first that a killed one left."""
        with mock.patch.object(timers, "LEFT", timedelta(0)):
            timers.take_up_what_was_left()
        call_command("worker", batch=True, startup_delay=False, verbosity=0)

    def check_import(self):
        """Let it come to its end once: everything is there, once."""
        self.bring(None)
        brought = self._brought()
        assert brought.count() == len(set(brought.values_list("pk", flat=True))) == self.posts
        assert PublishedArticle.objects.filter(title__startswith="Ancien").count() == self.posts
        assert Article.objects.filter(title__startswith="Ancien").count() == self.posts
        files = Origin.objects.filter(kind=Origin.Kind.FILE).values_list("image", flat=True)
        assert len(set(files)) == files.count() == FILES
        assert None not in files

    def check_work(self):
        """Let a worker come to its end: every picture has its renditions, no task is left."""
        self.work(None)
        assert not DBTaskResult.objects.running().exists()
        assert not DBTaskResult.objects.ready().exists()
        lacking = {image.pk for image in stock.lacking()}
        failed = DBTaskResult.objects.failed().count()  # by its third killed worker
        assert len(lacking & set(self.pictures)) <= failed
        call_command("renditions", verbosity=0, stdout=StringIO())
        assert stock.lacking() == []


def check_articles(acknowledged):
    """Compare every readers' copy with itself: its parts are of one publication, the last."""
    wait_for_the_dead()
    least: dict[int, int] = {}
    for pk, number in (map(int, said.split(":")) for said in acknowledged):
        least[pk] = max(number, least.get(pk, 0))
    for copy in PublishedArticle.objects.filter(pk__in=least).for_page():
        number = int(NUMBER.match(copy.title)[0])
        assert number >= least[copy.pk]
        assert NUMBER.findall(copy.body) == [str(number)]
        assert {tag.name for tag in copy.tags} == {f"mot {number}", f"terme {number}"}
        assert len(copy.authors) == 1
        assert copy.pk in {found.pk for found in search(f"corps {number}")}
    assert PublishedArticle.objects.filter(pk__in=least).count() == len(least)
    counted = {
        MonthCount.Kind.SECTION: (PublishedArticle, "section"),
        MonthCount.Kind.TAG: (PublishedTagging, "tag"),
        MonthCount.Kind.AUTHOR: (PublishedByline, "author"),
    }
    for kind, (model, name) in counted.items():
        rows = model.objects.order_by().values_list(name).annotate(Count("pk"))
        assert live_counts(kind, "key") == dict(rows), kind
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA quick_check")
            assert cursor.fetchone() == ("ok",)


def wait_for_the_dead():
    """Wait until PostgreSQL has ended the sessions of who was killed: one may be committing."""
    if connection.vendor != "postgresql":
        return
    for _attempt in range(6000):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid() AND state <> 'idle' "
                "AND backend_type = 'client backend'"
            )
            if cursor.fetchone() == (0,):
                return
        time.sleep(0.01)
    raise AssertionError("a session of who was killed goes on")


def check_uploads(acknowledged):
    """Each row has its file; a file without a row is found by the clean-up."""
    assert set(map(int, acknowledged)) <= set(Image.objects.values_list("pk", flat=True))
    for image in Image.objects.all():
        assert default_storage.size(image.file.name) > 0
        with image.file.open() as file:
            assert file.read(2) == b"\xff\xd8", image.file.name
    with mock.patch.object(stock, "SETTLED", timedelta(0)):
        stock.remove(stock.orphans())
    names = set(Image.objects.values_list("file", flat=True))
    assert set(stock._files(stock.ORIGINALS)) == names
