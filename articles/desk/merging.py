"""Three-way merging: what two people made of one text, brought together. Values only.

The classical diff3: what one side alone changed is taken; what both changed alike is taken
once; only where both changed the same place differently is there a collision to be decided.
"""

from dataclasses import dataclass, field
from difflib import SequenceMatcher

from articles.desk.content import FIELDS, LISTS
from articles.publishing.body import blocks


@dataclass
class Collision:
    """Two texts for one place."""

    mine: str
    theirs: str

    @property
    def both(self) -> str:
        return self.mine + self.theirs


@dataclass
class Merge:
    """The outcome: `content` without what collides, the body in parts, the collisions."""

    content: dict
    collisions: dict[str, Collision] = field(default_factory=dict)  # field name: what collides
    body: list[str | Collision] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)  # fields in which theirs came in

    @property
    def is_clean(self) -> bool:
        return not self.collisions and not any(isinstance(part, Collision) for part in self.body)


def merge(base: dict | None, mine: dict, theirs: dict) -> Merge:
    """Merge two contents (see articles.desk.content) that both came from `base`.

    Without a base, every difference is a collision.
    """
    merged = Merge(content={})
    for name in FIELDS:
        before = base[name] if base else None
        if name == "body":
            common = blocks(base[name]) if base else []
            parts = _merge_blocks(common, blocks(mine[name]), blocks(theirs[name]))
            merged.body = parts
            changed = "".join(part for part in parts if isinstance(part, str)) != mine[name]
        elif name in LISTS:
            merged.content[name] = _merge_lists(before or [], mine[name], theirs[name])
            changed = merged.content[name] != mine[name]
        elif name == "embargo_until":
            merged.content[name] = _merge_embargoes(before, mine[name], theirs[name])
            changed = merged.content[name] != mine[name]
        elif mine[name] == theirs[name] or (base and theirs[name] == before):
            merged.content[name], changed = mine[name], False
        elif base and mine[name] == before:
            merged.content[name], changed = theirs[name], True
        else:
            merged.collisions[name] = Collision(mine[name], theirs[name])
            changed = False
        if changed:
            merged.taken.append(name)
    return merged


def _merge_lists(before: list, mine: list, theirs: list) -> list:
    """Keep what neither side removed and what either added: mine in its order, then theirs."""
    if mine == before:
        return theirs
    kept = [entry for entry in mine if entry in theirs or entry not in before]
    return kept + [entry for entry in theirs if entry not in mine and entry not in before]


def _merge_embargoes(before: str | None, mine: str, theirs: str) -> str:
    """Take the one that changed; of two changes the longer, which harms nobody."""
    if theirs == before:
        return mine
    return theirs if mine == before else max(mine, theirs)


def _merge_blocks(before: list[str], mine: list[str], theirs: list[str]) -> list[str | Collision]:
    """Merge lists of paragraphs into parts: a text where they agree, else a Collision."""
    parts: list[str | Collision] = []
    at_before = at_mine = at_theirs = 0
    for start, end, mine_start, theirs_start in _common(before, mine, theirs):
        gap = (before[at_before:start], mine[at_mine:mine_start], theirs[at_theirs:theirs_start])
        if len({len(side) for side in gap}) == 1:  # nothing came or went: neighbours stand alone
            for one, my_one, their_one in zip(*gap, strict=True):
                parts += _decide([one], [my_one], [their_one])
        else:
            parts += _decide(*gap)
        parts.append("".join(before[start:end]))
        length = end - start
        at_before, at_mine, at_theirs = end, mine_start + length, theirs_start + length
    return [part for part in parts if part]


def _decide(before: list[str], mine: list[str], theirs: list[str]) -> list[str | Collision]:
    if theirs in (mine, before):
        return ["".join(mine)]
    if mine == before:
        return ["".join(theirs)]
    return [Collision("".join(mine), "".join(theirs))]


def _common(before: list[str], mine: list[str], theirs: list[str]):
    """Yield (start, end, start in mine, start in theirs) of what neither side touched.

    start, end: places in `before`. The last one is empty and stands at all three ends.
    """
    ours = _matches(before, mine)
    for start, other, length in _matches(before, theirs):
        for my_start, my_other, my_length in ours:
            first, last = max(start, my_start), min(start + length, my_start + my_length)
            if first < last:
                yield first, last, my_other + first - my_start, other + first - start
    yield len(before), len(before), len(mine), len(theirs)


def _matches(one: list[str], other: list[str]):
    return SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
