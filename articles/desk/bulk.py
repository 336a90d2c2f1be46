"""What is done to many articles at once: each in a transaction of its own, each reported."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from articles.desk import history, rights, workflow
from articles.models import Article, Tag
from articles.publishing import bylines

State = Article.State


class RefusedError(Exception):
    """Nothing was done to this article; the text says why."""


@dataclass
class Outcome:
    """What became of one article."""

    article: Article
    is_done: bool
    said: str


def run(step, articles, by, **choice) -> list[Outcome]:
    """Do one step to each article that the account may edit, and return the outcomes.

    step: one of the functions below. choice: what was chosen for all, such as `section`.
    """
    outcomes = []
    for article in articles:
        try:
            with transaction.atomic():
                held = Article.objects.select_for_update(of=["self"], no_key=True).get(
                    pk=article.pk
                )
                if not rights.may_edit(by, held):
                    raise RefusedError(_("You may not edit this article."))
                outcomes.append(Outcome(held, is_done=True, said=step(held, by, **choice)))
        except RefusedError as refused:
            outcomes.append(Outcome(article, is_done=False, said=str(refused)))
    return outcomes


def submit(article, by):
    """Hand the article over for review."""
    if article.state not in {State.DRAFT, State.CHANGED, State.WITHDRAWN}:
        raise RefusedError(_("Not to submit: %s.") % article.state.label)
    workflow.submit(article, by)
    return _("Submitted for review.")


def assign(article, by, author):
    """Let an author sign the article, after those who do already."""
    signed = [byline.author for byline in article.bylines.select_related("author")]
    if author in signed:
        raise RefusedError(_("%s signs it already.") % author)
    history.keep_base(article)
    article.sign([*signed, author])
    _keep(article, by)
    return _("%s signs it now.") % author


def reattribute(article, by, former, author, is_trial=False):
    """Let an author sign in place of a former one, for readers too, if they see the article.

    is_trial: say what would be done, and do nothing.
    """
    if not rights.may_publish(by):
        raise RefusedError(_("You may not change who signs."))
    signed = [byline.author for byline in article.bylines.select_related("author")]
    copy = article.copy
    is_public = bool(copy and copy.bylines.filter(author=former).exists())
    if former not in signed and not is_public:
        raise RefusedError(_("%s does not sign it.") % former)
    if author in signed:  # to undo it would not bring both back
        raise RefusedError(_("%s signs it already.") % author)
    names = {"former": former, "author": author}
    if is_trial:
        return _("%(former)s → %(author)s") % names
    is_same = copy and copy.version == article.version
    history.keep_base(article)
    article.sign(dict.fromkeys(author if each == former else each for each in signed))
    _keep(article, by)
    if is_public:
        bylines.reattribute(copy, former, author)
    if is_same:  # the copy holds the change already: nothing waits to be published
        type(copy).objects.filter(pk=copy.pk).update(version=article.version)
    return _("%(author)s signs it now, in place of %(former)s.") % names


def change_section(article, by, section):
    if article.section_id == section.pk:
        raise RefusedError(_("It stands in this section already."))
    history.keep_base(article)
    article.section = section
    article.save(update_fields=["section"])
    _keep(article, by)
    return _("Moved to “%s”.") % section


def add_tag(article, by, tag):
    """tag: a Tag, or the name of one that is made now."""
    tag = Tag.objects.named(tag) if isinstance(tag, str) else tag
    if article.tags.filter(pk=tag.pk).exists():
        raise RefusedError(_("It has this tag already."))
    history.keep_base(article)
    article.tags.add(tag)
    _keep(article, by)
    return _("Tagged “%s”.") % tag


def remove_tag(article, by, tag):
    if not article.tags.filter(pk=tag.pk).exists():
        raise RefusedError(_("It does not have this tag."))
    history.keep_base(article)
    article.tags.remove(tag)
    _keep(article, by)
    return _("The tag “%s” is removed.") % tag


def withdraw(article, by):
    """Take the article away from the readers."""
    if not rights.may_publish(by):
        raise RefusedError(_("You may not withdraw articles."))
    if article.copy is None:
        raise RefusedError(_("Readers do not see it."))
    workflow.withdraw(article, by)
    return _("Withdrawn.")


def _keep(article, by):
    """Make the change a version of its own, as saving the form would."""
    article.touch()
    workflow.save_changes(article, by)
