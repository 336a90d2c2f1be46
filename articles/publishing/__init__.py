"""From the desk's copy to the readers' copy: the only code that writes PublishedArticle.

`publish` and `unpublish` do all or nothing, and doing them twice does no more than once.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import (
    Article,
    Page,
    PagePicture,
    PublishedArticle,
    PublishedByline,
    PublishedPicture,
    PublishedTagging,
    Redirect,
)
from articles.publishing.addresses import free_slug, holder_of, path_of, taken_reason
from articles.publishing.rendering import relations_of, render, render_body
from articles.publishing.replies import replies_of
from articles.publishing.similar import similar_ids
from articles.search import spelling

TEXTS = ["title", "kicker", "standfirst", "body", "hero_caption", "hero_image_id", "corrections"]
TEXTS += ["ai_use", "ai_note", "ai_reviewed_by"]


class PublishingError(ValidationError):
    """The article cannot be published like this; the messages say why, to the desk."""


@transaction.atomic
def publish(article, by=None, at=None, until=None, is_minor=False, modified_at=None):
    """Copy a working copy to the readers and return the PublishedArticle.

    by: the account that publishes, kept for the record.
    at: the moment from which readers see it; in the future, the article is scheduled.
        None keeps the date of an article that readers see already, and means now otherwise.
    until: the moment from which readers see it no more; None means that they always will.
    modified_at: the moment of the last change of an article that comes from elsewhere.
    is_minor: whether the date of the last update stays, though the text changed. A new
        correction moves it all the same.

    Publishing again replaces the copy. The first date stays; `modified_at` moves on when
    readers already had other text. A changed slug leaves a redirect, if the old address
    ever was public. Raises PublishingError when something that readers need is missing,
    when the address is taken, when a public article would disappear until later, or when
    readers would never see it.
    """
    article = Article.objects.select_for_update(of=["self"], no_key=True).get(pk=article.pk)
    now = timezone.now()
    old = PublishedArticle.objects.filter(pk=article.pk).first()
    if old and old.is_over:
        unpublish(old.article)
        article.refresh_from_db()
        old = None
    public = old if old and old.is_live else None
    if public and at and at > now:
        raise PublishingError(
            _("Readers see this article already: publish the changes now, or withdraw it first.")
        )
    if not article.slug:
        article.slug = free_slug(article.title, article)
    _check(article)
    published_at = at or (public.published_at if public else now)
    if until and until <= max(published_at, now):
        raise PublishingError(_("Readers would never see it: withdraw it later."))
    copy = compose(article, published_at)
    copy.withdrawn_at = until
    if not copy.body:  # nothing is left of it: pictures that are gone, marks without a word
        raise PublishingError(_("The article cannot be published without: %s.") % _("a text"))
    if public:
        copy.first_published_at = public.first_published_at
        told = ["corrections"] if is_minor else TEXTS
        changed = any(getattr(copy, text) != getattr(public, text) for text in told)
        copy.modified_at = max(now if changed else public.modified_at, published_at)
    if modified_at:
        copy.modified_at = max(modified_at, published_at)
    before = public.slug if public else article.last_public_slug
    _write(article, copy)
    if before and before != copy.slug and not _is_held(before):
        _redirect(path_of(before), path_of(copy.slug))
    if copy.is_live:  # until then, what the address answers today goes on
        Redirect.objects.filter(path=path_of(copy.slug)).delete()
    return copy


@transaction.atomic
def reschedule(article, at):
    """Move the moment from which readers see a scheduled copy; its text stays as it was read.

    Raises PublishingError when there is none, or when readers would never see it.
    """
    copy = (
        PublishedArticle.objects.select_for_update(of=["self"], no_key=True)
        .filter(pk=article.pk)
        .first()
    )
    if copy is None or not copy.is_scheduled:
        raise PublishingError(_("The article is not scheduled."))
    if at <= timezone.now():
        raise PublishingError(_("This moment is past."))
    if copy.withdrawn_at and copy.withdrawn_at <= at:
        raise PublishingError(_("Readers would never see it: withdraw it later."))
    copy.published_at = copy.modified_at = at
    copy.first_published_at = article.first_published_at or at
    copy.save(update_fields=["published_at", "modified_at", "first_published_at"])
    copy.bylines.update(published_at=at)
    copy.taggings.update(published_at=at)


@transaction.atomic
def end_at(article, until):
    """Set the moment from which readers see a published or scheduled copy no more; None: none."""
    copy = PublishedArticle.objects.select_for_update(of=["self"], no_key=True).get(pk=article.pk)
    if until and until <= max(copy.published_at, timezone.now()):
        raise PublishingError(_("Readers would never see it: withdraw it later."))
    copy.withdrawn_at = until
    copy.save(update_fields=["withdrawn_at"])


@transaction.atomic
def unpublish(article, by=None, successor=None):
    """Take an article away from the readers; the working copy stays.

    successor: the PublishedArticle that takes its place, if there is one. Its old address
    redirects there; otherwise it answers 410. An address that never was public (a scheduled
    article) leaves no trace. Without a readers' copy nothing happens. Raises PublishingError
    when the successor is the article itself, or one that readers cannot open.
    """
    if successor and (successor.pk == article.pk or not successor.is_live):
        raise PublishingError(_("Only an article that readers can open may take its place."))
    article = Article.objects.select_for_update(of=["self"], no_key=True).get(pk=article.pk)
    copy = PublishedArticle.objects.filter(pk=article.pk).first()
    if copy is None:
        return
    if not copy.is_scheduled:
        article.first_published_at = copy.first_published_at
        article.last_public_slug = copy.slug
        _redirect(path_of(copy.slug), path_of(successor.slug) if successor else "")
    copy.delete()
    was_public = article.first_published_at is not None
    article.stage = Article.Stage.WITHDRAWN if was_public else Article.Stage.DRAFT
    article.save(update_fields=["stage", "first_published_at", "last_public_slug"])


@transaction.atomic
def publish_page(page):
    """Save a page that stands outside the news, with its text as readers see it.

    What its address answered before goes on as long as the page is not public.
    """
    page.html, _text = render_body(page.body)
    before = Page.objects.filter(pk=page.pk).values_list("slug", flat=True).first()
    page.save()
    PagePicture.objects.record(page, page.html)
    if before and before != page.slug:
        _redirect(path_of(before), path_of(page.slug))
    if page.is_public:
        Redirect.objects.filter(path=path_of(page.slug)).delete()


def _check(article):
    """Raise PublishingError naming what readers would miss, or why the address is taken."""
    missing = {
        _("a title"): article.title.strip(),
        _("a section"): article.section_id,
        _("an author"): article.bylines.exists(),
        _("a text"): article.body.strip(),
    }
    if lacks := [str(what) for what, there in missing.items() if not there]:
        raise PublishingError(_("The article cannot be published without: %s.") % ", ".join(lacks))
    if holder := holder_of(article.slug, article=article):
        raise PublishingError(taken_reason(holder))


def compose(article, published_at, relations=None):
    """Return an unsaved readers' copy of a working copy, as if never seen before.

    relations: what it refers to (see `rendering.Relations`); None reads that of a saved one.
    Preview and publication share it; a half-finished working copy (no section) is fine.
    """
    relations = relations or relations_of(article)
    corrected = [correction.corrected_at for correction in relations.corrections]
    return PublishedArticle(
        article=article,
        version=article.version,
        slug=article.slug,
        section=article.section,
        hero_image=article.hero_image,
        related_ids=relations.related_ids,
        replies=replies_of(article),
        genre=article.genre,
        canonical_url=article.canonical_url,
        robots=article.robots,
        feed_id=article.feed_id,
        translations=article.translations,
        ai_use=article.ai_use,
        **_review_of(article),
        mining=article.mining,
        first_published_at=article.first_published_at or published_at,
        published_at=published_at,
        modified_at=published_at,
        corrected_at=max(corrected, default=None),
        **vars(render(article, relations)),
    )


def _review_of(article) -> dict:
    """Return what artificial intelligence did and who reviewed it; nothing where it did nothing."""
    had_part = article.ai_use in {Article.AiUse.ASSISTED, Article.AiUse.GENERATED}
    reviewer = article.ai_reviewed_by.strip() if had_part else ""
    return {
        "ai_note": article.ai_note if had_part else "",
        "ai_reviewed_by": reviewer,
        "ai_reviewed_on": article.ai_reviewed_on if reviewer else None,
    }


def _write(article, copy):
    """Save the copy with its bylines and tags, in place of those before."""
    copy.similar_ids = similar_ids(copy, article.tags.all())
    copy.save(force_insert=not PublishedArticle.objects.filter(pk=copy.pk).exists())
    copy.bylines.all().delete()
    PublishedByline.objects.bulk_create(
        PublishedByline(
            article=copy,
            author_id=byline.author_id,
            position=position,
            published_at=copy.published_at,
        )
        for position, byline in enumerate(article.bylines.all())
    )
    PublishedPicture.objects.record(copy, copy.body)
    if copy.is_live:  # no word of what is to come may be proposed to anybody
        names = [tag.name for tag in article.tags.all()]
        spelling.learn(copy.title, copy.standfirst, copy.body, *names)
    copy.taggings.all().delete()
    PublishedTagging.objects.bulk_create(
        PublishedTagging(article=copy, tag=tag, published_at=copy.published_at)
        for tag in article.tags.all()
    )
    article.stage = Article.Stage.DRAFT
    article.save(update_fields=["stage", "slug"])


def _is_held(slug) -> bool:
    """Say whether readers find another article or a page at this address by now."""
    pages = Page.objects.public().filter(slug=slug)
    return PublishedArticle.objects.filter(slug=slug).exists() or pages.exists()


def _redirect(path, destination):
    Redirect.objects.update_or_create(path=path, defaults={"destination": destination})
