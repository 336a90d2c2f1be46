"""The whole site as WordPress's own export (WXR 1.2), which its importer takes."""

import json
from datetime import UTC
from xml.sax.saxutils import escape

from django.utils import timezone

from articles.desk import history
from articles.models import Article, Image, Page, Redirect, Section, Tag
from articles.publishing.body import image_ids, parse
from articles.wordpress.clean_stream import FORBIDDEN
from articles.wordpress.to_blocks import to_blocks
from authors.models import Author

HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0"
 xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/">
<channel>
"""
FOOT = "</channel>\n</rss>\n"
STATUSES = {  # ours of what readers do not have, and WordPress's
    Article.State.DRAFT: "draft",
    Article.State.REVIEW: "pending",
    Article.State.READY: "pending",
    Article.State.WITHDRAWN: "trash",
}
CHUNK = 200  # articles read at a time


def total() -> int:
    """Return how many pieces `write` yields."""
    models = (Author, Section, Tag, Image, Article, Page)
    return 3 + sum(model.objects.count() for model in models)


def write(name: str, root: str):
    """Yield the export in pieces of text.

    name: of the title. root: the site's address without a slash at its end. Articles come in
    the state that they are in, public ones with the text that readers have.
    """
    yield HEAD + _element("title", name) + _element("link", root) + _element("language", "fr-FR")
    yield _element("wp:wxr_version", "1.2")
    yield _element("wp:base_site_url", root) + _element("wp:base_blog_url", root)
    for author in Author.objects.all():
        yield _author(author)
    for section in Section.objects.all():
        yield _term("category", "category_nicename", "cat_name", "category_description", section)
    for tag in Tag.objects.all():
        yield _term("tag", "tag_slug", "tag_name", "tag_description", tag)
    for image in Image.objects.order_by("pk").iterator(CHUNK):
        yield _attachment(image, root)
    articles = Article.objects.select_related("published", "section")
    articles = articles.prefetch_related("bylines__author", "origins")
    for article in articles.order_by("pk").iterator(CHUNK):
        yield _article(article, root)
    for page in Page.objects.order_by("pk").iterator(CHUNK):
        yield _page(page, root)
    yield FOOT


# One space of numbers is WordPress's; ours are three.


def _number(row) -> int:
    return row.pk * 3 + [Article, Image, Page].index(type(row))


def _image_number(pk) -> int:
    return pk * 3 + 1


def _status(article, copy) -> str:
    """Return WordPress's word for what readers have, else for how far the desk is."""
    if copy is None:
        return STATUSES[article.state]
    if copy.is_over:
        return "trash"
    return "future" if copy.is_scheduled else "publish"


def _article(article, root) -> str:
    copy = article.copy
    status = _status(article, copy)
    authors = [byline.author for byline in article.bylines.all()]
    tags = list(article.tags.all())
    if texts := history.texts_readers_see(article):  # WordPress has one text for both
        for name, value in texts.items():
            setattr(article, name, value)
        article.hero_image_id, article.section = copy.hero_image_id, copy.section
        authors = [byline.author for byline in copy.bylines.select_related("author")]
        tags = [tagging.tag for tagging in copy.taggings.select_related("tag")]
    text, notes = _blocks(article.body, root)
    moment = copy.published_at if copy else article.created_at
    changed = copy.modified_at if copy else article.updated_at
    meta = {
        "_thumbnail_id": _image_number(article.hero_image_id) if article.hero_image_id else "",
        "_yoast_wpseo_title": article.seo_title,
        "_yoast_wpseo_metadesc": article.seo_description,
        "_yoast_wpseo_canonical": article.canonical_url,
        "_yoast_wpseo_meta-robots-noindex": "1" if article.robots == "noindex" else "",
        "kicker": article.kicker,
        "hero_caption": article.hero_caption,
        "footnotes": json.dumps(notes) if notes else "",
        "_wp_desired_post_slug": article.last_public_slug if status == "trash" else "",
    }
    metas = [(name, value) for name, value in meta.items() if value]
    kept = _kept(article)
    for name, values in kept.get("fields", {}).items():
        if name not in meta:
            metas += [(name, value) for value in values]
    path = article.get_absolute_url()
    old = Redirect.objects.filter(destination=path).values_list("path", flat=True)
    metas += [("_wp_old_slug", each.strip("/")) for each in old if each.count("/") == 2]
    terms = [("author", f"cap-{author.slug}", author.name) for author in authors]
    if article.section:
        terms.append(("category", article.section.slug, article.section.name))
    terms += [("post_tag", tag.slug, tag.name) for tag in tags]
    terms += kept.get("terms", [])
    return _item(
        article,
        "post",
        status,
        title=article.title,
        slug=article.slug,
        link=f"{root}{path}",
        creator=authors[0].slug if authors else "",
        content=text,
        excerpt=article.standfirst,
        moments=(moment, changed),
        terms=terms,
        metas=metas,
        extra="".join(map(_comment, kept.get("comments", []))),
    )


