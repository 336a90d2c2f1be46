"""Headers, uploads and errors, as a stranger meets them."""

import re
from base64 import b64encode
from hashlib import sha256

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client, TestCase, override_settings
from django.urls import path

from authors import roles
from avion import urls
from tests.factories import make_published, make_user


def broken(request):
    raise RuntimeError("a fault")


urlpatterns = [path("panne/", broken), *urls.urlpatterns]
handler404, handler500 = urls.handler404, urls.handler500


class HeaderTests(TestCase):
    def test_the_policy_allows_nothing_inline_and_nothing_foreign(self):
        for address in ("/", "/admin/compte/entree/"):
            policy = self.client.get(address).headers["Content-Security-Policy"]
            self.assertIn("default-src 'none'", policy)
            self.assertNotIn("unsafe", policy)
            frames = next(part for part in policy.split(";") if "frame-src" in part)
            self.assertNotIn("http", policy.replace(frames, ""))  # players wait for a click
            self.assertIn("frame-ancestors 'none'", policy)

    def test_pages_that_can_be_cached_have_no_nonce(self):
        self.assertNotIn("nonce", self.client.get("/").headers["Content-Security-Policy"])

    def test_the_rules_for_fetching_ahead_come_by_a_header(self):
        self.assertIn("speculation", self.client.get("/").headers["Speculation-Rules"])
        for address in ("/admin/compte/entree/", "/feed/", "/robots.txt"):
            self.assertNotIn("Speculation-Rules", self.client.get(address).headers)

    def test_readers_pages_have_nothing_inline_and_nothing_foreign(self):
        make_published("Un", slug="un")
        for address in ("/", "/un/"):
            body = self.client.get(address).content.decode()
            for inline in ("<script>", "<style", " style=", " onclick="):
                self.assertNotIn(inline, body)
            for source in re.findall(r"<script ([^>]*)", body):  # data do not run
                self.assertRegex(source, r'^(src="/static/js/|type="application/ld\+json"$)')


class CompressionTests(TestCase):
    def test_text_is_compressed_and_pictures_are_left_alone(self):
        gzip = {"headers": {"Accept-Encoding": "gzip, br"}}
        self.assertEqual(self.client.get("/", **gzip).headers["Content-Encoding"], "gzip")
        default_storage.save("images/a.jpg", ContentFile(b"\xff\xd8" * 500))
        picture = self.client.get("/media/images/a.jpg", **gzip)
        self.assertNotIn("Content-Encoding", picture.headers)
        self.assertEqual(picture.headers["Content-Length"], "1000")
        picture.close()


class MediaTests(TestCase):
    def test_uploads_are_served_sandboxed(self):
        default_storage.save("images/a.svg", ContentFile(b"<svg onload='alert(1)'/>"))
        response = self.client.get("/media/images/a.svg")
        self.assertEqual(response.status_code, 200)
        self.assertIn("default-src 'none'; sandbox", response.headers["Content-Security-Policy"])
        self.assertEqual(response.headers["X-Content-Type-Options"], "nosniff")
        response.close()

    def test_nothing_else_of_the_disk_is(self):
        for address in ("../manage.py", "..%2fmanage.py", "/etc/passwd", "images/", "%00", "."):
            self.assertEqual(self.client.get(f"/media/{address}").status_code, 404, address)


@override_settings(ROOT_URLCONF="tests.avion.test_security")
class ErrorTests(TestCase):
    def test_a_missing_page_is_in_the_sites_design(self):
        response = self.client.get("/rien/")
        self.assertContains(response, "n’est pas au plan de vol", status_code=404)
        make_published("Un vol")
        self.assertContains(self.client.get("/rien/"), "Un vol", status_code=404)

    def test_a_closed_door_speaks_french(self):
        self.client.force_login(make_user(roles.EDITOR))
        closed = self.client.get("/admin/authors/user/")
        self.assertContains(closed, "Votre compte", status_code=403)
        stranger = Client(enforce_csrf_checks=True)
        refused = stranger.post("/admin/compte/entree/", {"login": "x"})
        self.assertContains(refused, "Rechargez la page".lower(), status_code=403)

    def test_a_fault_shows_no_trace(self):
        self.client.raise_request_exception = False
        with self.assertLogs("django.request", "ERROR"):
            response = self.client.get("/panne/")
        self.assertContains(response, "Le site est en panne", status_code=500)
        self.assertNotContains(response, "RuntimeError", status_code=500)

    def test_the_page_of_a_fault_leans_on_nothing(self):
        self.client.raise_request_exception = False
        with self.assertLogs("django.request", "ERROR"), self.assertNumQueries(0):
            response = self.client.get("/panne/")
        html = response.content.decode()
        self.assertNotRegex(html, "<script|<link|<img|@import|url[(]")
        style = html.partition("<style>")[2].partition("</style>")[0]
        digest = b64encode(sha256(style.encode()).digest()).decode()
        policy = response.headers["Content-Security-Policy"]
        self.assertIn(f"style-src 'sha256-{digest}'", policy)
        self.assertNotIn("unsafe", policy)

    def test_absurd_addresses_get_an_answer(self):
        for address in ("/%00/", "/%ff%fe/", "/a%20b/", "/" + "a" * 3000 + "/", "/page/0/"):
            self.assertEqual(self.client.get(address).status_code, 404, address[:20])
