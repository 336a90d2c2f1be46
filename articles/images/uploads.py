"""What is accepted as a picture: the content decides, never the name.

Everything is decoded and encoded anew, so that nothing travels along that is not the picture:
no place where it was taken, no serial number, no thumbnail, no other file hidden behind it.
"""

import logging
import warnings
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from pi_heif import register_heif_opener
from PIL import Image, ImageCms, ImageOps

from articles.images import metadata
from articles.images.fingerprints import fingerprint
from articles.models.image import validate_size

FORMATS = ["JPEG", "PNG", "WEBP", "AVIF", "GIF", "TIFF", "HEIF"]
JPEG_QUALITY = 92  # of the picture that is kept; renditions are made from it
SVG_STARTS = (b"<svg", b"<?xml", b"<!doctype svg")

logger = logging.getLogger(__name__)
register_heif_opener(thumbnails=False)  # Pillow itself does not read what iPhones write


@dataclass
class Accepted:
    """A picture ready to be kept: its file as bytes, the suffix of its name, what it said."""

    content: bytes
    suffix: str  # ".jpg" or ".png"
    fingerprint: str
    said: metadata.Metadata


def accept(file) -> Accepted:
    """Return what is kept of an uploaded file.

    file: an open binary file with a `size` in bytes.

    Raises ValidationError, in the words of whoever uploads, for what is too heavy, too large,
    damaged, or no picture of FORMATS.
    """
    if not file.size:
        raise ValidationError(_("This file is empty."))
    validate_size(file)
    with warnings.catch_warnings():
        # Pillow warns from half its own limit on; ours, below, is a setting.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        picture = _open(file)
        _check_pixels(picture)
        try:
            return _made_anew(picture)
        except Exception as error:  # of a damaged file, decoders raise anything
            logger.info("An upload was refused: %r", error)
            raise ValidationError(_("This picture is damaged or incomplete.")) from error


def _made_anew(picture) -> Accepted:
    picture.seek(0)  # of an animation, the first frame
    picture.load()
    said = metadata.read(picture)
    is_drawn = picture.format in {"PNG", "GIF"}  # lines and letters, which JPEG would smear
    picture = _upright_srgb(picture)
    content, suffix = _encode(picture, is_drawn)
    return Accepted(content, suffix, fingerprint(picture), said)


def cleaned(file) -> ContentFile:
    """Return an uploaded file as `accept` keeps it, for pictures outside the library."""
    accepted = accept(file)
    return ContentFile(accepted.content, f"{PurePath(file.name or '').stem}{accepted.suffix}")


def _open(file):
    file.seek(0)
    start = file.read(64).lstrip().lower()
    if start.startswith(SVG_STARTS):
        raise ValidationError(_("SVG drawings can hold scripts: export the drawing as PNG."))
    file.seek(0)
    try:
        return Image.open(file, formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise ValidationError(_too_large()) from error
    except Exception as error:
        raise ValidationError(
            _("This is no picture that we can read: send JPEG, PNG, WebP, AVIF, GIF, HEIC or TIFF.")
        ) from error


def _check_pixels(picture) -> None:
    if picture.width * picture.height > settings.UPLOAD_MAX_PIXELS:
        raise ValidationError(_too_large())


def _too_large() -> str:
    said = _("This picture has more than %d million pixels: make it smaller.")
    return said % (settings.UPLOAD_MAX_PIXELS // 1_000_000)


def _upright_srgb(picture):
    """Return the picture as the camera meant it to be held, in sRGB, 8 bits a channel."""
    profile = picture.info.get("icc_profile")
    ImageOps.exif_transpose(picture, in_place=True)
    if picture.mode.startswith("I;16") or picture.mode in {"I", "F"}:
        picture = _eight_bits(picture)
    alpha = None
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        alpha = picture.getchannel("A")
    if picture.mode not in {"RGB", "CMYK", "L"}:
        picture = picture.convert("RGB")
    if isinstance(profile, bytes):
        # Where the profile is of another kind than the picture, its numbers are taken as they are.
        with suppress(ImageCms.PyCMSError, OSError):
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            picture = ImageCms.profileToProfile(picture, source, target, outputMode="RGB")
    picture = picture.convert("RGB")
    if alpha:
        picture.putalpha(alpha)
    return picture


def _eight_bits(picture):
    """Bring deeper grey down to 8 bits; Pillow's own conversion would cut instead of scale."""
    _darkest, brightest = picture.getextrema()
    scale = 255 / max(brightest, 65535 if brightest > 255 else 255)
    return picture.convert("F").point(lambda value: value * scale).convert("L")


def _encode(picture, is_drawn: bool) -> tuple[bytes, str]:
    output = BytesIO()
    picture.info.clear()  # Pillow would write some of it into the new file
    if picture.mode == "RGBA" or is_drawn:
        picture.save(output, "PNG", optimize=True)
        return output.getvalue(), ".png"
    picture.save(output, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    return output.getvalue(), ".jpg"
