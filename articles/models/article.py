from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from articles.models.byline import Byline
from articles.models.picture_use import ArticlePicture
from articles.models.tag import Tagging, TaggingManager
from articles.reading.querysets import SEARCHED
from articles.reading.translations import validate_translations


class ArticleQuerySet(models.QuerySet):
    def with_state(self):
        """Annotate `state_now`, the value of `Article.state`, so that lists can filter by it."""
        now, states = timezone.now(), Article.State
        return self.annotate(
            state_now=models.Case(
                models.When(published__published_at__gt=now, then=models.Value(states.SCHEDULED)),
                models.When(published__isnull=True, then=models.F("stage")),
                models.When(stage__in=Article.UNDER_WAY, then=models.F("stage")),
                models.When(published__withdrawn_at__lte=now, then=models.Value(states.WITHDRAWN)),
                models.When(
                    version__gt=models.F("published__version"), then=models.Value(states.CHANGED)
                ),
                default=models.Value(states.PUBLISHED),
                output_field=models.CharField(),
            )
        )

    def for_labels(self):
        """What a search field shows of articles, in 1 query and without their texts."""
        texts = ["body", "published__body", *(f"published__{name}" for name in SEARCHED)]
        return self.select_related("published").defer(*texts)

    def written_by(self, user):
        """The articles that this account wrote or signs."""
        signs = models.Exists(
            Byline.objects.filter(article=models.OuterRef("pk"), author__user=user)
        )
        return self.filter(models.Q(created_by=user) | signs)


