"""The search index is built while the newsroom works on."""

from concurrent.futures import ThreadPoolExecutor
from unittest import mock

import pytest
from django.db import connection, connections

from articles.models import Article, PublishedArticle
from articles.publishing import publish
from articles.search import postgresql, search
from articles.search.index import EVENTS, ensure_index
from tests.factories import make_published

pytestmark = pytest.mark.django_db(transaction=True)
NUMBER = 40


def take_away():
    table = PublishedArticle._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for event in EVENTS:
                cursor.execute(f"DROP TRIGGER articles_search_{event}")
        else:
            for trigger in ("copy", "empty"):
                cursor.execute(f"DROP TRIGGER articles_search_{trigger} ON {table}")
        cursor.execute("DROP TABLE articles_search")


def build():
    try:
        ensure_index()
    finally:
        connections.close_all()


def test_what_is_published_meanwhile_is_found_and_what_goes_is_not():
    pks = [make_published(f"Zeppelin {number}").pk for number in range(NUMBER)]
    take_away()
    changed, gone, new = [], [], []
    with mock.patch.object(postgresql, "BATCH", 1), ThreadPoolExecutor(1) as apart:
        built = apart.submit(build)
        while pks and not (built.done() and changed):
            article = Article.objects.get(pk=pks.pop())
            article.title = "Un ballon"
            article.save()
            publish(article)
            changed.append(article.pk)
            PublishedArticle.objects.get(pk=(pk := pks.pop())).delete()
            gone.append(pk)
            new.append(make_published("Un planeur").pk)
        built.result()
    assert {each.pk for each in search("ballon")} == set(changed)
    assert {each.pk for each in search("planeur")} == set(new)
    assert {each.pk for each in search("zeppelin")} == set(pks)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM articles_search")
            assert cursor.fetchone() == (PublishedArticle.objects.count(),)
            cursor.execute(postgresql.KNOWN_INDEXES)
            known = dict(cursor.fetchall())
        assert all(known[name] for name in postgresql.INDEXES)
