"""Who may manage accounts; there is always somebody who can."""

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q

from authors import roles
from authors.models import User


def administrators():
    """Return the accounts that can sign in and manage accounts."""
    manages = Q(is_superuser=True) | Q(groups__name=roles.ADMINISTRATOR)
    open_accounts = User.objects.filter(manages, is_active=True, is_staff=True)
    return open_accounts.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).distinct()


def hold():
    """Keep two administrators from leaving at once: inside a transaction, one waits for the other.

    Locks the accounts that manage accounts until the transaction ends.
    """
    managing = administrators().order_by().values("pk")
    list(User.objects.select_for_update().filter(pk__in=managing).order_by("pk"))


def are_all(accounts) -> bool:
    """Say whether nobody could manage accounts any more without these."""
    going = {account.pk for account in accounts}
    staying = administrators().exclude(pk__in=going)
    return administrators().filter(pk__in=going).exists() and not staying.exists()
