"""A real streaming replica: readers read from it, while the primary is away, too."""

import time

import psycopg
import pytest

from tests.faults.postgres import Postgres, variables
from tests.servers import Server, run

PREPARE = """
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management import call_command
from authors.models import User
call_command("migrate", verbosity=0)
from tests.factories import make_published
make_published("Un vol", slug="un-vol", tags=["Rafale"])
user = User.objects.create_superuser("e@avion.example", None, name="E")
session = import_module(settings.SESSION_ENGINE).SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.save()
print(session.session_key)
"""
PUBLISH = """
from articles.models import Article
from articles.publishing import publish
article = Article.objects.get(slug="un-vol")
article.title = "{title}"
article.save()
publish(article)
"""


@pytest.fixture
def clusters():
    primary = Postgres()
    primary.start()
    replica = Postgres(primary)
    replica.start()
    yield primary, replica
    replica.remove()
    primary.remove()


def shown(server, title, **headers) -> bool:
    return f"{title}</h1>" in server.get("/un-vol/", **headers)[1]


def wait_for(condition):
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.mark.parametrize("cache", ["0", "16"])
def test_readers_read_from_it_and_colleagues_from_the_primary(clusters, tmp_path, cache):
    primary, replica = clusters
    environment = variables(
        tmp_path,
        DATABASE_URL=primary.address,
        DATABASE_REPLICA_URL=replica.address,
        PAGE_CACHE_MB=cache,
    )
    session = run(PREPARE, environment).strip()
    colleague = {"Cookie": f"sessionid={session}"}
    server = Server(environment, workers=1)
    try:
        server.wait_until_up()
        wait_for(lambda: shown(server, "Un vol"))
        with psycopg.connect(
            host=str(replica.folder), user="postgres", autocommit=True
        ) as connection:
            connection.execute("SELECT pg_wal_replay_pause()")
            run(PUBLISH.format(title="Un vol corrigé"), environment)
            assert shown(server, "Un vol corrigé", **colleague)
            time.sleep(2)
            assert shown(server, "Un vol")
            connection.execute("SELECT pg_wal_replay_resume()")
        wait_for(lambda: shown(server, "Un vol corrigé"))
        primary.stop()
        searches = ["/recherche/?q=vol", "/recherche/?q=rafalle", "/recherche/suggestions/?q=vo"]
        for path in ["/", "/un-vol/", "/tag/rafale/", "/feed/", "/sitemap.xml", *searches]:
            assert server.get(path)[0] == 200, path
        assert server.get("/nulle-part/")[0] == 404
        assert server.get("/admin/", **colleague)[0] == 500
        primary.start()
        run(PUBLISH.format(title="Un autre vol"), environment)
        wait_for(lambda: shown(server, "Un autre vol"))
        wait_for(lambda: server.get("/admin/", **colleague)[0] == 200)
    finally:
        server.kill()
