"""WordPress's export files (WXR 1.0 to 1.2), read as a stream: one entry at a time in memory.

The format is RSS 2.0 with elements of WordPress's own; it is described by what writes it,
wp-admin/includes/export.php. Exports of different plugins differ: whatever is missing is empty.
"""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import unquote
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
from django.utils.translation import gettext as _

from articles.wordpress.clean_stream import CleanStream

GZIP = b"\x1f\x8b"


class WxrError(Exception):
    """An export that cannot be read (further); the message says why, and where."""


@dataclass
class Site:
    """Where the entries of a file come from. address: without a slash at its end."""

    title: str
    address: str


@dataclass
class Author:
    id: str
    login: str
    name: str


@dataclass
class Term:
    """A category, a tag, or a term of another taxonomy. parent: the slug of the one above."""

    id: str
    taxonomy: str
    slug: str
    name: str
    parent: str
    description: str


@dataclass
class Post:
    """Anything that WordPress keeps as a post: articles, pages, attachments, blocks, menus.

    date, date_gmt, modified, modified_gmt: "2024-03-31 02:30:00" as written, or "".
    terms: (taxonomy, slug, name). meta: each key with its values, in their order.
    comments: dicts without addresses of mail and network, which nobody needs to keep.
    """

    id: str
    type: str
    status: str
    title: str
    link: str
    guid: str
    slug: str
    parent: str
    creator: str
    content: str
    excerpt: str
    date: str
    date_gmt: str
    modified: str
    modified_gmt: str
    password: str
    is_sticky: bool
    attachment_url: str
    terms: list[tuple[str, str, str]] = field(default_factory=list)
    meta: dict[str, list[str]] = field(default_factory=dict)
    comments: list[dict] = field(default_factory=list)

    def said(self, *keys) -> str:
        """Return the first value of the first of these custom fields that has one."""
        values = (value for key in keys for value in self.meta.get(key, []))
        return next((value.strip() for value in values if value.strip()), "")


def read(path) -> Iterator[Site | Author | Term | Post]:
    """Yield what an export holds, in its order; the site comes first.

    path: a file, compressed by gzip or not. Raises WxrError for what is no export, breaks off,
    or declares entities (which WordPress never does, and attacks do); OSError.
    """
    with _opened(path) as file:
        channel, is_site_known = None, False
        try:
            for event, element in iterparse(CleanStream(file), events=("start", "end")):
                name = _name(element)
                if event == "start":
                    channel = element if name == "channel" else channel
                elif channel is not None and name in ENTRIES:
                    if not is_site_known:
                        yield _site(channel)
                        is_site_known = True
                    yield ENTRIES[name](element)
                    channel.remove(element)
        except ParseError as error:
            line, column = error.position
            said = _(
                "The file breaks off or is no XML at line %(line)s, column %(column)s (%(why)s)."
            )
            said %= {"line": line, "column": column, "why": error.msg}
            raise WxrError(said) from error
        except DefusedXmlException as error:
            said = _(
                "The file declares entities or a DTD of its own: WordPress never does, attacks do."
            )
            raise WxrError(said) from error
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise WxrError(_("The compressed file breaks off or is damaged.")) from error
        if not is_site_known:
            raise WxrError(_("This is no export of WordPress: it holds no entry."))


@contextmanager
def _opened(path):
    with Path(path).open("rb") as file:
        start = file.read(2)
        file.seek(0)
        if start == GZIP:
            with gzip.open(file) as inner:
                yield inner
        else:
            yield file


def _name(element) -> str:
    """Return an element's name with the prefix that WordPress gives its namespace."""
    space, brace, name = element.tag.rpartition("}")
    if not brace:
        return name
    space = space.lower()
    prefixes = (("excerpt", "excerpt"), ("content", "content"), ("dc/", "dc"), ("export", "wp"))
    return next((f"{prefix}:{name}" for part, prefix in prefixes if part in space), name)


def _texts(element) -> dict[str, str]:
    """Return the texts of an element's children by their names, the first of each."""
    texts: dict[str, str] = {}
    for child in element:
        texts.setdefault(_name(child), (child.text or "").strip())
    return texts


def _site(channel) -> Site:
    said = _texts(channel)
    address = said.get("wp:base_blog_url") or said.get("link", "")
    return Site(said.get("title", ""), address.rstrip("/"))


def _author(element) -> Author:
    said = _texts(element)
    login = said.get("wp:author_login", "")
    return Author(said.get("wp:author_id", ""), login, said.get("wp:author_display_name") or login)


def _term(taxonomy, slug, name, parent, description):
    def read_term(element) -> Term:
        said = _texts(element)
        return Term(
            said.get("wp:term_id", ""),
            taxonomy or said.get("wp:term_taxonomy", ""),
            unquote(said.get(slug, "")),
            unescape(said.get(name, "")),
            unquote(said.get(parent, "")),
            unescape(said.get(description, "")),
        )

    return read_term


def _post(element) -> Post:
    said = _texts(element)
    post = Post(
        id=said.get("wp:post_id", ""),
        type=said.get("wp:post_type", "post"),
        status=said.get("wp:status", ""),
        title=said.get("title", ""),
        link=said.get("link", ""),
        guid=said.get("guid", ""),
        slug=unquote(said.get("wp:post_name", "")),
        parent=said.get("wp:post_parent", ""),
        creator=said.get("dc:creator", ""),
        content=said.get("content:encoded", ""),
        excerpt=said.get("excerpt:encoded", ""),
        date=_moment(said.get("wp:post_date", "")),
        date_gmt=_moment(said.get("wp:post_date_gmt", "")),
        modified=_moment(said.get("wp:post_modified", "")),
        modified_gmt=_moment(said.get("wp:post_modified_gmt", "")),
        password=said.get("wp:post_password", ""),
        is_sticky=said.get("wp:is_sticky") == "1",
        attachment_url=said.get("wp:attachment_url", ""),
    )
    for child in element:
        name = _name(child)
        if name == "category" and child.get("domain"):
            slug = unquote(child.get("nicename", ""))
            post.terms.append((child.get("domain"), slug, unescape((child.text or "").strip())))
        elif name == "wp:postmeta":
            pair = _texts(child)
            key = pair.get("wp:meta_key", "")
            post.meta.setdefault(key, []).append(pair.get("wp:meta_value", ""))
        elif name == "wp:comment":
            post.comments.append(_comment(child))
    return post


def _comment(element) -> dict[str, str]:
    said = _texts(element)
    wanted = "id parent author author_url date_gmt approved type content".split()
    return {name: said.get(f"wp:comment_{name}", "") for name in wanted}


def _moment(text: str) -> str:
    """Return a moment as written, "" where WordPress wrote its zero."""
    return "" if text.startswith("0000") else text


ENTRIES = {
    "item": _post,
    "wp:author": _author,
    "wp:category": _term(
        "category",
        "wp:category_nicename",
        "wp:cat_name",
        "wp:category_parent",
        "wp:category_description",
    ),
    "wp:tag": _term("post_tag", "wp:tag_slug", "wp:tag_name", "", "wp:tag_description"),
    "wp:term": _term("", "wp:term_slug", "wp:term_name", "wp:term_parent", "wp:term_description"),
}
