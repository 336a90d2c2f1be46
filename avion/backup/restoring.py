"""Puts a backup in place: first all of it is looked through, then files, then rows, all or none."""

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import connections, transaction
from django.db.migrations.recorder import MigrationRecorder

from articles.models import Article
from authors.models import User
from avion.backup import rows
from avion.backup.making import BackupError, Manifest, Progress, check, place_of
from avion.backup.sealing import Digest


def restore(store, sealer, manifest: Manifest, progress: Progress, *, replace=False):
    """Put a backup in place of what is in this site's database and among its files.

    replace: whether a site that is not empty may be overwritten. Raises BackupError before
    anything is changed: when the backup is damaged, when code and backup are of different
    migrations, when the site is not empty.
    """
    _refuse_others(manifest)
    if not replace and (User.objects.exists() or Article.objects.exists()):
        raise BackupError("This site is not empty: say --replace to overwrite it.")
    check(store, sealer, manifest, progress)
    for number, (name, digest, size) in enumerate(manifest.files, 1):
        _put(store, sealer, name, digest, size)
        progress("files", number, len(manifest.files))
    stored = sealer.unseal(store.read(f"{manifest.stamp}/rows"))
    total = sum(manifest.rows["counts"].values())
    with transaction.atomic():
        counts = rows.put_back(_counted(rows.lines_of(stored), total, progress))
        if counts != manifest.rows["counts"]:
            raise BackupError("Not as many rows came as were written.")


def _refuse_others(manifest):
    """Raise BackupError when the tables are not those of the backup."""
    here = {tuple(each) for each in MigrationRecorder(connections["default"]).applied_migrations()}
    there = {tuple(each) for each in manifest.migrations}
    if here == there:
        return
    names = [".".join(each) for each in sorted(here ^ there)]
    raise BackupError(
        f"Backup and code differ by migrations ({', '.join(names[:3])}…): restore with the release "
        "that made it, after `manage.py migrate`, then upgrade."
    )


def _counted(lines, total, progress):
    for number, line in enumerate(lines, 1):
        if number % rows.BATCH == 0 or number == total:
            progress("rows", number, total)
        yield line


def _put(store, sealer, name, digest, size):
    """Write a file under its own name, unless it is there."""
    if default_storage.exists(name):
        if default_storage.size(name) == size and _digest(name) == digest:
            return
        default_storage.delete(name)
    content = _Stream(sealer.unseal(store.read(place_of(sealer, digest))))
    written = default_storage.save(name, content if size else ContentFile(b""))
    if written != name:
        raise BackupError(f"{name} came to lie at {written}.")


def _digest(name) -> str:
    with default_storage.open(name) as file:
        digest = Digest(file.chunks())
        for _chunk in digest:
            pass
    return digest.hex


class _Stream(File):
    """A file for the storage that is read once, in pieces."""

    def __init__(self, chunks):
        super().__init__(None)
        self._chunks, self._held = iter(chunks), b""

    def chunks(self, chunk_size=None):
        yield from self._chunks

    def read(self, size=-1):
        while size < 0 or len(self._held) < size:
            piece = next(self._chunks, None)
            if piece is None:
                break
            self._held += piece
        given = self._held if size < 0 else self._held[:size]
        self._held = self._held[len(given) :]
        return given
