"""Whatever readers see changes: the page that shows it is new at the next second, not before."""

import pytest
from django.apps import apps
from django.utils import timezone

from articles.models import MostRead, Redirect
from avion.models import SiteSettings
from avion.pagecache.generation import SEEN
from tests.factories import (
    figures,
    make_author,
    make_dossier,
    make_image,
    make_page,
    make_published,
)

pytestmark = pytest.mark.django_db(transaction=True)
UPLOAD = "/wp-content/uploads/2020/05/milan.jpg"
# What is changed, by hand and past all code of ours; the page that shows it, and what it then says.
CHANGES = [
    ("articles.PublishedArticle", {"title": "Nouveau"}, "/un-vol/", "Nouveau"),
    ("articles.PublishedByline", {"author": "autre auteur"}, "/un-vol/", "Autre Plume"),
    ("articles.PublishedTagging", {"tag": "autre mot"}, "/un-vol/", "Autre mot"),
    ("articles.PublishedPicture", {"image": "autre image"}, "map", "{image}"),
    ("articles.Section", {"name": "Nouveau"}, "/un-vol/", "Nouveau"),
    ("articles.Tag", {"name": "Nouveau"}, "/un-vol/", "Nouveau"),
    ("articles.Image", {"credit": "Nouveau"}, "/un-vol/", "Nouveau"),
    ("articles.Page", {"html": "<p>Nouveau</p>"}, "/une-page/", "Nouveau"),
    ("articles.Dossier", {"introduction": "Nouveau"}, "/dossier/un-dossier/", "Nouveau"),
    ("articles.DossierPart", {"article": "copie de travail"}, "/dossier/un-dossier/", "Autre vol"),
    ("articles.MostRead", {"article": "autre copie"}, "/les-plus-lus/", "Autre vol"),
    ("articles.KnownWord", {"shown": "Rarissime"}, "/recherche/?q=rarisime", "Rarissime"),
    ("articles.Redirect", {"path": "/ancien/"}, "/ancien/", "301"),
    ("articles.Origin", {"path": "2020/05/milan.jpg"}, UPLOAD, "301"),
    ("authors.Author", {"name": "Nouveau"}, "/un-vol/", "Nouveau"),
    ("avion.SiteSettings", {"name": "Nouveau"}, "/", "Nouveau"),
]


def test_each_model_that_readers_see_is_tried():
    assert [label for label, *_rest in CHANGES] == list(SEEN)


@pytest.fixture
def others(settings, tmp_path):
    """A row of all that readers see, and {name: another row} to put in its place."""
    settings.MEDIA_ROOT = tmp_path
    first, other = make_image(), make_image()
    copy = make_published(
        "Un vol",
        slug="un-vol",
        authors=[make_author("Première Plume")],
        body=f"<p>Un mot rarissime.</p>{figures(first)}",
        tags=["Rafale"],
        hero_image=make_image(),
    )
    another = make_published("Autre vol", authors=[make_author("Autre Plume")], tags=["Autre mot"])
    make_page("Une page")
    make_dossier("Un dossier", copy.article)
    MostRead.objects.create(article=copy, period="day", place=1)
    Redirect.objects.create(path="/ailleurs/", destination="/")
    SiteSettings.objects.create(pk=1, name="Le journal")
    apps.get_model("articles.Origin").objects.create(
        source="ancien.example", kind="file", key="1", path="2020/05/f-35.jpg", image=first
    )
    return {
        "autre auteur": another.authors[0],
        "autre mot": another.tags[0],
        "autre image": other,
        "autre copie": another,
        "copie de travail": another.article,
    }


@pytest.mark.parametrize(("label", "change", "path", "says"), CHANGES, ids=list(SEEN))
def test_a_change_is_on_the_next_seconds_page(others, cache, reader, label, change, path, says):
    if path == "map":
        path = timezone.localdate().strftime("/sitemap-%Y-%m.xml")
    says = says.format(image=others["autre image"].file.name.rpartition("/")[2].partition(".")[0])
    change = {name: others.get(value, value) for name, value in change.items()}

    def shown() -> str:
        answer = reader.get(*path.split("?"))
        return f"{answer.code} {answer.text}"

    before = shown()
    assert says not in before
    model = apps.get_model(label)
    row = model.objects.order_by("pk").first()
    if label == "articles.KnownWord":
        row = model.objects.get(folded="rarissime")
    made = cache.figures["made"]
    model.objects.filter(pk=row.pk).update(**change)
    if "301" not in says:
        assert shown() == before
        assert cache.figures["made"] == made
    cache.clock.look()
    assert says in shown()
