"""deploy/Caddyfile as it stands, but for its address and certificate, before one node."""

import os
import re
import signal
import socket
import ssl
import subprocess
import time
from http.client import HTTPSConnection

import brotli
import pytest

from tests.deploy.nginx import NAME, certify
from tests.servers import ROOT, Server, empty_database, free_port, run

PREPARE = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("collectstatic", interactive=False, verbosity=0)
from tests.factories import make_published
make_published("Un vol", slug="un-vol")
"""
# It would else ask for certificates, listen on port 80 and be told things on port 2019.
ALONE = "{\n admin off\n auto_https disable_redirects\n}\n"


class Caddy:
    def __init__(self, folder, node):
        self.folder, self.port = folder, free_port()
        certify(folder)
        settings = (ROOT / "deploy" / "Caddyfile").read_text()
        own = f"https://{NAME}:{self.port} {{\n\tbind 127.0.0.1"
        own += f"\n\ttls {folder}/fullchain.pem {folder}/privkey.pem"
        for pattern, value in {
            r"(?m)^www\.example\.fr \{$": own,
            r"127\.0\.0\.1:8000": f"127.0.0.1:{node.port}",
            r"/srv/avion/var": str(folder / "var"),
        }.items():
            settings, found = re.subn(pattern, value, settings)
            assert found, pattern
        (folder / "Caddyfile").write_text(ALONE + settings)
        homes = {"XDG_DATA_HOME": str(folder / "data"), "XDG_CONFIG_HOME": str(folder / "config")}
        with (folder / "log").open("w") as log:
            self.process = subprocess.Popen(
                ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"],
                env=os.environ | homes,
                stderr=log,
                start_new_session=True,
            )

    def wait_until_up(self):
        for _attempt in range(200):
            try:
                self.get("/static/nothing")
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError((self.folder / "log").read_text())

    def stop(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def get(self, path, **headers):
        context = ssl.create_default_context(cafile=self.folder / "fullchain.pem")
        line = HTTPSConnection("127.0.0.1", self.port, timeout=20, context=context)
        plain = socket.create_connection(("127.0.0.1", self.port), 20)
        line.sock = context.wrap_socket(plain, server_hostname=NAME)  # by which Caddy knows it
        try:
            names = {name.replace("_", "-"): value for name, value in headers.items()}
            line.request("GET", path, headers={"Host": f"{NAME}:{self.port}"} | names)
            answer = line.getresponse()
            answer.content = answer.read()
            return answer
        finally:
            line.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("caddy")
    (folder / "var" / "media").mkdir(parents=True)
    (folder / "var" / "media" / "image.svg").write_text("<svg/>")
    with empty_database(folder) as environment:
        environment |= {
            "STATIC_ROOT": str(folder / "var" / "static"),
            "SITE_URL": f"https://{NAME}",
            "BEHIND_PROXY": "1",
        }
        run(PREPARE, environment)
        node = Server(environment, workers=1)
        caddy = Caddy(folder, node)
        try:
            node.wait_until_up()
            caddy.wait_until_up()
            yield caddy
        finally:
            caddy.stop()
            node.kill()


def test_readers_get_pages(site):
    answer = site.get("/un-vol/", Accept_Encoding="br")
    assert answer.status == 200
    assert answer.headers["Content-Encoding"] == "br"  # ours: made once, not by Caddy each time
    assert "Un vol" in brotli.decompress(answer.content).decode()
    assert answer.headers["Strict-Transport-Security"]
    known = {"If_None_Match": answer.headers["ETag"], "Accept_Encoding": "br"}
    assert site.get("/un-vol/", **known).status == 304


def test_nobody_says_from_where_he_comes(site):
    forged = site.get("/un-vol/", X_Forwarded_Proto="http", X_Forwarded_For="192.0.2.7")
    assert forged.status == 200  # http would lead to https


def test_files_come_from_caddy(site):
    css = next((site.folder / "var" / "static" / "css").glob("site.*.css"))
    answer = site.get(f"/static/css/{css.name}", Accept_Encoding="br")
    assert (answer.status, answer.headers["Content-Encoding"]) == (200, "br")
    assert "immutable" in answer.headers["Cache-Control"]
    picture = site.get("/media/image.svg")
    assert picture.status == 200
    assert "sandbox" in picture.headers["Content-Security-Policy"]
    assert site.get("/media/rien.jpg").status == 404
