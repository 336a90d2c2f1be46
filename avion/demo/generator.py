"""Articles by the thousand for benchmarks: a Markov chain over the demonstration's own text.

Rows are written in bulk, past publish(): the sentences come from readers' copies, typeset
already, and a hundred thousand publications one by one would take an hour.
"""

import random
from collections import defaultdict
from datetime import timedelta
from itertools import batched

from django.db import transaction
from django.utils.html import format_html, format_html_join, strip_tags

from articles.models import (
    Article,
    Byline,
    Image,
    PublishedArticle,
    PublishedByline,
    PublishedTagging,
    Section,
    Tag,
    Tagging,
)
from articles.search.words import search_text
from articles.slugs import slugify
from authors.models import Author

BATCH = 1000  # articles a transaction
SPAN = 12 * 365  # days before the newest real story


class Chain:
    """Words that follow pairs of words, as the texts have them."""

    def __init__(self, texts):
        self.starts, self.followers = [], defaultdict(list)
        for text in texts:
            words = text.split(" ")
            if len(words) < 4:
                continue
            self.starts.append((words[0], words[1]))
            for first, second, third in zip(words, words[1:], words[2:], strict=False):
                self.followers[first, second].append(third)

    def sentence(self, dice, longest) -> str:
        """Return a chain of at least four and at most `longest` words."""
        pair = dice.choice(self.starts)
        words = list(pair)
        while len(words) < longest and (choices := self.followers.get(pair)):
            pair = (pair[1], dice.choice(choices))
            words.append(pair[1])
        return " ".join(words)


def generate(count, seed=1):
    """Add `count` published articles, yielding the number done after each batch.

    Raises ValueError when the site has no published article to learn from.
    """
    sources = list(PublishedArticle.objects.live().newest()[:200])
    if not sources:
        raise ValueError("Load the demonstration first: there is no text to learn from.")
    writer = _Writer(sources, random.Random(seed))
    first = Article.objects.latest("pk").pk + 1
    for numbers in batched(range(first, first + count), BATCH, strict=False):
        _write(writer, numbers)
        yield numbers[-1] - first + 1


class _Writer:
    def __init__(self, sources, dice):
        self.dice = dice
        self.titles = Chain(article.title for article in sources)
        self.prose = Chain(
            sentence + "."
            for article in sources
            for paragraph in article.body.split("</p>")
            for sentence in strip_tags(paragraph).strip().split(". ")
        )
        self.newest = sources[-1].published_at
        self.sections = list(Section.objects.all())
        self.authors = list(Author.objects.all())
        self.tags = list(Tag.objects.all())
        self.images = list(Image.objects.all()[:60])

    def article(self, number):
        """Return (working copy, readers' copy), neither saved."""
        dice = self.dice
        title = self.titles.sentence(dice, 12).rstrip(" ,:;")[:180]
        paragraphs = [
            " ".join(self.prose.sentence(dice, 24) for _sentence in range(3)) for _p in range(5)
        ]
        body = format_html_join("\n", "<p>{}</p>", ((paragraph,) for paragraph in paragraphs))
        section = dice.choice(self.sections)
        published_at = self.newest - timedelta(minutes=dice.randrange(SPAN * 24 * 60))
        slug = slugify(title, 80) + f"-{number}"
        standfirst = self.prose.sentence(dice, 28)
        shared = {
            "title": title,
            "slug": slug,
            "standfirst": standfirst,
            "body": format_html("{}", body),
            "section": section,
            "hero_image": dice.choice(self.images) if self.images else None,
            "first_published_at": published_at,
        }
        article = Article(pk=number, created_at=published_at, updated_at=published_at, **shared)
        copy = PublishedArticle(
            article=article,
            version=1,
            published_at=published_at,
            modified_at=published_at,
            word_count=sum(len(paragraph.split()) for paragraph in paragraphs),
            search_title=search_text(title),
            search_about=search_text(standfirst),
            search_text=search_text(*paragraphs),
            **shared,
        )
        return article, copy


@transaction.atomic
def _write(writer, numbers):
    pairs = [writer.article(number) for number in numbers]
    Article.objects.bulk_create(article for article, _copy in pairs)
    PublishedArticle.objects.bulk_create(copy for _article, copy in pairs)
    authors = [(pair, writer.dice.choice(writer.authors)) for pair in pairs]
    Byline.objects.bulk_create(
        Byline(article=article, author=author) for (article, _c), author in authors
    )
    PublishedByline.objects.bulk_create(
        PublishedByline(article=copy, author=author, published_at=copy.published_at)
        for (_article, copy), author in authors
    )
    tags = [(pair, tag) for pair in pairs for tag in writer.dice.sample(writer.tags, 2)]
    Tagging.objects.bulk_create(
        Tagging(content_object=article, tag=tag) for (article, _c), tag in tags
    )
    PublishedTagging.objects.bulk_create(
        PublishedTagging(article=copy, tag=tag, published_at=copy.published_at)
        for (_article, copy), tag in tags
    )
