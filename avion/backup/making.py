"""Makes a backup: the rows as they were at one moment, the files that are not stored yet, and a
manifest that says what belongs together. Everything is read back and compared before it counts.
"""

import json
import os
import re
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from time import time

from django.core.files.storage import default_storage
from django.db import connections, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from avion.backup import rows
from avion.backup.sealing import Digest, Open, Sealed, SealError
from avion.backup.stores import CHUNK, StoreError, joined
from avion.static_files import ON_S3

VERSION = 1
SALT = "salt"  # of the key, beside what is sealed with it
STAMP = "%Y%m%dT%H%M%SZ"
# In names of variables that are not kept: addresses of databases hold passwords.
SECRET = re.compile("KEY|SECRET|PASSWORD|TOKEN|DSN|^(DATABASE|CACHE|EMAIL).*_URL$")
UNDER_WAY = 24 * 3600  # seconds in which what no manifest names may be of a backup that is not done
OURS = re.compile(
    "(ALLOWED|BACKUP|BEHIND|CACHE|DATABASE|EMAIL|INDEXNOW|LOG|MEDIA|METRICS|PAGE|SECOND|SENTRY|SITE"
    "|STATIC|TASKS|UPLOAD|WEBSUB)_"
)
Progress = Callable[[str, int, int], None]  # what is done, how much of it, of how much


class BackupError(Exception):
    """A backup is not what it should be; the message says how."""


@dataclass
class Manifest:
    """rows: sha256, bytes and counts of the dump. files: (name, sha256, bytes) of the storage."""

    stamp: str
    engine: str
    migrations: list[list[str]]
    rows: dict
    files: list[list]
    gone: int  # files that went while they were being looked at
    environment: dict[str, str]
    version: int = VERSION


def sealer_of(store, phrase: str) -> Open | Sealed:
    """Return what opens and seals in a store. Raises BackupError without the key that it needs."""
    if not phrase and store.has(SALT):
        raise BackupError(
            "This backup is encrypted: set BACKUP_KEY to the key that it was made with."
        )
    if not phrase:
        return Open()
    if not store.has(SALT):
        if store.names():
            raise BackupError(
                "What lies there is not encrypted: choose another place for this one."
            )
        store.write(SALT, [os.urandom(16)])
    return Sealed(phrase, joined(store.read(SALT)))


def make(store, sealer, progress: Progress, at=None) -> Manifest:
    """Make a backup and return its manifest. Raises BackupError when it reads back otherwise."""
    stamp = (at or timezone.now()).strftime(STAMP)
    migrations = sorted(map(list, MigrationRecorder(connections["default"]).applied_migrations()))
    known = {name: (digest, size) for name, digest, size in _files_before(store, sealer)}
    with snapshot():
        dump = _dump(store, sealer, f"{stamp}/rows", progress)
    files = []
    names = sorted(_files(default_storage, ""))
    for number, name in enumerate(names, 1):
        files.append(_keep(store, sealer, name, known.get(name)))
        progress("files", number, len(names))
    manifest = Manifest(
        stamp=stamp,
        engine=connections["default"].vendor,
        migrations=migrations,
        rows=dump,
        files=[each for each in files if each],
        gone=files.count(None),
        environment={
            name: value
            for name, value in sorted(os.environ.items())
            if OURS.match(name) and not SECRET.search(name)
        },
    )
    there = set(store.names())
    lost = [name for name, digest, _size in manifest.files if place_of(sealer, digest) not in there]
    if lost or f"{stamp}/rows" not in there:
        raise BackupError(f"What was written is gone: {', '.join(lost[:3]) or 'the rows'}.")
    text = json.dumps(asdict(manifest)).encode()  # ASCII: names of files may be no UTF-8
    store.write(f"{stamp}/manifest", sealer.seal([text]))
    if manifest_at(store, sealer, stamp) != manifest:
        raise BackupError("The manifest reads back otherwise.")
    return manifest


def stamps(store) -> list[str]:
    """Return the moments of the backups in a store, the oldest first."""
    return sorted(
        name.removesuffix("/manifest") for name in store.names() if name.endswith("/manifest")
    )


def manifest_at(store, sealer, stamp) -> Manifest:
    """Return what belongs to a backup. Raises BackupError."""
    try:
        said = json.loads(joined(sealer.unseal(store.read(f"{stamp}/manifest"))))
    except (ValueError, SealError) as error:
        raise BackupError(f"The backup of {stamp} cannot be read: {error}") from error
    if said.get("stamp") != stamp:
        raise BackupError(f"The backup of {stamp} holds the manifest of another.")
    if said.get("version") != VERSION:
        raise BackupError(f"The backup of {stamp} is of another version of Avion.")
    return Manifest(**said)


