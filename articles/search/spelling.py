"""« Vouliez-vous dire »: the nearest words that the title has published."""

import re
from html import unescape

from django.db.models.functions import Length
from django.utils.html import strip_tags

from articles.models.known_word import KnownWord
from articles.search.words import WORD
from articles.slugs import fold

SHORTEST, LONGEST = 4, 40  # letters of a word that is worth a proposal
FARTHEST = 2  # letters that may be wrong
MOST = 3  # words of a query that are looked at: comparing costs time
LETTERS = re.compile(r"[^\W\d_]+")


def learn(*texts) -> None:
    """Remember the words of texts that readers see by now, which may hold HTML; 1 query."""
    words = {word.lower() for text in texts for word in WORD.findall(unescape(strip_tags(text)))}
    known = {
        fold(word): word
        for word in sorted(words)
        if SHORTEST <= len(word) <= LONGEST and LETTERS.fullmatch(word)
    }
    rows = [KnownWord(folded=folded[:LONGEST], shown=word) for folded, word in known.items()]
    KnownWord.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)


def proposal(text: str) -> str:
    """Return a text with its unknown words replaced by the nearest known ones; "" if none is.

    Every known word was once public. Whether anything is found by them now is another question.
    Costs 1 query.
    """
    words = [word for word in WORD.findall(text) if LETTERS.fullmatch(word)]
    typed = {fold(word): word for word in words if SHORTEST <= len(fold(word)) <= LONGEST}
    if not typed:
        return ""
    known = dict(_candidates(list(typed)))
    replaced = text
    for folded, word in [entry for entry in typed.items() if entry[0] not in known][:MOST]:
        if nearest := _nearest(folded, known):
            replaced = re.sub(rf"\b{word}\b", nearest, replaced)  # both are letters and digits
    return replaced if replaced != text else ""


def _candidates(words):
    """Return (folded, shown) of the words that begin like one of these and are about as long."""
    lengths = [len(word) for word in words]
    firsts = "".join(sorted({word[0] for word in words}))  # letters and digits
    return (
        KnownWord.objects.annotate(length=Length("folded"))
        .filter(folded__regex=f"^[{firsts}]")
        .filter(length__gte=min(lengths) - FARTHEST, length__lte=max(lengths) + FARTHEST)
        .values_list("folded", "shown")
    )


def _nearest(word, known) -> str:
    most = 1 if len(word) < 6 else FARTHEST
    found = [
        (distance, folded, shown)
        for folded, shown in known.items()
        if folded[0] == word[0]
        and abs(len(folded) - len(word)) <= most
        and (distance := _distance(word, folded)) <= most
    ]
    return min(found)[2] if found else ""


def _distance(one: str, other: str) -> int:
    """Return how many letters are added, left out, exchanged or swapped (Damerau, 1964)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for place, letter in enumerate(one, start=1):
        row = [place]
        for column, opposite in enumerate(other, start=1):
            cost = min(
                last[column] + 1, row[column - 1] + 1, last[column - 1] + (letter != opposite)
            )
            is_swap = (
                place > 1
                and column > 1
                and letter == other[column - 2]
                and one[place - 2] == opposite
            )
            row.append(min(cost, before[column - 2] + 1) if is_swap else cost)
        before, last = last, row
    return last[-1]
