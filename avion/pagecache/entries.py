"""One page as it is kept: its bytes in every coding, each made once, and how it is answered."""

import gzip
import zlib
from functools import partial
from hashlib import sha256
from http import HTTPStatus
from typing import NamedTuple

import brotli
from django.conf import settings

LARGE = 256 * 1024  # bytes; a larger page (a sitemap) is kept compressed alone
BROTLI_QUALITY, GZIP_LEVEL = 6, 6  # beyond, a page takes several times as long for a few per cent
RECENT = 5  # seconds for which a page is good enough while it is made anew
OVERHEAD = 4096  # bytes that a page costs besides its own, roughly
DROPPED = {
    "content-length",
    "content-encoding",
    "etag",
    "date",
    "age",
    "vary",
    "connection",
    "x-request-id",
}
COMPRESSED = ("text/", "application/")  # types; pictures are compressed in themselves


KEPT = ["status", "number", "made_at", "until", "is_text", "headers", "vary", "digest", "size"]
CODINGS = {
    "br": partial(brotli.compress, quality=BROTLI_QUALITY),
    "gzip": partial(gzip.compress, compresslevel=GZIP_LEVEL, mtime=0),
}


class Variant(NamedTuple):
    """A page in one coding, ready to be sent. body: None where it is unpacked on the way."""

    etag: str
    headers: list[tuple[str, str]]
    unchanged: list[tuple[str, str]]  # headers of a 304
    body: bytes | None


class Entry:
    """A page: what it answered, when it was made, by which generation, and until when it lives.

    given_at: when a reader last got it as the newest. is_for_nginx: whether nginx may keep it.
    is_covering: whether it stands for a page that could not be made.
    """

    is_for_nginx, is_covering = True, False

    def __init__(self, status, headers, chunks, *, number, made_at, until, vary):
        """Keep an answer. chunks: its body. number, made_at, until: see is_fresh."""
        self.status, self.number, self.made_at, self.until = status, number, made_at, until
        self.given_at = made_at
        kind = next((value for name, value in headers if name.lower() == "content-type"), "")
        self.is_text = kind.startswith(COMPRESSED)
        self.headers = [(name, value) for name, value in headers if name.lower() not in DROPPED]
        self.vary = ", ".join(["Accept-Encoding", *vary])
        self._take(chunks)
        self._variants: dict[str, Variant] = {}

    def _take(self, chunks):
        """Read a body; once it turns out to be large, keep it compressed alone."""
        digest, pressed = sha256(), zlib.compressobj(GZIP_LEVEL, wbits=31)
        whole, packed, length = [], [], 0
        for chunk in chunks:
            digest.update(chunk)
            length += len(chunk)
            whole.append(chunk)
            if length > LARGE:
                packed += [pressed.compress(piece) for piece in whole]
                whole = []
        self.digest = digest.hexdigest()[:32]
        if length > LARGE:
            self.whole, self.gzip = None, b"".join([*packed, pressed.flush()])
            self.size = len(self.gzip) + OVERHEAD
        else:
            self.whole, self.gzip = b"".join(whole), b""
            self.size = length + length // 2 + OVERHEAD  # with the codings that will be asked for

    def kept(self) -> tuple[dict, bytes]:
        """Return it as what JSON can hold, and its body; see `restored`."""
        body = self.gzip if self.whole is None else self.whole
        own = {"is_packed": self.whole is None, "sum": sha256(body).hexdigest()}
        return {name: getattr(self, name) for name in KEPT} | own, body

    @classmethod
    def restored(cls, head, body) -> "Entry":
        """Return a page that was kept. Raises ValueError when its body was cut off or changed."""
        if sha256(body).hexdigest() != head["sum"]:
            raise ValueError(head["sum"])
        entry = cls.__new__(cls)
        for name in KEPT:
            setattr(entry, name, head[name])
        entry.given_at = entry.made_at
        entry.headers = [(name, value) for name, value in entry.headers]
        entry.whole, entry.gzip = (None, body) if head["is_packed"] else (body, b"")
        entry._variants = {}
        return entry

    def is_fresh(self, number, now) -> bool:
        """Say whether readers may have it: made by this generation, within its time.

        What was made in the future was made before a clock was set back.
        """
        return number is not None and self.number == number and self.made_at <= now < self.until

    def was_fresh(self, now) -> bool:
        """Say whether readers had it a moment ago: the others may, while one makes it anew.

        What nobody has asked for since may be of a day before, and of before a correction.
        """
        return 0 <= now - self.given_at < RECENT

    def answer(self, environ, start_response, now):
        """Answer a GET or HEAD with it, or with 304 to whoever has it."""
        variant = self.variant(environ.get("HTTP_ACCEPT_ENCODING", ""))
        # Since it was last known to be what we would say (RFC 9111, 4.2.3): a CDN counts from it.
        told = [("Age", str(max(0, int(now - self.given_at))))]
        if settings.BEHIND_PROXY and self.is_for_nginx:
            # Until this second ends, where a number of seconds would be one more in the worst case
            # (nginx counts whole ones). Before Cache-Control, or older versions pass it over.
            told.insert(0, ("X-Accel-Expires", f"@{int(now)}"))
        known = environ.get("HTTP_IF_NONE_MATCH", "")
        is_known = known and (known == "*" or variant.etag in known)
        if is_known and self.status.startswith("200"):
            start_response(f"304 {HTTPStatus.NOT_MODIFIED.phrase}", [*told, *variant.unchanged])
            return []
        start_response(self.status, [*told, *variant.headers])
        if environ["REQUEST_METHOD"] == "HEAD":
            return []
        return self._unpacked() if variant.body is None else [variant.body]

    def variant(self, accepted) -> Variant:
        """Return the page in the best coding that a client accepts (RFC 9110, 12.5.3)."""
        coding = self._coding(accepted)
        if coding not in self._variants:
            self._variants[coding] = self._made(coding)
        return self._variants[coding]

    def _coding(self, accepted) -> str:
        if not self.is_text:
            return ""
        if self.whole is not None and "br" in accepted and _takes(accepted, "br"):
            return "br"
        return "gzip" if "gzip" in accepted and _takes(accepted, "gzip") else ""

    def _made(self, coding) -> Variant:
        body = self.gzip if self.whole is None and coding else self.whole
        if coding and self.whole is not None:
            body = CODINGS[coding](self.whole)
        etag = f'"{self.digest}{coding and "-" + coding}"'
        told = [("ETag", etag), ("Vary", self.vary)]
        coded = [("Content-Encoding", coding)] if coding else []
        sized = [] if body is None else [("Content-Length", str(len(body)))]
        kept = [pair for pair in self.headers if pair[0].lower().endswith("cache-control")]
        return Variant(etag, [*self.headers, *told, *coded, *sized], [*kept, *told], body)

    def _unpacked(self):
        """Yield a large page as it was, piece by piece."""
        unpacking = zlib.decompressobj(wbits=31)
        for start in range(0, len(self.gzip), 65536):
            yield unpacking.decompress(self.gzip[start : start + 65536])


def _takes(accepted, coding) -> bool:
    """Say whether an Accept-Encoding takes a coding: names it, and not with a weight of zero."""
    for part in accepted.split(","):
        name, _semicolon, weight = part.partition(";")
        if name.strip() == coding:
            return weight.replace(" ", "").rstrip("0").rstrip(".") not in {"q=", "q=0"}
    return False
