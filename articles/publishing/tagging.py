"""Tags that readers see change their name or come together; their old addresses lead on."""

from django.db import transaction

from articles.models import Image, PublishedTagging, Redirect, Tag, Tagging


@transaction.atomic
def rename(tag, old_slug):
    """Save a tag; if its address changed from `old_slug`, the old one leads to the new."""
    tag.save()
    if old_slug and old_slug != tag.slug:
        _redirect(old_slug, tag)


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
        _redirect(old_slug, target)
    return len(going)


def _redirect(old_slug, tag):
    destination = tag.get_absolute_url()
    Redirect.objects.filter(path=destination).delete()
    Redirect.objects.update_or_create(
        path=Tag(slug=old_slug).get_absolute_url(), defaults={"destination": destination}
    )
