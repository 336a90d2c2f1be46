"""Moving house at the desk in a browser: the way through, and a page that follows the work."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from articles.models import PublishedArticle
from authors import roles
from avion import jobs
from avion.jobs import Job
from tests.articles.wxr_files import export, item
from tests.browser.steps import sign_in
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)


def run_here(command, **_options):
    Job.find(command[-1]).run()


@pytest.fixture
def desk(new_page, settings, tmp_path, monkeypatch):
    settings.VAR_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"
    monkeypatch.setattr(jobs.subprocess, "Popen", run_here)
    call_command("migrate", verbosity=0)  # a flush between tests takes the roles away
    page = new_page(viewport={"width": 390, "height": 844}, bypass_csp=True)
    sign_in(page, make_user(roles.ADMINISTRATOR, "Camille"))
    return page


def faults(page):
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    return [violation["id"] for violation in Axe().run(page).response["violations"]]


def test_a_site_comes_in_and_goes_out(desk):
    desk.get_by_role("button", name="Import et export").click()
    text = export(item(10, "Un vol", creator="zoe"), item(11)).encode()
    file = {"name": "export.xml", "mimeType": "text/xml", "buffer": text}
    desk.set_input_files("#id_exports", [file])
    desk.get_by_label("ne sont pas repris").check()
    assert faults(desk) == []
    desk.get_by_role("button", name="Envoyer et regarder").click()
    desk.get_by_label("zoe").fill("Zoé Levent")
    assert faults(desk) == []
    desk.get_by_role("button", name="Faire un essai").click()
    expect(desk.get_by_role("status")).to_contain_text("terminé (essai)")
    assert faults(desk) == []
    assert not PublishedArticle.objects.exists()
    desk.get_by_role("button", name="Tout importer").click()
    expect(desk.get_by_role("button", name="Relancer")).to_be_visible()
    assert PublishedArticle.objects.count() == 2
    desk.get_by_role("button", name="Le rapport, ligne par ligne").click()
    expect(desk.get_by_role("rowheader", name="Un vol")).to_be_visible()
    assert faults(desk) == []
    desk.goto("/admin/moving/")
    desk.get_by_role("button", name="Pour WordPress").click()
    with desk.expect_download() as download:
        desk.get_by_role("button", name="Télécharger").click()
    assert "Zoé Levent" in download.value.path().read_text()


def test_the_page_follows_the_work(desk):
    job = Job.create("export", "Camille", result="site.zip")
    job.save(status="started")
    job.save(at=(timezone.now() - timedelta(hours=1)).isoformat())
    with jobs._lock(job.token):
        desk.goto(f"/admin/moving/{job.token}/")
        expect(desk.get_by_label("Cela commence.")).to_be_visible()
        (job.folder / "said.txt").write_text("records: 100/400\n")
        expect(desk.locator("progress")).to_have_attribute("value", "100")
        assert faults(desk) == []
        (job.folder / "site.zip").write_bytes(b"zip")
        job.save(status="done")
    expect(desk.get_by_role("button", name="Télécharger")).to_be_visible()
