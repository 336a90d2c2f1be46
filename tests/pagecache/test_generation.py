"""Every change that readers can see moves the generation on; nothing else does."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations import Migration
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article, DailyReads, Dossier, MostRead, Redirect
from articles.reading.counting import rank
from avion.models import Generation, SiteSettings
from avion.pagecache import generation
from avion.pagecache.generation import SEEN
from tests.factories import (
    figures,
    make_article,
    make_dossier,
    make_image,
    make_page,
    make_published,
)

pytestmark = pytest.mark.django_db(transaction=True)
# What no page of readers shows. A new model must be put here or into SEEN.
UNSEEN = {
    "articles.Announcement",
    "articles.Article",
    "articles.ArticlePicture",
    "articles.Buffer",
    "articles.Byline",
    "articles.Correction",
    "articles.DailyReads",
    "articles.Letter",
    "articles.Missing",
    "articles.MonthCount",  # changes with what it counts
    "articles.Note",
    "articles.PagePicture",  # changes with the page whose text it is
    "articles.Presence",
    "articles.Revision",
    "articles.SharedPreview",
    "articles.Tagging",
    "authors.Entry",
    "authors.Invitation",
    "authors.User",
    "avion.Generation",
    "avion.TimerRun",
}


def number() -> int:
    return Generation.objects.get().number


def test_every_model_is_known_to_be_seen_or_not():
    ours = {
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in {"articles", "authors", "avion"}
    }
    relations = {label for label in ours if "_" in label}  # many to many, of working copies
    assert ours - relations == set(SEEN) | UNSEEN


@pytest.fixture
def everything(settings, tmp_path):
    """A row at least of all that readers see."""
    settings.MEDIA_ROOT = tmp_path
    image = make_image()
    body = f"<p>Le mot rarissime.</p>{figures(image)}"
    copy = make_published("Un vol", body=body, tags=["Rafale"], hero_image=image)
    make_page("Une page", body=body)
    make_dossier("Un dossier", copy.article)
    MostRead.objects.create(article=copy, period="day", place=1)
    Redirect.objects.create(path="/ancien/", destination="/")
    SiteSettings.objects.create(pk=1)
    apps.get_model("articles.Origin").objects.create(
        source="ancien.example", kind="post", key="1", digest="-", version=0
    )


@pytest.mark.parametrize("label", sorted(SEEN))
def test_each_change_of_what_readers_see_moves_it_on(everything, label):
    model = apps.get_model(label)
    row = model.objects.first()
    assert row is not None
    before = number()
    model.objects.filter(pk=row.pk).update(**{_plain_field(model): _value(row, model)})
    assert number() != before


def test_whatever_goes_moves_it_on(everything):
    apart = [
        "Dossier",
        "PublishedArticle",
        "Page",
        "Tag",
        "Image",
        "Section",
    ]  # after what refers to them
    last = [f"articles.{name}" for name in apart] + ["authors.Author"]
    for label in [*sorted(set(SEEN) - set(last)), *last]:
        if label == "articles.Tag":
            Article.objects.all().delete()
        before = number()
        assert apps.get_model(label).objects.all().delete()[0], label
        assert number() != before, label


def _plain_field(model):
    return next(
        field.attname
        for field in model._meta.concrete_fields
        if not field.primary_key and field.name not in SEEN[model._meta.label]
    )


def _value(row, model):
    return getattr(row, _plain_field(model))


def test_a_transaction_that_fails_moves_nothing(everything):
    before = number()
    with transaction.atomic():
        Dossier.objects.update(title="Autre")
        transaction.set_rollback(True)
    assert number() == before


def test_what_readers_do_not_see_moves_nothing(everything):
    article = make_article("Brouillon")
    before = number()
    Article.objects.filter(pk=article.pk).update(title="Autre brouillon")
    article.save()
    Redirect.objects.update(hits=5, last_hit_at=timezone.now())
    Client().get("/ancien/")
    assert number() == before


def test_the_same_ranking_moves_nothing(everything):
    copy = make_published("Très lu")
    DailyReads.objects.create(article=copy.article, day=timezone.localdate(), opened=9)
    rank()
    before = number()
    DailyReads.objects.update(opened=10)
    rank()
    assert number() == before
    DailyReads.objects.create(
        article=make_published("Plus lu").article, day=timezone.localdate(), opened=99
    )
    rank()
    assert number() != before


def names() -> set[str]:
    with connection.cursor() as cursor:
        return set(generation.TRIGGERS.known(connection, cursor))


def test_migrate_with_nothing_to_do_touches_no_trigger(everything):
    before = names()
    assert len(before) == 3 * len(SEEN)
    with CaptureQueriesContext(connection) as queries:
        call_command("migrate", verbosity=0)
    assert names() == before
    assert not [each for each in queries if "DROP TRIGGER" in each["sql"]]


def test_a_trigger_that_changed_is_made_anew(everything, monkeypatch):
    before = names()
    monkeypatch.setitem(SEEN, "articles.Redirect", ["hits"])
    generation.ensure_triggers()
    changed = names() - before
    assert [name.partition("articles_")[0] for name in changed] == ["readers_see_update_"]
    monkeypatch.undo()
    generation.ensure_triggers()
    assert names() == before


def test_a_plan_takes_the_triggers_of_its_app_away(everything):
    before = names()
    migration = Migration("0099_demain", "authors")
    generation.release_tables(plan=[(migration, False)])
    gone = before - names()
    tables = {name.partition("authors_")[2].rpartition("_")[0] for name in gone}
    assert tables == {"author"} or (connection.vendor == "sqlite" and gone == before)
    generation.ensure_triggers()
    assert names() == before
