"""Readers' pages find their rows by index, however many there are."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from avion.plans import Plan, addresses, plans
from tests.factories import make_author, make_published, make_section

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    section, authors = make_section("Essais"), [make_author("Zoé Vent")]
    for number in range(30):
        make_published(f"Avion {number}", section=section, authors=authors, tags=["Rafale"])
    if connection.vendor == "postgresql":  # of small tables, it reads all rather than an index
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
            cursor.execute("SET LOCAL enable_seqscan = off")


def test_no_growing_table_is_read_from_end_to_end(site):
    asked = [plan for path in addresses() for plan in plans(path)]
    assert len(asked) > 40
    assert [(plan.path, plan.whole, plan.sql) for plan in asked if plan.whole] == []


def test_the_command_prints_the_plans(site):
    out = StringIO()
    call_command("explain", stdout=out)
    assert "/rubrique/essais/" in out.getvalue()


def test_what_is_read_whole_is_found_out():
    text = {
        "sqlite": "2 0 0 SCAN articles_publishedarticle",
        "postgresql": "  ->  Seq Scan on articles_publishedarticle  (cost=0.00..1.01)",
    }[connection.vendor]
    assert Plan("/", "SELECT 1", text).whole == ["articles_publishedarticle"]
    assert Plan("/", "SELECT 1", text.replace("publishedarticle", "section")).whole == []


def test_a_subquery_is_no_hiding_place():
    sql = 'SELECT 1 WHERE 2 IN (SELECT U0."id" FROM "articles_publishedtagging" "U0")'
    text = {
        "sqlite": "5 0 0 SCAN U0",
        "postgresql": "  ->  Seq Scan on articles_publishedtagging u0",
    }[connection.vendor]
    assert Plan("/", sql, text).whole == ["articles_publishedtagging"]


def test_an_empty_site_cannot_be_explained():
    with pytest.raises(CommandError, match="no article"):
        call_command("explain")
