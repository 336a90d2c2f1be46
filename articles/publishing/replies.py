"""The right of reply: what readers see of it stands beside the article, at once."""

from django.db import transaction
from django.utils import timezone

from articles.models import Letter, PublishedArticle


def replies_of(article) -> list[dict]:
    """Return the published replies to an article, the oldest first."""
    letters = Letter.objects.filter(article=article, state=Letter.State.PUBLISHED)
    rows = letters.order_by("handled_at").values_list("handled_at", "name", "text")
    return [{"at": at.isoformat(), "name": name, "text": text} for at, name, text in rows if at]


@transaction.atomic
def publish_reply(letter, by):
    """Publish a reply under its article, for as long as the article stands.

    Its text is the person's own: nothing of it is changed.
    """
    letter.state, letter.handled_at, letter.handled_by = (
        Letter.State.PUBLISHED,
        timezone.now(),
        by,
    )
    letter.save(update_fields=["state", "handled_at", "handled_by"])
    PublishedArticle.objects.filter(pk=letter.article_id).update(
        replies=replies_of(letter.article_id)
    )
