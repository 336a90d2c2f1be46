"""Leaving: the account is closed, later perhaps erased; what was written stays."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt, AccessLog
from django.db import transaction
from django.utils.translation import gettext as _

from authors.door import sessions
from authors.invitations import free_slug
from authors.models import Author, Invitation, User

ERASED = "@erased.invalid"  # ends the address of an account whose data are erased (RFC 2606)


def is_erased(user) -> bool:
    return user.email.endswith(ERASED)


@transaction.atomic
def deactivate(user):
    """Close an account at once: no session, no link opens the desk any more."""
    User.objects.filter(pk=user.pk).update(is_active=False)
    Invitation.objects.filter(user=user).delete()
    sessions.end_all(user)


@transaction.atomic
def erase(user, byline: str):
    """Erase what is known of a person; articles stay, under the byline that the person chose.

    The account's row stays, empty: history refers to it. Returns the author, if there was one.
    """
    sessions.end_all(user)
    for rows in (Authenticator, UserSession, Invitation, EmailAddress):
        rows.objects.filter(user=user).delete()
    for attempts in (AccessAttempt, AccessLog):
        attempts.objects.filter(username__iexact=user.email).delete()
    author = Author.objects.filter(user=user).first()
    if author:
        author.portrait.delete(save=False)
        if author.name != byline:
            author.name, author.slug = byline, free_slug(byline)
        author.job_title, author.biography, author.links, author.user = "", "", "", None
        author.save()
    user.name, user.email = _("Erased account"), f"{user.pk}{ERASED}"
    user.set_unusable_password()
    user.is_active = user.is_superuser = False
    user.groups.clear()
    user.user_permissions.clear()
    user.save()
    return author
