"""The content of a working copy as plain values, for history, merging and restoring.

A content is a dict that JSON can hold: the texts of TEXTS; `section` and `hero_image`, each
an id or None; `embargo_until`, a moment as ISO 8601 in UTC or ""; `ai_reviewed_on`, a day as ISO
8601 or ""; `bylines`, the ids of the authors in their order; `related`, a list of ids; `tags`, a
list of names.
"""

from datetime import UTC, date

from django.db import transaction

from articles.models import Article, Image, Section
from authors.models import Author

TEXTS = [
    "kicker",
    "title",
    "standfirst",
    "body",
    "hero_caption",
    "slug",
    "seo_title",
    "seo_description",
    "genre",
    "canonical_url",
    "robots",
    "translations",
    "ai_use",
    "ai_note",
    "ai_reviewed_by",
    "mining",
    "embargo_note",
]
LISTS = ["bylines", "tags", "related"]
FIELDS = [*TEXTS, "section", "hero_image", "embargo_until", "ai_reviewed_on", *LISTS]
EMPTY: dict = dict.fromkeys([*TEXTS, "embargo_until", "ai_reviewed_on"], "")
EMPTY |= {"section": None, "hero_image": None} | {name: [] for name in LISTS}
# What restoring leaves alone: the address, what a source asked for.
KEPT = ["slug", "embargo_note"]


def moment_as_text(moment) -> str:
    """Return an aware datetime as ISO 8601 in UTC; "" of None."""
    return moment.astimezone(UTC).isoformat() if moment else ""


def content_of(article) -> dict:
    """Return the content of a saved working copy, in 3 queries."""
    return {name: getattr(article, name) for name in TEXTS} | {
        "section": article.section_id,
        "hero_image": article.hero_image_id,
        "embargo_until": moment_as_text(article.embargo_until),
        "ai_reviewed_on": day_as_text(article.ai_reviewed_on),
        "bylines": list(article.bylines.values_list("author", flat=True)),
        "tags": [tag.name for tag in article.tags.all()],
        "related": list(article.related.values_list("pk", flat=True)),
    }


def content_of_form(form) -> dict:
    """Return the content that an article form without a mistake holds."""
    data = form.cleaned_data
    return {name: data[name] for name in TEXTS} | {
        "section": data["section"] and data["section"].pk,
        "hero_image": data["hero_image"] and data["hero_image"].pk,
        "embargo_until": moment_as_text(data["embargo_until"]),
        "ai_reviewed_on": day_as_text(data["ai_reviewed_on"]),
        "bylines": [author.pk for author in data["bylines"]],
        "tags": [str(tag) for tag in data["tags"]],
        "related": [article.pk for article in data["related"]],
    }


def day_as_text(day) -> str:
    """Return a date as ISO 8601; "" of None."""
    return day.isoformat() if day else ""


def day_of_text(text) -> date | None:
    """Return the date that `day_as_text` wrote."""
    return date.fromisoformat(text) if text else None


@transaction.atomic
def restore_content(article, content):
    """Write a content back to a working copy, save for what KEPT names.

    What the content refers to and is gone since (a picture, a section) is left out.
    """
    for name in TEXTS:
        if name not in KEPT:
            setattr(article, name, content[name])
    article.section = Section.objects.filter(pk=content["section"]).first()
    article.hero_image = Image.objects.filter(pk=content["hero_image"]).first()
    article.ai_reviewed_on = day_of_text(content["ai_reviewed_on"])
    article.save()
    authors = Author.objects.in_bulk(content["bylines"])
    article.sign([authors[pk] for pk in content["bylines"] if pk in authors])
    article.tags.set(content["tags"])
    article.related.set(Article.objects.filter(pk__in=content["related"]))
    article.touch()
