"""A backup holds every row and every file, is checked, and is put back whole or not at all."""

import io
import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from unittest import mock

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from articles.models import Article, Correction, Page, PublishedArticle, Redirect
from articles.publishing import publish
from articles.search import search
from authors import roles
from authors.models import User
from avion.backup import making, rows, stores
from avion.backup.sealing import Open, Sealed, SealError
from avion.models import SiteSettings
from tests.factories import (
    figures,
    make_article,
    make_dossier,
    make_page,
    make_photograph,
    make_published,
    make_user,
)

pytestmark = pytest.mark.django_db(transaction=True)
PHRASE = "une phrase pour les sauvegardes"


@pytest.fixture
def site():
    """Something of everything, with characters that a careless copy would lose."""
    image = make_photograph()
    article = make_article(
        "L'avion \u202f« ailé » 🛩",
        tags=["Rafale"],
        hero_image=image,
        body=f"<p>Un mot rarissime.</p>{figures(image)}",
    )
    Correction.objects.create(article=article, wrong="Dix\nonze.", right="\tDouze.")
    publish(article)
    other = make_published("Autre").article
    article.related.add(other)
    make_page("Une page")
    make_dossier("Un dossier", article, other)
    make_user(roles.EDITOR, "Édith")
    Redirect.objects.create(path="/ancien/", destination="/")
    SiteSettings.objects.create(pk=1, name="Avion", founded=2019, front=[{"article": 1}])
    default_storage.save("vide.bin", ContentFile(b""))
    default_storage.save("grand.bin", ContentFile(os.urandom(3_000_000)))
    return article


def everything() -> dict[str, list]:
    """Every row of every table, by model."""
    found: dict[str, list] = {}
    for line in rows.lines():
        label, values = json.loads(line)
        found.setdefault(label, []).append(values)
    return found


def all_files() -> dict[str, bytes]:
    found = {}
    for name in making._files(default_storage, ""):
        with default_storage.open(name) as file:
            found[name] = file.read()
    return found


def run(command, *arguments, **options) -> str:
    out = io.StringIO()
    call_command(command, *map(str, arguments), stdout=out, **options)
    return out.getvalue()


def wipe():
    """Leave the site as after the first migrate."""
    call_command("flush", interactive=False, verbosity=0)
    for name in list(making._files(default_storage, "")):
        default_storage.delete(name)


@pytest.mark.parametrize("phrase", ["", PHRASE])
@pytest.mark.parametrize("place", ["site.tar", "dossier"])
def test_nothing_is_lost(site, settings, tmp_path, place, phrase):
    settings.BACKUP_KEY = phrase
    to = tmp_path / "ailleurs" / place
    before, files = everything(), all_files()
    assert "checked" in run("backup", to)
    assert len(before) > 20
    assert len(files) > 3
    wipe()
    assert not Article.objects.exists()
    run("restore", to)
    assert everything() == before
    assert all_files() == files
    assert [each.pk for each in search("rarissime")] == [site.pk]
    make_article("Un nouveau")  # numbers go on where they were
    assert Article.objects.count() == 3


def test_a_place_may_be_a_bucket(site, s3_backup):
    before, files = everything(), all_files()
    for place in s3_backup:
        assert "checked" in run("backup", place)
        assert len(run("backup", place, list=True).split()) == 1
    for place in s3_backup:
        wipe()
        run("restore", place)
        assert (everything(), all_files()) == (before, files)
    with pytest.raises(CommandError):
        run("backup", s3_backup[0].replace("sauvegardes", "nulle-part"))


@pytest.fixture
def s3_backup(monkeypatch):
    import boto3
    from moto.server import ThreadedMotoServer

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "cle")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    server = ThreadedMotoServer("127.0.0.1", 0)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    boto3.client("s3", endpoint_url=endpoint).create_bucket(Bucket="sauvegardes")
    yield [f"s3://sauvegardes{folder}?endpoint={endpoint}" for folder in ("/avion", "/avion-b", "")]
    server.stop()


def test_another_engine_takes_it(site, tmp_path):
    """From the engine under test to SQLite, in processes of its own, and back: all is the same."""
    to, back = tmp_path / "site.tar", tmp_path / "retour.tar"
    run("backup", to)
    before, files = everything(), all_files()
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'autre.sqlite3'}",
        "MEDIA_ROOT": str(tmp_path / "media-autre"),
        "PYTHONWARNINGS": "ignore",
    }
    for command in (["migrate", "-v0"], ["restore", str(to)], ["backup", str(back)]):
        subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=Path(__file__).resolve().parents[2],
            env=environment,
            check=True,
            capture_output=True,
        )
    wipe()
    run("restore", back)
    assert everything() == before
    assert all_files() == files


