"""What is to come changes nothing at any address that readers and machines can ask for."""

import re
from datetime import date, timedelta

import pytest
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from articles.models import Correction, PublishedArticle
from articles.publishing import publish
from avion.models import SiteSettings
from tests.factories import (
    make_article,
    make_author,
    make_dossier,
    make_image,
    make_page,
    make_published,
    make_section,
)

pytestmark = pytest.mark.django_db
MARKER = "licorne"
SIGNED = re.compile(rb'value="[\w:-]{20,}"')  # the moment at which a form was opened
# What each part of an address stands for; a new one must say here what it is.
VALUES = {
    "rubrique/<slug:slug>": ["essais", MARKER],
    "tag/<slug:slug>": ["rafale", MARKER],
    "auteur/<slug:slug>": ["zoe-vent", MARKER],
    "dossier/<slug:slug>": ["un-dossier", MARKER],
    "<slug:slug>": ["vol-1", "une-page", MARKER],
    "<number:page>": ["1", "2", "3"],
    "<year:year>": ["2024", "2030"],
    "<month:month>": ["10", "11"],
    "<day:day>": ["02"],
    "sitemap-<slug:section>": ["sitemap-tags", "sitemap-auteurs", "sitemap-pages"],
    "<slug:reference>": [MARKER],
    "<slug:version>": ["0"],
    "<slug:key>": [MARKER],
    "<number:version>": ["1", "2"],
    "<str:token>": [MARKER],
    "<path:path>": [f"{MARKER}.jpg"],
}
ASKED = [  # and these questions
    f"/recherche/?q={MARKER}",
    "/recherche/?q=vol",
    f"/recherche/feed/?q={MARKER}",
    f"/recherche/suggestions/?q={MARKER[:3]}",
    "/recherche/suggestions/?q=vol",
    f"/api/articles/?tag={MARKER}",
    "/api/articles/?since=2024-01-01",
    "/?feed=rss2",
]


def routes(resolver, before="") -> list[str]:
    """Return the routes of all addresses but the desk's, as avion/urls.py writes them."""
    found = []
    for each in resolver.url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            found += routes(each, route)
        elif not route.startswith("admin/"):
            found.append(route)
    return found


def addresses(pks) -> list[str]:
    """Return every route with every value for its parts, and ASKED."""
    values = VALUES | {"<number:pk>": [str(pk) for pk in pks]}
    open_routes = routes(get_resolver())
    for part, known in values.items():
        open_routes = [
            route.replace(part, f"{part.partition('<')[0]}{value}" if "/" in part else value)
            for route in open_routes
            for value in (known if part in route else [""])
        ]
    left = [route for route in open_routes if "<" in route]
    assert left == []
    return [*dict.fromkeys(f"/{route}" for route in open_routes), *ASKED]


def answers(client, paths) -> dict[str, tuple]:
    """Return {path: (status, where it leads, body)}; what differs at each request is taken out."""
    found = {}
    for path in paths:
        answer = client.get(path)
        body = SIGNED.sub(b"", answer.getvalue())
        found[path] = (answer.status_code, answer.headers.get("Location"), body)
    return found


def test_what_is_to_come_changes_no_answer(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.WEBSUB_HUB = settings.INDEXNOW_ENDPOINT = "https://hub.example/"
    SiteSettings.objects.create(pk=1, contact_email="a@avion.test", front_sections=[])
    section, author = make_section("Essais"), make_author("Zoé Vent")
    at = timezone.make_aware(timezone.datetime(2024, 10, 2, 9))
    for number in range(1, 30):
        last = make_published(
            f"Vol {number}",
            at=at + timedelta(hours=number * 12),
            slug=f"vol-{number}",
            section=section,
            authors=[author],
            tags=["Rafale"],
        )
    edited = last.article
    make_page("Une page", slug="une-page")
    dossier = make_dossier("Un dossier", edited)
    paths = addresses([last.pk, last.pk + 1, last.pk + 2, last.pk + 3])
    before = answers(client, paths)
    hidden = {
        "section": section,
        "authors": [author],
        "tags": ["Rafale", MARKER],
        "hero_image": make_image(title=MARKER, alt=MARKER, credit=MARKER),
        "mining": "reserved",
        "ai_use": "generated",
        "ai_note": MARKER,
        "ai_reviewed_by": MARKER,
        "ai_reviewed_on": date(2026, 1, 1),
        "translations": f"en https://{MARKER}.example/",
    }
    draft = make_article(f"Vol {MARKER} brouillon", **hidden)
    scheduled = make_article(f"Vol {MARKER}", slug=MARKER, **hidden)
    Correction.objects.create(article=scheduled, wrong=MARKER, right=MARKER)
    publish(scheduled, at=timezone.now() + timedelta(hours=1))
    ahead = make_article(f"Vol {MARKER} de 2030", **hidden)
    publish(ahead, at=timezone.make_aware(timezone.datetime(2030, 11, 2, 9)))
    alone = make_author(MARKER)
    publish(
        make_article(f"{MARKER} seule", authors=[alone], section=section),
        at=timezone.now() + timedelta(days=9),
    )
    dossier.arrange([edited, draft, scheduled, ahead])
    make_dossier(MARKER, scheduled, draft)
    edited.title, edited.body, edited.mining = MARKER, f"<p>{MARKER}</p>", "open"
    edited.ai_use = "none"
    edited.save()
    edited.tags.add(MARKER)
    edited.related.add(scheduled, draft)
    assert PublishedArticle.objects.filter(pk=ahead.pk).exists()
    after = answers(client, paths)
    changed = [path for path in paths if before[path] != after[path]]
    assert changed == []
    shown = [
        path
        for path in paths
        if re.search(MARKER, after[path][2].decode("utf-8", "replace").replace(path, ""))
        and MARKER not in path
    ]
    assert shown == []
    told = {path for path in paths if after[path][0] == 200}
    assert {"/", "/feed/", "/sitemap-2024-10.xml", "/news-sitemap.xml", "/trust.txt"} <= told
