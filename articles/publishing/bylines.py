"""Who signs what readers see: authors who are one person come together, bylines change hands."""

from django.db import transaction

from articles.models import Byline, PublishedArticle, PublishedByline
from articles.publishing.addresses import lead_on
from articles.publishing.rendering import about


@transaction.atomic
def merge(authors, target) -> int:
    """Let the target sign all that these authors sign, delete them, lead their addresses on.

    Articles that several of them sign keep the target once. An account goes to the target if it
    has none. Returns the number of authors that went.
    """
    going = [author for author in authors if author.pk != target.pk]
    for author in going:
        _move(Byline.objects, author, target)
        _move(PublishedByline.objects, author, target)
        account, old_slug = author.user, author.slug
        author.delete()
        if account and not target.user:
            target.user = account
            target.save(update_fields=["user"])
        lead_on(target, old_slug)
    return len(going)


@transaction.atomic
def reattribute(copy, former, author):
    """Let an author sign a readers' copy in place of a former one; its dates stay as they are.

    Readers see it at once, and find the copy by the new name.
    """
    _move(copy.bylines, former, author)
    _reindex(copy)


@transaction.atomic
def reindex(author):
    """Let the readers' copies that an author signs be found by the author's present name."""
    copies = PublishedArticle.objects.filter(bylines__author=author).select_related("section")
    for copy in copies.iterator(chunk_size=500):
        _reindex(copy)


def _reindex(copy):
    names = copy.bylines.order_by("position").values_list("author__name", flat=True)
    tags = copy.taggings.values_list("tag__name", flat=True)
    copy.search_about = about(copy, copy.section.name, names, tags)
    copy.save(update_fields=["search_about"])


def _move(bylines, author, target):
    both = bylines.filter(author=target).values("article")
    bylines.filter(author=author, article__in=both).delete()
    bylines.filter(author=author).update(author=target)
