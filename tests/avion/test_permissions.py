"""Who may open which page of the desk: every address, every role, from the URL configuration.

A page that is not in LOWEST fails the test: a new view cannot be forgotten.
"""

from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.urls import get_resolver, reverse
from django.utils import timezone

from articles.desk import history
from articles.models import Article, Buffer, Letter, Missing, Note, Redirect, SharedPreview, Tag
from authors import roles
from authors.models import Author, Entry
from avion.jobs import Job
from avion.models import SiteSettings
from tests.articles.wxr_files import export, item
from tests.factories import (
    make_article,
    make_author,
    make_dossier,
    make_image,
    make_page,
    make_user,
    sign_in_lately,
)

pytestmark = pytest.mark.django_db
STRANGER, NO_ROLE, JOURNALIST, EDITOR, ADMINISTRATOR, SUPERUSER, NOBODY = range(7)
ROLES = {
    JOURNALIST: roles.JOURNALIST,
    EDITOR: roles.EDITOR,
    ADMINISTRATOR: roles.ADMINISTRATOR,
}
# The lowest role that a page opens for. Articles are those of others; own ones are below.
LOWEST = {
    "index": NO_ROLE,
    "front": EDITOR,
    "front_preview": EDITOR,
    "moving": ADMINISTRATOR,
    "moving_export": ADMINISTRATOR,
    "moving_job": ADMINISTRATOR,
    "moving_mapping": ADMINISTRATOR,
    "moving_report": ADMINISTRATOR,
    "moving_result": ADMINISTRATOR,
    "login": STRANGER,
    "logout": STRANGER,
    "jsi18n": NO_ROLE,
    "password_change": NO_ROLE,
    "password_change_done": NO_ROLE,
    "app_list": JOURNALIST,
    "autocomplete": JOURNALIST,
    "articles_article_add": JOURNALIST,
    "articles_article_changelist": JOURNALIST,
    "articles_article_autosave": NO_ROLE,  # tells a script whether its session lives
    "articles_article_change": EDITOR,
    "articles_article_delete": EDITOR,
    "articles_article_history": EDITOR,
    "articles_article_find": JOURNALIST,
    "articles_article_compare": EDITOR,
    "articles_article_restore": EDITOR,
    "articles_article_preview": EDITOR,
    "articles_article_viewer": EDITOR,
    "articles_article_preview_buffer": NOBODY,  # what another editor typed
    "articles_article_share": EDITOR,
    "articles_article_revoke": EDITOR,
    "articles_article_withdraw": EDITOR,
    "articles_article_calendar": JOURNALIST,
    "articles_article_move": EDITOR,
    "articles_article_note": EDITOR,
    "articles_article_resolve": EDITOR,
    "articles_article_compare_buffer": NOBODY,  # what another editor typed
    "articles_article_drop_buffer": NOBODY,
    "articles_image_add": JOURNALIST,
    "articles_image_change": JOURNALIST,
    "articles_image_changelist": JOURNALIST,
    "articles_image_history": JOURNALIST,
    "articles_image_picker": JOURNALIST,
    "articles_image_delete": EDITOR,
    "articles_image_retire": EDITOR,
    "articles_image_upload": JOURNALIST,
    "articles_dossier_add": EDITOR,
    "articles_dossier_change": EDITOR,
    "articles_dossier_changelist": EDITOR,
    "articles_dossier_delete": EDITOR,
    "articles_dossier_history": EDITOR,
    "articles_letter_add": NOBODY,
    "articles_letter_change": EDITOR,
    "articles_letter_changelist": EDITOR,
    "articles_letter_delete": ADMINISTRATOR,
    "articles_letter_history": EDITOR,
    "articles_letter_publish": EDITOR,
    "articles_missing_add": NOBODY,
    "articles_missing_change": EDITOR,
    "articles_missing_changelist": EDITOR,
    "articles_missing_delete": EDITOR,
    "articles_missing_history": EDITOR,
    "articles_page_add": EDITOR,
    "articles_page_change": EDITOR,
    "articles_page_changelist": EDITOR,
    "articles_page_delete": EDITOR,
    "articles_page_history": EDITOR,
    "articles_redirect_add": EDITOR,
    "articles_redirect_export": EDITOR,
    "articles_redirect_import": EDITOR,
    "articles_redirect_change": EDITOR,
    "articles_redirect_changelist": EDITOR,
    "articles_redirect_delete": EDITOR,
    "articles_redirect_history": EDITOR,
    "articles_section_add": EDITOR,
    "articles_section_change": JOURNALIST,
    "articles_section_changelist": JOURNALIST,
    "articles_section_delete": EDITOR,
    "articles_section_history": JOURNALIST,
    "articles_tag_add": JOURNALIST,
    "articles_tag_change": JOURNALIST,
    "articles_tag_changelist": JOURNALIST,
    "articles_tag_delete": EDITOR,
    "articles_tag_history": JOURNALIST,
    "authors_author_add": EDITOR,
    "authors_author_change": JOURNALIST,
    "authors_author_changelist": JOURNALIST,
    "authors_author_delete": ADMINISTRATOR,
    "authors_author_history": JOURNALIST,
    "authors_entry_add": NOBODY,
    "authors_entry_change": ADMINISTRATOR,
    "authors_entry_changelist": ADMINISTRATOR,
    "authors_entry_delete": NOBODY,
    "authors_entry_history": ADMINISTRATOR,
    "authors_user_add": ADMINISTRATOR,
    "authors_user_change": ADMINISTRATOR,
    "authors_user_changelist": ADMINISTRATOR,
    "authors_user_delete": ADMINISTRATOR,
    "authors_user_history": ADMINISTRATOR,
    "authors_user_link": ADMINISTRATOR,
    "authors_user_revoke": ADMINISTRATOR,
    "authors_user_end_sessions": ADMINISTRATOR,
    "authors_user_reset_factor": ADMINISTRATOR,
    "authors_user_reopen": ADMINISTRATOR,
    "authors_user_leave": ADMINISTRATOR,
    "authors_user_erase": ADMINISTRATOR,
    "avion_sitesettings_add": NOBODY,
    "avion_sitesettings_change": ADMINISTRATOR,
    "avion_sitesettings_changelist": ADMINISTRATOR,
    "avion_sitesettings_delete": NOBODY,
    "avion_sitesettings_history": ADMINISTRATOR,
}
BY_POST = {"restore", "revoke", "drop_buffer", "note", "resolve", "move"}
BY_POST |= {f"authors_user_{act}" for act in ("link", "revoke", "end_sessions", "reset_factor")}
BY_POST |= {"authors_user_reopen", "articles_letter_publish", "moving_export"}
OWN = {
    "change": JOURNALIST,
    "history": JOURNALIST,
    "compare": JOURNALIST,
    "restore": JOURNALIST,
    "preview": JOURNALIST,
    "viewer": JOURNALIST,
    "share": JOURNALIST,
    "revoke": JOURNALIST,
    "note": JOURNALIST,
    "resolve": JOURNALIST,
    "withdraw": EDITOR,
    "delete": EDITOR,
}