class Article(models.Model):
    """The working copy: what the desk edits. Readers never see it; publish() copies it."""

    class Stage(models.TextChoices):
        """Where the desk stands with this copy."""

        DRAFT = "draft", _("draft")
        REVIEW = "review", _("to review")
        READY = "ready", _("ready")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class State(models.TextChoices):
        """What the lists show: the stage, and what readers see."""

        DRAFT = "draft", _("draft")
        REVIEW = "review", _("to review")
        READY = "ready", _("ready")
        SCHEDULED = "scheduled", _("scheduled")
        PUBLISHED = "published", _("published")
        CHANGED = "changed", _("changed since")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Genre(models.TextChoices):
        """What kind of journalism it is: readers and search engines are told, but for news."""

        __empty__ = _("news")
        REPORT = "report", _("report")
        ANALYSIS = "analysis", _("analysis")
        BACKGROUND = "background", _("background")
        REVIEW = "review", _("review")
        OPINION = "opinion", _("opinion")

    class Robots(models.TextChoices):
        """What search engines are asked, in the words of the robots meta element."""

        __empty__ = _("may show the article")
        NOINDEX = "noindex", _("are asked to leave it out")

    class AiUse(models.TextChoices):
        """What part artificial intelligence had in the text; see articles/reading/disclosure.py."""

        __empty__ = _("not stated")
        NONE = "none", _("none")
        ASSISTED = "assisted", _("help in writing")
        GENERATED = "generated", _("generated text")

    class Mining(models.TextChoices):
        """Whether machines may mine the text and train on it: see avion/terms.py."""

        __empty__ = _("as for the whole site")
        RESERVED = "reserved", _("reserved")
        OPEN = "open", _("allowed")

    UNDER_WAY = [Stage.REVIEW, Stage.READY]  # shown even of an article that is public

    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(
        _("address"),
        max_length=100,
        unique=True,
        help_text=_("The end of the article's address. Made from the title if left empty."),
    )
    kicker = models.CharField(
        _("kicker"), max_length=60, blank=True, help_text=_("A word or two above the title.")
    )
    standfirst = models.TextField(
        _("standfirst"), max_length=600, blank=True, help_text=_("What happened, in two sentences.")
    )
    body = models.TextField(_("text"), blank=True)
    hero_image = models.ForeignKey(
        "articles.Image",
        verbose_name=_("main picture"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="articles",
    )
    hero_caption = models.CharField(
        _("caption of the main picture"),
        max_length=500,
        blank=True,
        help_text=_("Leave empty to use the picture's own."),
    )
    section = models.ForeignKey(
        "articles.Section",
        verbose_name=_("section"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="articles",
    )
    authors = models.ManyToManyField(
        "authors.Author", through="articles.Byline", related_name="+", verbose_name=_("authors")
    )
    tags = TaggableManager(
        through=Tagging,
        manager=TaggingManager,
        blank=True,
        verbose_name=_("tags"),
        related_name="+",
    )
    related = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        verbose_name=_("further reading"),
        help_text=_("Articles to propose at the end of this one."),
    )
    genre = models.CharField(_("genre"), max_length=10, blank=True, choices=Genre)
    seo_title = models.CharField(_("title for search engines"), max_length=120, blank=True)
    seo_description = models.TextField(
        _("description for search engines"), max_length=320, blank=True
    )
    canonical_url = models.URLField(
        _("where it appeared first"),
        max_length=300,
        blank=True,
        help_text=_("Elsewhere: search engines then show that address, not ours."),
    )
    robots = models.CharField(_("search engines"), max_length=10, blank=True, choices=Robots)
    translations = models.TextField(
        _("translations"),
        blank=True,
        validators=[validate_translations],
        help_text=_("The same article in other languages, one a line, such as: en https://…"),
    )
    ai_use = models.CharField(
        _("role of artificial intelligence"), max_length=10, blank=True, choices=AiUse
    )
    ai_note = models.CharField(
        _("what it was used for"),
        max_length=200,
        blank=True,
        help_text=_("Told to readers, such as: translation of the interview."),
    )
    ai_reviewed_by = models.CharField(
        _("reviewed by"),
        max_length=150,
        blank=True,
        help_text=_("Who read it again and answers for it; told to readers."),
    )
    ai_reviewed_on = models.DateField(
        _("reviewed on"), null=True, blank=True, help_text=_("Left empty: today.")
    )
    mining = models.CharField(
        _("text and data mining"),
        max_length=10,
        blank=True,
        choices=Mining,
        help_text=_("For this article alone; the site's own terms stand in its settings."),
    )
    embargo_until = models.DateTimeField(_("embargo until"), null=True, blank=True)
    embargo_note = models.CharField(
        _("who asks for the embargo"),
        max_length=200,
        blank=True,
        help_text=_("The source's terms."),
    )

    feed_id = models.CharField(max_length=300, blank=True, editable=False)  # of where it came from
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.DRAFT, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    first_published_at = models.DateTimeField(null=True, editable=False)
    last_public_slug = models.SlugField(max_length=100, blank=True, editable=False, db_index=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("written by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("last change"), default=timezone.now, editable=False)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["-updated_at", "-pk"]
        permissions = [
            ("change_any_article", "Can change the articles of others"),
            ("publish_article", "Can publish, schedule and withdraw articles"),
        ]
        indexes = [
            models.Index(fields=["-updated_at", "-id"], name="article_last_change"),
            models.Index(fields=["stage", "-updated_at"], name="article_stage"),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        if "body" in (kwargs.get("update_fields") or ["body"]):
            ArticlePicture.objects.record(self, self.body)

    def get_absolute_url(self):
        return reverse("article", args=[self.slug])

    @property
    def copy(self):
        """What readers have of this article, or will have; None if nothing."""
        return getattr(self, "published", None)

    @property
    def state(self):
        """One of `State`: the same answer as `ArticleQuerySet.with_state`."""
        if self.copy is None:
            return self.State(self.stage)
        if self.copy.is_scheduled:
            return self.State.SCHEDULED
        if self.stage in self.UNDER_WAY:
            return self.State(self.stage)
        if self.copy.is_over:
            return self.State.WITHDRAWN
        if self.version > self.copy.version:
            return self.State.CHANGED
        return self.State.PUBLISHED

    def sign(self, authors):
        """Give the working copy these bylines, in this order, in place of those before."""
        self.bylines.all().delete()
        bylines = [Byline(author=author, position=place) for place, author in enumerate(authors)]
        self.bylines.add(*bylines, bulk=False)

    def touch(self):
        """Record that the working copy changed just now."""
        self.updated_at = timezone.now()
        type(self).objects.filter(pk=self.pk).update(
            version=models.F("version") + 1, updated_at=self.updated_at
        )
        self.refresh_from_db(fields=["version"])
