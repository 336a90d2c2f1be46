"""kill -9 of the server at any moment loses nothing that it had acknowledged."""

import http.client
import json
import os
import random
import socket
import time
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from tests.servers import Server, empty_database, run

ROUNDS = int(os.environ.get("KILL_ROUNDS", "4"))
TOKEN = "x" * 32
PREPARE = """
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management import call_command
from authors.models import User
from articles.models import Article, Section
call_command("migrate", verbosity=0)
user = User.objects.create_superuser("e@avion.example", None, name="E")
session = import_module(settings.SESSION_ENGINE).SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.save()
article = Article.objects.create(title="0", slug="zero", created_by=user)
print(session.session_key, article.pk)
"""
READ = """
import json
from articles.models import Article, Buffer, Revision
article = Article.objects.get()
buffer = Buffer.objects.first()
print(json.dumps({
    "saved": int(article.title), "version": article.version,
    "kept": int(buffer.title) if buffer else 0,
    "revisions": list(article.revisions.order_by("version").values_list("version", flat=True)),
}))
"""


@pytest.fixture
def environment(tmp_path):
    with empty_database(tmp_path) as variables:
        yield variables


def post(port, path, session, fields):
    """Return the status and the headers of one POST, as the desk's form sends it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"sessionid={session}; csrftoken={TOKEN}",
        "X-CSRFToken": TOKEN,
    }
    try:
        connection.request("POST", path, urlencode(fields), headers)
        return connection.getresponse().status
    finally:
        connection.close()


def test_no_acknowledged_save_is_lost(environment):
    session, article = run(PREPARE, environment).split()
    change = f"/admin/articles/article/{article}/change/"
    fields = {"slug": "zero", "body": "<p>Texte.</p>", "_continue": "1"}
    counter, acknowledged, dice = 0, {"saved": 0, "kept": 0}, random.Random()
    for _round in range(ROUNDS):
        server = Server(environment)
        try:
            server.wait_until_up()
            version = json.loads(run(READ, environment))["version"]
            until = time.monotonic() + dice.uniform(0.3, 1.5)
            while time.monotonic() < until:
                counter += 1
                typed = fields | {"title": counter, "seen_version": version}
                kept = typed | {"kept": 1, "article": article, "buffer_key": uuid4()}
                assert post(server.port, "/admin/articles/article/autosave/", session, kept) == 200
                acknowledged["kept"] = counter
                assert post(server.port, change, session, typed) == 302
                acknowledged["saved"] = counter
                version += 1
            # One more, under way when the server dies: it may be there or not, never by half.
            counter += 1
            with socket.create_connection(("127.0.0.1", server.port)) as line:
                body = urlencode(fields | {"title": counter, "seen_version": version})
                line.sendall(
                    f"POST {change} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-CSRFToken: {TOKEN}\r\n"
                    f"Cookie: sessionid={session}; csrftoken={TOKEN}\r\n"
                    "Content-Type: application/x-www-form-urlencoded\r\n"
                    f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
                )
                time.sleep(dice.uniform(0, 0.05))
                server.kill()
        finally:
            if server.process.poll() is None:
                server.kill()
        found = json.loads(run(READ, environment))
        assert acknowledged["saved"] <= found["saved"] <= counter
        assert found["kept"] >= acknowledged["kept"]
        assert found["revisions"] == list(range(1, found["version"] + 1))
    assert acknowledged["saved"] > ROUNDS
