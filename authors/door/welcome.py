"""Coming in by an invitation: the person chooses a password, once."""

from allauth.account.utils import perform_login
from django.contrib.auth.forms import SetPasswordForm
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from authors.models import Invitation


@never_cache
@sensitive_post_parameters()
def invitation(request, token):
    """Let whoever holds a link choose the account's password, and sign them in.

    An account that has a second factor is asked for it all the same.
    """
    found = Invitation.objects.open_with(token)
    if found is None:
        return render(request, "account/invitation.html", status=410)
    form = SetPasswordForm(found.user, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "account/invitation.html", {"invitation": found, "form": form})
    is_new = found.user.last_login is None
    with transaction.atomic():
        same = Invitation.objects.select_for_update().filter(pk=found.pk, digest=found.digest)
        if not same.exists():  # somebody was quicker
            return render(request, "account/invitation.html", status=410)
        form.save()
        found.delete()
    where = "profile" if is_new and hasattr(found.user, "author") else "admin:index"
    answer = perform_login(request, found.user, redirect_url=reverse(where), signup=is_new)
    return answer or HttpResponseRedirect(reverse(where))
