"""Dangerous acts ask again who it is. What was posted waits, and is done at its own address.

allauth does what was posted under the address of its confirming page: forms in the answer, which
post to the address that they stand at, would come back there and be lost.
"""

import time
from secrets import compare_digest, token_urlsafe
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.httpkit import deserialize_request, serialize_request
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_required
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

HELD = "held"  # key of the session: what was posted, its token, since when, whether it may go on


def ask_again(request, leave_out=()):
    """Make sure that whoever asks showed lately who they are; lead them to confirm it if not.

    leave_out: names of what was posted that must be posted once more by hand. Raises
    ImmediateHttpResponse, which allauth's middleware answers.
    """
    if not is_reauthentication_required(request, app="authors"):
        return
    wanted = request.get_full_path()
    if request.method == "POST":
        request.POST = request.POST.copy()
        for name in leave_out:
            request.POST.pop(name, None)
        token = token_urlsafe(16)
        held = {"request": serialize_request(request), "path": request.path, "at": time.time()}
        request.session[HELD] = held | {"token": token, "wanted": wanted, "may_go_on": False}
        wanted = reverse("go-on", args=[token])
    where = get_adapter().get_reauthentication_methods(request.user)[0]["url"]
    query = urlencode({REDIRECT_FIELD_NAME: wanted})
    raise ImmediateHttpResponse(HttpResponseRedirect(f"{where}?{query}"))


@never_cache
@login_required
def go_on(request, token):
    """Lead back to where somebody posted what now may be done: see `held_requests`."""
    held = request.session.get(HELD, {})
    age = time.time() - held.get("at", 0)
    if (
        not compare_digest(token.encode(), held.get("token", "").encode())
        or age > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        or is_reauthentication_required(request, app="authors")
    ):
        return HttpResponseRedirect(reverse("admin:index"))
    request.session[HELD] = held | {"may_go_on": True}
    return HttpResponseRedirect(held["wanted"])


class HeldRequests:
    """Do what was posted before somebody confirmed who they are, at its own address."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, _view, _args, _kwargs):
        if request.method != "GET" or not request.path.startswith(reverse("admin:index")):
            return
        held = request.session.get(HELD)
        if held and held["may_go_on"] and held["path"] == request.path:
            del request.session[HELD]
            deserialize_request(held["request"], request)
