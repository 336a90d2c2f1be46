"""A folder into the site: what is here already is updated, by its slug, and nothing is doubled."""

import json
import re
from contextlib import contextmanager
from datetime import date, datetime
from hashlib import sha256

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.files.base import ContentFile
from django.db import DatabaseError, transaction
from django.utils import timezone

from articles.desk import history
from articles.images.uploads import accept, cleaned
from articles.models import (
    Article,
    Correction,
    Dossier,
    Image,
    Origin,
    Page,
    PublishedArticle,
    Redirect,
    Section,
    Tag,
)
from articles.portable.records import DATES, FILE, MOMENTS, PICTURE, TEXTS, VERSION
from articles.publishing import publish, publish_page, unpublish
from articles.publishing.body import clean
from authors.models import Author


class RecordError(Exception):
    """A record that cannot be brought over; the message says which line, and why."""


class Reader:
    """One reading of a folder: all of it, or nothing."""

    def __init__(self, folder):
        self.folder = folder
        self.images: dict[int, Image] = {}  # by their keys in the folder
        self.related: list[tuple[int, list[str], list[str]]] = []  # the desk's, the readers'

    def read(self):
        """Bring every record over, yielding how many are. Raises RecordError; OSError."""
        with transaction.atomic(), (self.folder / FILE).open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                with _said_of(f"Line {number}"):
                    record = json.loads(line)
                    KINDS[record["type"]](self, record)
                yield number
            with _said_of("Further reading"):
                self._relate()

    def _site(self, record):
        if record["version"] != VERSION:
            raise ValueError(f"version {record['version']} is not {VERSION}.")

    def _author(self, record):
        author = _of(Author, record)
        _fill(author, "author", record)
        if name := record.get("portrait"):
            self._portray(author, name)
        author.save()

    def _portray(self, author, name):
        """Give an author a portrait, unless it is the one that is here."""
        given = self._content(name)
        made = cleaned(given)  # refuses what is no picture
        if author.portrait:
            with author.portrait.open() as present:
                here = present.read()
            given.seek(0)
            if here in {given.read(), made.read()}:
                return
            made.seek(0)
        author.portrait.save(str(made.name), made, save=False)

    def _section(self, record):
        section = _of(Section, record)
        _fill(section, "section", record)
        section.save()

    def _tag(self, record):
        tag = Tag.objects.filter(slug=record["slug"]).first() or Tag.objects.named(record["name"])
        _fill(tag, "tag", record)
        tag.slug, tag.image = record["slug"], self._picture(record.get("image"))
        tag.save()

    def _image(self, record):
        content = self._content(record["file"])
        digest = sha256(content.read()).hexdigest()
        content.seek(0)
        image = Image.objects.filter(title=record["title"], content_hash=digest).first()
        if image is None:
            accepted = accept(content)  # decides by the content, and refuses what is no picture
            content.seek(0)
            image = Image(file=content, fingerprint=accepted.fingerprint)
        _fill(image, "image", record)
        image.save()
        image.tags.set(Tag.objects.all_of(record.get("tags", [])))
        self.images[record["key"]] = image

    def _article(self, record):
        article = _of(Article, record)
        published = record.get("published")
        content = (published or {}).get("content") or {}
        self._fill_article(article, record | content)
        self._settle(article, record)
        if content:
            history.keep_base(article)
            article.refresh_from_db()
            self._fill_article(article, record)
        if origin := record.get("origin"):
            self._remember(article, origin)
        related = record.get("related", [])
        of_readers = content.get("related", related)
        article.related.clear()
        if related or of_readers:
            self.related.append((article.pk, related, of_readers))

    def _remember(self, article, said):
        """Keep where an article came from; no import from there overwrites it unasked."""
        known, _made = Origin.objects.get_or_create(
            source=said["source"],
            kind=Origin.Kind.POST,
            key=said["key"],
            defaults={"digest": "-", "version": 0},
        )
        known.article, known.path = article, said["path"]
        known.kept |= said["kept"]
        known.save()

    def _fill_article(self, article, record):
        _fill(article, "article", record)
        article.slug = record["slug"]
        article.body = self._body(article.body)
        article.hero_image = self._picture(record.get("hero_image"))
        section = record.get("section")
        article.section = Section.objects.get(slug=section) if section else None
        is_new = article.pk is None
        article.save()
        if not is_new:
            article.touch()
            Article.objects.filter(pk=article.pk).update(updated_at=_moment(record["updated_at"]))
        authors = Author.objects.in_bulk(record["authors"], field_name="slug")
        article.sign([authors[slug] for slug in record["authors"]])
        article.tags.set(Tag.objects.all_of(record["tags"]))
        article.corrections.all().delete()
        Correction.objects.bulk_create(
            Correction(
                article=article,
                wrong=each["wrong"],
                right=each["right"],
                corrected_at=datetime.fromisoformat(each["corrected_at"]),
            )
            for each in record.get("corrections", [])
        )

    def _settle(self, article, record):
        """Give readers what they had, at the moments at which they had it."""
        said = record.get("published")
        if said is None:
            unpublish(article)
            return
        moments = {name: _moment(said.get(name)) for name in MOMENTS["published"]}
        until = moments["withdrawn_at"]
        is_over = until is not None and until <= timezone.now()
        publish(
            article,
            at=moments["published_at"],
            until=None if is_over else until,
            modified_at=moments["modified_at"],
        )
        if is_over:
            PublishedArticle.objects.filter(pk=article.pk).update(withdrawn_at=until)
        Article.objects.filter(pk=article.pk).update(
            stage=record["stage"],
            last_public_slug=record["last_public_slug"],
            first_published_at=_moment(record.get("first_published_at")),
        )

    def _page(self, record):
        page = _of(Page, record)
        _fill(page, "page", record)
        page.body = self._body(page.body)
        publish_page(page)

    def _dossier(self, record):
        dossier = _of(Dossier, record)
        _fill(dossier, "dossier", record)
        dossier.save()
        articles = Article.objects.in_bulk(record["articles"], field_name="slug")
        dossier.arrange([articles[slug] for slug in record["articles"]])

    def _redirect(self, record):
        Redirect.objects.update_or_create(
            path=record["path"], defaults={"destination": record["destination"]}
        )

    def _relate(self):
        """Tie articles to those that they name, now that all are here, and tell the readers."""
        for pk, slugs, of_readers in self.related:
            wanted = Article.objects.filter(slug__in=[*slugs, *of_readers])
            found = dict(wanted.values_list("slug", "pk"))
            related = Article.objects.get(pk=pk).related
            for slug in slugs:
                related.add(found[slug])
            ids = [found[slug] for slug in of_readers]
            PublishedArticle.objects.filter(pk=pk).update(related_ids=ids)

    def _picture(self, key) -> Image | None:
        return self.images[key] if key is not None else None

    def _body(self, body) -> str:
        return clean(
            re.sub(PICTURE, lambda found: f'data-file="{self.images[int(found[1])].pk}"', body)
        )

    def _content(self, name) -> ContentFile:
        path = (self.folder / name).resolve()
        if not path.is_relative_to(self.folder.resolve()):
            raise ValueError(f"{name} leads out of the folder.")
        return ContentFile(path.read_bytes(), path.name)


