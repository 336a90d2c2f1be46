"""A title in its own dress: wordmark, icons and colours as settings."""

import json
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase
from django.urls import reverse
from PIL import Image

from authors import roles
from avion.colours import contrast
from avion.models import SiteSettings
from tests.factories import make_user

CHANGE = reverse("admin:avion_sitesettings_change", args=[1])
DRAWING = (
    '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" onload="alert(1)">'
    "<script>alert(2)</script><style>path{fill:red}</style><style>@import 'http://x.fr/a'</style>"
    '<a href="javascript:alert(3)"><path d="M0 0h1"/></a>&x;'
    '<foreignObject><p>x</p></foreignObject><image href="http://x.fr/pixel"/>'
    '<path d="M0 0h9v9z" fill="url(#a)"/><path d="M1 1" fill="url(http://x.fr/b)"/></svg>'
)


def picture(size, name="icone.png"):
    buffer = BytesIO()
    Image.effect_mandelbrot(size, (-2, -1, 1, 1), 20).save(buffer, "PNG")
    return SimpleUploadedFile(name, buffer.getvalue())


class DressTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        SiteSettings.objects.create(pk=1)
        cls.administrator = make_user(roles.ADMINISTRATOR)

    def save(self, **fields):
        self.client.force_login(self.administrator)
        answer = self.client.post(CHANGE, {"name": "Le Phare"} | fields)
        self.client.logout()
        return answer

    def content(self, address):
        answer = self.client.get(address)
        self.assertEqual(answer.status_code, 200, address)
        return b"".join(answer.streaming_content) if answer.streaming else answer.content

    def test_a_title_without_a_dress_wears_ours(self):
        page = self.client.get("/")
        self.assertNotContains(page, "habillage")
        self.assertContains(page, "img/icon.svg")
        icons = json.loads(self.content("/site.webmanifest"))["icons"]
        self.assertEqual([icon["sizes"] for icon in icons], ["192x192", "512x512"])
        icon = self.client.get("/favicon.ico")
        self.assertEqual(icon.headers["Location"], "/static/img/icon-32.png")

    def test_colours_come_as_a_style_sheet_of_their_own(self):
        self.assertEqual(self.save(signal="#00597a", paper="#ffffff").status_code, 302)
        page = self.client.get("/")
        address = f"/habillage-{SiteSettings.load().dress_version}.css"
        self.assertContains(page, f'href="{address}"')
        self.assertContains(page, 'content="#ffffff"')
        answer = self.client.get(address)
        self.assertContains(answer, "--signal: light-dark(#00597a, #ff8261);")
        self.assertIn("immutable", answer.headers["Cache-Control"])
        self.assertEqual(self.client.get("/habillage-0.css").status_code, 404)
        self.assertContains(self.client.get(reverse("account_login")), address)

    def test_colours_that_cannot_be_read_are_refused(self):
        for field, colour in [("signal", "#f5c400"), ("paper_dark", "#808080"), ("links", "rouge")]:
            answer = self.save(**{field: colour})
            self.assertIn(field, answer.context["adminform"].form.errors)
            self.assertContains(answer, colour)
        self.assertEqual(SiteSettings.load().dress, "")

    def test_the_colour_that_was_typed_is_named_with_what_it_stands_on(self):
        answer = self.save(paper="#8899aa", signal="", links="#8899ff")
        errors = answer.context["adminform"].form.errors
        self.assertEqual(set(errors), {"paper", "links"})
        said = "sur #8899aa manque de contraste pour être lisible\u00a0: 1,1 pour 1, il faut"
        self.assertEqual(errors["links"], [f"#8899ff {said} au moins 4,5."])

    def test_one_colour_of_two_is_taken_with_a_warning(self):
        self.client.force_login(self.administrator)
        data = {"name": "Le Phare", "signal": "#00597a"}
        answer = self.client.post(CHANGE, data, follow=True)
        self.assertContains(answer, "une seule des deux couleurs est choisie")

    def test_an_icon_is_made_in_every_size(self):
        self.assertEqual(self.save(icon=picture((600, 600))).status_code, 302)
        addresses = SiteSettings.load().icon_addresses()
        for size, address in addresses.items():
            with Image.open(BytesIO(self.content(address))) as icon:
                self.assertEqual((icon.size, icon.format), ((size, size), "PNG"))
        page = self.client.get("/")
        self.assertContains(page, f'<link rel="apple-touch-icon" href="{addresses[180]}">')
        self.assertContains(self.client.get("/site.webmanifest"), addresses[512])

    def test_an_icon_that_is_not_square_or_too_small_is_refused(self):
        for size in ((600, 500), (200, 200)):
            self.assertContains(self.save(icon=picture(size)), "un carré d’au moins 512")
        self.assertFalse(SiteSettings.load().icon)

    def test_drawings_lose_all_that_could_run_or_call_out(self):
        drawing = SimpleUploadedFile("d.svg", DRAWING.encode())
        self.assertEqual(self.save(icon_drawing=drawing).status_code, 302)
        kept = self.content(SiteSettings.load().icon_drawing.url).decode()
        evils = ["script", "alert", "x.fr", "import", "foreignObject", "image", "root:", "ENTITY"]
        for evil in evils:
            self.assertNotIn(evil, kept)
        for wanted in ('fill="url(#a)"', "path{fill:red}", 'viewBox="0 0 9 9"'):
            self.assertIn(wanted, kept)
        self.assertContains(self.client.get("/"), 'type="image/svg+xml"')

    def test_what_was_chosen_can_be_taken_off_again(self):
        drawing = SimpleUploadedFile("d.svg", DRAWING.encode())
        self.save(icon_drawing=drawing, icon=picture((512, 512)), signal="#00597a")
        self.save()  # leaves files, and empties what was typed
        self.assertTrue(SiteSettings.load().icon_drawing)
        self.save(**{"icon_drawing-clear": "on", "icon-clear": "on"})
        site = SiteSettings.load()
        self.assertFalse(site.icon_drawing or site.icon or site.dress)

    def test_paint_is_kept_and_what_would_be_missing_is_said(self):
        svg = '<svg xmlns="http://www.w3.org/2000/svg">{}</svg>'
        painted = svg.format("""<path d="M0 0" style="fill:url('#a')"/>""")
        self.save(icon_drawing=SimpleUploadedFile("d.svg", painted.encode()))
        kept = self.content(SiteSettings.load().icon_drawing.url).decode()
        self.assertIn("fill:url('#a')", kept)
        written = svg.format("<g><text>Avion</text></g>")
        answer = self.save(icon_drawing=SimpleUploadedFile("d.svg", written.encode()))
        self.assertContains(answer, "Vectorisez les textes")

    def test_what_is_no_drawing_is_refused(self):
        for content in (b"<svg", b"<html/>", b"\x89PNG", b"<svg xmlns='http://x'/>", b"<svg/>"):
            answer = self.save(icon_drawing=SimpleUploadedFile("d.svg", content))
            self.assertContains(answer, "pas un dessin SVG")
        large = SimpleUploadedFile("d.svg", b"<svg>" + b" " * 100_000)
        self.assertContains(self.save(icon_drawing=large), "100\xa0Ko")

    def test_a_wordmark_takes_the_place_of_logo_and_name(self):
        drawing = SimpleUploadedFile("mot.svg", DRAWING.encode())
        answer = self.save(wordmark=drawing, wordmark_dark=picture((90, 30), "nuit.png"))
        self.assertEqual(answer.status_code, 302)
        site = SiteSettings.load()
        page = self.client.get("/")
        for file in (site.wordmark, site.wordmark_dark):
            self.assertContains(page, f'src="{file.url}" alt="Le Phare"')
        self.assertNotContains(page, "<span>Le Phare</span>")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48), ("#0000ff", "#ffffff", 8.59)],
)
def test_contrast_is_that_of_wcag(one, other, expected):
    assert contrast(one, other) == pytest.approx(expected, abs=0.01)
    assert contrast(other, one) == contrast(one, other)
