"""The site as JSON lines: what goes out comes back the same, whatever was in it."""

import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.desk import history
from articles.models import (
    Article,
    Correction,
    Dossier,
    Image,
    Origin,
    Page,
    PublishedArticle,
    Redirect,
    Section,
    Tag,
)
from articles.publishing import publish, unpublish
from articles.publishing.body import clean
from authors.models import Author
from tests.factories import (
    figures,
    make_article,
    make_author,
    make_image,
    make_page,
    make_published,
    make_section,
    photograph,
)

pytestmark = pytest.mark.django_db
EVERYTHING = [
    Origin,
    Dossier,
    Correction,
    PublishedArticle,
    Article,
    Page,
    Tag,
    Image,
    Section,
    Author,
    Redirect,
]


def empty():
    Tag.objects.update(image=None)
    for model in EVERYTHING:
        model.objects.all().delete()


def out(folder):
    call_command("export", "json", folder, stdout=StringIO(), stderr=StringIO())
    return told(folder)


def back(folder):
    call_command("import_json", folder, stdout=StringIO(), stderr=StringIO())


def told(folder) -> list[dict]:
    """Return the records of a folder without what is a matter of numbering: ids and file names."""
    lines = (folder / "site.jsonl").read_text().splitlines()
    records = [json.loads(line) for line in lines]
    keys = {r["key"]: r["title"] for r in records if r["type"] == "image"}
    for record in records:
        for name in ("file", "portrait", "key"):
            record.pop(name, None)
        for name in ("hero_image", "image"):
            if record.get(name) is not None:
                record[name] = keys[record[name]]
        for key, title in keys.items():
            if "body" in record:
                record["body"] = record["body"].replace(
                    f'data-file="{key}"', f'data-file="{title}"'
                )
    return sorted(records, key=lambda record: json.dumps(record, sort_keys=True))


