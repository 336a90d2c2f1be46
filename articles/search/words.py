"""The one normaliser of text and query: French words to accent-free stems."""

import re
from functools import lru_cache

import snowballstemmer

from articles.slugs import LIGATURES, fold

_stemmer = snowballstemmer.stemmer("french")
MARK = "zz0zz"  # parts the columns of an index, so that no phrase spans two of them
LONGEST = 60  # characters of a stem
WORD = re.compile(r"[^\W_]+")


def search_text(*texts: str) -> str:
    """Return the tokens of the texts as one line: their stems in order, then what else finds them.

    The stemmer goes by accents: « pyrénées » gives "pyren", « pyrenees » "pyrene". For those who
    type without accents, the stems of the bare words follow where they differ.
    """
    text = " ".join(texts)
    found = stems(text)
    return " ".join([*found, *sorted(set(stems(fold(text))) - set(found))])


@lru_cache(maxsize=20_000)
def forms(word: str) -> frozenset[str]:
    """Return the stems by which a word is found: with its accents and without."""
    return frozenset([*stems(word), *stems(fold(word))])


def stems(text: str) -> list[str]:
    """Return the stems of a text's words, in their order: « Les avions » is ["le", "avion"].

    The stemmer works on accented words, so accents are folded after it. A stem holds letters and
    digits alone, LONGEST of them at most, and is never MARK.
    """
    found = (_stem(word) for word in WORD.findall(text.translate(LIGATURES).lower()))
    return [stem for stem in found if stem and stem != MARK]


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    return "".join(WORD.findall(fold(_stemmer.stemWord(word))))[:LONGEST]


# What says nothing of what an article is about; a query is the better for leaving it out.
STOP = frozenset(
    stems(
        "le la les l un une des de d du et en au aux à a ou dans pour par sur avec sans sous ce "
        "cet cette ces c qui que qu quoi dont où il elle ils elles on est sont son sa ses s n ne "
        "pas y"
    )
)