def check(store, sealer, manifest, progress: Progress, *, mend=False):
    """Read all that belongs to a backup, and compare. Raises BackupError.

    mend: throw away what is damaged among the files, so that the next backup stores it again.
    """
    total = len(manifest.files) + 1
    _compare(store, sealer, f"{manifest.stamp}/rows", manifest.rows["sha256"])
    progress("check", 1, total)
    damaged = []
    for number, (name, digest, _size) in enumerate(manifest.files, 2):
        place = place_of(sealer, digest)
        try:
            _compare(store, sealer, place, digest, name)
        except BackupError as error:
            damaged.append(str(error))
            if mend and store.has(place):
                store.delete(place)
        progress("check", number, total)
    if damaged:
        raise BackupError(f"{len(damaged)} files are damaged: {damaged[0]}")


def forget(store, sealer, keep: int) -> int:
    """Throw away all backups but the newest `keep`, and the files that none of these names.

    What was written lately is left: it may be of a backup that another process is making.
    """
    kept = stamps(store)[-keep:]
    needed = {SALT}
    for stamp in kept:
        manifest = manifest_at(store, sealer, stamp)
        needed |= {f"{stamp}/manifest", f"{stamp}/rows"}
        needed |= {place_of(sealer, digest) for _name, digest, _size in manifest.files}
    before = time() - UNDER_WAY
    old = {f"{stamp}/{part}" for stamp in stamps(store)[:-keep] for part in ("manifest", "rows")}
    unknown = [name for name in store.names() if name not in needed]
    gone = [name for name in unknown if name in old or store.written_at(name) < before]
    for name in gone:
        store.delete(name)
    return len(gone)


def place_of(sealer, digest) -> str:
    """Return where a store keeps the file of this digest: under the same name for all backups."""
    name = sealer.name(digest)
    return f"files/{name[:2]}/{name}"


@contextmanager
def snapshot():
    """See the database as it is at the first question, until the end; nobody waits for us."""
    connection = connections["default"]
    if connection.vendor == "sqlite":
        usual = vars(connection)["transaction_mode"]  # a word of this engine's alone
        vars(connection)["transaction_mode"] = "DEFERRED"
        try:
            with transaction.atomic():
                yield
        finally:
            vars(connection)["transaction_mode"] = usual
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


def _dump(store, sealer, name, progress) -> dict:
    counts: dict[str, int] = {}
    models = rows.kept_models()
    total = sum(model._base_manager.count() for model in models)

    def counted():
        for number, line in enumerate(rows.lines(), 1):
            label = json.loads(line)[0]
            counts[label] = counts.get(label, 0) + 1
            if number % rows.BATCH == 0 or number == total:
                progress("rows", number, total)
            yield line

    digest = Digest(rows.pressed(counted()))
    store.write(name, sealer.seal(digest))
    _compare(store, sealer, name, digest.hex)
    return {"sha256": digest.hex, "bytes": digest.length, "counts": counts}


def _files_before(store, sealer) -> list:
    """Return the files of the newest backup: none of ours ever changes under its name."""
    before = stamps(store)
    return manifest_at(store, sealer, before[-1]).files if before else []


def _keep(store, sealer, name, known) -> list | None:
    """Store a file unless it is stored; return [name, sha256, bytes], None if it is gone since."""
    try:
        size = default_storage.size(name)
        if known and known[1] == size and _is_stored(store, sealer, *known):
            return [name, *known]
        digest = Digest(_pieces(name))
        for _chunk in digest:
            pass
        place = place_of(sealer, digest.hex)
        if not _is_stored(store, sealer, digest.hex, digest.length):
            store.write(place, sealer.seal(_pieces(name)))
            _compare(store, sealer, place, digest.hex, name)
    except FileNotFoundError:
        return None
    return [name, digest.hex, digest.length]


def _is_stored(store, sealer, digest, size) -> bool:
    """Say whether a file is stored, and as long as it should be."""
    place = place_of(sealer, digest)
    return store.has(place) and store.size(place) == sealer.size(size)


def _pieces(name):
    with default_storage.open(name) as file:
        yield from file.chunks(CHUNK)


def _files(storage, folder):
    """Yield the names of all files of a storage."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:  # nothing was ever uploaded
        return
    yield from (f"{folder}{name}" for name in files if name)
    for name in folders:
        if f"{folder}{name}" != ON_S3:  # static files may lie beside: each release brings its own
            yield from _files(storage, f"{folder}{name}/")


def _compare(store, sealer, place, digest, name=""):
    """Read what is stored. Raises BackupError if it is not what it should be."""
    read = Digest(sealer.unseal(store.read(place)))
    try:
        for _chunk in read:
            pass
    except (SealError, StoreError) as error:
        raise BackupError(f"{name or place}: {error}") from error
    if read.hex != digest:
        raise BackupError(f"{name or place} is not what was written.")
