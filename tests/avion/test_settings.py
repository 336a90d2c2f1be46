"""The environment: what is read, and the one sentence that a mistake gets."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
GOOD = {
    "SECRET_KEY": "une-cle-assez-longue-pour-ne-rien-craindre-de-personne-0123456789",
    "SITE_URL": "https://avion.example",
}
SHOW = """
import json, os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "avion.settings"
from django.conf import settings
print(json.dumps({name: getattr(settings, name) for name in sys.argv[1:]}, default=str))
"""


def run(arguments, **variables):
    environment = {"PATH": os.environ["PATH"]} | GOOD | variables
    environment = {name: value for name, value in environment.items() if value is not None}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def read(*names, **variables):
    done = run(["-c", SHOW, *names], **variables)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SECRET_KEY", None),
        ("SITE_URL", None),
        ("SITE_URL", "avion.example"),
        ("SITE_URL", "https://avion.example/chemin"),
        ("DEBUG", "peut-être"),
        ("DATABASE_URL", "mysql://x/y"),
        ("DATABASE_URL", "sqlite://x"),
        ("DATABASE_URL", "postgres://hote/"),
        ("DATABASE_URL", "postgres://hote:port/base"),
        ("DATABASE_URL", "postgres://hote/base?pool_max=beaucoup"),
        ("CACHE_URL", "memcached://x"),
        ("EMAIL_URL", "http://x"),
        ("EMAIL_URL", "smtp://hote:port"),
        ("UPLOAD_MAX_MB", "-1"),
        ("MEDIA_S3_ACCESS_KEY", None),
    ],
)
def test_a_mistake_gets_one_sentence_that_names_the_variable(variable, value):
    others = {"MEDIA_S3_BUCKET": "photos"} if variable.startswith("MEDIA_S3") else {}
    done = run(["manage.py", "check"], **others, **{variable: value})
    assert done.returncode != 0
    assert variable in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_the_server_says_the_same_sentence():
    done = run(["-c", "import avion.wsgi"], SITE_URL=None)
    assert done.returncode != 0
    assert done.stderr.strip() == "avion: The environment variable SITE_URL is missing."


def test_sqlite_is_ready_for_a_newsroom():
    options = read("DATABASES")["DATABASES"]["default"]["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in options["init_command"]


def test_postgresql_has_its_pool_and_libpqs_parameters():
    database = read(
        "DATABASES", DATABASE_URL="postgres://u:p%40ss@h:5433/b?pool_max=3&sslmode=require"
    )["DATABASES"]["default"]
    assert (database["USER"], database["PASSWORD"]) == ("u", "p@ss")
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("h", "5433", "b")
    assert database["OPTIONS"]["pool"]["max_size"] == 3
    assert database["OPTIONS"]["sslmode"] == "require"


def test_cache_mail_and_media_go_where_they_are_told():
    found = read(
        "CACHES",
        "MAILERS",
        "STORAGES",
        CACHE_URL="redis://cache:6379/1",
        EMAIL_URL="smtp+tls://u:p@mail",
        MEDIA_S3_BUCKET="photos",
        MEDIA_S3_ACCESS_KEY="a",
        MEDIA_S3_SECRET_KEY="s",
        MEDIA_S3_ENDPOINT="https://s3.example",
    )
    assert found["CACHES"]["default"]["LOCATION"] == "redis://cache:6379/1"
    mail = found["MAILERS"]["default"]["OPTIONS"]
    assert (mail["host"], mail["port"], mail["use_tls"]) == ("mail", 587, True)
    media = found["STORAGES"]["default"]
    assert media["BACKEND"] == "storages.backends.s3.S3Storage"
    assert media["OPTIONS"]["endpoint_url"] == "https://s3.example"


def test_https_brings_its_safeguards_and_plain_http_does_without():
    names = ["SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "SECURE_HSTS_SECONDS"]
    assert all(read(*names).values())
    assert not any(read(*names, SITE_URL="http://127.0.0.1:8000").values())


def test_deployment_check_is_clean_and_wants_https():
    check = ["manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    empty = "sqlite:///:memory:"
    assert run(check, EMAIL_URL="smtp+tls://u:p@mail", DATABASE_URL=empty).returncode == 0
    plain = run(check, SITE_URL="http://avion.example", DATABASE_URL=empty)
    assert plain.returncode != 0
    assert "SITE_URL must begin with https://" in plain.stderr


def test_static_files_are_hashed_and_compressed(tmp_path):
    done = run(["manage.py", "collectstatic", "--noinput"], STATIC_ROOT=str(tmp_path))
    assert done.returncode == 0, done.stderr
    hashed = list(tmp_path.glob("css/site.*.css"))
    assert len(hashed) == 1
    assert hashed[0].with_name(hashed[0].name + ".br").exists()
    style = hashed[0].read_text()
    assert "@import" not in style  # one request, not two
    assert "--signal:" in style
    assert not re.search(r"url\([^)]*woff2(?<!\.[0-9a-f]{12}\.woff2)\"", style)
    assert hashed[0].with_name(hashed[0].name + ".gz").exists()
