"""Who holds an address: articles, readers' copies and pages share one level of the site."""

from django.db import transaction
from django.utils.translation import gettext as _

from articles import slugs
from articles.models.article import Article
from articles.models.page import Page
from articles.models.published import PublishedArticle
from articles.models.redirect import Redirect


def path_of(slug: str) -> str:
    """Return the path of an article: /rafale/."""
    return f"/{slug}/"


@transaction.atomic
def save_moved(row, old_slug):
    """Save a section, tag, dossier or author; if its slug was another, its old address leads on."""
    row.save()
    if old_slug and old_slug != row.slug:
        lead_on(row, old_slug)


def lead_on(row, old_slug):
    """Lead a former address of a section, tag, dossier or author to the page that it has now."""
    destination = row.get_absolute_url()
    Redirect.objects.filter(path=destination).delete()
    path = type(row)(slug=old_slug).get_absolute_url()
    Redirect.objects.update_or_create(path=path, defaults={"destination": destination})


def holder_of(slug, article=None, page=None):
    """Return what holds this slug, other than the given article or page; None if it is free.

    The answer is an article, a page, or a text that says why: a word reserved for the site
    itself (pages may have some of those: à propos, contact), or an old address that leads
    readers elsewhere.
    """
    if reason := slugs.reserved_reason(slug, for_page=page is not None):
        return reason
    own_article, own_page = article and article.pk, page and page.pk
    return (
        Article.objects.filter(slug=slug).exclude(pk=own_article).first()
        or PublishedArticle.objects.filter(slug=slug).exclude(pk=own_article).first()
        or Page.objects.filter(slug=slug).exclude(pk=own_page).first()
        or _leads_elsewhere(slug, article, page)
    )


def _leads_elsewhere(slug, article, page) -> str:
    """Say where an old public address leads, unless it was this article's or page's own."""
    redirect = Redirect.objects.filter(path=path_of(slug)).exclude(destination="").first()
    if redirect is None:
        return ""
    if article and slug == article.last_public_slug:
        return ""
    model, holder = (Page, page) if page else (PublishedArticle, article)
    own = holder and model.objects.filter(pk=holder.pk).values_list("slug", flat=True).first()
    if own and own == slug:
        return ""
    if own and Redirect.objects.follow(redirect.path) == path_of(own):
        return ""
    return _("This is an old address that leads readers to %s; choose another.") % (
        redirect.destination
    )


def taken_reason(holder) -> str:
    """Return the sentence for what `holder_of` found."""
    return holder if isinstance(holder, str) else _("This address belongs to “%s”.") % holder


def free_slug(title, article=None):
    """Return the slug of a title, numbered when it is taken or was another's public address."""
    wanted = slugs.slugify(title) or "article"
    slug, number = wanted, 2
    while not _is_free(slug, article):
        slug, number = slugs.numbered(wanted, number), number + 1
    return slug


def _is_free(slug, article) -> bool:
    if holder_of(slug, article):
        return False
    own = path_of(article.slug) if article and article.slug else ""
    return path_of(slug) == own or not Redirect.objects.filter(path=path_of(slug)).exists()
