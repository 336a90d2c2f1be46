"""What an article gets of a WordPress post: its fields, and by which rules."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape

from django.utils import timezone
from django.utils.translation import gettext as _

from articles.publishing.body import blocks, parse
from articles.wordpress.files import plain
from articles.wordpress.php import strings

PUBLIC = {"publish", "future"}  # states that readers have seen, or will
TITLE, STANDFIRST = 200, 600  # characters, as the article has them
LEAST, MOST = 40, 500  # characters of a first paragraph that may stand as the standfirst
# Keys of the plugins and themes that newsrooms use.
SEO_TITLE = ("_yoast_wpseo_title", "rank_math_title", "_seopress_titles_title")
SEO_DESCRIPTION = ("_yoast_wpseo_metadesc", "rank_math_description", "_seopress_titles_desc")
CANONICAL = ("_yoast_wpseo_canonical", "rank_math_canonical_url", "_seopress_robots_canonical")
PRIMARY = (
    "_yoast_wpseo_primary_category",
    "rank_math_primary_category",
    "_seopress_robots_primary_cat",
)
SUBTITLE = ("mh-subheading", "mh_subheading", "_subtitle", "subtitle", "wps_subtitle")
CREDIT = ("_media_credit", "credit", "_credit", "photo_credit", "copyright")
TAXONOMIES = {"category", "post_tag", "author"}  # those that have a place here
VARIABLE = re.compile(r"%%?\w[\w-]*%%?")
ENDS = re.compile(r"\s*(?:%%?(?:sep|sitename|sitedesc|page)%%?\s*)+$")  # what we add ourselves
PASSING = re.compile(r"_edit_|_encloseme|_pingme|_wp_old_|_oembed_|_wp_trash_|_thumbnail_id$")


@dataclass
class Texts:
    """The texts of an article, and (kind, what) of what had to be done to them."""

    title: str
    kicker: str
    standfirst: str
    body: str
    hero_caption: str
    seo_title: str
    seo_description: str
    robots: str
    remarks: list[tuple[str, str]] = field(default_factory=list)


def texts_of(post, body: str) -> Texts:
    """Return the texts of an article made of a post. body: as `content.convert` returned it."""
    remarks: list[tuple[str, str]] = []
    title = plain(post.title)
    if not title:
        title = (" ".join(plain(body).split()[:8]) or _("Untitled (%s)") % post.id)[:TITLE]
        remarks.append(("title", _("none: the first words stand for it")))
    if len(title) > TITLE:
        remarks.append(("title", _("cut, it was too long: %s") % title))
        title = title[:TITLE].rpartition(" ")[0] or title[:TITLE]
    if not body.strip() and post.status in PUBLIC:  # or its address would answer no more
        remarks.append(("text", _("none: the title stands for it")))
        body = f"<p>{escape(title)}</p>"
    kicker, subtitle = plain(post.said("kicker"))[:60], plain(post.said(*SUBTITLE))
    standfirst = plain(post.excerpt)
    if subtitle and not standfirst:
        standfirst = subtitle
    elif subtitle and len(f"{subtitle} {standfirst}") <= STANDFIRST:
        standfirst = f"{subtitle.rstrip('.')}. {standfirst}"
    elif subtitle:
        kicker = kicker or subtitle[:60]
    if len(standfirst) > STANDFIRST:
        remarks.append(("standfirst", _("too long: it stands at the head of the text")))
        body, standfirst = f"<p>{standfirst}</p>\n{body}", ""
    elif not standfirst:
        standfirst, body = _first_paragraph(body)
        if standfirst:
            remarks.append(("standfirst", _("the first paragraph")))
    return Texts(
        title=title,
        kicker=kicker,
        standfirst=standfirst,
        body=body,
        hero_caption=plain(post.said("hero_caption"))[:500],
        seo_title=_without_variables(post.said(*SEO_TITLE))[:120],
        seo_description=_without_variables(post.said(*SEO_DESCRIPTION))[:320],
        robots="noindex" if is_hidden_from_search(post) else "",
        remarks=remarks,
    )


def _first_paragraph(body: str) -> tuple[str, str]:
    """Return (standfirst, rest): a first paragraph of plain words, if two blocks follow it."""
    parts = blocks(body)
    if len(parts) < 3 or not parts[0].startswith("<p"):
        return "", body
    first = parse(parts[0])[0]
    words = " ".join(first.text_content().split())
    if not LEAST <= len(words) <= MOST or first.xpath(".//a|.//small|.//br"):
        return "", body
    return words, "\n".join(parts[1:])


def _without_variables(text: str) -> str:
    """Return what is said to search engines; "" if a plugin would put it together itself."""
    said, ends = text, ENDS.search(text)
    if ends:
        said = text[: ends.start()].rstrip(" -–—|·:")
    return "" if VARIABLE.search(said) else plain(said)


def moment(gmt: str, local: str) -> datetime | None:
    """Return a moment that WordPress wrote twice, in UTC and in the site's own time."""
    try:
        if gmt:
            return datetime.fromisoformat(gmt).replace(tzinfo=UTC)
        return timezone.make_aware(datetime.fromisoformat(local)) if local else None
    except ValueError:
        return None


def is_hidden_from_search(post) -> bool:
    """Say whether a plugin told search engines to pass the post over."""
    return (
        post.said("_yoast_wpseo_meta-robots-noindex") == "1"
        or "noindex" in post.said("rank_math_robots")
        or post.said("_seopress_robots_index") == "yes"
    )


def kept_of(post) -> dict:
    """Return what an article has no place for, to be kept as it was said."""
    fields = {name: values for name, values in post.meta.items() if not PASSING.match(name)}
    kept = {
        "status": post.status,
        "terms": [term for term in post.terms if term[0] not in TAXONOMIES],
        "fields": fields,
        "comments": post.comments,
        "canonical": post.said(*CANONICAL),
        "sticky": post.is_sticky,
    }
    return {name: value for name, value in kept.items() if value}


def file_of(post) -> dict:
    """Return what an attachment says of its file."""
    camera = strings(post.said("_wp_attachment_metadata"))
    return {
        "url": post.attachment_url or post.guid,
        "link": post.link,
        "parent": post.parent,
        "title": post.title,
        "alt": post.said("_wp_attachment_image_alt"),
        "caption": post.excerpt,
        "description": post.content,
        "credit": post.said(*CREDIT) or camera.get("credit", ""),
        "copyright": camera.get("copyright", ""),
    }
