"""What strangers send: every odd request gets the right status, never a fault or a trace."""

import json
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from authors import roles
from authors.door.addresses import UNKNOWN, client_address
from tests.articles.test_pages import PageTestCase
from tests.factories import PASSWORD, make_published, make_user, sign_in_lately

pytestmark = pytest.mark.django_db
ODD = [
    "\x00",
    "a\x00b",
    "\ud800".encode("utf-8", "surrogatepass"),
    b"\xff\xfe",
    "%",
    "'\"<>",
    "9" * 400,
    "-1",
    "../../etc/passwd",
    "٣",
    "\u202e",
    "a" * 9000,
]
DESK = ["article", "image", "tag", "section", "dossier", "page", "redirect"]
REPORT = {
    "csp-report": {
        "document-uri": "https://avion.test/",
        "effective-directive": "script-src-elem",
        "blocked-uri": "https://evil.example/x.js\nFORGED",
        "original-policy": "x",
    }
}


@pytest.fixture
def story():
    return make_published("Un vol", tags=["Rafale"])


@pytest.mark.parametrize("value", ODD, ids=lambda value: repr(value)[:20])
def test_absurd_queries_get_a_page_of_readers(client, story, value):
    names = [
        "q",
        "page",
        "rubrique",
        "auteur",
        "depuis",
        "jusqua",
        "tri",
        "utm_source",
        "x[]",
        "article",
    ]
    paths = ["/", "/un-vol/", "/recherche/", "/recherche/suggestions/", "/feed/", "/archives/"]
    for path in [*paths, "/contact/", "/signaler/"]:
        for name in names:
            answer = client.get(f"{path}?{name}={quote(value)}")
            assert answer.status_code in {200, 404}, (path, name, value)


@pytest.mark.parametrize("value", ODD, ids=lambda value: repr(value)[:20])
def test_absurd_queries_get_an_answer_at_the_desk(client, story, value):
    sign_in_lately(client, make_user(is_superuser=True))
    names = [
        "q",
        "p",
        "o",
        "e",
        "state",
        "section__id__exact",
        "bylines__author",
        "all",
        "published__published_at__year",
        "_changelist_filters",
        "_popup",
        "_to_field",
    ]
    pages = [reverse(f"admin:articles_{name}_changelist") for name in DESK]
    pages += [reverse(f"admin:authors_{name}_changelist") for name in ("user", "author", "entry")]
    pages += [reverse("admin:articles_article_calendar"), reverse("admin:front_preview")]
    for page in pages:
        for name in names:
            answer = client.get(f"{page}?{name}={quote(value)}")
            assert answer.status_code in {200, 302, 400, 404}, (page, name, value)


@pytest.mark.parametrize("value", ODD, ids=lambda value: repr(value)[:20])
def test_absurd_words_at_the_door(client, value):
    for name in ("account_login", "account_reset_password"):
        fields = {"login": value, "email": value, "password": value, "next": value}
        answer = client.post(reverse(name), fields)
        assert answer.status_code in {200, 302, 429}, value
    path = f"/admin/compte/invitation/{quote(value)}/"
    assert client.get(path).status_code in {302, 400, 404, 410}


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "PUT", "DELETE", "PATCH", "BREW"])
def test_unknown_methods_change_nothing_and_fail_nothing(client, story, method):
    for path in PageTestCase.PATHS:
        answer = client.generic(method, path)
        assert answer.status_code in {404, 405}, (method, path)
    for path in ("/admin/", "/admin/compte/entree/", "/admin/articles/article/"):
        closed = {405} if method == "TRACE" else {200, 302, 403, 405}
        assert client.generic(method, path).status_code in closed, path


def test_head_answers_as_get_does_without_a_body(client, story):
    for path in ("/", "/un-vol/", "/feed/", "/robots.txt", "/admin/compte/entree/"):
        answer = client.head(path)
        assert (answer.status_code, answer.content) == (200, b""), path


def test_another_host_is_refused_and_other_headers_change_nothing(client, story):
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400
    forged = {
        "X-Forwarded-Host": "evil.example",
        "X-Host": "evil.example",
        "X-Forwarded-Server": "evil.example",
        "X-Original-URL": "/admin/",
        "X-Rewrite-URL": "/admin/",
        "X-HTTP-Method-Override": "DELETE",
        "Forwarded": "host=evil.example",
    }
    plain, odd = client.get("/un-vol/"), client.get("/un-vol/", headers=forged)
    assert odd.status_code == 200
    assert plain.content == odd.content


