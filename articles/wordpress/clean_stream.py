"""XML as exports really are, made XML as parsers want it: a file that mends while it is read."""

import codecs
import re
from html.entities import html5
from xml.sax.saxutils import escape

READ = 64 * 1024  # bytes
KEPT_BACK = 40  # characters at the end of a piece: a mark or a reference may be cut there
OPEN, CLOSE = "<![CDATA[", "]]>"
DECLARATION = re.compile(r"\s*<\?xml\b[^>]*\?>")
ENCODING = re.compile(rb"""<\?xml[^>]*encoding=["']([A-Za-z0-9._-]+)""")
# What XML 1.0 forbids (section 2.2).
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
REFERENCE = re.compile(r"&(?:#(\d{1,7});|#[xX]([0-9a-fA-F]{1,6});|(\w{1,32});)?")
XML_NAMES = {"amp", "lt", "gt", "quot", "apos"}


def _as_windows_wrote_it(error):
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("windows", _as_windows_wrote_it)


class CleanStream:
    """A binary file of XML, in UTF-8, without what no parser takes: `read(size)`.

    file: the export, open for reading bytes. Control characters and their references go;
    entities that HTML knows become characters, stray ampersands text; bytes that are no UTF-8
    are read as Windows-1252, for databases mix the two in one export; what stands before the
    declaration goes. What stands in CDATA keeps its entities: there they are HTML.
    """

    def __init__(self, file):
        self._pieces = _mended(_decoded(file))
        self._ready = b""

    def read(self, size=READ) -> bytes:
        """Return at most `size` bytes; b"" at the end."""
        while len(self._ready) < size and (piece := next(self._pieces, None)) is not None:
            self._ready += FORBIDDEN.sub("", piece).encode()
        answer, self._ready = self._ready[:size], self._ready[size:]
        return answer


def _decoded(file):
    """Yield the text of a file, without a byte order mark and a declaration."""
    start = file.read(READ)
    decoder = codecs.getincrementaldecoder(_encoding(start))("windows")
    text = decoder.decode(start).removeprefix("\ufeff")
    declaration = DECLARATION.match(text)
    yield (text[declaration.end() :] if declaration else text).lstrip()
    while more := file.read(READ):
        yield decoder.decode(more)
    yield decoder.decode(b"", final=True)


def _encoding(start: bytes) -> str:
    """Return the encoding that a file begins with or declares; UTF-8 if it says nothing."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    declared = ENCODING.search(start[:200])
    try:
        return codecs.lookup(declared[1].decode()).name if declared else "utf-8"
    except LookupError:
        return "utf-8"


def _mended(pieces):
    """Yield the text of pieces with its references mended, those in CDATA left alone."""
    text, in_cdata = "", False
    for piece in pieces:
        text += piece
        while (mark := CLOSE if in_cdata else OPEN) in text:
            before, _mark, text = text.partition(mark)
            yield (before if in_cdata else REFERENCE.sub(_mend, before)) + mark
            in_cdata = not in_cdata
        cut = max(len(text) - KEPT_BACK, 0)
        if not in_cdata and (reference := text.rfind("&", max(cut - KEPT_BACK, 0), cut)) >= 0:
            cut = reference
        yield text[:cut] if in_cdata else REFERENCE.sub(_mend, text[:cut])
        text = text[cut:]
    yield text if in_cdata else REFERENCE.sub(_mend, text)


def _mend(found) -> str:
    """Return a reference as XML knows it; "" for a character that XML forbids."""
    decimal, hexadecimal, name = found.groups()
    if decimal or hexadecimal:
        number = int(decimal) if decimal else int(hexadecimal, 16)
        is_character = 0 < number < 0x110000 and not FORBIDDEN.match(chr(number))
        return found[0] if is_character else ""
    if name in XML_NAMES:
        return found[0]
    if name and f"{name};" in html5:
        return escape(html5[f"{name};"])
    return f"&amp;{found[0][1:]}"
