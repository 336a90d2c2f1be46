"""Where backups lie. A store keeps streams of bytes under names; what is there is never changed."""

import tarfile
import tempfile
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

CHUNK = 1024 * 1024  # bytes that are read and written at a time


class StoreError(Exception):
    """A store cannot be used, or does not hold what was asked for; the message says which."""


class Store(Protocol):
    def has(self, name: str) -> bool: ...

    def names(self) -> list[str]: ...

    def write(self, name: str, chunks) -> None: ...

    def read(self, name: str):
        """Yield the bytes in pieces. Raises StoreError."""

    def delete(self, name: str) -> None: ...


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
        if making:
            root.mkdir(parents=True, exist_ok=True)
            root.chmod(0o700)
        elif not root.is_dir():
            raise StoreError(f"{root} is no folder.")

    def has(self, name):
        return (self.root / name).is_file()

    def names(self):
        files = (path for path in self.root.rglob("*") if path.is_file())
        return sorted(path.relative_to(self.root).as_posix() for path in files)

    def write(self, name, chunks):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as part:
            try:
                for chunk in chunks:
                    part.write(chunk)
            except BaseException:
                Path(part.name).unlink()
                raise
        Path(part.name).replace(path)

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
        self.path, self._part, self._names = path, path.with_suffix(".tar.part"), set()

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
        return name in self._names

    def names(self):
        return sorted(self._names)

    def write(self, name, chunks):
        with tempfile.TemporaryFile() as whole:  # a tar says first how long a file is
            for chunk in chunks:
                whole.write(chunk)
            entry = tarfile.TarInfo(name)
            entry.size = whole.tell()
            whole.seek(0)
            self._tar.addfile(entry, whole)
        self._names.add(name)

    def delete(self, name):
        raise StoreError(f"{self.path} holds one backup: there is nothing to throw away.")

    def read(self, name):
        self._file.flush()
        with tarfile.open(self._part, "r:") as written:
            yield from _pieces(written, name)


class TarReader:
    """The one file that TarWriter made."""

    def __init__(self, path):
        self.path = path

    def __enter__(self):
        try:
            self._tar = tarfile.open(self.path, "r:")  # closed in __exit__
        except (OSError, tarfile.TarError) as error:
            raise StoreError(f"{self.path} is no backup that can be read: {error}") from error
        return self

    def __exit__(self, *_error):
        self._tar.close()

    def has(self, name):
        return name in self._tar.getnames()

    def names(self):
        return sorted(self._tar.getnames())

    def write(self, name, chunks):
        raise StoreError(f"{self.path} is whole: nothing is added to it.")

    def delete(self, name):
        raise StoreError(f"{self.path} is whole: nothing is taken from it.")

    def read(self, name):
        yield from _pieces(self._tar, name)


def _pieces(tar, name):
    try:
        file = tar.extractfile(name)
    except (KeyError, tarfile.TarError) as error:
        raise StoreError(f"{name} is not in the backup.") from error
    while chunk := file.read(CHUNK):
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
        self.bucket, self.prefix = url.netloc, PurePosixPath(url.path.lstrip("/"))
        endpoint = parse_qs(url.query).get("endpoint", [None])[0]
        self.client = boto3.client("s3", endpoint_url=endpoint)

    def _key(self, name):
        return str(self.prefix / name)

    def has(self, name):
        return name in self._listed(name)

    def names(self):
        return sorted(self._listed(""))

    def _listed(self, start):
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=self._key(start) if start else str(self.prefix)
        )
        return [
            str(PurePosixPath(each["Key"]).relative_to(self.prefix))
            for page in pages
            for each in page.get("Contents", [])
        ]

    def write(self, name, chunks):
        with tempfile.TemporaryFile() as whole:
            for chunk in chunks:
                whole.write(chunk)
            whole.seek(0)
            self.client.upload_fileobj(whole, self.bucket, self._key(name))

    def delete(self, name):
        self.client.delete_object(Bucket=self.bucket, Key=self._key(name))

    def read(self, name):
        from botocore.exceptions import ClientError

        try:
            body = self.client.get_object(Bucket=self.bucket, Key=self._key(name))["Body"]
        except ClientError as error:
            raise StoreError(f"{name}: {error}") from error
        yield from body.iter_chunks(CHUNK)


def joined(chunks) -> bytes:
    """Return a small stream as one piece."""
    return b"".join(chunks)
