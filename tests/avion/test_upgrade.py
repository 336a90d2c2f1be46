"""A database of the release before, with data, comes to this one whole."""

import json
import shutil
import subprocess

import pytest

from tests.servers import ROOT, Server, empty_database, run

# The last migrations of the release before this one.
BEFORE = {"articles": "0023_origins_of_an_article", "authors": "0007_imported", "avion": "0005"}
GO_BACK = f"""
from django.core.management import call_command
call_command("migrate", verbosity=0)
for app, name in reversed({BEFORE!r}.items()):
    call_command("migrate", app, name, verbosity=0)
"""
OLD_MODELS = f"""
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
graph = (executor := MigrationExecutor(connection)).loader.graph
before = {BEFORE!r}
last = [node for node in graph.leaf_nodes() if node[0] not in before]
last += [
    node for node in graph.nodes if node[0] in before and node[1].startswith(before[node[0]])
]
get = executor.loader.project_state(last).apps.get_model
now = timezone.now()
"""
FILL = f"""{GO_BACK}{OLD_MODELS}
section = get("articles.Section").objects.create(name="Essais", slug="essais", position=1)
author = get("authors.Author").objects.create(name="Zoé", slug="zoe")
texts = {{"title": "Un vol", "slug": "un-vol", "body": "<p>Texte.</p>", "standfirst": "Chapô."}}
article = get("articles.Article").objects.create(section=section, **texts)
get("articles.Byline").objects.create(article=article, author=author, position=0)
copy = get("articles.PublishedArticle").objects.create(
    article=article, version=1, section=section, word_count=1, search_text="text",
    first_published_at=now, published_at=now, modified_at=now, **texts,
)
get("articles.PublishedByline").objects.create(
    article=copy, author=author, position=0, published_at=now
)
content = dict.fromkeys(
    "kicker hero_caption seo_title seo_description genre canonical_url robots embargo_note "
    "embargo_until".split(), ""
) | texts | {{"section": section.pk, "hero_image": None, "bylines": [author.pk], "tags": [],
              "related": []}}
get("articles.Revision").objects.create(
    article=article, version=1, act="published", content=content, reason="", by=None
)
get("avion.SiteSettings").objects.create(pk=1, name="Avant")
"""
NEWSROOM = f"""
from pathlib import Path
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("load_demo", accounts=Path("FOLDER/accounts.json"))
{GO_BACK}"""
# What the code of before writes while the desk is closed and the new tables are there.
WRITE = f"""{OLD_MODELS}
day, article = timezone.localdate(), get("articles.PublishedArticle").objects.get()
get("articles.DailyReads").objects.create(article=article.article, day=day, opened=1, finished=0)
get("articles.MostRead").objects.create(article=article, period="day", place=1)
get("articles.Missing").objects.create(path="/perdu/", referrer="", count=1, last_at=now)
get("articles.Redirect").objects.create(path="/ancien/", destination="/un-vol/")
get("articles.Redirect").objects.update(hits=2, last_hit_at=now)
get("sessions.Session").objects.create(session_key="a", session_data="b", expire_date=now)
"""
ROWS = """
import json
from django.db import connection

def plain(value):
    try:
        return json.dumps(json.loads(value), sort_keys=True)  # its keys may change places
    except (TypeError, ValueError):
        return str(value)

found = {}
with connection.cursor() as cursor:
    for table in connection.introspection.table_names(cursor):
        if table.startswith(("articles_", "authors_")) and "search" not in table:
            cursor.execute(f"SELECT * FROM {table}")
            names = [column[0] for column in cursor.description]
            found[table] = [dict(zip(names, map(plain, row))) for row in cursor.fetchall()]
print(json.dumps(found))
"""
LOOK = """
import json
from articles.desk.history import compare, restore
from articles.models import Article, Revision
from articles.search import search
from avion.models import Generation, SiteSettings
article = Article.objects.get()
revision = Revision.objects.get()
restore(article, revision, None)
print(json.dumps({
    "title": Article.objects.get().title,
    "changes": len(compare(revision.content, revision.content)),
    "site": SiteSettings.load().name,
    "found": [each.slug for each in search("texte")],
    "generation": Generation.objects.count(),
}))
"""


@pytest.fixture
def environment(tmp_path):
    with empty_database(tmp_path) as variables:
        yield variables | {"PYTHONWARNINGS": "ignore"}


def manage(environment, *command):
    done = subprocess.run(
        [shutil.which("python", path=str(ROOT / ".venv" / "bin")), "manage.py", *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def in_order(rows, names) -> list:
    return sorted(tuple(row[name] for name in names) for row in rows)


def test_every_row_of_a_whole_newsroom_is_what_it_was(environment, tmp_path):
    run(NEWSROOM.replace("FOLDER", str(tmp_path)), environment)
    before = json.loads(run(ROWS, environment))
    manage(environment, "migrate", "-v0")
    after = json.loads(run(ROWS, environment))
    assert len(before["articles_publishedarticle"]) > 40
    for table, rows in before.items():
        names = sorted(rows[0]) if rows else []
        assert in_order(after[table], names) == in_order(rows, names), table


def test_old_code_counts_on_in_the_new_tables(environment):
    run(FILL, environment)
    manage(environment, "migrate", "-v0")
    run(WRITE, environment)
    server = Server(environment)
    try:
        server.wait_until_up()
        assert server.get("/ancien/")[0] == 301
        assert "Un vol" in server.get("/les-plus-lus/")[1]
    finally:
        server.kill()


def test_what_was_there_is_there_after_migrate(environment):
    run(FILL, environment)
    manage(environment, "migrate", "-v0")
    assert json.loads(run(LOOK, environment)) == {
        "title": "Un vol",
        "changes": 0,
        "site": "Avant",
        "found": ["un-vol"],
        "generation": 1,
    }
    server = Server(environment)
    try:
        server.wait_until_up()
        for path in ("/", "/un-vol/", "/feed/", "/sitemap.xml", "/transparence/", "/readyz"):
            assert server.get(path)[0] == 200, path
    finally:
        server.kill()
