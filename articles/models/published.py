import re
from datetime import datetime
from functools import cached_property
from html import unescape

from django.db import models
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.images.figures import pictures_in
from articles.models.article import Article
from articles.reading.addresses import address_of
from articles.reading.disclosure import ai_statement
from articles.reading.querysets import PublishedArticleQuerySet
from articles.reading.translations import Translation, translations_of

HEADING = re.compile(r'<h2 id="([^"]+)">(.*?)</h2>', re.DOTALL)
APART = re.compile(r"<(aside|section)\b.*?</\1>", re.DOTALL)  # boxes, and the notes at the end
WORTH_A_TABLE = 4  # headings


class PublishedArticle(models.Model):
    """What readers get of an article: written by publish() alone, never edited.

    All texts are typeset, `body` is final HTML. Readers see the copy from `published_at`
    on, which may lie ahead, until `withdrawn_at` if there is one (see `live`).
    """

    article = models.OneToOneField(
        "articles.Article", on_delete=models.PROTECT, primary_key=True, related_name="published"
    )
    version = models.PositiveIntegerField()  # of the working copy that this is a copy of
    slug = models.SlugField(max_length=100, unique=True)
    title = models.CharField(max_length=400)  # typesetting adds spaces
    kicker = models.CharField(max_length=120, blank=True)
    standfirst = models.TextField(blank=True)
    body = models.TextField()
    section = models.ForeignKey("articles.Section", on_delete=models.PROTECT, related_name="+")
    hero_image = models.ForeignKey(
        "articles.Image", on_delete=models.PROTECT, null=True, related_name="+"
    )
    hero_caption = models.CharField(max_length=1000, blank=True)
    related_ids = models.JSONField(default=list)  # picked by the desk, in their order
    similar_ids = models.JSONField(default=list)  # see publishing/similar.py
    replies = models.JSONField(default=list)  # rights of reply: see publishing/replies.py
    corrections = models.JSONField(default=list)  # [{"at": ISO 8601, "wrong": …, "right": …}]
    word_count = models.PositiveIntegerField()
    search_title = models.TextField(default="")  # see articles/search/index.py
    search_about = models.TextField(default="")
    search_text = models.TextField()
    seo_title = models.CharField(max_length=240, blank=True)
    seo_description = models.TextField(blank=True)
    genre = models.CharField(max_length=10, blank=True, choices=Article.Genre)
    canonical_url = models.CharField(max_length=300, blank=True)
    robots = models.CharField(max_length=10, blank=True)
    feed_id = models.CharField(max_length=300, blank=True)  # by which feed readers knew it before
    translations = models.TextField(blank=True)
    ai_use = models.CharField(max_length=10, blank=True, choices=Article.AiUse)
    ai_note = models.CharField(max_length=200, blank=True)
    ai_reviewed_by = models.CharField(max_length=150, blank=True)
    ai_reviewed_on = models.DateField(null=True)
    mining = models.CharField(max_length=10, blank=True, choices=Article.Mining)
    first_published_at = models.DateTimeField()
    published_at = models.DateTimeField(_("date of publication"))
    withdrawn_at = models.DateTimeField(null=True)  # from then on, readers see it no more
    modified_at = models.DateTimeField()
    corrected_at = models.DateTimeField(null=True)  # the latest of `corrections`

    objects = PublishedArticleQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-article_id"]
        indexes = [
            # With the end of an article in them, these answer which are live, and how many, alone.
            models.Index(
                fields=["-published_at", "-article", "withdrawn_at"], name="published_newest"
            ),
            models.Index(
                fields=["section", "-published_at", "-article", "withdrawn_at"],
                name="published_section_newest",
            ),
            models.Index(
                fields=["-corrected_at", "-article"],
                name="published_corrected",
                condition=models.Q(corrected_at__isnull=False),
            ),
            models.Index(
                fields=["withdrawn_at"],
                name="published_end",
                condition=models.Q(withdrawn_at__isnull=False),
            ),
            models.Index(
                fields=["-published_at", "-article"],
                name="published_own_terms",
                condition=models.Q(mining__in=["reserved", "open"]),
            ),
            # The last change of a month's articles, for search engines.
            models.Index(
                fields=["published_at", "withdrawn_at", "modified_at", "robots", "canonical_url"],
                name="published_told",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="modified_after_published",
                condition=models.Q(modified_at__gte=models.F("published_at")),
            ),
            models.CheckConstraint(
                name="withdrawn_after_published",
                condition=models.Q(withdrawn_at__isnull=True)
                | models.Q(withdrawn_at__gt=models.F("published_at")),
            ),
            models.CheckConstraint(
                name="published_with_title", condition=~models.Q(title="") & ~models.Q(slug="")
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return address_of("article", self.slug)

    @property
    def is_scheduled(self) -> bool:
        return self.published_at > timezone.now()

    @property
    def is_over(self) -> bool:
        return self.withdrawn_at is not None and self.withdrawn_at <= timezone.now()

    @property
    def is_live(self) -> bool:
        return not self.is_scheduled and not self.is_over

    @property
    def authors(self) -> list:
        """The authors in the order of their bylines."""
        return [byline.author for byline in self.bylines.all()]

    @cached_property
    def pictures(self) -> dict:
        """The pictures within the text by their ids, as the library has them now."""
        return pictures_in(self.body)

    @property
    def all_pictures(self) -> list:
        """The main picture and those of the text, each once; see `for_sitemap`."""
        pictures = [self.hero_image, *(use.image for use in self.picture_uses.all())]
        return [image for image in dict.fromkeys(pictures) if image]

    @property
    def tags(self) -> list:
        return [tagging.tag for tagging in self.taggings.all()]

    @property
    def contents(self) -> list[tuple[str, str]]:
        """(id, words) of the headings, for a table of contents; none of a short text."""
        text = APART.sub("", self.body)
        found = [(name, unescape(strip_tags(words))) for name, words in HEADING.findall(text)]
        return found if len(found) >= WORTH_A_TABLE else []

    @property
    def is_updated(self) -> bool:
        """True when the text changed at least a minute after publication."""
        return (self.modified_at - self.published_at).total_seconds() >= 60

    @property
    def reading_minutes(self) -> int:
        """Minutes at 200 words a minute, at least one."""
        return max(1, -(-self.word_count // 200))

    @property
    def ai_statement(self) -> str:
        return ai_statement(self)

    @property
    def translation_list(self) -> list[Translation]:
        return translations_of(self.translations)

    @property
    def byline(self) -> str:
        """Who signs, in one line: "A, B et C"."""
        return get_text_list([author.name for author in self.authors], gettext("and"))

    @property
    def dated_replies(self) -> list[dict]:
        return [reply | {"at": datetime.fromisoformat(reply["at"])} for reply in self.replies]

    @property
    def dated_corrections(self) -> list[dict]:
        return [note | {"at": datetime.fromisoformat(note["at"])} for note in self.corrections]
