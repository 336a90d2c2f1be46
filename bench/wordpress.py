"""Moving house: a generated export with its pictures on loopback, and a long one without.

    .venv/bin/python bench/wordpress.py [posts with pictures] [posts without]
    bin/with-postgres .venv/bin/python bench/wordpress.py

Prints entries a second and the peak of memory after each tenth, so that growth shows; asserts
nothing. Without numbers: 1,314 posts with pictures, the customer's house, and 10,000 without.
"""

import os
import random
import resource
import sys
import tempfile
import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parent.parent))
FOLDER = Path(tempfile.mkdtemp())
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "avion.settings",
    "SECRET_KEY": "only-measured-never-served-only-measured-never-served",
    "SITE_URL": "https://avion.test",
    "MEDIA_ROOT": str(FOLDER / "media"),
}
os.environ.setdefault("DATABASE_URL", f"sqlite:///{FOLDER / 'bench.sqlite3'}")

import django  # noqa: E402  # after the environment

django.setup()

from django.conf import settings  # noqa: E402  # after setup()
from django.core.management import call_command  # noqa: E402  # after setup()

from articles.wordpress import wxr  # noqa: E402  # after setup()
from articles.wordpress.importing import Import  # noqa: E402  # after setup()
from articles.wordpress.media import Web  # noqa: E402  # after setup()
from tests.articles.wxr_files import FOOT, HEAD, attachment, item  # noqa: E402  # after setup()
from tests.factories import photograph  # noqa: E402  # after setup()

WORDS = "avion radar vol pilote moteur aile piste nuage mission escadron ravitaillement".split()
PICTURES = [photograph(seed, size=(1600, 1000), quality=82) for seed in range(8)]


class OldSite(BaseHTTPRequestHandler):
    def do_GET(self):
        picture = PICTURES[hash(self.path) % len(PICTURES)]
        self.send_response(200)
        self.send_header("Content-Length", str(len(picture)))
        self.end_headers()
        self.wfile.write(picture)

    def log_message(self, *_said):
        pass


def write(path, numbers, *, with_pictures):
    """Write an export of generated posts; each has its picture, or none has."""
    dice = random.Random(1)  # noqa: S311  # no secret is made of it
    with path.open("w", encoding="utf-8") as file:
        file.write(HEAD)
        for number in numbers:
            paragraphs = [" ".join(dice.choices(WORDS, k=90)).capitalize() + "." for _p in range(6)]
            meta = {"_thumbnail_id": str(number + 10**7)} if with_pictures else {}
            title = " ".join(dice.choices(WORDS, k=8)).capitalize()
            file.write(item(number, title, "\n\n".join(paragraphs), meta=meta))
            if with_pictures:
                file.write(attachment(number + 10**7, f"photo-n{number}.jpg"))
        file.write(FOOT)


def run(posts, base="", *, first=1):
    """Import posts numbered from `first` on; with pictures if there is a base to ask for them."""
    path = FOLDER / f"{posts}.xml"
    write(path, range(first, first + posts), with_pictures=bool(base))
    media = Web(base, largest=settings.UPLOAD_MAX_BYTES, allow_private=True) if base else None
    start = perf_counter()

    def progress(what, done, total):
        if done % max(total // 10, 1) == 0:
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            print(f"  {what} {done}/{total}: {perf_counter() - start:.0f} s, peak {memory} MB")

    print(f"{posts} posts {'with pictures' if base else 'without'}:")
    Import([partial(wxr.read, path)], media=media, progress=progress).run()
    spent = perf_counter() - start
    print(f"  {spent:.0f} s, {posts / spent:.0f} posts a second")


def main():
    call_command("migrate", verbosity=0)
    with_pictures, without = [int(number) for number in sys.argv[1:3]] or [1314, 10_000]
    server = ThreadingHTTPServer(("127.0.0.1", 0), OldSite)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    run(with_pictures, f"http://127.0.0.1:{server.server_port}/uploads")
    server.shutdown()
    run(without, first=10**6)


main()
