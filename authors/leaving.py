"""Leaving: the account is closed, later perhaps erased; what was written stays."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext as _

from authors.door import sessions
from authors.models import Author, Invitation, User


@transaction.atomic
def deactivate(user):
    """Close an account at once: no session, no link opens the desk any more."""
    User.objects.filter(pk=user.pk).update(is_active=False)
    Invitation.objects.filter(user=user).delete()
    sessions.end_all(user)


@transaction.atomic
def erase(user, byline: str):
    """Erase what is known of a person; articles stay, under the byline that the person chose.

    The account's row stays, empty: history refers to it.
    """
    sessions.end_all(user)
    for rows in (Authenticator, UserSession, Invitation):
        rows.objects.filter(user=user).delete()
    for author in Author.objects.filter(user=user):
        author.portrait.delete(save=False)
        author.name, author.job_title, author.biography, author.links = byline, "", "", ""
        author.user = None
        author.save()
    user.name, user.email = _("erased account"), f"{user.pk}@erased.invalid"
    user.set_unusable_password()
    user.is_active = False
    user.groups.clear()
    user.save()
