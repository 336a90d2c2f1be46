"""Moving house at the desk: an export comes in after a trial, the whole site goes out as a file."""

import json
import sys
import zipfile
from datetime import timedelta
from io import BytesIO, StringIO
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Image, PublishedArticle, Section, Tag
from authors import roles
from authors.models import Author, Entry
from avion import jobs
from avion.jobs import Job
from tests.articles.wxr_files import SITE, TEXT, attachment, export, item
from tests.factories import make_published, make_user, photograph, sign_in_lately

pytestmark = pytest.mark.django_db
MOVING = reverse("admin:moving")


def run_here(command, **_options):
    Job.find(command[-1]).run()


@pytest.fixture
def desk(client, settings, tmp_path, monkeypatch):
    """An administrator's browser; jobs run at once, and here."""
    settings.VAR_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"
    monkeypatch.setattr(jobs.subprocess, "Popen", run_here)
    sign_in_lately(client, make_user(roles.ADMINISTRATOR))
    return client


def upload(text, name="export.xml", **fields):
    content = text if isinstance(text, bytes) else text.encode()
    return {"exports": SimpleUploadedFile(name, content), "files_from": "none"} | fields


def chosen(page) -> dict:
    """Return what the form of authors and categories posts as it stands."""
    return {field.html_name: field.value() or "" for field in page.context["form"]}


def test_an_export_is_looked_at_tried_out_and_brought_over(desk):
    terms = [("category", "chasse", "Chasse"), ("post_tag", "rafale", "Rafale")]
    items = [item(10, "Un vol", creator="zoe", terms=terms), item(11, creator="zoe")]
    page = desk.post(MOVING, upload(export(*items)), follow=True)
    assert "2 articles et pages" in page.text
    assert "Zoé Vent" in page.text
    assert not Article.objects.exists()
    address = page.redirect_chain[-1][0]
    data = chosen(page) | {"author_1": "Zoé Levent", "kind_1": "section", "name_1": "La chasse"}

    tried = desk.post(address, data | {"_trial": ""}, follow=True)
    assert "terminé" in tried.text
    assert "(essai)" in tried.text
    assert not Article.objects.exists()

    job = desk.post(tried.redirect_chain[-1][0], follow=True)
    assert "Article\N{NO-BREAK SPACE}: import" in job.text
    copy = PublishedArticle.objects.get(slug="article-10")
    assert [byline.author.name for byline in copy.bylines.all()] == ["Zoé Levent"]
    assert copy.section.name == "La chasse"
    assert Entry.objects.filter(act="imported", about="export.xml").exists()
    report = desk.get(reverse("admin:moving_report", args=[Job.all()[0].token]))
    assert "Un vol" in report.text
    assert "'unsafe-inline'" not in report.headers["Content-Security-Policy"]

    again = desk.post(job.redirect_chain[-1][0], follow=True)
    assert "Article\N{NO-BREAK SPACE}: sans changement" in again.text


def test_files_come_from_a_zip(desk):
    zipped = BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("uploads/2020/05/photo.jpg", photograph(1))
    image = f'{TEXT}\n\n<img src="{SITE}/wp-content/uploads/2020/05/photo.jpg">'
    uploads = SimpleUploadedFile("uploads.zip", zipped.getvalue())
    text = export(item(10, content=image), attachment(30, "photo.jpg"))
    page = desk.post(MOVING, upload(text, files_from="zip", uploads=uploads), follow=True)
    desk.post(page.redirect_chain[-1][0], chosen(page) | {"_import": ""})
    assert Image.objects.count() == 1
    assert "data-picture" in PublishedArticle.objects.get().body


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Ce champ est obligatoire"),
        (upload("x", "photo.jpg"), "photo.jpg n’est pas un export"),
        (upload("<rss/>", files_from="zip"), "Choisissez l’archive zip"),
    ],
)
def test_what_is_missing_is_said_beside_it(desk, fields, said):
    assert said in desk.post(MOVING, fields).text
    assert Job.all() == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<rss><channel/></rss>", "pas un export de WordPress"),
        (export(item(10))[:-100], "s’interrompt"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><rss>&a;</rss>', "une attaque"),
    ],
)
def test_an_export_that_cannot_be_read_is_not_taken(desk, text, said):
    page = desk.post(MOVING, upload(text))
    assert said in str(page.context["form"]["exports"].errors)
    assert Job.all() == []


