"""The one normaliser of text and query: French words to accent-free stems."""

import re
from functools import lru_cache

import snowballstemmer

from articles.slugs import LIGATURES, fold

_stemmer = snowballstemmer.stemmer("french")
WORD = re.compile(r"[^\W_]+")


def stems(text: str) -> list[str]:
    """Return the stems of a text's words, in their order: « Les avions » is ["le", "avion"].

    The stemmer works on accented words, so accents are folded after it.
    """
    return [_stem(word) for word in WORD.findall(text.translate(LIGATURES).lower())]


def search_text(*texts: str) -> str:
    """Return the stems of the texts as one line that begins and ends with a space."""
    return f" {' '.join(stems(' '.join(texts)))} "


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    return fold(_stemmer.stemWord(word))