def test_uploads_are_taken_once_and_older_backups_thrown_away(site, tmp_path):
    to = tmp_path / "dossier"
    now = timezone.now()

    def make(day):
        with stores.open_store(str(to), making=True) as store:
            making.make(store, Open(), lambda *_said: None, at=now + timedelta(days=day))
            return {name for name in store.names() if name.startswith("files/")}

    first = make(0)
    default_storage.delete("grand.bin")
    default_storage.save("neuf.bin", ContentFile(b"neuf"))
    second = make(1)
    assert len(second - first) == 1
    assert len(run("backup", to, list=True).split()) == 2
    make(2)
    with stores.open_store(str(to), making=False) as store:
        making.forget(store, Open(), keep=1)
        assert second == {name for name in store.names() if name.startswith("files/")}
        with mock.patch.object(making, "UNDER_WAY", -1):  # a day later
            making.forget(store, Open(), keep=1)
        third = {name for name in store.names() if name.startswith("files/")}
    assert len(second - third) == 1
    assert len(run("backup", to, list=True).split()) == 1
    assert "whole" in run("backup", to, check=True)


def test_nothing_of_others_is_touched(site, tmp_path):
    for name in ("compta.ods", "photos/a.jpg", "files/notes.txt"):
        file = tmp_path / "partage" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("À moi.")
    with pytest.raises(CommandError, match="not empty"):
        run("backup", tmp_path / "partage")
    to = tmp_path / "dossier"
    run("backup", to)
    (to / "photos").mkdir()
    (to / "photos" / "a.jpg").write_text("À moi.")
    (to / "files" / "notes.txt").write_text("À moi.")
    with stores.open_store(str(to), making=True) as store:
        making.make(store, Open(), lambda *_said: None, at=timezone.now() + timedelta(days=1))
        making.forget(store, Open(), keep=1)
        assert len(making.stamps(store)) == 1
    assert (to / "photos" / "a.jpg").exists()
    assert (to / "files" / "notes.txt").exists()


def test_what_another_is_writing_is_left(site, tmp_path):
    to = tmp_path / "dossier"
    run("backup", to)
    with stores.open_store(str(to), making=True) as store:
        store.write(f"files/ab/{'ab' * 32}", [b"under way"])
        store.write("20990101T000000Z/rows", [b"under way"])
        making.forget(store, Open(), keep=1)
        assert store.has(f"files/ab/{'ab' * 32}")
        assert store.has("20990101T000000Z/rows")


def test_a_damaged_file_is_stored_again(site, tmp_path):
    to = tmp_path / "dossier"
    run("backup", to)
    [big] = [each for each in to.rglob("*") if each.is_file() and each.stat().st_size == 3_000_000]
    big.write_bytes(b"")  # as a power cut leaves it
    with stores.open_store(str(to), making=True) as store:
        making.make(store, Open(), lambda *_said: None, at=timezone.now() + timedelta(days=1))
    assert "whole" in run("backup", to, check=True)
    big.write_bytes(b"x" * 3_000_000)  # as long, and not what it was
    with pytest.raises(CommandError, match="damaged"):
        run("backup", to, check=True)
    with stores.open_store(str(to), making=True) as store:
        making.make(store, Open(), lambda *_said: None, at=timezone.now() + timedelta(days=2))
    assert "whole" in run("backup", to, check=True)


@pytest.mark.parametrize(
    "length", [0, 1, 7, 1024 * 1024 - 1, 1024 * 1024, 1024 * 1024 + 1, 2_500_000]
)
def test_how_long_a_sealed_file_is_can_be_told(length):
    for sealer in (Open(), Sealed(PHRASE, b"0" * 16)):
        assert sum(map(len, sealer.seal([b"x" * length]))) == sealer.size(length)


def test_odd_names_and_texts_come_back(site, tmp_path):
    name = b"caf\xe9.jpg".decode("utf-8", "surrogateescape")
    default_storage.save(name, ContentFile(b"x"))
    Article.objects.update(hero_caption="\u2028 « 🛩 » \x7f")
    to = tmp_path / "site.tar"
    before, files = everything(), all_files()
    run("backup", to)
    wipe()
    run("restore", to)
    assert (everything(), all_files()) == (before, files)


def test_a_manifest_that_was_moved_is_found_out(site, settings, tmp_path):
    settings.BACKUP_KEY = PHRASE
    to = tmp_path / "dossier"
    run("backup", to)
    [stamp] = run("backup", to, list=True).split()
    (to / "20990101T000000Z").mkdir()
    moved = (to / stamp / "manifest").read_bytes()
    (to / "20990101T000000Z" / "manifest").write_bytes(moved)
    with pytest.raises(CommandError, match="manifest of another"):
        run("backup", to, check=True)