@pytest.fixture
def accounts():
    made = {NO_ROLE: make_user(), SUPERUSER: make_user(is_superuser=True)}
    return made | {rank: make_user(role) for rank, role in ROLES.items()}


def article_with_all(**fields):
    from articles.publishing import publish

    article = make_article(**fields)
    publish(article)
    revision = history.record(article, history.Act.SAVED)
    link = SharedPreview.share(article, by=None)
    Note.objects.create(article=article, text="Sûr ?")
    return article, revision, link


@pytest.fixture
def jobs(settings, tmp_path, monkeypatch):
    """An import and an export that are done; no other begins."""
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(Job, "start", lambda _job, **_changes: None)
    found = {"total": 1, "authors": {"zoe": "Zoé"}, "categories": {}, "uses": {}}
    known = {"exports": ["export.xml"], "files_from": "none", "said": "x", "found": found}
    incoming = Job.create("import", "Zoé", options=known)
    (incoming.folder / "export.xml").write_text(export(item(10)))
    incoming.save(status="done")
    (incoming.folder / "report.html").write_text("<style></style>")
    outgoing = Job.create("export", "Zoé", result="site.zip")
    (outgoing.folder / "site.zip").write_bytes(b"zip")
    outgoing.save(status="done")
    return {
        "moving_export": ([], {"format": "wxr"}),
        "moving_job": ([incoming.token], {}),
        "moving_mapping": ([incoming.token], {}),
        "moving_report": ([incoming.token], {}),
        "moving_result": ([outgoing.token], {}),
    }


@pytest.fixture
def objects(accounts, jobs):
    """What each page is about: {name of the pattern: (arguments, query)}."""
    article, revision, link = article_with_all(hero_image=make_image(), tags=["Rafale"])
    make_page("Une page")
    Redirect.objects.create(path="/ancien/", destination="/nouveau/")
    SiteSettings.objects.create(pk=1)
    buffer = Buffer.objects.create(key=uuid4(), editor=make_user(), article=article, data="")
    rows = {
        "articles_article": article,
        "articles_image": article.hero_image,
        "articles_dossier": make_dossier("Un dossier", article),
        "articles_letter": Letter.objects.create(kind="contact", name="Zoé", text="Bravo"),
        "articles_missing": Missing.objects.create(path="/perdu/", last_at=timezone.now()),
        "articles_page": make_page("Une autre"),
        "articles_redirect": Redirect.objects.first(),
        "articles_section": article.section,
        "articles_tag": Tag.objects.first(),
        "authors_author": Author.objects.first(),
        "authors_entry": Entry.objects.create(act=Entry.Act.SIGNED_IN),
        "authors_user": make_user(),
        "avion_sitesettings": SiteSettings.objects.first(),
    }
    given = {
        f"{name}_{page}": ([row.pk], {})
        for name, row in rows.items()
        for page in ("change", "delete", "history")
    }
    both = {"old": revision.pk, "new": revision.pk}
    autocomplete = {"app_label": "articles", "model_name": "article", "field_name": "related"}
    return (
        given
        | jobs
        | {
            "app_list": (["articles"], {}),
            "autocomplete": ([], autocomplete),
            **{
                f"authors_user_{act}": ([rows["authors_user"].pk], {})
                for act in ("link", "revoke", "end_sessions", "reset_factor", "reopen", "leave")
            },
            "authors_user_erase": ([make_user(is_active=False).pk], {}),
            "articles_letter_publish": ([rows["articles_letter"].pk], {}),
            "articles_article_compare": ([article.pk], both),
            "articles_article_restore": ([article.pk, revision.pk], {}),
            "articles_article_preview": ([article.pk], {}),
            "articles_article_viewer": ([article.pk], {}),
            "articles_article_preview_buffer": ([buffer.key], {}),
            "articles_article_share": ([article.pk], {}),
            "articles_article_revoke": ([article.pk, link.pk], {}),
            "articles_article_withdraw": ([article.pk], {}),
            "articles_article_move": ([article.pk], {"at": "2099-01-01T10:00"}),
            "articles_article_note": ([article.pk], {"text": "Sûr ?"}),
            "articles_article_resolve": ([article.pk, article.notes.get().pk], {}),
            "articles_article_compare_buffer": ([buffer.key], {}),
            "articles_article_drop_buffer": ([buffer.key], {}),
            "articles_image_retire": ([article.hero_image.pk], {}),
        }
    )


