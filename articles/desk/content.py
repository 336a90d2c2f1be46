"""The content of a working copy as plain values, for history, merging and restoring.

A content is a dict that JSON can hold: the texts of TEXTS; `section` and `hero_image`, each
an id or None; `bylines`, the ids of the authors in their order; `related`, a list of ids;
`tags`, a list of names.
"""

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
    "notes",
]
LISTS = ["bylines", "tags", "related"]
FIELDS = [*TEXTS, "section", "hero_image", *LISTS]
EMPTY: dict = dict.fromkeys(TEXTS, "") | {"section": None, "hero_image": None}
EMPTY |= {name: [] for name in LISTS}
KEPT = ["slug", "notes"]  # what restoring leaves alone: the address, what colleagues said


def content_of(article) -> dict:
    """Return the content of a saved working copy, in 3 queries."""
    return {name: getattr(article, name) for name in TEXTS} | {
        "section": article.section_id,
        "hero_image": article.hero_image_id,
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
        "bylines": [author.pk for author in data["bylines"]],
        "tags": [str(tag) for tag in data["tags"]],
        "related": [article.pk for article in data["related"]],
    }


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
    article.save()
    authors = Author.objects.in_bulk(content["bylines"])
    article.sign([authors[pk] for pk in content["bylines"] if pk in authors])
    article.tags.set(content["tags"])
    article.related.set(Article.objects.filter(pk__in=content["related"]))
    article.touch()
