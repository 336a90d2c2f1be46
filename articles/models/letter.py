import secrets
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # that nobody takes for another over the telephone
# Right of reply online: LCEN, article 1-1 (III), decree 2007-1527 and, for the length, the press
# law of 1881, article 13.
ASKED_WITHIN = timedelta(days=92)  # three months from publication
ANSWERED_WITHIN = timedelta(days=3)  # from receipt
MOST_LINES = 200
LINE = 60  # signs, as newspapers count a line


def new_reference() -> str:
    return "".join(secrets.choice(SIGNS) for _sign in range(8))


class LetterQuerySet(models.QuerySet):
    def waiting(self):
        """Letters that nobody has dealt with, those with a deadline first."""
        by_kind = models.Case(models.When(kind=Letter.Kind.REPLY, then=0), default=1)
        return self.filter(state=Letter.State.NEW).order_by(by_kind, "received_at")

    def unsent(self):
        """Letters that have not gone out by e-mail yet."""
        return self.filter(mailed_at=None)


class Letter(models.Model):
    """What a reader writes to the newsroom; it is kept first, and mailed then."""

    class Kind(models.TextChoices):
        CONTACT = "contact", _("message")
        ERROR = "error", _("error in an article")
        REPLY = "reply", _("right of reply")

    class State(models.TextChoices):
        NEW = "new", _("waiting")
        DONE = "done", _("dealt with")
        REFUSED = "refused", _("refused")
        PUBLISHED = "published", _("published as a reply")

    reference = models.CharField(
        _("reference"), max_length=8, unique=True, default=new_reference, editable=False
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, editable=False)
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail address"))
    article = models.ForeignKey(
        "articles.Article",
        verbose_name=_("article"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    passage = models.TextField(_("passage in question"), blank=True)
    text = models.TextField(_("text"))
    received_at = models.DateTimeField(_("received"), default=timezone.now, editable=False)
    mailed_at = models.DateTimeField(null=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.NEW)
    note = models.TextField(
        _("what was done"), blank=True, help_text=_("For colleagues; the reader does not see it.")
    )
    handled_at = models.DateTimeField(_("dealt with on"), null=True, editable=False)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("dealt with by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter from a reader")
        verbose_name_plural = _("letters from readers")
        ordering = ["-received_at", "-pk"]
        indexes = [models.Index(fields=["state", "received_at"], name="letter_state")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.reference}"

    @property
    def due_at(self):
        """The moment by which a reply must be published; None of other letters."""
        return self.received_at + ANSWERED_WITHIN if self.kind == self.Kind.REPLY else None

    @property
    def lines(self) -> int:
        """The length of the text in lines of a newspaper."""
        return lines_of(self.text)


def lines_of(text: str) -> int:
    """Count a text in lines of LINE signs; each paragraph begins a new one."""
    return sum(-(-len(paragraph) // LINE) for paragraph in text.splitlines() if paragraph.strip())
