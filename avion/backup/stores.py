"""Where backups lie. A store keeps streams of bytes under names; what is there is never changed."""

import os
import re
import tarfile
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

CHUNK = 1024 * 1024  # bytes that are read and written at a time


# What we write: moments of backups with their manifest and rows, files by digest, the salt. Nothing
# else at a place is ours to look at, or to throw away.
OURS = re.compile(r"salt|\d{8}T\d{6}Z/(manifest|rows)|files/[0-9a-f]{2}/[0-9a-f]{64}")


def _ours(names) -> list[str]:
    return sorted(name for name in names if OURS.fullmatch(name))


class StoreError(Exception):
    """A store cannot be used, or does not hold what was asked for; the message says which."""


class Store(Protocol):
    def has(self, name: str) -> bool: ...

    def names(self) -> list[str]: ...

    def write(self, name: str, chunks) -> None: ...

    def read(self, name: str):
        """Yield the bytes in pieces. Raises StoreError."""

    def delete(self, name: str) -> None: ...

    def size(self, name: str) -> int:
        """Return how many bytes are stored under a name."""

    def written_at(self, name: str) -> float:
        """Return when, in seconds since 1970. A tar has no need to say."""


@contextmanager
def open_store(address: str, *, making: bool):
    """Yield the store at an address: a folder, one file ending in .tar, or s3://bucket/prefix.

    making: whether a new backup is written; a .tar must then not exist yet. Raises StoreError.
    """
    if address.startswith("s3://"):
        yield S3Store(address)
    elif not address.endswith(".tar"):
        yield FolderStore(Path(address), making=making)
    elif making:
        with TarWriter(Path(address)) as store:
            yield store
    else:
        with TarReader(Path(address)) as store:
            yield store


class FolderStore:
    """Files in a folder, each written whole or not at all."""

    def __init__(self, root, *, making):
        self.root = root
        if making and not root.exists():
            root.mkdir(parents=True)
            root.chmod(0o700)
        if not root.is_dir():
            raise StoreError(f"{root} is no folder.")
        if making and any(root.iterdir()) and not self.names():
            raise StoreError(f"{root} is not empty, and holds no backup: choose another folder.")

    def has(self, name):
        return (self.root / name).is_file()

    def names(self):
        files = (path for path in self.root.rglob("*") if path.is_file())
        return _ours(path.relative_to(self.root).as_posix() for path in files)

    def size(self, name):
        return (self.root / name).stat().st_size

    def written_at(self, name):
        return (self.root / name).stat().st_mtime

    def write(self, name, chunks):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as part:
            try:
                for chunk in chunks:
                    part.write(chunk)
                part.flush()
                os.fsync(part.fileno())
            except BaseException:
                Path(part.name).unlink()
                raise
        Path(part.name).replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # so that the name outlasts a power cut, too
        finally:
            os.close(folder)

    def delete(self, name):
        (self.root / name).unlink()

    def read(self, name):
        try:
            with (self.root / name).open("rb") as file:
                while chunk := file.read(CHUNK):
                    yield chunk
        except OSError as error:
            raise StoreError(f"{name}: {error.strerror}") from error


