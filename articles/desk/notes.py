"""Notes between colleagues: on an article or a passage, resolved or not, told by e-mail."""

import re
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.desk import rights
from articles.models import Note
from articles.slugs import slugify
from authors.models import User

MENTION = re.compile(r"(?<![\w.])@([\w-]+(?:\.[\w-]+)*)")


def colleagues(article) -> dict[str, User]:
    """Return those who may edit the article by the handle that mentions them.

    A handle is a first name where only one has it, else the whole name, else the mailbox:
    "julie", "julie-une", "j.une".
    """
    accounts = list(rights.who_may_edit(article))
    first_names = [_first_name(account) for account in accounts]
    found: dict[str, User] = {}
    for account, first in zip(accounts, first_names, strict=True):
        whole, mailbox = slugify(account.name), slugify(account.email.partition("@")[0])
        handles = [first] if first_names.count(first) == 1 else []
        handle = next(
            name
            for name in [*handles, whole, mailbox, str(account.pk)]
            if name and name not in found
        )
        found[handle] = account
    return found


def _first_name(account) -> str:
    return slugify(account.name.partition(" ")[0])


def mentioned(text: str, article) -> tuple[list[User], list[str]]:
    """Return the accounts that a text mentions, and the mentions that are nobody's."""
    by_handle = colleagues(article) if "@" in text else {}
    by_handle |= {slugify(account.name): account for account in by_handle.values() if account.name}
    found, unknown = [], []
    for handle in MENTION.findall(text):
        account = by_handle.get(slugify(handle))
        if account is None:
            unknown.append(f"@{handle}")
        elif account not in found:
            found.append(account)
    return found, unknown


def tell(note, accounts) -> bool:
    """Send a note by e-mail to those whom it mentions; say whether all could be sent."""
    address = reverse("admin:articles_article_change", args=[note.article_id])
    context = {"note": note, "address": f"{settings.SITE_URL.geturl().rstrip('/')}{address}#notes"}
    subject = _("%(name)s mentions you: %(title)s") % {
        "name": note.by,
        "title": note.article.title,
    }
    body = render_to_string("admin/articles/article/mention.txt", context)
    try:
        for account in accounts:
            if not account.tell_mentions:
                continue
            EmailMessage(" ".join(subject.split()), body, to=[account.email]).send()
    except (OSError, SMTPException):
        return False
    return True


def may_resolve(user, note) -> bool:
    """Say whether this account may resolve the note.

    A blocking one is for whoever wrote it, and for those who may publish.
    """
    return not note.is_blocking or note.by_id == user.pk or rights.may_publish(user)


def resolve(note, by):
    """Close a note; what it blocked may be published. Closing twice changes nothing."""
    Note.objects.open().filter(pk=note.pk).update(resolved_at=timezone.now(), resolved_by=by)