@contextmanager
def _said_of(place):
    """Say where in the folder something could not be brought over, and why."""
    try:
        yield
    except KeyError as error:
        raise RecordError(f"{place}: {error} is missing or unknown.") from error
    except ValidationError as error:
        raise RecordError(f"{place}: {' '.join(error.messages)}") from error
    except (ValueError, TypeError, AttributeError, ObjectDoesNotExist, DatabaseError) as error:
        raise RecordError(f"{place}: {error}") from error


def _of(model, record):
    """Return the row with the record's slug, or a new one with it."""
    return model.objects.filter(slug=record["slug"]).first() or model(slug=record["slug"])


def _fill(row, kind, record):
    for name in TEXTS[kind]:
        setattr(row, name, record[name])
    for name in MOMENTS.get(kind, []):
        setattr(row, name, _moment(record.get(name)))
    for name in DATES.get(kind, []):
        setattr(row, name, date.fromisoformat(record[name]) if record.get(name) else None)


def _moment(text) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


KINDS = {
    "site": Reader._site,
    "author": Reader._author,
    "section": Reader._section,
    "tag": Reader._tag,
    "image": Reader._image,
    "article": Reader._article,
    "page": Reader._page,
    "dossier": Reader._dossier,
    "redirect": Reader._redirect,
}
