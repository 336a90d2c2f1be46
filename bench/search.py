"""Search over 100,000 generated articles: how long the ids of a query take, on one database.

    DATABASE_URL=sqlite:////tmp/bench.sqlite3 .venv/bin/python bench/search.py
    bin/with-postgres .venv/bin/python bench/search.py

Prints milliseconds (median of several runs) and how often each query's words occur; asserts
nothing. The first run fills the database, which takes some minutes.
"""

import os
import statistics
import sys
import tempfile
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parent.parent))
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "avion.settings",
    "SECRET_KEY": "only-measured-never-served-only-measured-never-served",
    "SITE_URL": "https://avion.test",
}
os.environ.setdefault("MEDIA_ROOT", tempfile.mkdtemp())

import django

django.setup()

from django.core.management import call_command  # noqa: E402  # after setup()
from django.db import connection  # noqa: E402  # after setup()

from articles.models import PublishedArticle  # noqa: E402  # after setup()
from articles.search.query import parse  # noqa: E402  # after setup()
from articles.search.ranking import by_date, by_relevance  # noqa: E402  # after setup()

ARTICLES = 100_000
RUNS = 7
QUERIES = ["avion", "le avion vol", "milan radar", '"premier vol"', "avion -vol", "zeppelin"]


def fill():
    call_command("migrate", verbosity=0)
    if PublishedArticle.objects.count() < ARTICLES:
        accounts = Path(tempfile.mkdtemp()) / "accounts.json"
        call_command("load_demo", accounts=accounts)
        call_command("load_demo", articles=ARTICLES)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def measure(step) -> float:
    """Return the median of RUNS in milliseconds, after one that is not counted."""
    times = []
    for _run in range(RUNS + 1):
        start = perf_counter()
        step()
        times.append((perf_counter() - start) * 1000)
    return statistics.median(times[1:])


def main():
    fill()
    live = PublishedArticle.objects.live()
    print(f"{connection.vendor}: {live.count()} articles")
    print("query                 found  by relevance  by date")
    for words in QUERIES:
        query = parse(words)
        found = len(by_date(query))
        relevance = measure(lambda query=query: by_relevance(query))
        date = measure(lambda query=query: by_date(query))
        print(f"{words:20} {found:6} {relevance:10.1f} ms {date:6.1f} ms")


main()
