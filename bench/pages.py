"""What readers' pages cost: python bench/pages.py [articles …] [--database URL]

Fills a database of its own (kept under var/bench, made once for a number of articles), starts the
real server, and prints for each kind of page: queries, CPU milliseconds and latency as Django makes
it, requests a second and CPU from the page cache, each beside nginx serving the same bytes as a
static file in the same run; then how soon a correction is seen, how long a backup takes, and what
grew from the first number of articles to the last. Needs nginx and wrk. Linux alone: CPU is read
from /proc.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from servers import ROOT, Nginx, Server

UNCACHED = "bench.uncached:application"
YARDSTICKS = {
    "a constant body": "bench.yardsticks:constant",
    "a bare view of Django": "bench.yardsticks:view",
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("articles", nargs="*", type=int, default=[1314], help="one or several")
    parser.add_argument("--database", help="postgres://…: an empty one, filled the first time")
    parser.add_argument("--no-backup", action="store_true", help="of a million it takes minutes")
    options = parser.parse_args()
    if options.database and len(options.articles) > 1:
        parser.error("--database takes one number of articles")
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}")
    for name, application in YARDSTICKS.items():
        with Server(os.environ, application=application) as server:
            rate, cost = server.flooded("/")
        print(f"{name} from granian: {cost:.3f} ms of CPU, {rate:.0f} a second")
    costs = {}
    for count in options.articles:
        costs[count] = printed(count, environment := prepared(count, options.database))
        if not options.no_backup:
            print(backup(environment))
    first, last = costs[options.articles[0]], costs[options.articles[-1]]
    if len(costs) > 1:
        print(f"\nGrowth of CPU from {options.articles[0]} to {options.articles[-1]} articles:")
        for name in [name for name in first if name in last]:
            print(f"  {name}: {last[name] / first[name]:.2f}")


def printed(articles, environment) -> dict[str, float]:
    """Measure a site and print it; return {page: CPU milliseconds to make it}."""
    paths = addresses(environment)
    print(f"\n{articles} articles\n")
    print("| page | queries | CPU ms | p50 ms | p99 ms | KB | cached: req/s | CPU ms | of nginx |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    with Server(environment | {"PAGE_CACHE_MB": "64"}, application=UNCACHED) as cold:
        made = {name: cold.made(path) for name, path in paths.items()}
        found = [cold.timed(path) for path in questions(environment)]
    with Server(environment | {"PAGE_CACHE_MB": "64"}) as warm:
        for name, path in paths.items():
            body = warm.get(path)
            rate, cost = warm.flooded(path)
            with Nginx(body) as static:
                plain, _cost = static.flooded("/")
            cpu, middle, worst = made[name]
            print(
                f"| {name} | {queries(environment, path)} | {cpu:.1f} | {middle:.1f} | {worst:.1f} "
                f"| {len(body) / 1024:.0f} | {rate:.0f} | {cost:.3f} | {rate / plain:.2f} |"
            )
        print(f"\nMemory of the server after all this: {warm.memory():.0f} MiB")
        print(f"From commit to what readers see: {visible(environment, warm, paths):.2f} s")
    middle, most = statistics.median(found), statistics.quantiles(found, n=20)[-1]
    print(f"Search, {len(found)} different questions: p50 {middle:.0f} ms, p95 {most:.0f} ms")
    print(f"All renditions of a picture of 12 million pixels: {renditions(environment):.1f} s")
    return {name: cpu for name, (cpu, _middle, _worst) in made.items()}


def backup(environment) -> str:
    """Return how long a backup takes, and how large it is, in words."""
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        manage(environment, "backup", f"{folder}/site.tar", "-v0")
        size = Path(folder, "site.tar").stat().st_size / 2**20
    return f"A whole backup: {time.perf_counter() - begun:.1f} s, {size:.0f} MiB"


def visible(environment, server, paths) -> float:
    """Return the seconds from the commit of a correction until readers get it."""
    mark = f"Corrigé {time.time_ns()}"
    code = f"""