@pytest.fixture
def site(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    image, hero = make_image(caption="Là", focal_x=0.2), make_image(usable_until=date(2030, 1, 1))
    image.tags.add(Tag.objects.named("Avion"))
    people = [make_author("Zoé Vent", links="https://zoe.example"), make_author("Ivan")]
    section = make_section("Défense")
    Section.objects.update(description="Les armées.")
    public = make_article(
        "Le Rafale",
        people,
        ["Rafale", "Avion"],
        section=section,
        body=clean(f"<p>Un.</p>{figures(image)}"),
        hero_image=hero,
        kicker="Essai",
        canonical_url="https://confrere.example/",
        robots="noindex",
        embargo_note="Source",
    )
    Correction.objects.create(article=public, wrong="Dix.", right="Onze.")
    Origin.objects.create(
        source="ancien.example",
        kind="post",
        key="10",
        path="/2020/rafale/",
        article=public,
        kept={"fields": {"machin": ["Une valeur"]}, "comments": [{"content": "Bravo"}]},
    )
    other = make_published("Autre", section=section).article
    public.related.add(other)
    publish(
        public,
        at=datetime(2020, 5, 1, 8, tzinfo=UTC),
        modified_at=datetime(2021, 5, 1, 8, tzinfo=UTC),
        until=timezone.now() + timedelta(days=9),
    )
    Tag.objects.filter(name="Rafale").update(image=image, description="Un avion.")
    make_article("Brouillon", section=None, authors=[])
    publish(make_article("Demain"), at=timezone.now() + timedelta(days=1))
    changed = make_published("Lu ainsi", slug="lu-ainsi").article
    history.record(changed, history.Act.PUBLISHED)
    changed.title, changed.slug, changed.section = "Changé depuis", "change-depuis", None
    changed.save()
    changed.touch()
    history.record(changed, history.Act.SAVED)
    read = make_article("Relu", body="<p>Relu.</p>", section=section)
    read.related.add(other)
    publish(read)
    history.record(read, history.Act.PUBLISHED)
    read.body, read.stage = "<p>PAS-RELU</p>", Article.Stage.REVIEW
    read.save()
    read.touch()
    Correction.objects.create(article=read, wrong="PAS-DIT", right="PAS-DIT.")
    over = make_published("Fini", at=datetime(2023, 1, 1, tzinfo=UTC)).article
    PublishedArticle.objects.filter(pk=over.pk).update(
        withdrawn_at=datetime(2024, 1, 1, tzinfo=UTC)
    )
    gone = make_published("Parti").article
    unpublish(gone)
    make_page("À propos", body="<p>Nous.</p>")
    dossier = Dossier.objects.create(title="Dossier", slug="dossier", introduction="Sur.")
    dossier.arrange([other, public])
    Redirect.objects.create(path="/ancien/", destination="/le-rafale/")
    return tmp_path


def test_what_goes_out_comes_back(site, client):
    before = out(site / "un")
    empty()
    back(site / "un")
    assert out(site / "deux") == before
    back(site / "deux")
    page = client.get("/le-rafale/").text
    assert "Onze." in page
    assert "Autre" in page
    assert client.get("/parti/").status_code == 410
    assert "PAS-" not in client.get("/relu/").text
    assert client.get("/fini/").status_code == 410
    assert out(site / "trois") == before
    wxr = site / "site.xml"
    call_command("export", "wxr", wxr, stdout=StringIO(), stderr=StringIO())
    assert "PAS-RELU" not in wxr.read_text()
    for kept in ("<![CDATA[machin]]>", "Une valeur", "<wp:comment_content><![CDATA[Bravo]]>"):
        assert kept in wxr.read_text()
    assert "Lu ainsi" in client.get("/lu-ainsi/").text
    assert Article.objects.get(title="Changé depuis").state == Article.State.CHANGED


def test_a_second_time_doubles_nothing(site):
    before = out(site / "un")
    counts = [model.objects.count() for model in EVERYTHING]
    back(site / "un")
    assert [model.objects.count() for model in EVERYTHING] == counts
    assert out(site / "deux") == before


def test_portraits_are_cleaned_and_kept_once(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    record = {"type": "author", "slug": "zoe", "name": "Zoé", "job_title": "", "biography": ""}
    record |= {"links": "", "portrait": "portrait.jpg"}
    (tmp_path / "site.jsonl").write_text(json.dumps(record) + "\n")
    (tmp_path / "portrait.jpg").write_bytes(photograph(1))
    back(tmp_path)
    name = Author.objects.get().portrait.name
    back(tmp_path)
    assert Author.objects.get().portrait.name == name
    (tmp_path / "portrait.jpg").write_bytes(b"<script>")
    with pytest.raises(CommandError, match="Line 1"):
        back(tmp_path)


def test_further_reading_is_what_the_folder_says(site):
    out(site / "un")
    lines = (site / "un/site.jsonl").read_text()
    assert Article.objects.get(title="Le Rafale").related.exists()
    (site / "un/site.jsonl").write_text(lines.replace('"related": ["autre"]', '"related": []'))
    back(site / "un")
    assert not Article.objects.get(title="Le Rafale").related.exists()
    (site / "un/site.jsonl").write_text(lines.replace('["autre"]', '["licorne"]'))
    with pytest.raises(CommandError, match="licorne"):
        back(site / "un")


words = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), max_size=60)


@given(title=words, standfirst=words, text=words, name=words)
@settings(max_examples=15, deadline=None)
def test_any_words_come_back(tmp_path_factory, title, standfirst, text, name):
    empty()
    folder = tmp_path_factory.mktemp("site")
    author = make_author(f"A {name}".strip())
    body = clean(f"<p>Le {text}.</p>") if "<" not in text else "<p>Le.</p>"
    make_published(f"T {title}".strip(), authors=[author], standfirst=standfirst, body=body)
    before = out(folder / "un")
    empty()
    back(folder / "un")
    assert out(folder / "deux") == before


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "Line 1"),
        ('{"type": "licorne"}', "licorne"),
        ('{"type": "section", "slug": "x"}', "'name' is missing"),
        ('{"type": "site", "version": 9}', "version 9"),
        ('{"type": "image", "key": 1, "title": "x", "file": "../secret"}', "leads out"),
    ],
)
def test_what_cannot_be_brought_is_said_and_nothing_is_changed(tmp_path, line, said):
    good = {"type": "section", "slug": "bonne", "name": "B", "description": ""}
    good |= {"position": 1, "in_menu": True}
    (tmp_path / "site.jsonl").write_text(f"{line}\n{json.dumps(good)}\n")
    with pytest.raises(CommandError, match=said):
        back(tmp_path)
    assert not Section.objects.exists()
    with pytest.raises(CommandError, match="Nothing is changed"):
        back(tmp_path / "nulle-part")
