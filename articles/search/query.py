"""What a reader types into the search field, understood: words, phrases, exclusions.

« avion "premier vol" -drone » asks for a word and a phrase, and leaves out a word. Quotation
marks may be straight, curly or French. Whatever else is typed is read as words: the engines
never see an operator that was not made here.
"""

import re
from dataclasses import dataclass
from itertools import dropwhile

from articles.search.words import MARK, STOP, WORD, stems
from articles.slugs import fold

LONGEST = 200  # characters that are read of a query
MOST_TERMS = 12
PART = re.compile(r'(?P<minus>(?<!\S)-)?(?:["“«](?P<phrase>[^"”»]*)["”»]?|(?P<word>[^\s"“«]+))')


@dataclass(frozen=True)
class Term:
    """One thing to find: the stems of a word or, in their order, of a phrase.

    beginning: what the last of its words begins with, accents folded, where the beginnings of
    words will do; "" where it must be whole.
    """

    stems: tuple[str, ...]
    beginning: str = ""


@dataclass(frozen=True)
class Query:
    """What must be found, and what must not."""

    wanted: tuple[Term, ...]
    unwanted: tuple[Term, ...] = ()

    def __bool__(self):
        return bool(self.wanted)

    @property
    def stems(self) -> set[str]:
        """The stems to mark in what was found."""
        return {stem for term in self.wanted for stem in term.stems}


def parse(text: str, is_typing=False) -> Query:
    """Return what a text asks for; an empty Query if it holds no word to find.

    is_typing: the query is still being typed, and the beginnings of its words will do.

    Articles and prepositions are passed over, unless nothing else is asked for or they stand in a
    phrase.
    """
    wanted: list[Term] = []
    unwanted: list[Term] = []
    for part in PART.finditer(text[:LONGEST]):
        is_word = part["phrase"] is None
        found = stems(part["word"] if is_word else part["phrase"])
        if is_word:  # « l'onde » asks for « onde », « porte-avions » for both words in a row
            found = list(dropwhile(STOP.__contains__, found)) or found
        if found:
            is_begun = is_typing and is_word and not part["minus"]
            beginning = _beginning(part["word"]) if is_begun else ""
            term = Term(tuple(found), beginning)
            (unwanted if part["minus"] else wanted).append(term)
    telling = [term for term in wanted if len(term.stems) > 1 or term.stems[0] not in STOP]
    wanted = (telling or wanted)[:MOST_TERMS]
    return Query(tuple(dict.fromkeys(wanted)), tuple(dict.fromkeys(unwanted))[:MOST_TERMS])


def _beginning(typed: str) -> str:
    """Return what a word that is being typed begins with so far; "" if that would be anything."""
    words = WORD.findall(fold(typed))
    if not words or not WORD.fullmatch(typed[-1]) or MARK.startswith(words[-1]):
        return ""
    return words[-1]
