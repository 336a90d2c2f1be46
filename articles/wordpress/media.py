"""The files of the old site: from a folder of uploads, from a zip, or from the web.

What is asked of the web goes to public addresses alone (OWASP, Server-Side Request Forgery): each
name is resolved here, every address checked, and that very address connected to, redirects
included; otherwise an export could make the server ask its own network.
"""

import http.client
import socket
import ssl
import time
import zipfile
import zlib
from collections.abc import Callable
from contextlib import closing
from ipaddress import ip_address
from pathlib import Path, PurePosixPath
from tempfile import SpooledTemporaryFile
from urllib.parse import quote, unquote, urljoin, urlsplit

from django.core.files import File
from django.utils.translation import gettext as _

from articles.models.origin import UPLOADS, upload_key

HOPS = 5
TIMEOUT = 20  # seconds
TRIES, PAUSE = 3, 2  # attempts, seconds between them, doubled each time
IN_MEMORY = 2 * 1024 * 1024  # bytes; larger files lie on the disk while they are looked at
AGENT = "Avion (import; https://www.djangoproject.com/)"


class MissingFileError(Exception):
    """A file that could not be had; the message says why."""


class Folder:
    """A copy of wp-content/uploads, or of what is above it. largest: bytes."""

    def __init__(self, root, *, largest):
        self.largest = largest
        self.roots = [Path(root), Path(root) / "uploads", Path(root) / "wp-content/uploads"]

    def fetch(self, address) -> File:
        """Return an open file. Raises MissingFileError."""
        key = upload_key(address)
        try:
            for root in self.roots:
                path = (root / key).resolve()
                if key and path.is_relative_to(root.resolve()) and path.is_file():
                    if path.stat().st_size > self.largest:
                        raise MissingFileError(_("larger than what is accepted"))
                    return File(path.open("rb"), name=path.name)
        except OSError as error:  # it may not be read, or its name is longer than names can be
            raise MissingFileError(error.strerror or str(error)) from error
        raise MissingFileError(_("not in the folder"))

    def holds(self, address) -> bool:
        """Say whether there is such a file."""
        try:
            self.fetch(address).close()
        except MissingFileError:
            return False
        return True


class Zip:
    """A zip of the uploads; it may be cut at any folder above the years. largest: bytes."""

    def __init__(self, path, *, largest):
        self.largest = largest
        self.archive = zipfile.ZipFile(path)
        names = [info.filename for info in self.archive.infolist() if not info.is_dir()]
        self.names = {UPLOADS.sub("", f"/{name}").lstrip("/"): name for name in names}

    def fetch(self, address) -> File:
        """Return an open file. Raises MissingFileError."""
        name = self.names.get(upload_key(address))
        if name is None:
            raise MissingFileError(_("not in the zip"))
        try:
            with self.archive.open(name) as inner:
                return _kept(inner, self.largest, PurePosixPath(name).name)
        except (zipfile.BadZipFile, zlib.error, RuntimeError, OSError) as error:
            raise MissingFileError(str(error)) from error

    def holds(self, address) -> bool:
        """Say whether there is such a file."""
        return upload_key(address) in self.names


class Web:
    """The old site itself, or a copy of its uploads at another address.

    base: the address under which the years lie; "" for each file's own address.
    largest: bytes. allow_private: whether addresses of one's own network may be asked.
    """

    def __init__(self, base="", *, largest, allow_private=False):
        self.base, self.largest, self.allow_private = base, largest, allow_private

    def holds(self, _address) -> bool:
        """Say whether there is such a file: nobody knows before it is asked for."""
        return True

    def fetch(self, address) -> File:
        """Return the file, read to its end. Raises MissingFileError."""
        if self.base:
            address = f"{self.base.rstrip('/')}/{quote(upload_key(address))}"
        pause = PAUSE
        for attempt in range(1, TRIES + 1):
            try:
                return self._get(address)
            except _BusyError as busy:
                if attempt == TRIES:
                    raise MissingFileError(str(busy)) from busy
                time.sleep(min(busy.after or pause, 60))
                pause *= 2
            except (OSError, http.client.HTTPException, ValueError) as error:
                raise MissingFileError(str(error) or type(error).__name__) from error
        raise MissingFileError(_("no answer"))

    def _get(self, address):
        for _hop in range(HOPS):
            url = urlsplit(address)
            with closing(self._connection(url)) as connection:
                path = quote(url.path or "/", safe="/%:@!$&'()*+,;=~-._")
                target = f"{path}?{url.query}" if url.query else path
                connection.request("GET", target, headers={"User-Agent": AGENT})
                with closing(connection.getresponse()) as answer:
                    if answer.status not in {301, 302, 303, 307, 308}:
                        return self._taken(answer, PurePosixPath(unquote(url.path)).name)
                    address = urljoin(address, answer.getheader("Location", ""))
        raise MissingFileError(_("too many redirects"))

    def _taken(self, answer, name) -> File:
        """Return what an answer holds, if it is a file of a size that is accepted."""
        if answer.status in {429, 500, 502, 503, 504}:
            raise _BusyError(answer.status, answer.getheader("Retry-After", ""))
        if answer.status != http.HTTPStatus.OK:
            raise MissingFileError(f"HTTP {answer.status}")
        said = answer.getheader("Content-Length", "")
        if said.isdecimal() and int(said) > self.largest:
            raise MissingFileError(_("larger than what is accepted"))
        return _kept(answer, self.largest, name)

    def _connection(self, url):
        if url.scheme not in {"http", "https"} or not url.hostname:
            raise MissingFileError(_("no address of the web"))
        kind = _Secure if url.scheme == "https" else _Plain
        connection = kind(url.hostname, url.port, timeout=TIMEOUT)
        connection.connect_to = self._connect
        return connection

    def _connect(self, place, timeout):
        host, port = place
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [str(entry[4][0]) for entry in found]
        if not self.allow_private and not all(map(_is_public, addresses)):
            raise MissingFileError(_("an address of a private network"))
        return socket.create_connection((addresses[0], port), timeout)


class _Plain(http.client.HTTPConnection):
    """A connection that goes where `connect_to` says: (host, port), timeout in seconds."""

    connect_to: Callable

    def connect(self):
        self.sock = self.connect_to((self.host, self.port), self.timeout)


class _Secure(_Plain):
    """The same, with TLS in the name of the host, whatever address it goes to."""

    default_port = http.client.HTTPS_PORT

    def connect(self):
        super().connect()
        context = ssl.create_default_context()
        self.sock = context.wrap_socket(self.sock, server_hostname=self.host)


class _BusyError(Exception):
    def __init__(self, status, after):
        super().__init__(f"HTTP {status}")
        self.after = int(after) if after.isdecimal() else 0


def _is_public(address: str) -> bool:
    ip = ip_address(address.partition("%")[0])
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return ip.is_global and not ip.is_multicast


def _kept(source, largest, name) -> File:
    """Read a stream into a file of our own. Raises MissingFileError beyond `largest` bytes."""
    kept = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # whoever gets it closes it
    size = 0
    while chunk := source.read(64 * 1024):
        size += len(chunk)
        if size > largest:
            kept.close()
            raise MissingFileError(_("larger than what is accepted"))
        kept.write(chunk)
    kept.seek(0)
    file = File(kept, name=name)
    file.size = size
    return file
