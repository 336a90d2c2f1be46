"""Who may manage accounts; there is always somebody who can."""

from django.db.models import Q

from authors import roles
from authors.models import User


def administrators():
    """Return the accounts that can sign in and manage accounts."""
    manages = Q(is_superuser=True) | Q(groups__name=roles.ADMINISTRATOR)
    return User.objects.filter(manages, is_active=True, is_staff=True).distinct()


def are_all(accounts) -> bool:
    """Say whether nobody could manage accounts any more without these."""
    going = {account.pk for account in accounts}
    staying = administrators().exclude(pk__in=going)
    return administrators().filter(pk__in=going).exists() and not staying.exists()