def test_what_was_chosen_is_proposed_for_the_next_export(desk):
    page = desk.post(MOVING, upload(export(item(10))), follow=True)
    data = chosen(page) | {"author_0": "Quelqu’un", "kind_0": "tag", "name_0": "La défense"}
    desk.post(page.redirect_chain[-1][0], data | {"_import": ""})
    again = chosen(desk.post(MOVING, upload(export(item(10), item(11))), follow=True))
    assert [again[name] for name in ("author_0", "kind_0", "name_0")] == [
        "Quelqu’un",
        "tag",
        "La défense",
    ]


def test_a_zip_that_is_none_is_refused_and_one_that_is_given_is_used(desk):
    bad = SimpleUploadedFile("uploads.zip", b"<rss/>")
    page = desk.post(MOVING, upload(export(item(10)), uploads=bad))
    assert "uploads.zip n’est pas un zip" in page.text
    zipped = BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("2020/05/photo.jpg", photograph(1))
    good = SimpleUploadedFile("uploads.zip", zipped.getvalue())
    image = f'{TEXT}\n\n<img src="{SITE}/wp-content/uploads/2020/05/photo.jpg">'
    image += image.replace("photo", "perdue")
    text = export(item(10, content=image), attachment(30, "photo.jpg"))
    page = desk.post(MOVING, upload(text, files_from="web", uploads=good), follow=True)
    tried = desk.post(page.redirect_chain[-1][0], chosen(page) | {"_trial": ""}, follow=True)
    assert tried.context["summary"]["remarks"][0] == ["images introuvables", 1]
    assert not Image.objects.exists()


def test_a_job_that_was_never_begun_leads_to_its_choices(desk):
    page = desk.post(MOVING, upload(export(item(10))), follow=True)
    job = reverse("admin:moving_job", args=[Job.all()[0].token])
    for answer in (desk.get(job), desk.post(job)):
        assert answer.headers["Location"] == page.redirect_chain[-1][0]


def test_every_run_keeps_its_report(desk):
    page = desk.post(MOVING, upload(export(item(10))), follow=True)
    tried = desk.post(page.redirect_chain[-1][0], chosen(page) | {"_trial": ""}, follow=True)
    trial = tried.redirect_chain[-1][0]
    done = desk.post(trial, follow=True).redirect_chain[-1][0]
    again = desk.post(done, follow=True).redirect_chain[-1][0]
    assert len({trial, done, again}) == 3
    told = [desk.get(page).context["summary"]["totals"] for page in (trial, done, again)]
    assert [totals[-1][1] for totals in told] == ["import", "import", "sans changement"]
    assert "(essai)" in desk.get(trial).text


def test_a_category_needs_a_name_and_what_was_typed_stays(desk):
    page = desk.post(MOVING, upload(export(item(10))), follow=True)
    address = page.redirect_chain[-1][0]
    data = chosen(page) | {"author_0": "Quelqu’un", "name_0": "", "_import": ""}
    page = desk.post(address, data)
    assert "Donnez-lui un nom" in page.text
    assert "Quelqu’un" in page.text
    desk.post(address, data | {"kind_0": "nothing", "kind_1": "tag"})
    assert Section.objects.get().name == "Non classé"
    assert Tag.objects.count() == 2  # the export's; an article of it has none


def test_posts_that_fail_are_said(desk):
    long = "x" * 5_000_001
    page = desk.post(MOVING, upload(export(item(10, content=long), item(11))), follow=True)
    done = desk.post(page.redirect_chain[-1][0], chosen(page) | {"_import": ""}, follow=True)
    assert "échec" in done.text
    assert "1 entrée n’a pas pu être importée" in done.text
    assert Article.objects.count() == 1


@pytest.mark.parametrize("kind", ["wxr", "json", "html"])
def test_the_site_goes_out_as_one_file(desk, kind):
    make_published("Un vol au matin")
    page = desk.post(reverse("admin:moving_export"), {"format": kind}, follow=True)
    assert "Télécharger" in page.text
    [job] = Job.all()
    answer = desk.get(reverse("admin:moving_result", args=[job.token]))
    assert "attachment" in answer.headers["Content-Disposition"]
    content = b"".join(answer.streaming_content)
    if kind == "wxr":
        assert b"Un vol au matin" in content
    else:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            name = {"json": "site.jsonl", "html": "un-vol-au-matin/index.html"}[kind]
            assert "Un vol au matin" in archive.read(name).decode()
    assert Entry.objects.filter(act="exported").exists()
    assert desk.post(reverse("admin:moving_export"), {"format": "licorne"}).status_code == 404


