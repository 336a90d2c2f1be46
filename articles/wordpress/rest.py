"""A WordPress site read through its REST API, where no export can be had.

It says less than an export: what is public alone, texts as readers get them, no custom fields.
The API is WordPress's own (developer.wordpress.org/rest-api/reference).
"""

import json
from collections.abc import Iterator

from articles.wordpress.media import MissingFileError
from articles.wordpress.wxr import Author, Post, Site, Term, WxrError

PER_PAGE = 100  # the most that WordPress gives
MADE_UP = ("[&hellip;]", "[…]", "&hellip;", "…")  # ends an excerpt that WordPress cut itself


def read(address: str, web) -> Iterator[Site | Author | Term | Post]:
    """Yield what a site holds, in the order of an export.

    address: of its front page. web: see media.Web. Raises WxrError where it does not answer.
    """
    root = address.rstrip("/")
    about = _ask(web, f"{root}/wp-json/")
    if not isinstance(about, dict) or "namespaces" not in about:
        raise WxrError(f"{root} has no REST API of WordPress.")
    yield Site(about.get("name", ""), (about.get("home") or root).rstrip("/"))
    logins: dict[int, str] = {}
    for user in _all(web, root, "users"):
        logins[user["id"]] = user["slug"]
        yield Author(str(user["id"]), user["slug"], user["name"])
    terms: dict[int, tuple[str, str, str]] = {}
    for taxonomy, name in (("category", "categories"), ("post_tag", "tags")):
        found = list(_all(web, root, name))
        slugs = {term["id"]: term["slug"] for term in found}
        for term in found:
            terms[term["id"]] = (taxonomy, term["slug"], term["name"])
            parent = slugs.get(term.get("parent"), "")
            said = (term["slug"], term["name"], parent, term.get("description", ""))
            yield Term(str(term["id"]), taxonomy, *said)
    for file in _all(web, root, "media"):
        yield _file(file)
    for kind in ("posts", "pages"):
        for post in _all(web, root, kind):
            yield _post(post, logins, terms)


def _all(web, root, kind) -> Iterator[dict]:
    """Yield every entry of a kind, page after page; none of a kind that the site keeps closed."""
    page = 1
    while True:
        address = (
            f"{root}/wp-json/wp/v2/{kind}?per_page={PER_PAGE}&page={page}&orderby=id&order=asc"
        )
        try:
            found = _ask(web, address)
        except WxrError as error:
            is_beyond = page > 1 and str(error).endswith("HTTP 400")
            if is_beyond or (page == 1 and kind == "users"):  # names are often closed
                return
            raise
        yield from found
        if len(found) < PER_PAGE:
            return
        page += 1


def _ask(web, address):
    try:
        with web.fetch(address) as file:
            return json.loads(file.read())
    except MissingFileError as error:
        raise WxrError(f"{address}: {error}") from error
    except ValueError as error:
        raise WxrError(f"{address}: this is no JSON.") from error


def _post(said, logins, terms) -> Post:
    excerpt = _text(said, "excerpt")
    words = excerpt.replace("</p>", "").rstrip()
    own = [*said.get("categories", []), *said.get("tags", [])]
    description = (said.get("yoast_head_json") or {}).get("description", "")
    meta = {
        "_thumbnail_id": [str(said.get("featured_media") or "")],
        "_yoast_wpseo_metadesc": [description],
    }
    return _entry(
        said,
        content=_text(said, "content"),
        excerpt="" if words.endswith(MADE_UP) else excerpt,
        creator=logins.get(said.get("author", 0), "admin"),
        password="x" if (said.get("content") or {}).get("protected") else "",
        is_sticky=bool(said.get("sticky")),
        terms=[terms[pk] for pk in own if pk in terms],
        meta={name: values for name, values in meta.items() if values[0]},
    )


def _file(said) -> Post:
    return _entry(
        said,
        excerpt=_text(said, "caption"),
        parent=str(said.get("post") or ""),
        attachment_url=said.get("source_url", ""),
        meta={"_wp_attachment_image_alt": [said.get("alt_text", "")]},
    )


def _entry(said, **more) -> Post:
    values = {
        "id": str(said["id"]),
        "type": said.get("type", "post"),
        "status": said.get("status", "publish"),
        "title": _text(said, "title"),
        "link": said.get("link", ""),
        "guid": _text(said, "guid"),
        "slug": said.get("slug", ""),
        "parent": "",
        "creator": "",
        "content": "",
        "excerpt": "",
        "password": "",
        "is_sticky": False,
        "attachment_url": "",
    } | {name: _moment(said.get(name)) for name in ("date", "date_gmt", "modified", "modified_gmt")}
    return Post(**(values | more))


def _text(said, name) -> str:
    return (said.get(name) or {}).get("rendered", "")


def _moment(text) -> str:
    return (text or "").replace("T", " ")
