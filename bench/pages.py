"""What readers' pages cost: python bench/pages.py [articles …] [--database URL]

Fills a database of its own (kept under var/bench, made once for a number of articles), starts the
real server, and prints for each kind of page: queries, CPU milliseconds and latency as Django makes
it, requests a second and CPU from the page cache, each beside nginx serving the same bytes as a
static file in the same run; then how soon a correction is seen, how long a backup takes, and what
grew from the first number of articles to the last. Needs nginx and wrk. Linux alone: CPU is read
from /proc.
"""

import argparse
import http.client
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ASKED, WARMING = 60, 5  # requests, one after the other
SECONDS, CONNECTIONS = 3, 8  # of wrk
UNCACHED = "bench.uncached:application"
TICKS = os.sysconf("SC_CLK_TCK")
NGINX = """
worker_processes 1; daemon off; pid {folder}/pid; error_log /dev/null;
events {{ worker_connections 256; }}
http {{ access_log off; root {folder}/www; default_type text/html; client_body_temp_path {folder}/t;
  proxy_temp_path {folder}/t; fastcgi_temp_path {folder}/t; uwsgi_temp_path {folder}/t;
  scgi_temp_path {folder}/t; server {{ listen 127.0.0.1:{port}; }} }}
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("articles", nargs="*", type=int, default=[1314], help="one or several")
    parser.add_argument("--database", help="postgres://…: an empty one, filled the first time")
    options = parser.parse_args()
    if options.database and len(options.articles) > 1:
        parser.error("--database takes one number of articles")
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}")
    costs = {count: printed(count, options.database) for count in options.articles}
    first, last = costs[options.articles[0]], costs[options.articles[-1]]
    if len(costs) > 1:
        print(f"\nGrowth of CPU from {options.articles[0]} to {options.articles[-1]} articles:")
        for name in [name for name in first if name in last]:
            print(f"  {name}: {last[name] / first[name]:.2f}")


def printed(articles, database) -> dict[str, float]:
    """Measure a site and print it; return {page: CPU milliseconds to make it}."""
    environment = prepared(articles, database)
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
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        manage(environment, "backup", f"{folder}/site.tar", "-v0")
        size = Path(folder, "site.tar").stat().st_size / 2**20
    print(f"A whole backup: {time.perf_counter() - begun:.1f} s, {size:.0f} MiB")
    return {name: cpu for name, (cpu, _middle, _worst) in made.items()}


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
    """Return the environment of a site with so many articles, filled unless it is there."""
    folder = ROOT / "var" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{articles}.sqlite3"
    environment = os.environ | {
        "SITE_URL": "http://127.0.0.1",
        "ALLOWED_HOSTS": "127.0.0.1",
        "SECRET_KEY": "bench" * 12,
        "DATABASE_URL": database or f"sqlite:///{file}",
        "MEDIA_ROOT": str(folder / "media"),
        "PAGE_FILES": str(folder / "pages"),
        "STATIC_ROOT": str(folder / "static"),
        "LOG_LEVEL": "ERROR",
        "PYTHONWARNINGS": "ignore",
    }
    if not database and file.exists():
        manage(environment, "migrate", "-v0")
    else:
        accounts = str(folder / "accounts.json")
        for command in (
            ["migrate", "-v0"],
            ["collectstatic", "--noinput", "-v0"],
            ["load_demo", "--accounts", accounts],
            ["load_demo", "--accounts", accounts, "--articles", str(articles)],
        ):
            print("…", *command[:1], file=sys.stderr)
            manage(environment, *command)
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


class Process:
    """Something that listens on a port of loopback, measured from outside."""

    port: int

    def start(self, command, environment):
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, start_new_session=True
        )
        for _attempt in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise SystemExit(f"{command[0]} did not come up")

    def stop(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def get(self, path, coding="br") -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path, headers={"Host": "127.0.0.1", "Accept-Encoding": coding})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        if answer.status != 200:
            raise SystemExit(f"{path} answers {answer.status}")
        return body

    def timed(self, path) -> float:
        """Return the milliseconds of one answer."""
        begun = time.perf_counter()
        self.get(path)
        return (time.perf_counter() - begun) * 1000

    def made(self, path) -> tuple[float, float, float]:
        """Return CPU milliseconds a request, the median and the 99th percentile of the latency."""
        for _again in range(WARMING):
            self.get(path)
        before = self.cpu()
        times = [self.timed(path) for _again in range(ASKED)]
        cost = (self.cpu() - before) / ASKED
        return cost, statistics.median(times), statistics.quantiles(times, n=100)[98]

    def flooded(self, path) -> tuple[float, float]:
        """Return requests a second and CPU milliseconds a request under wrk."""
        before = self.cpu()
        command = f"wrk -t1 -c{CONNECTIONS} -d{SECONDS}s http://127.0.0.1:{self.port}{path}".split()
        command += ["-H", "Accept-Encoding: br", "-H", "Host: 127.0.0.1"]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        total = number_in(r"(\d+) requests in", said)
        return number_in(r"Requests/sec:\s+([\d.]+)", said), (self.cpu() - before) / total

    def cpu(self) -> float:
        """Return the CPU milliseconds that the process and its children have taken."""
        ticks = 0
        for pid in self.pids():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks * 1000 / TICKS

    def memory(self) -> float:
        """Return MiB that are this server's alone or shared in part (PSS)."""
        total = 0.0
        for pid in self.pids():
            said = Path(f"/proc/{pid}/smaps_rollup").read_text()
            total += number_in(r"(?m)^Pss:\s+(\d+)", said)
        return total / 1024

    def pids(self) -> list[int]:
        found = [self.process.pid]
        for pid in found:
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
            found += map(int, children)
        return found


class Server(Process):
    """granian as the README starts it, with one worker, so that one core is measured."""

    def __init__(self, environment, *options, application="avion.wsgi:application"):
        self.environment, self.port = environment, free_port()
        self.options = [*options, application]

    def __enter__(self):
        options = f"--interface wsgi --host 127.0.0.1 --port {self.port} --workers 1"
        options += " --blocking-threads 8 --log-level error"
        granian = Path(sys.executable).with_name("granian")
        self.start([granian, *options.split(), *self.options], self.environment)
        return self

    def __exit__(self, *_error):
        self.stop()


class Nginx(Process):
    """nginx with one file."""

    def __init__(self, body):
        self.port, self.folder = free_port(), Path(tempfile.mkdtemp())
        (self.folder / "www").mkdir()
        self.folder.chmod(0o755)
        (self.folder / "www" / "index.html").write_bytes(body)
        settings = NGINX.format(folder=self.folder, port=self.port)
        (self.folder / "nginx.conf").write_text(settings)

    def __enter__(self):
        nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
        self.start([nginx, "-c", str(self.folder / "nginx.conf")], os.environ)
        return self

    def __exit__(self, *_error):
        self.stop()
        shutil.rmtree(self.folder)


def number_in(pattern, text) -> float:
    found = re.search(pattern, text)
    if found is None:
        raise SystemExit(f"{pattern} is not in: {text}")
    return float(found[1])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    main()