def test_a_job_shows_how_far_it_is(desk):
    job = Job.create("import", "Zoé", options={"said": "export.xml", "exports": []})
    job.save(status="started")
    page = reverse("admin:moving_job", args=[job.token])
    assert "Cela commence" in desk.get(page).text
    (job.folder / "said.txt").write_text("files: 100/120\nposts: 300/1314\n")
    with jobs._lock(job.token):
        job.save(at=(timezone.now() - timedelta(hours=1)).isoformat())
        part = desk.get(f"{page}?part").text
    assert "<html" not in part
    assert "data-working" in part
    assert 'value="300" max="1314"' in part
    assert "articles et pages" in part
    stopped = desk.get(page).text  # nobody holds the lock any more
    assert "interrompu en chemin" in stopped
    assert "data-working" not in stopped


def test_one_job_at_a_time(desk, monkeypatch):
    monkeypatch.undo()
    busy = Job.create("export", "Zoé")
    busy.save(status="started")
    answer = desk.post(reverse("admin:moving_export"), {"format": "wxr"}, follow=True)
    assert "Un autre import ou export est en cours" in answer.text
    assert [job.token for job in Job.all()] == [busy.token]
    assert not Entry.objects.filter(act="exported").exists()
    with jobs._lock("another"), pytest.raises(CommandError, match="at work"):
        call_command("run_job", busy.token)
    assert Job.find(busy.token).status == "failed"
    busy.save(status="started")
    with jobs._lock(busy.token), pytest.raises(CommandError, match="at work"):
        call_command("run_job", busy.token)
    assert Job.find(busy.token).status == "started"  # it is this very one that works
    with pytest.raises(CommandError, match="no job"):
        call_command("run_job", "0" * 16)


def test_a_job_is_a_process_of_its_own(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    job = Job.create("export", "Zoé", command=["export", "wxr", str(tmp_path / "site.xml")])
    with mock.patch.object(jobs.subprocess, "Popen") as process:
        job.start()
    assert process.call_args.args[0] == [
        sys.executable,
        settings.BASE_DIR / "manage.py",
        "run_job",
        job.token,
    ]
    call_command("run_job", job.token)
    assert Job.find(job.token).status == "done"
    assert (tmp_path / "site.xml").is_file()


def test_an_export_that_was_killed_begins_anew(tmp_path):
    for kind in ("json", "html", "wxr"):
        target = tmp_path / f"{kind}.zip"
        part = tmp_path / f"{kind}.zip.part"
        if kind != "wxr":
            part.mkdir()
            (part / "site.jsonl").write_text("half of it")
        call_command("export", kind, target, stdout=StringIO(), stderr=StringIO())
        assert target.is_file()
        assert not part.exists()


def test_a_fault_of_ours_is_said_and_logged(settings, tmp_path, caplog):
    settings.VAR_DIR = tmp_path
    job = Job.create("export", "Zoé", command=["export", "wxr", "x"])
    with mock.patch.object(jobs, "call_command", side_effect=ZeroDivisionError):
        job.run()
    assert (Job.find(job.token).status, "ZeroDivisionError" in caplog.text) == ("failed", True)


def test_old_jobs_go_with_all_that_they_hold(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    old = Job.create("export", "Zoé")
    old.save(at=(timezone.now() - timedelta(days=31)).isoformat())
    new = Job.create("export", "Zoé")
    assert [job.token for job in Job.all()] == [new.token]
    assert not old.folder.exists()
    assert json.loads((new.folder / "job.json").read_text())["by"] == "Zoé"
    assert Job.find("../../etc") is None


def test_whoever_exports_confirms_who_they_are(desk):
    desk.logout()
    desk.force_login(make_user(roles.ADMINISTRATOR))
    file = SimpleUploadedFile("x.xml", b"x")
    for data in ({"format": "wxr"}, {"format": "wxr", "exports": file}):
        answer = desk.post(reverse("admin:moving_export"), data)
        assert "/admin/compte/" in answer.headers["Location"]
    assert Job.all() == []


def test_a_command_makes_a_zip_too(tmp_path):
    make_published("Un vol", authors=[Author.objects.create(name="Zoé", slug="zoe")])
    target = tmp_path / "site.zip"
    call_command("export", "json", target, stdout=StringIO(), stderr=StringIO())
    assert [path.name for path in tmp_path.iterdir()] == ["site.zip"]
    with zipfile.ZipFile(target) as archive:
        archive.extractall(tmp_path / "site")
    call_command("import_json", tmp_path / "site", stdout=StringIO(), stderr=StringIO())
    assert Article.objects.count() == 1
