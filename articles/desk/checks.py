"""What stands between a working copy and the readers: lines in plain French, each for a field.

A blocking line refuses publication (see `workflow.publish`); an advisory one only says so.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from articles.models import (
    Article,
    Image,
    Page,
    PublishedArticle,
    PublishedPicture,
    Redirect,
    Tag,
)
from articles.models.tag import near_key, tag_key
from articles.publishing.body import host_of, image_ids, parse
from articles.publishing.structure import is_empty
from authors.models import Author

LONGEST_TITLE = 110  # characters
LONGEST_PARAGRAPH = 150  # words


# What else is asked, as functions of a content that yield Checks: the front door adds the title's
# own rules (avion/house_rules.py).
further: list[Callable[[dict], Iterable["Check"]]] = []


@dataclass(frozen=True)
class Check:
    """One line: the field it is about, what it says, and whether it blocks publication."""

    field: str
    text: str
    blocks: bool = False


def check(content: dict, article=None) -> list[Check]:
    """Return the lines for a content (see articles.desk.content), the blocking ones first.

    article: the working copy whose content it is, if it was ever saved.
    """
    root = parse(content["body"] or "<p></p>")
    lines = [
        *_missing(content, root),
        *_pictures(content, root, article),
        *_links(root),
        *_title(content, article),
        *_structure(root),
        *_notes(article),
        *chain.from_iterable(rule(content) for rule in further),
    ]
    return sorted(lines, key=lambda line: not line.blocks)


def blocking(content: dict, article=None) -> list[Check]:
    """Return the lines that refuse publication."""
    return [line for line in check(content, article) if line.blocks]


def _missing(content, root):
    needed = {
        "title": (content["title"].strip(), _("The title is missing.")),
        "standfirst": (content["standfirst"].strip(), _("The standfirst is missing.")),
        "section": (content["section"], _("No section is chosen.")),
        "bylines": (content["bylines"], _("Nobody signs the article.")),
        "body": (not is_empty(root), _("The text is empty.")),
    }
    yield from (
        Check(field, text, blocks=True) for field, (there, text) in needed.items() if not there
    )
    if not content["tags"]:
        yield Check("tags", _("No tag."))
    yield from _tags(content["tags"])
    if not content["hero_image"]:
        yield Check("hero_image", _("No main picture."))
    if content["ai_use"] == Article.AiUse.GENERATED and not content["ai_reviewed_by"].strip():
        yield Check("ai_reviewed_by", _("Nobody has reviewed the generated text."))


def _tags(names):
    """Name the tags that are there already under a name that is nearly the same."""
    near = {near_key(name): name for name in names}
    for twin in Tag.objects.exclude(near="").filter(near__in=near):
        name = near[twin.near]
        if tag_key(name) != twin.key:
            said = _("The tag “%(name)s” looks like “%(twin)s”, which is there already.")
            yield Check("tags", said % {"name": name, "twin": twin})


def _pictures(content, root, article):
    in_text = image_ids(root)
    wanted = [*in_text, *([content["hero_image"]] if content["hero_image"] else [])]
    images = Image.objects.in_bulk(wanted)
    lacks = list(_lacks(content, root, images))
    shown = _shown_already(article) if lacks else set()
    for pk, field, said in lacks:
        yield Check(field, said, blocks=pk not in shown)
    for pk in dict.fromkeys(wanted):
        field = "body" if pk in in_text else "hero_image"
        if pk not in images:
            yield Check(field, _("A picture of the text is gone from the library."), blocks=True)
            continue
        until = images[pk].usable_until
        if until and images[pk].is_expired:
            said = _("The picture “%(picture)s” could be used until %(date)s only.")
            told = {"picture": images[pk], "date": date_format(until)}
            yield Check(field, said % told, blocks=True)
    for pk in {pk for pk in wanted if wanted.count(pk) > 1}:
        yield Check("body", _("The picture “%s” stands twice.") % images.get(pk, pk))


def _lacks(content, root, images):
    """Yield (id, field, what) of pictures that say too little about themselves."""
    hero = images.get(content["hero_image"])
    if hero and not hero.alt.strip() and not hero.is_decorative:
        said = _("The main picture has no alternative text, and is not marked as decorative.")
        yield hero.pk, "hero_image", said
    for picture in root.iter("img"):
        image = images.get(int(picture.get("data-file")))
        if image and not (picture.get("alt", "").strip() or image.alt or image.is_decorative):
            said = _("The picture “%s” has no alternative text, and is not marked as decorative.")
            yield image.pk, "body", said % image
    in_text = image_ids(root)
    for pk, image in images.items():
        if not image.credit.strip():
            field = "body" if pk in in_text else "hero_image"
            yield pk, field, _("The picture “%s” has no credit.") % image


def _shown_already(article) -> set:
    """Return the ids of the pictures that readers see of this article.

    What they lack refuses nothing: those of other sites come without credit or alternative text,
    and whoever corrects a word of an old article need not mend them first.
    """
    copy = article.copy if article else None
    if copy is None:
        return set()
    in_text = PublishedPicture.objects.filter(holder=copy).values_list("image", flat=True)
    return {copy.hero_image_id, *in_text}


def _links(root):
    links = list(root.iter("a"))
    yield from _addresses(links)
    empty = [link for link in links if not link.text_content().strip() or not link.get("href")]
    if empty:
        said = _("A link leads nowhere or has no words: “%s”.")
        yield Check("body", said % empty[0].text_content().strip(), blocks=True)
    slugs = {slug for link in links if (slug := _internal_slug(link.get("href", "")))}
    if not slugs:
        yield Check("body", _("No link to another article of the site."))
        return
    known = set(
        PublishedArticle.objects.live().filter(slug__in=slugs).values_list("slug", flat=True)
    )
    pages = Page.objects.public().filter(slug__in=slugs)
    known |= set(pages.values_list("slug", flat=True))
    moved = Redirect.objects.filter(path__in=[f"/{slug}/" for slug in slugs - known])
    known |= {
        path.strip("/") for path in moved.exclude(destination="").values_list("path", flat=True)
    }
    for slug in sorted(slugs - known):
        yield Check("body", _("The link to /%s/ leads to nothing that readers can open.") % slug)


def _addresses(links):
    """Say which addresses of other sites cannot be right. Nothing is fetched from here."""
    for link in links:
        address = link.get("href", "")
        is_web = address.startswith(("http://", "https://"))
        if is_web and "." not in host_of(address).strip("."):
            yield Check("body", _("No site has this address: %s") % address, blocks=True)
        elif address.startswith("http://"):
            yield Check("body", _("This link is not encrypted (https): %s") % address)


def _internal_slug(address: str) -> str:
    """Return the slug of an address of the site's first level; "" of any other."""
    try:
        url = urlsplit(address)
    except ValueError:
        return ""
    parts = [part for part in url.path.split("/") if part]
    is_own = not url.netloc or url.hostname == settings.SITE_URL.hostname
    return parts[0] if is_own and url.scheme in {"", "http", "https"} and len(parts) == 1 else ""


