"""A picture whose licence ends is replaced or removed wherever it stands, in one act."""

from django.db import transaction
from django.utils.translation import gettext as _

from articles.desk import history
from articles.desk.history import Act
from articles.desk.picture_uses import articles_with, pages_with
from articles.models import Article, Tag
from articles.publishing.pictures import swap_in_copy, swap_in_draft, swap_in_page


@transaction.atomic
def retire(image, by, successor=None) -> int:
    """Put a successor in a picture's place everywhere, or nothing; return the number of uses.

    Readers see it at once. Working copies keep a revision that can be gone back to; what else
    was changed in them since publication stays unpublished.
    """
    reason = (_("Picture replaced: %s") if successor else _("Picture removed: %s")) % image
    pks = list(articles_with(image).values_list("pk", flat=True))
    for article in Article.objects.select_for_update(of=["self"], no_key=True).filter(pk__in=pks):
        _retire_from(article, image, successor, by, reason[:200])
    pages = list(pages_with(image))
    for page in pages:
        swap_in_page(page, image, successor)
    tags = Tag.objects.filter(image=image).update(image=successor)
    return len(pks) + len(pages) + tags


def _retire_from(article, image, successor, by, reason):
    copy = article.copy
    is_as_published = copy is not None and copy.version == article.version
    history.keep_base(article)
    article.body = swap_in_draft(article.body, image, successor)
    if article.hero_image_id == image.pk:
        article.hero_image = successor
    article.save(update_fields=["body", "hero_image"])
    article.touch()
    history.record(article, Act.SAVED, by, reason)
    if copy is None:
        return
    swap_in_copy(copy, image, successor)
    if is_as_published:
        copy.version = article.version
        copy.save(update_fields=["version"])
