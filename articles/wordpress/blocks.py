"""Texts of the block editor: HTML between comments that name the blocks.

The grammar is that of WordPress's own parser (packages/block-serialization-default-parser).
"""

import json
import re
from dataclasses import dataclass

START = re.compile(
    r"<!--\s+(?P<end>/)?wp:(?P<name>[a-z][a-z0-9_-]*(?:/[a-z][a-z0-9_-]*)?)(?=\s|/?-->)"
)
END = "-->"  # WordPress writes two hyphens as \u002d\u002d within


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
    while comment := START.search(text, start):
        end = text.find(END, comment.end())
        if end < 0:
            break
        if between := text[start : comment.start()]:
            found.append(Piece(around[-1] if around else "", {}, between))
        said, name = text[comment.end() : end].strip(), comment["name"].removeprefix("core/")
        start = end + len(END)
        if said.endswith("/"):
            found.append(Piece(name, _said(said.removesuffix("/")), "", is_void=True))
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