def _title(content, article):
    title = content["title"].strip()
    if len(title) > LONGEST_TITLE:
        said = _("The title has %(length)d characters; beyond %(most)d search engines cut it.")
        yield Check("title", said % {"length": len(title), "most": LONGEST_TITLE})
    letters = [char for char in title if char.isalpha()]
    if len(letters) > 8 and all(char.isupper() for char in letters):
        yield Check("title", _("The title is all in capitals."))
    others = Article.objects.exclude(pk=article and article.pk)
    if title and others.filter(title__iexact=title).exists():
        yield Check("title", _("Another article has the same title."))
    names = Author.objects.in_bulk(content["bylines"]).values()
    if any(str(author).casefold() in {"admin", "administrateur"} for author in names):
        yield Check("bylines", _("“Admin” is no byline: readers want to know who writes."))


def _structure(root):
    headings = [heading.tag for heading in root.xpath(".//h2|.//h3") if not _is_boxed(heading)]
    if headings[:1] == ["h3"]:
        yield Check("body", _("A subheading stands before the first heading."))
    longest = max((len(p.text_content().split()) for p in root.iter("p")), default=0)
    if longest > LONGEST_PARAGRAPH:
        said = _("A paragraph has %(words)d words; beyond %(most)d readers give up.")
        yield Check("body", said % {"words": longest, "most": LONGEST_PARAGRAPH})


def _notes(article):
    if article is None or not article.pk:
        return
    for note in article.notes.open().filter(is_blocking=True):
        said = _("A note of %(name)s is not resolved: “%(text)s”.")
        text = Truncator(note.text).chars(80)
        yield Check("notes", said % {"name": note.by or "–", "text": text}, blocks=True)


def _is_boxed(element) -> bool:
    """Say whether an element stands in a box, which has a title of its own level."""
    return next(element.iterancestors("aside"), None) is not None
