"""Sessions of the desk: how long they last, where they are open, how they are ended."""

import time

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from authors.door.addresses import client_address
from authors.door.devices import describe

BEGAN, SEEN = "began", "seen"  # keys of the session: seconds since 1970
NOTED_EVERY = 300  # seconds


def begin(request, **_signal):
    """Note when a session began: at the sign-in."""
    request.session[BEGAN] = request.session[SEEN] = time.time()


def renew(request, user, reauthenticated=False, **_signal):
    """Give the session a new key once somebody has shown again who they are."""
    if not reauthenticated:
        return
    former = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=former).update(session_key=request.session.session_key)


def end_others(request, user, **_signal):
    """End an account's other sessions: they were opened before its factors changed."""
    end_all(user, but=request.session.session_key)


def limits(get_response):
    """End a session that is too old, whatever happens in it; note from time to time that it lives.

    One that nobody uses ends by its cookie: SESSION_COOKIE_AGE counts from the last note.
    """

    def middleware(request):
        at_the_desk = request.path.startswith(reverse("admin:index"))
        if not at_the_desk or not request.user.is_authenticated:
            return get_response(request)
        now = time.time()
        if now - request.session.setdefault(BEGAN, now) > settings.SESSION_LONGEST:
            logout(request)
            return HttpResponseRedirect(f"{reverse('admin:login')}?next={request.path}")
        if now - request.session.get(SEEN, 0) > NOTED_EVERY:
            request.session[SEEN] = now
            UserSession.objects.filter(session_key=request.session.session_key).update(
                last_seen_at=timezone.now(), ip=client_address(request)
            )
        return get_response(request)

    return middleware


def open_sessions(user) -> list[UserSession]:
    """Return an account's sessions, the one used last first; forget those that are over.

    Each has `device`, its browser and system in words.
    """
    sessions = UserSession.objects.purge_and_list(user)
    for session in sessions:
        session.device = describe(session.user_agent)
    return sorted(sessions, key=lambda session: session.last_seen_at, reverse=True)


def end_all(user, *, but=None):
    """End every session of an account; but: the key of one that stays."""
    for session in UserSession.objects.filter(user=user).exclude(session_key=but or ""):
        session.end()
