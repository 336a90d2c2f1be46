"""The steps of an article at the desk, each a function with a name, each kept in the history."""

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from articles import publishing
from articles.announcing import announced
from articles.desk import history, rights
from articles.desk.checks import blocking
from articles.desk.content import content_of
from articles.desk.history import Act, record
from articles.models import Article


@transaction.atomic
def save_changes(article, by=None, reason=""):
    """Keep changes that are saved already as a revision.

    An article that was ready is to review again when they come from one who may not publish:
    what was read is not what stands there now.
    """
    if article.stage == Article.Stage.READY and not (by and rights.may_publish(by)):
        submit(article, by, reason)
    else:
        record(article, Act.SAVED, by, reason)


@transaction.atomic
def restore(article, revision, by):
    """Bring a working copy back to a revision (see `articles.desk.history.restore`).

    As with any change, one that was ready is to review again unless the account may publish.
    """
    history.restore(article, revision, by)
    article = Article.objects.get(pk=article.pk)
    if article.stage == Article.Stage.READY and not rights.may_publish(by):
        submit(article, by)


@transaction.atomic
def reschedule(article, at, by=None):
    """Move the moment at which a scheduled article goes live, its text left as it is.

    Raises PublishingError when it is not scheduled, when the moment is past or after its
    withdrawal, or when an embargo forbids it.
    """
    article = Article.objects.select_for_update(of=["self"], no_key=True).get(pk=article.pk)
    if said := embargo_reason(article, at):
        raise publishing.PublishingError(said)
    if article.notes.open().filter(is_blocking=True).exists():
        raise publishing.PublishingError(gettext("A blocking note is not resolved."))
    with announced(article):
        publishing.reschedule(article, at)
    record(article, Act.MOVED, by, reason=date_format(timezone.localtime(at), "DATETIME_FORMAT"))


@transaction.atomic
def end_at(article, until, by=None):
    """Set the moment from which readers no longer see a published article; None: none.

    Raises PublishingError when the moment is past, or before readers see it at all.
    """
    article = Article.objects.select_for_update(of=["self"], no_key=True).get(pk=article.pk)
    with announced(article):
        publishing.end_at(article, until)
    reason = date_format(timezone.localtime(until), "DATETIME_FORMAT") if until else ""
    record(article, Act.ENDING, by, reason)


@transaction.atomic
def submit(article, by=None, reason=""):
    """Hand an article over for review; it stays the writer's to edit."""
    _move(article, Article.Stage.REVIEW)
    record(article, Act.SUBMITTED, by, reason)


@transaction.atomic
def mark_ready(article, by=None, reason=""):
    """Say that a reviewed article may be published; whoever publishes need not read it again."""
    _move(article, Article.Stage.READY)
    record(article, Act.READY, by, reason)


@transaction.atomic
def send_back(article, by=None, reason=""):
    """Give a submitted article back to its writer as a draft."""
    _move(article, Article.Stage.DRAFT)
    record(article, Act.SENT_BACK, by, reason)


@transaction.atomic
def publish(article, by=None, at=None, until=None, is_minor=False, reason=""):
    """Publish or schedule (see `articles.publishing.publish`) and return the readers' copy.

    Raises PublishingError while a blocking check stands (see `articles.desk.checks`), or when
    the article would be public before its embargo ends.
    """
    if said := embargo_reason(article, at):
        raise publishing.PublishingError(said)
    if lines := blocking(content_of(article), article):
        raise publishing.PublishingError([line.text for line in lines])
    with announced(article):
        copy = publishing.publish(article, by=by, at=at, until=until, is_minor=is_minor)
    record(copy.article, Act.SCHEDULED if copy.is_scheduled else Act.PUBLISHED, by, reason)
    return copy


def embargo_reason(article, at=None) -> str:
    """Say why the embargo forbids readers the article at this moment; "" if it does not.

    at: the moment of publication; None means now.
    """
    until = article.embargo_until
    if until is None or (at or timezone.now()) >= until:
        return ""
    date = date_format(timezone.localtime(until), "DATETIME_FORMAT")
    note = f" ({article.embargo_note})" if article.embargo_note else ""
    return gettext("Under embargo until %(date)s%(note)s.") % {"date": date, "note": note}


@transaction.atomic
def withdraw(article, by=None, successor=None):
    """Take an article away from the readers (see `articles.publishing.unpublish`)."""
    article = Article.objects.select_for_update(of=["self"], no_key=True).get(pk=article.pk)
    if article.copy is None:
        return
    with announced(article):
        publishing.unpublish(article, by=by, successor=successor)
    record(article, Act.WITHDRAWN, by)


def _move(article, stage):
    article.stage = stage
    article.save(update_fields=["stage"])
