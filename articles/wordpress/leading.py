"""The old addresses go on: each leads to what is here now, in one step."""

from urllib.parse import urlsplit

from articles.models import Article, Origin, PublishedArticle, Redirect
from articles.publishing.addresses import path_of
from articles.reading.old_addresses import normal, of_query

LONGEST_PATH = 255  # characters that a redirect can keep


def lead_from_files(site):
    """Let the page that WordPress gave each file lead to the article that it belongs to."""
    for origin in Origin.objects.filter(source=site.source, kind=Origin.Kind.FILE).iterator():
        path = normal(urlsplit(origin.said.get("link", "")).path)  # "/" of links without a name
        parent = site.known(Origin.Kind.POST, origin.said.get("parent", ""))
        article = parent.article if parent else None
        if article is None and origin.image_id:
            article = Article.objects.filter(hero_image=origin.image_id).first()
        copy = article.copy if article else None
        page = site.known(Origin.Kind.PAGE, origin.said.get("parent", ""))
        home = path_of(copy.slug) if copy else ""
        if page and page.page:
            home = page.page.get_absolute_url()
        for old in {path, f"/?p={origin.key}"} - {"/"}:
            lead(old, home)


def old_paths(post):
    """Return the addresses by which readers may still come for a post, its permalink first."""
    url = urlsplit(post.link)
    query = dict(pair.partition("=")[::2] for pair in url.query.split("&"))
    parent = normal(url.path).rstrip("/").rpartition("/")[0]
    before = [normal(f"{parent}/{slug}") for slug in post.meta.get("_wp_old_slug", [])]
    paths = dict.fromkeys([normal(url.path), of_query(query) or "", *before, f"/?p={post.id}"])
    return [path for path in paths if path not in {"", "/"}]


def lead(path, destination):
    """Let an old path lead to one of ours, or say that it is gone ("")."""
    path = normal(path) if not path.startswith("/?") else path
    if path == destination or len(path) > LONGEST_PATH:
        return
    if PublishedArticle.objects.filter(slug=path.strip("/")).exists():
        return  # something stands there by now
    Redirect.objects.update_or_create(path=path, defaults={"destination": destination})
