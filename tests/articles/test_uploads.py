"""What is accepted as a picture, through the desk's own form; the corpus is made here."""

import struct
import zlib
from datetime import date
from io import BytesIO
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase, override_settings
from django.urls import reverse
from PIL import ExifTags, Image, ImageCms

from articles.models import Image as LibraryImage
from authors import roles
from avion.models import SiteSettings
from tests.factories import make_author, make_user

ADD = reverse("admin:articles_image_add")
PLACE = b"Mont-de-Marsan"  # what no file may give away


def picture(form="JPEG", mode="RGB", size=(60, 40), colour=None, **options) -> bytes:
    output = BytesIO()
    Image.new(mode, size, colour if colour is not None else 0).save(output, form, **options)
    return output.getvalue()


def with_exif(orientation=1) -> bytes:
    """A photograph that says who made it, where, and with which camera."""
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = "Julie Une"
    exif[ExifTags.Base.Copyright] = "(c) Agence Nuage"
    exif[ExifTags.Base.Orientation] = orientation
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.BodySerialNumber] = "SN-4711"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSAreaInformation] = PLACE
    return picture(exif=exif)


XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/"
 photoshop:Headline="Le premier vol" photoshop:Credit="Agence Nuage" photoshop:City="Istres"
 photoshop:DateCreated="2025-07-14T10:30:00" xmpRights:WebStatement="https://nuage.example/droits">
 <dc:subject><rdf:Bag><rdf:li>Rafale</rdf:li><rdf:li>premier vol</rdf:li></rdf:Bag></dc:subject>
 <dc:description><rdf:Alt><rdf:li xml:lang="x-default">L'avion au départ.</rdf:li></rdf:Alt>
 </dc:description><dc:creator><rdf:Seq><rdf:li>Édith Deux</rdf:li></rdf:Seq></dc:creator>
 </rdf:Description></rdf:RDF></x:xmpmeta>""".encode()


def bomb() -> bytes:
    """A PNG of a few bytes that claims 40,000 pixels by 40,000."""
    header = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")]
    chunks = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + chunks


def animation() -> bytes:
    output = BytesIO()
    frames = [Image.new("P", (60, 40), number) for number in range(4)]
    frames[0].save(output, "GIF", save_all=True, append_images=frames[1:])
    return output.getvalue()


def bytes_of(image) -> bytes:
    with image.file.open() as file:
        return file.read()


class UploadTests(TestCase):
    def setUp(self):
        self.client.force_login(make_user(roles.JOURNALIST))

    def upload(self, content, name="photo.jpg", **fields):
        file = SimpleUploadedFile(name, content)
        said = {"title": "Un avion", "credit": "Agence", "licence": "reserved", "keep_both": "1"}
        return self.client.post(ADD, said | {"file": file} | fields)

    def kept(self, content, name="photo.jpg", **fields) -> LibraryImage:
        response = self.upload(content, name, **fields)
        self.assertEqual(response.status_code, 302, response.content[:0] or name)
        return LibraryImage.objects.latest("pk")

    def test_every_kind_of_picture_is_kept_upright_in_srgb(self):
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        for name, content in {
            "a.jpg": picture(),
            "b.png": picture("PNG", "RGBA", colour=(1, 2, 3, 4)),
            "c.webp": picture("WEBP"),
            "d.avif": picture("AVIF"),
            "e.gif": picture("GIF", "P"),
            "f.tiff": picture("TIFF"),
            "IMG_0001.HEIC": (Path(__file__).parent / "data/tiny.heic").read_bytes(),
            "g.jpg": picture(mode="CMYK"),
            "h.png": picture("PNG", "I;16"),
            "i.png": picture("PNG", "LA"),
            "j.jpg": picture(icc_profile=profile),
            "k.jpg": picture(mode="CMYK", icc_profile=profile),
            "l.jpg": picture(icc_profile=b"no profile at all"),
            "wrong.png": picture(),
            "x" * 80 + ".jpg": picture(),
            "été 🛩.jpg": picture(),
            "../../etc/passwd.jpg": picture(),
            "nul\x00.jpg": picture(),
            "n" * 300 + ".jpg": picture(),
            "anime.gif": animation(),
            "palette.png": picture("PNG", "P"),
            "gris.tif": picture("TIFF", "I;16"),
            "sans-suffixe": picture(),
        }.items():
            image = self.kept(content, name)
            self.assertEqual((image.width, image.height), (60, 40), name)
            with Image.open(BytesIO(bytes_of(image))) as kept:
                self.assertIn(
                    (kept.format, kept.mode), {("JPEG", "RGB"), ("PNG", "RGB"), ("PNG", "RGBA")}
                )
            self.assertRegex(image.file.name, r"^images/[0-9a-f]{32}\.(jpg|png)$")

    def test_a_picture_held_sideways_is_turned(self):
        image = self.kept(with_exif(orientation=6))
        self.assertEqual((image.width, image.height), (40, 60))

    def test_nothing_private_is_kept(self):
        content = with_exif()
        self.assertIn(PLACE, content)
        kept = bytes_of(self.kept(content))
        for secret in (PLACE, b"SN-4711", b"Exif", b"Julie"):
            self.assertNotIn(secret, kept)
        hidden = bytes_of(self.kept(picture() + b"<script>alert(1)</script>PK\x03\x04"))
        self.assertNotIn(b"script", hidden)

    def test_what_a_picture_says_fills_the_empty_fields(self):
        image = self.kept(picture(xmp=XMP), title="", credit="", caption="")
        self.assertEqual(image.title, "Le premier vol")
        self.assertEqual(image.caption, "L'avion au départ.")
        self.assertEqual(image.credit, "Édith Deux / Agence Nuage")
        self.assertEqual(image.creator, "Édith Deux")
        self.assertEqual((image.city, image.taken_on), ("Istres", date(2025, 7, 14)))
        self.assertEqual(image.licence_url, "https://nuage.example/droits")
        self.assertEqual(image.keywords, ["Rafale", "premier vol"])
        image = self.kept(with_exif(), credit="")
        self.assertEqual((image.credit, image.copyright), ("Julie Une", "(c) Agence Nuage"))
        image = self.kept(picture(xmp=XMP), title="Le mien", credit="Moi")
        self.assertEqual((image.title, image.credit), ("Le mien", "Moi"))

    def test_a_picture_that_says_nothing_needs_a_title_and_a_credit(self):
        response = self.upload(picture(), title="", credit="")
        self.assertContains(response, "obligatoire", count=2)

    def test_what_is_no_picture_is_refused_in_plain_french(self):
        whole = picture(size=(400, 400))
        for content, said in {
            b"": "est vide",
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>": "SVG",
            b'<?xml version="1.0"?><svg/>': "SVG",
            b"MZ\x90\x00 no picture": "pas une image que nous savons lire",
            b"%PDF-1.7": "pas une image que nous savons lire",
            whole[: len(whole) // 2]: "abîmée ou incomplète",
            bomb(): "millions de pixels",
        }.items():
            self.assertContains(self.upload(content), said)
        self.assertFalse(LibraryImage.objects.exists())

    @override_settings(UPLOAD_MAX_BYTES=100, UPLOAD_MAX_PIXELS=1_000_000)
    def test_the_limits_are_settings(self):
        self.assertContains(self.upload(picture()), "la limite est de")
        with override_settings(UPLOAD_MAX_BYTES=10_000_000, UPLOAD_MAX_PIXELS=2000):
            self.assertContains(self.upload(picture()), "millions de pixels")

    def test_broken_files_of_every_kind_are_refused(self):
        for form in ("PNG", "TIFF", "WEBP", "AVIF", "GIF", "JPEG"):
            whole = bytearray(picture(form, size=(200, 200)))
            for at in range(20, len(whole), max(7, len(whole) // 25)):
                broken = bytes(whole[:at]) + b"\xff\x00\xaa" + bytes(whole[at + 3 :])
                self.assertIn(self.upload(broken).status_code, {200, 302}, (form, at))
                self.assertIn(self.upload(bytes(whole[:at])).status_code, {200, 302}, (form, at))

    def test_colours_with_transparency_are_brought_to_srgb_too(self):
        swapped = ImageCms.createProfile("LAB")
        profile = ImageCms.ImageCmsProfile(swapped).tobytes()
        content = picture("PNG", "RGBA", colour=(200, 10, 10, 128), icc_profile=profile)
        with Image.open(BytesIO(bytes_of(self.kept(content)))) as kept:
            self.assertEqual(kept.mode, "RGBA")
            self.assertEqual(kept.getpixel((5, 5))[3], 128)

    def test_an_endless_packet_is_passed_over(self):
        self.kept(picture("WEBP", xmp=b"<rdf:RDF" * 60_000))

    def test_portraits_and_the_logo_are_cleaned_too(self):
        self.client.force_login(make_user(roles.ADMINISTRATOR))
        author = make_author("Zoé")
        change = reverse("admin:authors_author_change", args=[author.pk])
        data = {"name": "Zoé", "slug": "zoe", "portrait": SimpleUploadedFile("z.jpg", with_exif())}
        self.client.post(change, data)
        author.refresh_from_db()
        settings = SiteSettings.objects.create(pk=1)
        change = reverse("admin:avion_sitesettings_change", args=[1])
        logo = SimpleUploadedFile("l.jpg", with_exif())
        self.client.post(change, {"name": "Avion", "logo": logo})
        settings.refresh_from_db()
        for file in (author.portrait, settings.logo):
            with file.open() as kept:
                content = kept.read()
            self.assertNotIn(PLACE, content)
            self.assertNotIn(b"SN-4711", content)
        answer = self.client.post(change, {"name": "Avion", "logo": SimpleUploadedFile("l", b"x")})
        self.assertContains(answer, "savons lire")

    def test_damaged_metadata_says_nothing_and_harms_nothing(self):
        for xmp in (b"<x:xmpmeta", b"\x00\xff", XMP[:200], b"<x:xmpmeta>&evil;</x:xmpmeta>"):
            self.kept(picture(xmp=xmp))
