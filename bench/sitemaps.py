"""Sitemaps of a million articles: python bench/sitemaps.py [articles]

Fills a database with short articles over twenty years, starts the real server, reads the index and
every map that it names, twice, and prints addresses, seconds and the server's memory: the first
time they are made while they are read, the second time they come from the page cache.
"""

import gzip
import re
import sqlite3
import sys
import time

from pages import manage, prepared
from servers import ROOT, Server

FILL = """
WITH RECURSIVE numbers(n) AS (SELECT 1000000 UNION ALL SELECT n + 1 FROM numbers WHERE n < {last})
INSERT INTO {table} ({columns}) SELECT {values} FROM numbers, (SELECT * FROM {table} LIMIT 1)
"""
MINUTES = 20 * 365 * 24 * 60


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    environment = prepared(50, None)
    file = ROOT / "var" / "bench" / f"sitemaps-{count}.sqlite3"
    environment |= {"DATABASE_URL": f"sqlite:///{file}", "PAGE_CACHE_MB": "128"}
    file.write_bytes((ROOT / "var" / "bench" / "50.sqlite3").read_bytes())
    fill(file, count)
    manage(environment, "migrate", "-v0")  # makes the triggers again, and counts
    with Server(environment) as server:
        before = server.memory()
        for told in ("made", "from the cache"):
            begun, addresses, worst = time.perf_counter(), 0, before
            maps = re.findall(r"<loc>http://127.0.0.1(.*?)</loc>", read(server, "/sitemap.xml"))
            for path in maps:
                addresses += read(server, path).count("<url>")
                worst = max(worst, server.memory())
            took = time.perf_counter() - begun
            print(
                f"{told}: {addresses} addresses in {len(maps)} maps, {took:.1f} s, memory "
                f"{before:.0f} to {worst:.0f} MiB"
            )


def read(server, path) -> str:
    return gzip.decompress(server.get(path, "gzip")).decode()


def fill(file, count):
    """Copy one article so many times, each at a moment of its own."""
    connection = sqlite3.connect(file)
    triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    for (name,) in triggers.fetchall():  # one by one they would take an hour
        connection.execute(f"DROP TRIGGER {name}")
    step = MINUTES / count
    for table in ("articles_article", "articles_publishedarticle"):
        names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        minutes = f"CAST((n - 1000000) * {step} AS INT)"
        at = f"strftime('%Y-%m-%d %H:%M:%S', '2006-01-01', '+' || {minutes} || ' minutes')"
        changed = dict.fromkeys(["published_at", "modified_at", "first_published_at"], at) | {
            "id": "n",
            "article_id": "n",
            "slug": "'un-article-sans-importance-' || n",
            "body": "'<p>Un texte.</p>'",
            "search_text": "'text'",
        }
        statement = FILL.format(
            table=table,
            last=999_999 + count,
            columns=", ".join(names),
            values=", ".join(changed.get(name, name) for name in names),
        )
        connection.execute(statement)
    connection.commit()
    connection.close()


if __name__ == "__main__":
    main()
