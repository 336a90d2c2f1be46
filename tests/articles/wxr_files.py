"""Exports of WordPress for tests, written as WordPress writes them."""

from pathlib import Path

from django.conf import settings

THEME_TESTS = Path(settings.BASE_DIR) / "tests/data/themeunittestdata.wordpress.xml"
SITE = "https://ancien.example"
HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>L’ancien site</title><link>https://ancien.example</link>
<wp:wxr_version>1.2</wp:wxr_version>
<wp:base_blog_url>https://ancien.example</wp:base_blog_url>
<wp:author><wp:author_id>1</wp:author_id><wp:author_login>admin</wp:author_login>
<wp:author_display_name><![CDATA[admin]]></wp:author_display_name></wp:author>
<wp:author><wp:author_id>2</wp:author_id><wp:author_login>zoe</wp:author_login>
<wp:author_display_name><![CDATA[Zoé Vent]]></wp:author_display_name></wp:author>
<wp:category><wp:term_id>3</wp:term_id><wp:category_nicename>defense</wp:category_nicename>
<wp:category_parent></wp:category_parent><wp:cat_name><![CDATA[Défense]]></wp:cat_name></wp:category>
<wp:category><wp:term_id>4</wp:term_id><wp:category_nicename>chasse</wp:category_nicename>
<wp:category_parent>defense</wp:category_parent><wp:cat_name><![CDATA[Chasse]]></wp:cat_name></wp:category>
<wp:tag><wp:term_id>5</wp:term_id><wp:tag_slug>rafale</wp:tag_slug><wp:tag_name><![CDATA[Rafale]]></wp:tag_name></wp:tag>
<wp:tag><wp:term_id>6</wp:term_id><wp:tag_slug>rafale-2</wp:tag_slug><wp:tag_name><![CDATA[rafalé]]></wp:tag_name></wp:tag>
"""
FOOT = "</channel></rss>\n"
LONG = "Un premier paragraphe assez long pour dire de quoi il retourne, et qui se tient seul."
TEXT = f"{LONG}\n\nUn deuxième.\n\nUn troisième."


def cdata(text) -> str:
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def item(pk, title="", content=TEXT, **fields) -> str:
    """An entry. fields: named as in WXR without their prefix; `meta`, `terms` and `raw` besides."""
    values = {
        "type": "post",
        "status": "publish",
        "name": f"article-{pk}",
        "creator": "admin",
        "date": "2020-05-01 10:00:00",
        "date_gmt": "2020-05-01 08:00:00",
        "excerpt": "",
        "password": "",
        "parent": "0",
        "sticky": "0",
        "url": "",
        "modified_gmt": "2020-05-02 08:00:00",
    } | fields
    link = fields.get("link", f"{SITE}/2020/05/{values['name']}/")
    terms = fields.get("terms", [("category", "defense", "Défense")])
    metas = "".join(
        f"<wp:postmeta><wp:meta_key>{cdata(key)}</wp:meta_key><wp:meta_value>{cdata(value)}"
        "</wp:meta_value></wp:postmeta>"
        for key, value in fields.get("meta", {}).items()
    )
    categories = "".join(
        f'<category domain="{kind}" nicename="{slug}">{cdata(name)}</category>'
        for kind, slug, name in terms
    )
    return f"""<item><title>{cdata(title or f"Article {pk}")}</title><link>{link}</link>
<dc:creator>{cdata(values["creator"])}</dc:creator>
<guid isPermaLink="false">{SITE}/?p={pk}</guid>
<content:encoded>{cdata(content)}</content:encoded>
<excerpt:encoded>{cdata(values["excerpt"])}</excerpt:encoded>
<wp:post_id>{pk}</wp:post_id><wp:post_date>{values["date"]}</wp:post_date>
<wp:post_date_gmt>{values["date_gmt"]}</wp:post_date_gmt>
<wp:post_modified_gmt>{values["modified_gmt"]}</wp:post_modified_gmt>
<wp:post_name>{values["name"]}</wp:post_name><wp:status>{values["status"]}</wp:status>
<wp:post_parent>{values["parent"]}</wp:post_parent><wp:post_type>{values["type"]}</wp:post_type>
<wp:post_password>{values["password"]}</wp:post_password><wp:is_sticky>{values["sticky"]}</wp:is_sticky>
{f"<wp:attachment_url>{values['url']}</wp:attachment_url>" if values["url"] else ""}
{categories}{metas}{fields.get("raw", "")}</item>
"""


def attachment(pk, name, **fields) -> str:
    url = f"{SITE}/wp-content/uploads/2020/05/{name}"
    values = {"type": "attachment", "status": "inherit", "url": url, "terms": [], "content": ""}
    return item(pk, fields.pop("title", name), **(values | fields))


def export(*items, head=HEAD) -> str:
    return head + "".join(items) + FOOT


def write(folder, *items, name="export.xml") -> Path:
    """Write an export of these items into a folder and return its path."""
    path = Path(folder) / name
    path.write_text(export(*items), encoding="utf-8")
    return path
