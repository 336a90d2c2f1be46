"""What every test stands on: files of its own, plain static files, a quick password hash."""

import os
from tempfile import TemporaryDirectory

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import TestCase

FIGURES = TemporaryDirectory(prefix="avion-metrics-")  # what tests count is no site's
os.environ["PROMETHEUS_MULTIPROC_DIR"] = FIGURES.name


def pytest_unconfigure():
    FIGURES.cleanup()


# Nothing is collected for the tests; a browser's last request may come after its test, too.
PLAIN_STATIC = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix, tmp_path_factory, worker_id
):
    """Put SQLite's test database into a file: the live server's threads share it as in life."""
    from django.conf import settings

    default = settings.DATABASES["default"]
    if default["ENGINE"].endswith("sqlite3"):
        default.setdefault("TEST", {})
        default["TEST"]["NAME"] = str(tmp_path_factory.mktemp("db") / f"{worker_id}.sqlite3")


@pytest.fixture(scope="session", autouse=True)
def _plain_http():
    """Let the live server speak plain HTTP; its middleware reads these once, at its start."""
    from django.conf import settings

    settings.SECURE_SSL_REDIRECT = settings.SESSION_COOKIE_SECURE = False
    settings.CSRF_COOKIE_SECURE = False
    settings.SECOND_FACTOR_REQUIRED = False  # where it is the matter, the test says so
    settings.COOKIE_PREFIX = ""
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "sessionid", "csrftoken"
    settings.SECURE_HSTS_SECONDS = 0
    settings.STORAGES = settings.STORAGES | {"staticfiles": PLAIN_STATIC}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _surroundings(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "media", "base_url": "/media/"},
        },
        "staticfiles": PLAIN_STATIC,
    }
    cache.clear()  # allauth counts attempts there


@pytest.fixture(autouse=True)
def _counts_at_once(request, django_db_blocker):
    """Keep PostgreSQL's counts by month at once: a test that rolls back never comes to a commit."""
    marker = request.node.get_closest_marker("django_db")
    is_marked = marker and not marker.kwargs.get("transaction")
    is_case = request.cls and issubclass(request.cls, TestCase)
    if connection.vendor != "postgresql" or not (
        is_marked or is_case or "db" in request.fixturenames
    ):
        return
    if not is_case:
        request.getfixturevalue("db")
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'articles_count_%%'")
        names = ", ".join(name for (name,) in cursor.fetchall())
        cursor.execute(f"SET CONSTRAINTS {names} IMMEDIATE")
