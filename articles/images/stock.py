"""The files in the storage against the rows of the library: what lacks, what is left over."""

import logging
from datetime import timedelta

from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction
from django.utils import timezone

from articles.images.renditions import FOLDER, is_current, key_of, names
from articles.models.image import Image

logger = logging.getLogger(__name__)
ORIGINALS = "images"
SETTLED = timedelta(hours=1)  # a row comes after its files


def lacking() -> list[Image]:
    """Return the images whose renditions are out of date or partly lost, the newest first.

    Those that lost a file name no renditions from here on, so that pages show the picture
    itself and an interrupted run begins with them again.
    """
    there = set(_files(FOLDER))
    lacking = []
    for image in Image.objects.all():
        if not is_current(image):
            lacking.append(image)
        elif not there.issuperset(names(image.renditions)):
            Image.objects.filter(pk=image.pk).update(renditions={})
            lacking.append(image)
    return lacking


def orphans() -> list[str]:
    """Return the names of the files that no image needs any more: renditions and originals."""
    keys, originals = set(), set()
    for image in Image.objects.all():
        keys |= {key_of(image), image.renditions.get("key")}
        originals.add(image.file.name)
    settled = timezone.now() - SETTLED
    left_over = [name for name in _files(FOLDER) if name.split("/")[1] not in keys]
    left_over += [name for name in _files(ORIGINALS) if name not in originals]
    return [name for name in left_over if default_storage.get_modified_time(name) < settled]


def remove(files) -> None:
    """Delete these files."""
    for name in files:
        default_storage.delete(name)


class NotStoredError(Exception):
    """A picture's file could not be written: a full disk, a bucket out of reach."""


def save(image) -> None:
    """Save a picture with its file. Raises NotStoredError, and then no row is written either."""
    try:
        with transaction.atomic():
            image.save()
    except DatabaseError:
        raise
    except Exception as error:  # storages raise what their makers thought of
        logger.exception("The file of “%s” was not stored", image)
        raise NotStoredError from error


@transaction.atomic
def delete(image) -> None:
    """Delete a picture that is used nowhere, with its files. Raises ProtectedError otherwise."""
    files = [image.file.name, *names(image.renditions)]
    image.delete()
    transaction.on_commit(lambda: remove(files))


def _files(folder):
    """Yield the names of all files in a folder of the storage and in those below."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:  # nothing was ever stored there
        return
    yield from (f"{folder}/{name}" for name in files)
    for name in folders:
        yield from _files(f"{folder}/{name}")