def _kept(article) -> dict:
    """Return what an article brought from WordPress and has no place for here."""
    return next((origin.kept for origin in article.origins.all()), {})


def _comment(said) -> str:
    parts = [_element(f"wp:comment_{name}", value) for name, value in said.items()]
    return f"<wp:comment>\n{''.join(parts)}</wp:comment>\n"


def _page(page, root) -> str:
    text, notes = _blocks(page.body, root)
    return _item(
        page,
        "page",
        "publish" if page.is_public else "draft",
        title=page.title,
        slug=page.slug,
        link=f"{root}{page.get_absolute_url()}",
        content=text,
        moments=(page.updated_at, page.updated_at),
        metas=[("footnotes", json.dumps(notes))] if notes else [],
    )


def _attachment(image, root) -> str:
    address = _absolute(image.file.url, root)
    metas = [("_wp_attachment_image_alt", image.alt), ("_media_credit", image.credit)]
    return _item(
        image,
        "attachment",
        "inherit",
        title=image.title,
        slug=f"image-{image.pk}",
        link=address,
        excerpt=image.caption,
        moments=(image.uploaded_at, image.uploaded_at),
        metas=[(name, value) for name, value in metas if value],
        extra=_element("wp:attachment_url", address),
    )


def _blocks(body, root):
    found = Image.objects.in_bulk(image_ids(parse(body))) if "data-file" in body else {}
    pictures = {
        pk: (_absolute(image.file.url, root), image.alt or "") for pk, image in found.items()
    }
    return to_blocks(body, pictures, _image_number)


def _absolute(address, root) -> str:
    return address if "://" in address else f"{root}{address}"


def _item(row, kind, status, *, title, slug, link, moments, content="", excerpt="", **more) -> str:
    published, changed = moments
    parts = [
        "<item>\n",
        _element("title", title),
        _element("link", link),
        _element("dc:creator", more.get("creator", "")),
        f'<guid isPermaLink="false">{escape(link)}</guid>\n',
        _element("content:encoded", content),
        _element("excerpt:encoded", excerpt),
        _element("wp:post_id", str(_number(row))),
        *_moments("wp:post_date", published),
        *_moments("wp:post_modified", changed),
        _element("wp:comment_status", "closed"),
        _element("wp:post_name", slug),
        _element("wp:status", status),
        _element("wp:post_parent", "0"),
        _element("wp:post_type", kind),
        _element("wp:is_sticky", "0"),
        more.get("extra", ""),
    ]
    parts += [
        f'<category domain="{domain}" nicename="{escape(nicename)}">{_cdata(name)}</category>\n'
        for domain, nicename, name in more.get("terms", [])
    ]
    parts += [
        f"<wp:postmeta>\n{_element('wp:meta_key', key)}{_element('wp:meta_value', str(value))}"
        "</wp:postmeta>\n"
        for key, value in more.get("metas", [])
    ]
    return "".join([*parts, "</item>\n"])


def _author(author) -> str:
    return (
        f"<wp:author>\n{_element('wp:author_id', str(author.pk))}"
        f"{_element('wp:author_login', author.slug)}"
        f"{_element('wp:author_display_name', author.name)}</wp:author>\n"
    )


def _term(kind, slug, name, description, row) -> str:
    return (
        f"<wp:{kind}>\n{_element('wp:term_id', str(row.pk))}{_element(f'wp:{slug}', row.slug)}"
        f"{_element(f'wp:{name}', row.name)}{_element(f'wp:{description}', row.description)}"
        f"</wp:{kind}>\n"
    )


def _moments(name, moment) -> list[str]:
    """Return a moment as WordPress writes it: in the site's time, and in UTC."""
    local, utc = timezone.localtime(moment), moment.astimezone(UTC)
    return [
        _element(name, f"{local:%Y-%m-%d %H:%M:%S}"),
        _element(f"{name}_gmt", f"{utc:%Y-%m-%d %H:%M:%S}"),
    ]


def _element(name, text) -> str:
    return f"<{name}>{_cdata(text)}</{name}>\n" if text else f"<{name}></{name}>\n"


def _cdata(text) -> str:
    text = FORBIDDEN.sub("", text).replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{text}]]>"
