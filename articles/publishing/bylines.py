"""Authors who turn out to be one person come together; their old addresses lead on."""

from django.db import transaction

from articles.models import Byline, PublishedByline
from articles.publishing.addresses import lead_on


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


def _move(bylines, author, target):
    both = bylines.filter(author=target).values("article")
    bylines.filter(author=author, article__in=both).delete()
    bylines.filter(author=author).update(author=target)
