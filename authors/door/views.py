"""A person's own account at the desk: one page, and the list of sessions."""

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from authors.door import second_factor, sessions


@never_cache
@login_required
def account(request):
    """What somebody may change of their own account, and where that is done."""
    context = {
        "title": _("My account"),
        "sessions": sessions.open_sessions(request.user),
        "factors": Authenticator.objects.filter(user=request.user).exclude(
            type=Authenticator.Type.RECOVERY_CODES
        ),
        "needs_factor": second_factor.is_required(request.user),
    }
    return render(request, "account/account.html", context)


@never_cache
@login_required
def factors(request):
    """The second factor: the app, the passkeys, the recovery codes."""
    held = list(Authenticator.objects.filter(user=request.user).order_by("created_at"))
    by_type = {kind: [each for each in held if each.type == kind] for kind in Authenticator.Type}
    codes = by_type[Authenticator.Type.RECOVERY_CODES]
    context = {
        "title": _("Second factor"),
        "app": next(iter(by_type[Authenticator.Type.TOTP]), None),
        "keys": by_type[Authenticator.Type.WEBAUTHN],
        "codes": codes[0].wrap().get_unused_codes() if codes else [],
        "keeps_one": second_factor.keeps_one(request.user),
    }
    return render(request, "mfa/index.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def own_sessions(request):
    """The sessions of one's own account; POST ends one (`session`: its id), or all others."""
    if request.method == "POST":
        ask_again(request)
        chosen = request.POST.get("session", "")
        for session in sessions.open_sessions(request.user):
            if session.is_current() or (chosen and str(session.pk) != chosen):
                continue
            session.end()
        messages.success(request, _("Ended: whoever used it has to sign in again."))
        return HttpResponseRedirect(reverse("usersessions_list"))
    context = {"title": _("My sessions"), "sessions": sessions.open_sessions(request.user)}
    return render(request, "account/sessions.html", context)


def ask_again(request):
    """Make sure that whoever asks showed lately who they are; allauth's middleware asks if not.

    Raises ReauthenticationRequired, which that middleware answers; what was posted is done then.
    """
    # It compares addresses without a query to the one that it kept; request.GET stays whole.
    request.META["QUERY_STRING"] = ""
    raise_if_reauthentication_required(request, app="authors")