@pytest.mark.parametrize("path", ["/recherche/", "/feed/", "/admin/compte/entree/"])
def test_a_body_over_the_limit_is_refused(path, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = Client().post(path, {"login": "x" * 5000})
    assert answer.status_code in {400, 405, 413}


def test_every_change_wants_a_token(story):
    strict = Client(enforce_csrf_checks=True)
    editor = make_user(roles.EDITOR)
    pages = [reverse("account_login"), reverse("account_reset_password")]
    assert [strict.post(page, {}).status_code for page in pages] == [403, 403]
    strict.force_login(editor)
    pages = [
        reverse("admin:articles_article_add"),
        reverse("admin:front"),
        reverse("admin:logout"),
        reverse("usersessions_list"),
        reverse("account_change_password"),
        reverse("profile"),
    ]
    assert {strict.post(page, {}).status_code for page in pages} == {403}


def test_no_answer_can_be_framed_or_sniffed_and_each_is_isolated(client, story):
    client.force_login(make_user(roles.EDITOR))
    for path in ("/", "/un-vol/", "/rien/", "/feed/", "/robots.txt", "/admin/", "/admin/compte/"):
        headers = client.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] in {"DENY", "SAMEORIGIN"}
        assert "frame-ancestors" in headers["Content-Security-Policy"]
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]
        assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
        assert "unsafe" not in headers["Content-Security-Policy"]
    policy = client.get("/un-vol/").headers["Content-Security-Policy"]
    assert "require-trusted-types-for 'script'" in policy


def test_the_site_asks_browsers_for_https_for_a_year(client, settings):
    settings.SECURE_HSTS_SECONDS = 365 * 24 * 3600
    answer = Client().get("/", secure=True)
    wanted = "max-age=31536000; includeSubDomains; preload"
    assert answer.headers["Strict-Transport-Security"] == wanted


def send_report(report, **headers):
    kind = "application/csp-report"
    return Client().post("/rapports/csp/", report, content_type=kind, **headers)


def test_reports_of_broken_policies_are_one_line_each_and_throttled(client, caplog):
    assert "report-uri /rapports/csp/" in client.get("/").headers["Content-Security-Policy"]
    for _report in range(30):
        assert send_report(json.dumps(REPORT)).status_code == 204
    lines = [record.getMessage() for record in caplog.records if record.name == "avion.csp"]
    assert len(lines) == 20
    assert "\n" not in lines[0]
    assert json.loads(lines[0])["effective-directive"] == "script-src-elem"
    cache.clear()
    for odd in ("", "[]", '{"csp-report": 1}', "\x00", "{"):
        assert send_report(odd).status_code == 400, odd
    assert send_report("x" * 9000).status_code == 413
    assert client.get("/rapports/csp/").status_code == 405


def test_where_weaknesses_are_reported_stands_at_its_address(client):
    from avion.models import SiteSettings

    address = "/.well-known/security.txt"
    assert client.get(address).status_code == 404
    SiteSettings.objects.create(pk=1, contact_email="securite@avion.example")
    text = client.get(address).content.decode()
    assert "Contact: mailto:securite@avion.example\n" in text
    assert "Expires: 20" in text


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("203.0.113.5, 198.51.100.7", "198.51.100.7"),
        ("2001:db8::1", "2001:db8::1"),
        ("'; DROP TABLE", UNKNOWN),
        ("198.51.100.7:443", UNKNOWN),
        ("", "127.0.0.1"),
    ],
)
def test_an_address_is_an_address(rf, settings, written, address):
    settings.BEHIND_PROXY = True
    request = rf.get("/", headers={"X-Forwarded-For": written} if written else {})
    assert client_address(request) == address


def test_nothing_says_what_we_are_made_of(client, story):
    for path in ("/", "/rien/", "/admin/compte/entree/"):
        answer = client.get(path)
        assert "Server" not in answer.headers
        assert "X-Powered-By" not in answer.headers
        assert "Django" not in answer.content.decode()
    assert settings.SECRET_KEY not in client.get("/").content.decode()
    assert PASSWORD not in client.get("/").content.decode()
