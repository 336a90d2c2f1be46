"""Tags that readers see come together; their old addresses lead on."""

from django.db import transaction

from articles.models import Image, PublishedTagging, Tagging
from articles.publishing.addresses import lead_on


@transaction.atomic
def merge(tags, target) -> int:
    """Move all that has these tags to the target, delete them, and lead their addresses on.

    Articles that had both keep the target once. Returns the number of tags that went.
    """
    going = [tag for tag in tags if tag.pk != target.pk]
    for tag in going:
        for taggings, article in (
            (Tagging.objects, "content_object"),
            (PublishedTagging.objects, "article"),
        ):
            both = taggings.filter(tag=target).values(article)
            taggings.filter(tag=tag, **{f"{article}__in": both}).delete()
            taggings.filter(tag=tag).update(tag=target)
        target.images.add(*Image.objects.filter(tags=tag))
        old_slug = tag.slug
        tag.delete()
        lead_on(target, old_slug)
    return len(going)
