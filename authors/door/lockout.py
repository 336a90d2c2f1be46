"""What django-axes asks of us: whom a failed sign-in counts against, and what they are told."""

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, Q
from django.shortcuts import render

from authors.door.addresses import client_address
from authors.models import User


def username(request, credentials):
    """Return the account that somebody tries, as axes counts it.

    That is the account's own address where there is one, however it was spelt: PostgreSQL finds
    more spellings alike than lower case does (ı and I).
    """
    typed = (credentials or {}).get("email") or (credentials or {}).get("username")
    typed = (typed or request.POST.get("login", "")).replace("\x00", "").strip()[:254]
    found = User.objects.filter(email__iexact=typed).values_list("email", flat=True).first()
    return (found or typed).lower()


def forgive(user, **_signal):
    """Forget the failures made against an account once it is signed in to, and no others."""
    AccessAttempt.objects.filter(username=user.email.lower()).delete()


def locked_out(request, _response=None, credentials=None, *_more):
    """Answer 429 with the moment from which one may try again."""
    tried = Q(username=username(request, credentials)) | Q(ip_address=client_address(request))
    latest = AccessAttempt.objects.filter(tried).aggregate(at=Max("attempt_time"))["at"]
    context = {"until": latest and latest + settings.AXES_COOLOFF_TIME}
    return render(request, "account/locked_out.html", context, status=429)