class TarWriter:
    """One new file with everything; it appears when it is whole."""

    def __init__(self, path):
        if path.exists():
            raise StoreError(f"{path} is there already.")
        self.path, self._part = path, path.with_suffix(".tar.part")
        self._places: dict[str, tuple[int, int]] = {}  # of each file: where it begins, its bytes

    def __enter__(self):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._part.open("wb")
        self._part.chmod(0o600)
        self._tar = tarfile.open(fileobj=self._file, mode="w")  # see __exit__
        return self

    def __exit__(self, kind, *_error):
        self._tar.close()
        self._file.close()
        if kind is None:
            self._part.replace(self.path)
        else:
            self._part.unlink()

    def has(self, name):
        return name in self._places

    def names(self):
        return sorted(self._places)

    def size(self, name):
        return self._places[name][1]

    def write(self, name, chunks):
        with tempfile.TemporaryFile() as whole:  # a tar says first how long a file is
            for chunk in chunks:
                whole.write(chunk)
            entry = tarfile.TarInfo(name)
            entry.size = whole.tell()
            whole.seek(0)
            self._tar.addfile(entry, whole)
        blocks = -(-entry.size // tarfile.BLOCKSIZE) * tarfile.BLOCKSIZE
        self._places[name] = (self._tar.offset - blocks, entry.size)

    def delete(self, name):
        raise StoreError(f"{self.path} holds one backup: there is nothing to throw away.")

    def read(self, name):
        self._file.flush()
        start, left = self._places[name]
        with self._part.open("rb") as file:
            file.seek(start)
            while chunk := file.read(min(CHUNK, left)):
                left -= len(chunk)
                yield chunk


class TarReader:
    """The one file that TarWriter made."""

    def __init__(self, path):
        self.path = path

    def __enter__(self):
        try:
            self._tar = tarfile.open(self.path, "r:")  # closed in __exit__
        except (OSError, tarfile.TarError) as error:
            raise StoreError(f"{self.path} is no backup that can be read: {error}") from error
        self._members = {member.name: member for member in self._tar.getmembers()}
        return self

    def __exit__(self, *_error):
        self._tar.close()

    def has(self, name):
        return name in self._members

    def names(self):
        return sorted(self._members)

    def size(self, name):
        return self._members[name].size

    def write(self, name, chunks):
        raise StoreError(f"{self.path} is whole: nothing is added to it.")

    def delete(self, name):
        raise StoreError(f"{self.path} is whole: nothing is taken from it.")

    def read(self, name):
        if name not in self._members:
            raise StoreError(f"{name} is not in the backup.")
        file = self._tar.extractfile(self._members[name])
        while file and (chunk := file.read(CHUNK)):
            yield chunk


class S3Store:
    """Objects of a bucket, under a prefix: s3://bucket/prefix?endpoint=https://…

    Keys come from the environment or the machine, as boto3 finds them.
    """

    def __init__(self, address):
        import boto3

        url = urlsplit(address)
        if not url.netloc:
            raise StoreError(f"{address} names no bucket: s3://bucket/prefix")
        self.bucket = url.netloc
        folder = url.path.strip("/")
        self.prefix = f"{folder}/" if folder else ""
        endpoint = parse_qs(url.query).get("endpoint", [None])[0]
        self.client = boto3.client("s3", endpoint_url=endpoint)

    def has(self, name):
        try:
            self.size(name)
        except KeyError:
            return False
        return True

    def names(self):
        with _said_by_s3(self.bucket):
            pages = self.client.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=self.prefix
            )
            keys = [each["Key"] for page in pages for each in page.get("Contents", [])]
        return _ours(key.removeprefix(self.prefix) for key in keys)

    def size(self, name):
        """Return the bytes of an object. Raises KeyError where there is none."""
        return self._head(name)["ContentLength"]

    def written_at(self, name):
        return self._head(name)["LastModified"].timestamp()

    def _head(self, name):
        from botocore.exceptions import ClientError

        with _said_by_s3(name):
            try:
                return self.client.head_object(Bucket=self.bucket, Key=f"{self.prefix}{name}")
            except ClientError as error:
                if error.response["Error"]["Code"] in {"404", "NoSuchKey"}:
                    raise KeyError(name) from error
                raise

    def write(self, name, chunks):
        with tempfile.TemporaryFile() as whole, _said_by_s3(name):
            for chunk in chunks:
                whole.write(chunk)
            whole.seek(0)
            self.client.upload_fileobj(whole, self.bucket, f"{self.prefix}{name}")

    def delete(self, name):
        with _said_by_s3(name):
            self.client.delete_object(Bucket=self.bucket, Key=f"{self.prefix}{name}")

    def read(self, name):
        with _said_by_s3(name):
            found = self.client.get_object(Bucket=self.bucket, Key=f"{self.prefix}{name}")
            yield from found["Body"].iter_chunks(CHUNK)


@contextmanager
def _said_by_s3(what):
    """Say in our words what the bucket refuses. Raises StoreError."""
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (Boto3Error, BotoCoreError, ClientError) as error:
        raise StoreError(f"{what}: {error}") from error


def joined(chunks) -> bytes:
    """Return a small stream as one piece."""
    return b"".join(chunks)
