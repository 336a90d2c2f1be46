"""The files of the old site come into the library and the storage: each once, several at a time."""

import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from itertools import batched
from pathlib import PurePosixPath

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.html import strip_tags
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

from articles.images.uploads import Accepted, accept
from articles.models import Image, Origin
from articles.models.origin import upload_key
from articles.wordpress.media import MissingFileError

AT_ONCE = 4  # files fetched and decoded at a time: the old site goes on serving its readers
PICTURES = {".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".heic", ".tif", ".tiff", ".bmp"}
OTHERS = set(
    ".pdf .mp3 .m4a .ogg .wav .mp4 .m4v .mov .webm .ogv .doc .docx .xls .xlsx .ppt .pptx .odt "
    ".ods .odp .zip .gpx .kml .csv .txt .epub".split()
)
SPACES = re.compile("[ \t\r\n\f\v]+")


class Files:
    """Files of one old site, found by their id or any address of theirs."""

    def __init__(self, source, media):
        self.source, self.media = source, media
        self._missing: set[str] = set()  # asked for in vain, in this run

    def bring_all(self, progress):
        """Bring what is known and not here yet; yields (origin, why it is missing or "")."""
        waiting = Origin.objects.filter(
            source=self.source, kind=Origin.Kind.FILE, image=None, file=""
        ).order_by("pk")
        total = waiting.count()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            done = 0
            for batch in batched(waiting.iterator(), AT_ONCE * 2, strict=False):
                for origin, found in zip(batch, pool.map(self._fetched, batch), strict=True):
                    done += 1
                    reason = found if isinstance(found, str) else ""
                    if not isinstance(found, str):
                        self._keep(origin, found)
                    yield origin, reason
                    progress("files", done, total)

    def find(self, wordpress_id: str, address: str) -> Origin | None:
        """Return what is known of a file, by its id, or by an address in whatever size."""
        known = Origin.objects.filter(source=self.source, kind=Origin.Kind.FILE)
        if wordpress_id and (found := known.filter(key=wordpress_id).first()):
            return found
        return Origin.of_upload(address, self.source)

    def bring(self, address: str) -> Origin | None:
        """Bring a file that no attachment told of; None if it cannot be had."""
        origin = Origin(
            source=self.source,
            kind=Origin.Kind.FILE,
            key=f"upload:{upload_key(address)}"[:250],
            path=upload_key(address).lower()[:500],
            said={"url": address},
        )
        if self.media is None or origin.key in self._missing:
            return None
        if isinstance(found := self._fetched(origin), str):
            self._missing.add(origin.key)
            return None
        origin.save()
        self._keep(origin, found)
        return origin

    def _fetched(self, origin) -> Accepted | File | str:
        """Return a picture, another file (open), or why there is none. Touches no database."""
        address = origin.said.get("url", "")
        suffix = PurePosixPath(upload_key(address)).suffix.lower()
        if suffix not in PICTURES | OTHERS:
            return _("of a kind that is not accepted")
        try:
            file = self.media.fetch(address)
            if suffix not in PICTURES:
                return file
            with file:
                return accept(file)
        except MissingFileError as error:
            return str(error)
        except ValidationError as error:
            return " ".join(error.messages)

    @transaction.atomic
    def _keep(self, origin, found):
        if isinstance(found, File):
            folder = PurePosixPath(origin.path).parent.name
            folder = folder if folder.isdecimal() else ""
            name = get_valid_filename(PurePosixPath(upload_key(origin.said["url"])).name)
            with found:
                place = str(PurePosixPath("files", folder, name))
                origin.file = default_storage.save(place, found)
        else:
            origin.image = self._image(origin, found)
        origin.save(update_fields=["image", "file"])

    def _image(self, origin, accepted):
        said, told = origin.said, accepted.said
        name = PurePosixPath(origin.path).stem
        image = Image(
            file=ContentFile(accepted.content, f"{name}{accepted.suffix}"),
            title=(plain(said.get("title", "")) or told.headline or name)[:200],
            alt=plain(said.get("alt", ""))[:300],
            caption=plain(said.get("caption", "") or told.caption)[:500],
            credit=(plain(said.get("credit", "")) or told.printed_credit)[:200],
            creator=told.creator[:200],
            copyright=(plain(said.get("copyright", "")) or told.copyright)[:300],
            city=told.city[:100],
            taken_on=told.taken_on,
            keywords=told.keywords,
            fingerprint=accepted.fingerprint,
        )
        image.save()
        return image


def plain(markup: str) -> str:
    """Return the words of a text that may hold HTML, on one line; no-break spaces stay."""
    return SPACES.sub(" ", unescape(strip_tags(markup))).strip()
