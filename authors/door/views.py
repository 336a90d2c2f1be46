"""A person's own account at the desk: one page, and the list of sessions."""

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import remove_webauthn
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from authors.door import second_factor, sessions
from authors.door.confirming import ask_again


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


@never_cache
@login_required
def remove_key(request, pk):
    """Remove a passkey; allauth itself would remove the last factor, too."""
    if second_factor.keeps_one(request.user):
        messages.error(request, second_factor.STAYS)
        return HttpResponseRedirect(reverse("mfa_index"))
    return remove_webauthn(request, pk=pk)