def test_what_is_damaged_is_refused_and_changes_nothing(site, tmp_path):
    to = tmp_path / "dossier"
    run("backup", to)
    before = everything()
    biggest = max(
        (each for each in to.rglob("*") if each.is_file()), key=lambda f: f.stat().st_size
    )
    content = biggest.read_bytes()
    for damaged in (content[:-1], content[:-1] + bytes([content[-1] ^ 1]), None):
        biggest.unlink(missing_ok=True)
        if damaged is not None:
            biggest.write_bytes(damaged)
        with pytest.raises(CommandError):
            run("backup", to, check=True)
        with pytest.raises(CommandError, match="Nothing was changed"):
            run("restore", to, replace=True)
    assert everything() == before


def test_a_site_that_is_not_empty_is_left_alone(site, tmp_path):
    to = tmp_path / "site.tar"
    run("backup", to)
    page = Page.objects.get()
    Page.objects.update(title="Depuis")
    with pytest.raises(CommandError, match="--replace"):
        run("restore", to)
    assert Page.objects.get().title == "Depuis"
    run("restore", to, replace=True)
    assert Page.objects.get().title == page.title


def test_rows_that_cannot_be_put_back_leave_what_was_there(site, tmp_path):
    to = tmp_path / "site.tar"
    run("backup", to)
    with (
        mock.patch("avion.backup.rows._row", side_effect=rows.RowError("Un rang de trop.")),
        pytest.raises(CommandError, match="Un rang de trop"),
    ):
        run("restore", to, replace=True)
    assert PublishedArticle.objects.count() == 2
    assert User.objects.exists()


def test_code_of_other_migrations_refuses_it(site, tmp_path):
    to = tmp_path / "site.tar"
    run("backup", to)
    with (
        mock.patch(
            "avion.backup.restoring.MigrationRecorder.applied_migrations",
            return_value={("articles", "0001_initial"): None},
        ),
        pytest.raises(CommandError, match="differ by migrations"),
    ):
        run("restore", to, replace=True)


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (PHRASE, "", "encrypted"),
        (PHRASE, "autre", "Another BACKUP_KEY"),
        ("", PHRASE, "not encrypted"),
    ],
)
def test_the_key_must_be_the_one_of_its_making(site, settings, tmp_path, first, second, said):
    to = tmp_path / "dossier"
    settings.BACKUP_KEY = first
    run("backup", to)
    settings.BACKUP_KEY = second
    with pytest.raises(CommandError, match=said):
        run("restore", to, replace=True)


def test_who_keeps_it_reads_nothing(site, settings, tmp_path):
    settings.BACKUP_KEY = PHRASE
    to = tmp_path / "dossier"
    run("backup", to)
    content = b"".join(each.read_bytes() for each in to.rglob("*") if each.is_file())
    for word in (b"rarissime", b"Rafale", b"grand.bin", b"manifest_version"):
        assert word not in content
    assert to.stat().st_mode & 0o077 == 0


def test_pieces_that_are_moved_or_cut_off_are_found_out():
    sealed = Sealed(PHRASE, b"0" * 16)
    pieces = list(sealed.seal([b"a" * 2_500_000]))
    assert len(pieces) == 3
    assert b"".join(sealed.unseal(pieces)) == b"a" * 2_500_000
    assert b"".join(sealed.unseal([b"".join(pieces)])) == b"a" * 2_500_000
    for wrong in (pieces[:2], pieces[::-1], pieces[1:], [*pieces, pieces[2]], [pieces[0][:-1]], []):
        with pytest.raises(SealError):
            list(sealed.unseal(wrong))
    assert list(Open().unseal([b"x"])) == [b"x"]


def test_bad_places_are_named(site, tmp_path):
    (tmp_path / "faux.tar").write_text("rien")
    for to, said in (("faux.tar", "no backup that can be read"), ("nulle-part", "is no folder")):
        with pytest.raises(CommandError, match=said):
            run("restore", tmp_path / to, replace=True)
    with pytest.raises(CommandError, match="is there already"):
        run("backup", tmp_path / "faux.tar")
    with pytest.raises(CommandError, match="Say where to"):
        run("backup")
    (tmp_path / "vide").mkdir()
    with pytest.raises(CommandError, match="no such backup"):
        run("restore", tmp_path / "vide")
    with pytest.raises(CommandError, match="names no bucket"):
        run("backup", "s3://")


def test_a_backup_that_fails_leaves_no_half_of_it(site, tmp_path):
    to = tmp_path / "site.tar"
    with (
        mock.patch("avion.backup.making._keep", side_effect=OSError("No space left on device")),
        pytest.raises(CommandError, match="No space"),
    ):
        run("backup", to)
    assert list(tmp_path.glob("site.tar*")) == []


def test_every_model_is_kept():
    kept = {model._meta.label for model in rows.kept_models()}
    labels = {model._meta.label for model in apps.get_models(include_auto_created=True)}
    assert labels - kept == {"avion.Generation", "articles.MonthCount"}
