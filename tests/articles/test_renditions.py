"""Renditions: made after an upload, named on the pages, made good by the command."""

import os
import time
from io import BytesIO, StringIO
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import TestCase, TransactionTestCase, override_settings
from django.urls import reverse
from PIL import Image as Picture

from articles.images import metadata, renditions
from articles.images.tasks import request_renditions
from articles.models import Image
from authors import roles
from tests.factories import make_image, make_published, make_user

QUEUE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}  # as TASKS_WORKER=1 says
RED, BLUE = (200, 0, 0), (0, 0, 200)


def two_colours(size=(1200, 500)) -> bytes:
    """A photograph whose left fifth is red; all else is blue."""
    output, whole = BytesIO(), Picture.new("RGB", size, BLUE)
    whole.paste(RED, (0, 0, size[0] // 5, size[1]))
    whole.save(output, "JPEG", quality=95)
    return output.getvalue()


def photograph(**fields) -> Image:
    image = Image(
        title="Deux couleurs", alt="Rouge et bleu", file=ContentFile(two_colours(), "a.jpg")
    )
    for name, value in ({"credit": "Édith & Cie"} | fields).items():
        setattr(image, name, value)
    image.save()
    return image


def made(**fields) -> Image:
    """A photograph with all its renditions."""
    image = photograph(**fields)
    assert renditions.record(image, renditions.build(image))
    image.refresh_from_db()
    return image


def opened(name):
    with default_storage.open(name) as file:
        return Picture.open(BytesIO(file.read()))


def age(name):
    """Let a file be of two hours ago."""
    old = time.time() - 2 * 3600
    os.utime(default_storage.path(name), (old, old))


class FileTests(TestCase):
    def test_every_file_has_its_size_its_type_and_the_credit(self):
        image = made()
        sizes = image.renditions["sizes"]
        self.assertEqual(sizes["card"], [[240, 160], [480, 320], [750, 500]])
        self.assertEqual(sizes["social"], [[952, 500]])
        forms = {"avif": "AVIF", "webp": "WEBP", "jpg": "JPEG"}
        for name in renditions.names(image.renditions):
            slot, width, suffix = Path(name).name.replace("-", ".").split(".")
            picture = opened(name)
            self.assertEqual(picture.format, forms[suffix])
            self.assertIn(list(picture.size), sizes[slot])
            self.assertEqual(picture.width, int(width))
            self.assertEqual(metadata.read(picture).credit, "Édith & Cie", name)

    def test_cuts_keep_the_focal_point_in_view(self):
        for focal_x, colour in ((0.0, RED), (1.0, BLUE)):
            image = made(focal_x=focal_x)
            key = image.renditions["key"]
            seen = opened(renditions.name_of(key, "card", 240, "jpg")).getpixel((5, 80))
            self.assertLess(sum(abs(a - b) for a, b in zip(seen, colour, strict=True)), 30)

    def test_a_see_through_drawing_stays_so_and_is_white_in_jpeg(self):
        output = BytesIO()
        Picture.new("RGBA", (400, 300), (0, 0, 0, 0)).save(output, "PNG")
        image = photograph(file=ContentFile(output.getvalue(), "a.png"))
        built = renditions.build(image)
        name = renditions.name_of(built["key"], "full", 400, "jpg")
        self.assertEqual(opened(name).getpixel((9, 9)), (255, 255, 255))
        self.assertEqual(opened(name.replace("jpg", "webp")).mode, "RGBA")
        self.assertEqual(built["placeholder"], "")

    def test_what_changed_meanwhile_is_not_recorded(self):
        image = photograph()
        built = renditions.build(image)
        Image.objects.filter(pk=image.pk).update(focal_x=0.1)
        self.assertFalse(renditions.record(image, built))
        image.refresh_from_db()
        self.assertEqual(image.renditions, {})


class DeskTests(TestCase):
    def test_an_upload_and_a_new_focal_point_make_renditions(self):
        self.client.force_login(make_user(roles.EDITOR))
        file = SimpleUploadedFile("a.jpg", two_colours())
        said = {"title": "Un", "credit": "Agence", "licence": "own"}
        with self.captureOnCommitCallbacks(execute=True):
            self.client.post(reverse("admin:articles_image_add"), said | {"file": file})
        image = Image.objects.get()
        self.assertEqual((image.focal_x, image.focal_y), (0.5, 0.5))
        self.assertTrue(renditions.is_current(image))
        before = image.renditions["key"]
        change = reverse("admin:articles_image_change", args=[image.pk])
        with self.captureOnCommitCallbacks(execute=True):
            self.client.post(change, said | {"focal_x": "0.2", "focal_y": "0.7"})
        image.refresh_from_db()
        self.assertEqual((image.focal_x, image.focal_y), (0.2, 0.7))
        self.assertTrue(renditions.is_current(image))
        self.assertNotEqual(image.renditions["key"], before)

    def test_a_focal_point_outside_the_picture_is_refused(self):
        self.client.force_login(make_user(roles.EDITOR))
        image = photograph()
        change = reverse("admin:articles_image_change", args=[image.pk])
        said = {"title": "Un", "credit": "Agence", "licence": "own", "focal_x": "1.5"}
        self.assertContains(self.client.post(change, said), "inférieure ou égale à 1")

    def test_nothing_is_made_twice(self):
        with self.captureOnCommitCallbacks() as callbacks:
            request_renditions(made())
        self.assertEqual(callbacks, [])


class WorkerTests(TransactionTestCase):
    def test_a_worker_makes_what_an_upload_asked_for(self):
        image = photograph()
        with override_settings(TASKS=QUEUE):
            request_renditions(image)
            image.refresh_from_db()
            self.assertEqual(image.renditions, {})
            call_command("db_worker", "--batch", "--no-startup-delay", verbosity=0)
        image.refresh_from_db()
        self.assertTrue(renditions.is_current(image))


class PageTests(TestCase):
    def test_pages_name_renditions_and_shared_cards_the_cut_made_for_them(self):
        image = made()
        article = make_published("Rafale", hero_image=image)
        key = image.renditions["key"]
        page = self.client.get(article.get_absolute_url())
        hero = f"/media/renditions/{key}/hero-800"
        self.assertContains(
            page, f'type="image/avif" srcset="/media/renditions/{key}/hero-480.avif'
        )
        self.assertContains(page, f'<img src="{hero}.jpg"')
        self.assertContains(page, 'width="800" height="450" alt="Rouge et bleu"')
        self.assertContains(page, 'src="data:image/webp;base64,')
        social = f"https://avion.test/media/renditions/{key}/social-952.jpg"
        self.assertContains(page, f'<meta property="og:image" content="{social}">')
        self.assertContains(self.client.get("/"), f"/media/renditions/{key}/hero-480.webp 480w")

    def test_until_then_pages_show_the_picture_itself(self):
        image = make_image()
        page = self.client.get(make_published("Rafale", hero_image=image).get_absolute_url())
        self.assertContains(page, f'<img src="{image.file.url}"')
        self.assertNotContains(page, "<source")
        address = f"https://avion.test{image.file.url}"
        self.assertContains(page, f'<meta property="og:image" content="{address}">')

    def test_files_are_served_with_their_type_sandboxed_and_for_a_year(self):
        for name in renditions.names(made().renditions)[:3]:
            answer = self.client.get(default_storage.url(name))
            kind = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
            self.assertEqual(answer["Content-Type"], kind[name.rsplit(".", 1)[1]])
            self.assertEqual(answer["Cache-Control"], "public, max-age=31536000, immutable")
            self.assertEqual(answer["X-Content-Type-Options"], "nosniff")
            self.assertIn("sandbox", answer["Content-Security-Policy"])
            b"".join(answer.streaming_content)  # close() would end the test's connection


class CommandTests(TestCase):
    def run_command(self, *arguments) -> str:
        output = StringIO()
        call_command("renditions", *arguments, stdout=output, stderr=output)
        return output.getvalue()

    def test_what_lacks_is_made_and_what_is_lost_is_made_again(self):
        image = photograph()
        self.assertIn("1 pictures got", self.run_command("--parallel", "2"))
        image.refresh_from_db()
        self.assertTrue(renditions.is_current(image))
        name = renditions.names(image.renditions)[4]
        default_storage.delete(name)
        self.assertIn("1 pictures got", self.run_command())
        self.assertTrue(default_storage.exists(name))
        self.assertIn("0 pictures got", self.run_command())

    def test_orphans_are_listed_and_removed_only_when_asked(self):
        kept = renditions.names(made().renditions)
        orphan = "renditions/0123456789abcdef0123456789abcdef/full-480.jpg"
        default_storage.save(orphan, ContentFile(b"x"))
        age(orphan)
        fresh = "renditions/fedcba98765432100123456789abcdef/full-480.jpg"
        default_storage.save(fresh, ContentFile(b"its row comes yet"))
        default_storage.save("images/fresh.jpg", ContentFile(b"its row comes yet"))
        said = self.run_command()
        self.assertIn(orphan, said)
        self.assertIn("1 files left over", said)
        self.assertTrue(default_storage.exists(orphan))
        self.run_command("--remove-orphans")
        self.assertFalse(default_storage.exists(orphan))
        self.assertTrue(all(default_storage.exists(name) for name in kept))

    def test_a_picture_that_is_gone_stops_no_other(self):
        gone, whole = photograph(), photograph(focal_x=0.1)
        default_storage.delete(gone.file.name)
        with self.assertRaisesMessage(CommandError, "1 of 2 pictures"):
            self.run_command()
        whole.refresh_from_db()
        self.assertTrue(renditions.is_current(whole))

    def test_a_wrong_number_is_refused(self):
        with self.assertRaisesMessage(CommandError, "one or more"):
            self.run_command("--parallel", "0")
