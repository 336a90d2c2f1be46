"""Encryption of what is stored: in pieces, each sealed, so that nothing can be read, changed, moved
or cut off by who keeps the backup.

Each piece is a token of Fernet (AES-128-CBC with HMAC-SHA256, https://github.com/fernet/spec) over
its number, whether it is the last, and its bytes. The key comes from BACKUP_KEY by scrypt.
"""

import hmac
from base64 import urlsafe_b64encode
from hashlib import scrypt, sha256
from struct import Struct

from cryptography.fernet import Fernet, InvalidToken

HEAD = Struct(">Q?")  # number of the piece, whether it is the last
LENGTH = Struct(">I")
PIECE = 1024 * 1024  # bytes


class SealError(Exception):
    """What is sealed cannot be opened: another key, or not what was written."""


class Open:
    """No key: everything is stored as it is."""

    is_sealing = False

    def name(self, digest: str) -> str:
        return digest

    def size(self, length: int) -> int:
        """Return the bytes that so many take when they are stored."""
        return length

    def seal(self, chunks):
        yield from chunks

    def unseal(self, chunks):
        yield from chunks


class Sealed:
    """salt: of the store, 16 bytes. phrase: BACKUP_KEY, of any length."""

    is_sealing = True

    def __init__(self, phrase: str, salt: bytes):
        both = scrypt(phrase.encode(), salt=salt, n=2**15, r=8, p=1, maxmem=2**26, dklen=64)
        self._fernet = Fernet(urlsafe_b64encode(both[:32]))
        self._naming = both[32:]

    def name(self, digest: str) -> str:
        """Return the name of a file by its digest, which says nothing to others."""
        return hmac.digest(self._naming, digest.encode(), "sha256").hex()

    def size(self, length: int) -> int:
        whole, rest = divmod(length, PIECE)
        if whole and not rest:
            whole, rest = whole - 1, PIECE
        return whole * _token_size(PIECE) + _token_size(rest)

    def seal(self, chunks):
        number, held = 0, b""
        for chunk in chunks:
            held += chunk
            while len(held) > PIECE:
                yield self._token(number, held[:PIECE], is_last=False)
                number, held = number + 1, held[PIECE:]
        yield self._token(number, held, is_last=True)

    def _token(self, number, piece, *, is_last) -> bytes:
        token = self._fernet.encrypt(HEAD.pack(number, is_last) + piece)
        return LENGTH.pack(len(token)) + token

    def unseal(self, chunks):
        """Yield what was sealed. Raises SealError."""
        is_last = False
        for expected, token in enumerate(_tokens(chunks)):
            if is_last:
                raise SealError("There is more than was written.")
            try:
                opened = self._fernet.decrypt(token)
            except InvalidToken as error:
                raise SealError("Another BACKUP_KEY, or not what was written.") from error
            number, is_last = HEAD.unpack_from(opened)
            if number != expected:
                raise SealError("Pieces are not in their order.")
            yield opened[HEAD.size :]
        if not is_last:
            raise SealError("The end is missing.")


def _token_size(length: int) -> int:
    """Return the bytes of a piece's token with its length before it (Fernet's own arithmetic)."""
    padded = ((length + HEAD.size) // 16 + 1) * 16
    return LENGTH.size + -(-(1 + 8 + 16 + padded + 32) // 3) * 4


def _tokens(chunks):
    held, length = bytearray(), None
    for chunk in chunks:
        held += chunk
        while True:
            if length is None and len(held) >= LENGTH.size:
                (length,) = LENGTH.unpack_from(held)
                del held[: LENGTH.size]
            if length is None or len(held) < length:
                break
            yield bytes(held[:length])
            del held[:length]
            length = None
    if held or length is not None:
        raise SealError("The end is missing.")


class Digest:
    """Passes a stream through and knows its sha256 and length, in bytes, at the end."""

    def __init__(self, chunks):
        self._chunks, self._sha, self.length = chunks, sha256(), 0

    def __iter__(self):
        for chunk in self._chunks:
            self._sha.update(chunk)
            self.length += len(chunk)
            yield chunk

    @property
    def hex(self) -> str:
        return self._sha.hexdigest()