def opens(client, name, address, query):
    """Say whether a page answers this client with more than a closed door."""
    ask = client.post if name.removeprefix("articles_article_") in BY_POST else client.get
    response = ask(address, query)
    assert response.status_code < 500, address
    if response.status_code == 302:
        target = urlsplit(response.headers["Location"]).path
        # To the first page is the admin's way to say that there is nothing for this account.
        return target not in {reverse("admin:login"), reverse("admin:index")}
    return response.status_code == 200


def test_every_page_opens_for_its_roles_and_for_no_other(client, accounts, objects):
    patterns = get_resolver().namespace_dict["admin"][1].reverse_dict
    names = {name for name in patterns if isinstance(name, str)} - {"view_on_site"}
    assert names == LOWEST.keys()
    for name, lowest in LOWEST.items():
        if name in {"login", "logout"}:
            continue  # open to all; logging out would end the sessions of this test
        arguments, query = objects.get(name, ([], {}))
        address = reverse(f"admin:{name}", args=arguments)
        for rank in range(SUPERUSER + 1):
            client.logout()
            if rank != STRANGER:
                client.force_login(accounts[rank])
            assert opens(client, name, address, query) == (rank >= lowest), (name, rank)


def test_no_method_opens_what_is_closed(client, accounts, objects):
    closed = {reverse("admin:login"), reverse("admin:index")}
    for name, lowest in LOWEST.items():
        arguments, query = objects.get(name, ([], {}))
        address = reverse(f"admin:{name}", args=arguments)
        for rank in range(min(lowest, SUPERUSER + 1)):
            client.logout()
            if rank != STRANGER:
                sign_in_lately(client, accounts[rank])
            for method in ("POST", "PUT", "PATCH", "DELETE"):
                answer = client.generic(method, address, query_params=query)
                target = urlsplit(answer.headers.get("Location", "")).path
                is_closed = answer.status_code in {401, 403, 404, 405} or target in closed
                assert is_closed, (name, rank, method, answer.status_code, target)


def test_a_journalists_own_article_opens_and_publishing_does_not(client, accounts):
    author = make_author(user=accounts[JOURNALIST])
    article, revision, link = article_with_all(authors=[author])
    for name, lowest in OWN.items():
        arguments = {
            "restore": [article.pk, revision.pk],
            "revoke": [article.pk, link.pk],
            "resolve": [article.pk, article.notes.first().pk],
        }
        query = {"old": revision.pk, "new": revision.pk} if name == "compare" else {}
        address = reverse(f"admin:articles_article_{name}", args=arguments.get(name, [article.pk]))
        client.force_login(accounts[JOURNALIST])
        assert opens(client, name, address, query) == (lowest <= JOURNALIST), name


@pytest.mark.parametrize("rank", [NO_ROLE, JOURNALIST])
def test_no_side_door_publishes(client, accounts, rank):
    author = make_author(user=accounts[JOURNALIST])
    article = make_article(authors=[author], stage=Article.Stage.READY)
    client.force_login(accounts[rank])
    change = reverse("admin:articles_article_change", args=[article.pk])
    listing = reverse("admin:articles_article_changelist")
    fields = {"title": "x", "slug": article.slug, "seen_version": 1, "bylines": [author.pk]}
    for button in ("_publish", "_schedule", "_ready", "_send_back", "_saveasnew"):
        client.post(change, fields | {button: "1", "stage": "published", "published": "1"})
    for action in ("publish", "delete_selected", "submit"):
        client.post(listing, {"action": action, "_selected_action": [article.pk], "post": "yes"})
    article.refresh_from_db()
    assert article.copy is None
    assert article.stage == Article.Stage.READY
