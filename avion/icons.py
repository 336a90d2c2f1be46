"""The icons of a title: one square picture in, the sizes that devices ask for out."""

from io import BytesIO
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from PIL import Image

SIZES = (32, 180, 192, 512)  # pixels: tab, iPhone and iPad, Android, Android's start screen


def validate(file):
    """Raise ValidationError for a picture that is not square, or smaller than the largest icon."""
    with Image.open(file) as picture:
        width, height = picture.size
    file.seek(0)
    if width != height or width < SIZES[-1]:
        raise ValidationError(_("The icon must be a square of at least 512 × 512 pixels."))


def name_of(file_name, size) -> str:
    """Return the name under which a size of an icon is kept: icon/avion-180.png."""
    path = PurePath(file_name)
    return str(path.with_name(f"{path.stem}-{size}.png"))


def write(file):
    """Keep the icon in every size beside its file."""
    with file.open("rb") as opened, Image.open(opened) as picture:
        whole = picture.convert("RGBA")
    for size in SIZES:
        output, name = BytesIO(), name_of(file.name, size)
        whole.resize((size, size), Image.Resampling.LANCZOS).save(output, "PNG", optimize=True)
        default_storage.delete(name)
        default_storage.save(name, ContentFile(output.getvalue()))
