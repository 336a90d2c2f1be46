"""What django-axes asks of us: whom a failed sign-in counts against, and what they are told."""

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, Q
from django.shortcuts import render

from authors.door.addresses import client_address


def username(request, credentials):
    """Return the account that somebody tries, as axes counts it: the e-mail in lower case."""
    typed = (credentials or {}).get("email") or (credentials or {}).get("username")
    return (typed or request.POST.get("login", "")).replace("\x00", "").strip().lower()[:255]


def locked_out(request, _response=None, credentials=None, *_more):
    """Answer 429 with the moment from which one may try again."""
    tried = Q(username=username(request, credentials)) | Q(ip_address=client_address(request))
    latest = AccessAttempt.objects.filter(tried).aggregate(at=Max("attempt_time"))["at"]
    context = {"until": latest and latest + settings.AXES_COOLOFF_TIME}
    return render(request, "account/locked_out.html", context, status=429)
