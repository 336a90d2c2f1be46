"""The site into a folder: one record a line in site.jsonl, files beside it in media/."""

import json
from pathlib import PurePosixPath

from articles.desk import history
from articles.models import Article, Dossier, Image, Page, Redirect, Section, Tag
from articles.portable.records import (
    DATES,
    FILE,
    KEPT,
    MEDIA,
    MOMENTS,
    READERS_TEXTS,
    TEXTS,
    VERSION,
)
from authors.models import Author

CHUNK = 200  # rows read at a time


def total() -> int:
    """Return how many records `write` will write."""
    models = (Author, Section, Image, Tag, Article, Page, Dossier, Redirect)
    return 1 + sum(model.objects.count() for model in models)


def write(folder):
    """Write the whole site into an empty folder, yielding the number of records written.

    Raises OSError where a file cannot be read or written.
    """
    (folder / MEDIA).mkdir(parents=True)
    with (folder / FILE).open("w", encoding="utf-8") as out:
        for done, record in enumerate(_records(folder), 1):
            out.write(json.dumps(record, ensure_ascii=False) + "\n")
            yield done


def _records(folder):
    """Yield every record; what others refer to comes before them."""
    yield {"type": "site", "version": VERSION}
    for author in Author.objects.order_by("pk").iterator(CHUNK):
        portrait = _file(folder, author.portrait) if author.portrait else ""
        yield _record("author", author) | {"portrait": portrait}
    for section in Section.objects.order_by("pk"):
        yield _record("section", section)
    images = Image.objects.prefetch_related("tags").order_by("pk")
    for image in images.iterator(CHUNK):
        yield _image(folder, image)
    for tag in Tag.objects.order_by("pk").iterator(CHUNK):
        yield _record("tag", tag) | {"image": tag.image_id}
    articles = Article.objects.select_related("published", "section").prefetch_related(
        "bylines__author", "corrections", "origins"
    )
    for article in articles.order_by("pk").iterator(CHUNK):
        yield _article(article)
    for page in Page.objects.order_by("pk").iterator(CHUNK):
        yield _record("page", page)
    for dossier in Dossier.objects.order_by("pk"):
        slugs = dossier.parts.order_by("position").values_list("article__slug", flat=True)
        yield _record("dossier", dossier) | {"articles": list(slugs)}
    for redirect in Redirect.objects.order_by("pk").iterator(CHUNK):
        yield {
            "type": "redirect",
            "path": redirect.path,
            "destination": redirect.destination,
        }


def _record(kind, row) -> dict:
    """Return what every record of a kind holds: type, slug if it has one, fields as they are."""
    record = {"type": kind}
    if hasattr(row, "slug"):
        record["slug"] = row.slug
    return (
        record
        | {name: getattr(row, name) for name in TEXTS[kind]}
        | _moments(kind, row)
        | {name: str(getattr(row, name) or "") for name in DATES.get(kind, [])}
    )


def _moments(kind, row) -> dict:
    values = {name: getattr(row, name) for name in MOMENTS.get(kind, [])}
    return {name: value.isoformat() if value else None for name, value in values.items()}


def _image(folder, image) -> dict:
    tags = [tag.name for tag in image.tags.all()]
    return _record("image", image) | {
        "key": image.pk,
        "file": _file(folder, image.file),
        "tags": tags,
    }


def _article(article) -> dict:
    related = article.related.through.objects.filter(from_article=article).order_by("pk")
    return _record("article", article) | {
        "section": article.section.slug if article.section else None,
        "authors": [byline.author.slug for byline in article.bylines.all()],
        "tags": [tag.name for tag in article.tags.all()],
        "hero_image": article.hero_image_id,
        "related": list(related.values_list("to_article__slug", flat=True)),
        "corrections": [
            {
                "wrong": correction.wrong,
                "right": correction.right,
                "corrected_at": correction.corrected_at.isoformat(),
            }
            for correction in article.corrections.all()
        ],
        "published": _published(article) if article.copy else None,
        "origin": _origin(article),
    }


def _origin(article) -> dict | None:
    """Return where an article came from, with what it has no place for here."""
    origin = next(iter(article.origins.all()), None)
    if origin is None:
        return None
    kept = {name: origin.kept[name] for name in KEPT if name in origin.kept}
    return {"source": origin.source, "key": origin.key, "path": origin.path, "kept": kept}


def _published(article) -> dict:
    """Return the moments of a readers' copy; its content too, where the desk has gone on."""
    copy = article.copy
    said = _moments("published", copy)
    if texts := history.texts_readers_see(article):
        related = Article.objects.in_bulk(copy.related_ids)
        said["content"] = {name: texts[name] for name in READERS_TEXTS} | {
            "section": copy.section.slug,
            "hero_image": copy.hero_image_id,
            "authors": [byline.author.slug for byline in copy.bylines.select_related("author")],
            "tags": [tagging.tag.name for tagging in copy.taggings.select_related("tag")],
            "related": [related[pk].slug for pk in copy.related_ids if pk in related],
            "corrections": [
                {"wrong": each["wrong"], "right": each["right"], "corrected_at": each["at"]}
                for each in copy.corrections
            ],
        }
    return said


def _file(folder, file) -> str:
    """Copy a file of the storage into the folder and return its name there."""
    target = PurePosixPath(MEDIA, file.name)
    path = folder / target
    path.parent.mkdir(parents=True, exist_ok=True)
    with file.open("rb") as source, path.open("wb") as out:
        for chunk in source.chunks():
            out.write(chunk)
    return str(target)