import time
from articles.models import Article
from articles.publishing import publish
article = Article.objects.get(slug={paths["article"].strip("/")!r})
article.title = {mark!r}
article.save()
publish(article)
print(time.time())
"""
    committed = float(manage(environment, "shell", "-v0", "-c", code))
    while mark.encode() not in server.get(paths["article"], "identity"):
        time.sleep(0.005)
    return time.time() - committed


def questions(environment) -> list[str]:
    """Return searches for two words of a title, as readers who look for an article ask."""
    code = """
import random
import re
from urllib.parse import quote_plus
from articles.models import PublishedArticle
dice = random.Random(1)
live = PublishedArticle.objects.live().order_by()
pks = list(live.values_list("pk", flat=True))
for title in live.filter(pk__in=dice.sample(pks, 100)).values_list("title", flat=True):
    words = [word for word in re.findall(r"\\w+", title) if len(word) > 3] or ["avion"]
    print("/recherche/?q=" + quote_plus(" ".join(dice.sample(words, min(2, len(words))))))
"""
    return manage(environment, "shell", "-v0", "-c", code).split()


def renditions(environment) -> float:
    """Return the seconds that all files of a large picture take."""
    code = """
from io import BytesIO
from time import perf_counter
from django.core.files.base import ContentFile
from PIL import Image as Picture
from articles.images import renditions
from articles.models import Image
picture = Picture.effect_mandelbrot((800, 600), (-2, -1, 1, 1.2), 60).convert("RGB")
file = BytesIO()
picture.resize((4000, 3000)).save(file, "JPEG", quality=90)
image = Image(title="a", credit="b", file=ContentFile(file.getvalue(), name="a.jpg"))
image.save()
begun = perf_counter()
renditions.build(image)
print(perf_counter() - begun)
image.delete()
"""
    return float(manage(environment, "shell", "-v0", "-c", code))


def prepared(articles, database) -> dict[str, str]:
    """Return the environment of a site with so many articles, filled up unless it has them."""
    folder = ROOT / "var" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    environment = os.environ | {
        "SITE_URL": "http://127.0.0.1",
        "ALLOWED_HOSTS": "127.0.0.1",
        "SECRET_KEY": "bench" * 12,
        "DATABASE_URL": database or f"sqlite:///{folder / str(articles)}.sqlite3",
        "MEDIA_ROOT": str(folder / "media"),
        "PAGE_FILES": str(folder / "pages"),
        "STATIC_ROOT": str(folder / "static"),
        "LOG_LEVEL": "ERROR",
        "PYTHONWARNINGS": "ignore",
    }
    manage(environment, "migrate", "-v0")
    manage(environment, "collectstatic", "--noinput", "-v0")
    there = "from articles.models import Article; print(Article.objects.count())"
    lacking = articles - int(manage(environment, "shell", "-v0", "-c", there))
    if lacking > 0:
        print("…", lacking, "articles", file=sys.stderr)
        load = ["load_demo", "--accounts", str(folder / "accounts.json")]
        manage(environment, *load)
        manage(environment, *load, "--articles", str(lacking))
    return environment


def manage(environment, *command) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout


def addresses(environment) -> dict[str, str]:
    """Return {kind of page: path}, of things that the site has."""
    code = """
from articles.models import PublishedArticle, Section, Tag
from articles.reading.pagination import PER_PAGE
live = PublishedArticle.objects.live()
article = live.newest().for_page()[100]
last = live.count() // PER_PAGE
print(article.slug, article.section.slug, article.tags[0].slug, article.authors[0].slug, last)
"""
    said = manage(environment, "shell", "-v0", "-c", code).split()
    slug, section, tag, author, last = said
    return {
        "article": f"/{slug}/",
        "home": "/",
        "section": f"/rubrique/{section}/",
        "tag": f"/tag/{tag}/",
        "author": f"/auteur/{author}/",
        "page 2": "/page/2/",
        f"page {min(1000, int(last))}": f"/page/{min(1000, int(last))}/",
        f"page {last}": f"/page/{last}/",
        "search": "/recherche/?q=rafale+moteur",
        "feed": "/feed/",
    }


def queries(environment, path) -> str:
    code = f"""
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.db import connection
with CaptureQueriesContext(connection) as found:
    Client(headers={{"host": "127.0.0.1"}}).get({path!r})
print(len(found))
"""
    return manage(environment, "shell", "-v0", "-c", code).strip()


if __name__ == "__main__":
    main()
