"""What readers' browsers load has its limits, in bytes as they travel."""

from pathlib import Path

import brotli
import pytest

STATIC = Path(__file__).resolve().parent.parent.parent / "static"
BUDGETS = {  # files: bytes at most
    ("fonts/*.woff2",): 110_000,
    ("css/tokens.css", "css/site.css"): 20_000,
    ("js/reader.js", "js/search.js", "js/embed.js", "js/gallery.js"): 10_000,
}


def weight(path) -> int:
    """The bytes of a file on the wire; WOFF2 is compressed in itself."""
    content = path.read_bytes()
    return len(content if path.suffix == ".woff2" else brotli.compress(content))


@pytest.mark.parametrize(("patterns", "most"), BUDGETS.items())
def test_nothing_outgrows_its_budget(patterns, most):
    files = [path for pattern in patterns for path in STATIC.glob(pattern)]
    assert len(files) >= len(patterns)
    assert sum(map(weight, files)) <= most
