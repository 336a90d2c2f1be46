"""How an unpublished text will look elsewhere: to a search engine, in a shared card, typeset."""

from collections import Counter, deque
from copy import deepcopy
from dataclasses import dataclass

from articles.models import Image
from articles.publishing.body import parse
from articles.publishing.typography import typeset, typeset_tree

LINES = ["p", "h2", "h3", "li", "th", "td", "figcaption"]
BLOCKS_WITHIN = ".//p|.//li"
SHOWN = 40  # kinds of changes in a list; nobody reads more


@dataclass
class Appearance:
    """What search engines and shared cards take from an article, typeset."""

    title: str
    description: str
    slug: str
    image: Image | None


@dataclass
class TypesetChange:
    """A passage that publishing sets otherwise, and how often it stands in the text."""

    before: str
    after: str
    count: int


def appearance(content: dict) -> Appearance:
    """Return how a content (see articles.desk.content) will look elsewhere, in 1 query."""
    return Appearance(
        title=typeset(content["seo_title"] or content["title"]),
        description=typeset(content["seo_description"] or content["standfirst"]),
        slug=content["slug"],
        image=Image.objects.filter(pk=content["hero_image"]).first(),
    )


def typeset_changes(content: dict) -> list[TypesetChange]:
    """Return what publishing will set otherwise than it was typed, the most frequent first."""
    found: Counter[tuple[str, str]] = Counter()
    for name in ("kicker", "title", "standfirst"):
        found.update(_changes(content[name], typeset(content[name])))
    before = parse(content["body"] or "<p></p>")
    after = deepcopy(before)
    typeset_tree(after)
    for old, new in zip(before.iter(*LINES), after.iter(*LINES), strict=True):
        if not len(old.xpath(BLOCKS_WITHIN)):
            found.update(_changes(old.text_content(), new.text_content()))
    return [TypesetChange(*pair, count) for pair, count in found.most_common(SHOWN)]


def _changes(before: str, after: str):
    """Yield (typed, set) for the words between ordinary spaces that differ, in one pass."""
    typed = deque(before.split(" "))
    for word in after.split(" "):
        taken = typed.popleft() if typed else ""
        while typed and len(_marks(taken)) < len(_marks(word)):
            taken += f" {typed.popleft()}"  # a space that became a no-break one
        if taken != word:
            yield taken, word


def _marks(text: str) -> str:
    """Return a text without its spaces; typesetting changes marks one by one, but for dots."""
    return "".join(text.replace("...", "…").split())
