"""Texts of the block editor: HTML between comments that name the blocks.

The grammar is that of WordPress's own parser (packages/block-serialization-default-parser).
"""

import json
import re
from dataclasses import dataclass

COMMENT = re.compile(
    r"<!--\s+(?P<end>/)?wp:(?P<name>[a-z][a-z0-9_-]*(?:/[a-z][a-z0-9_-]*)?)\s+"
    r"(?P<said>\{.*?\}\s+)?(?P<void>/)?-->",
    re.DOTALL,
)


@dataclass
class Piece:
    """A stretch of text. name: of the block around it ("" outside any); is_void: a block alone."""

    name: str
    said: dict
    html: str
    is_void: bool = False


def pieces(text: str) -> list[Piece]:
    """Return a text cut at the comments of its blocks, which are left out."""
    found: list[Piece] = []
    around: list[str] = []
    start = 0
    for comment in COMMENT.finditer(text):
        if between := text[start : comment.start()]:
            found.append(Piece(around[-1] if around else "", {}, between))
        start, name = comment.end(), comment["name"].removeprefix("core/")
        if comment["void"]:
            found.append(Piece(name, _said(comment["said"]), "", is_void=True))
        elif comment["end"]:
            if name in around:
                del around[len(around) - 1 - around[::-1].index(name) :]
        else:
            around.append(name)
    if rest := text[start:]:
        found.append(Piece(around[-1] if around else "", {}, rest))
    return found


def _said(text) -> dict:
    try:
        said = json.loads(text or "{}")
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
