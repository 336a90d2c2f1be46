"""The audit log: what concerns accounts, the door and the public, in the database and on stdout."""

import json
import logging

from allauth.account import signals as account_signals
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa import signals as factor_signals
from axes.signals import user_locked_out
from django.contrib.auth import signals
from django.db import transaction

from authors.door.addresses import client_address
from authors.models import Entry, Invitation

logger = logging.getLogger("avion.audit")  # JSON lines on stdout: see LOGGING
Act = Entry.Act


def record(act, about="", *, by=None, who="") -> None:
    """Write a line of the log, with the address of the request that is being answered.

    by: the account that acts; None is the one that is signed in. who: its name, or what somebody
    without an account says to be.
    """
    request = context.request
    signed_in = getattr(request, "user", None)
    if by is None and signed_in is not None and signed_in.is_authenticated and not who:
        by = signed_in
    entry = Entry.objects.create(
        act=act,
        by=by,
        who=(who or (by.email if by else "")).replace("\x00", "")[:254],
        address=client_address(request) if request else None,
        about=str(about)[:500],
    )
    line = {
        "at": entry.at.isoformat(timespec="milliseconds"),
        "act": str(act),
        "account": entry.by_id,
        "who": entry.who,
        "address": entry.address,
        "about": entry.about,
    }
    transaction.on_commit(lambda: logger.info(json.dumps(line, ensure_ascii=False)))


def listen():
    """Write down what Django, allauth and axes do at the door by themselves."""
    signals.user_logged_in.connect(_signed_in)
    signals.user_logged_out.connect(_signed_out)
    signals.user_login_failed.connect(_refused)
    user_locked_out.connect(_locked_out)
    for signal in (
        account_signals.password_changed,
        account_signals.password_set,
        account_signals.password_reset,
    ):
        signal.connect(_password)
    factor_signals.authenticator_added.connect(_factor_added)
    factor_signals.authenticator_removed.connect(_factor_removed)
    factor_signals.authenticator_reset.connect(_factor_added)
    factor_signals.authentication_failed.connect(_code_refused)
    account_signals.authentication_step_completed.connect(_shown_again)


def _signed_in(request, user, **_signal):
    records = get_authentication_records(request, user)
    record(Act.SIGNED_IN, ", ".join(each.get("type", each["method"]) for each in records), by=user)


def _shown_again(user, method, reauthenticated=False, **_signal):
    if reauthenticated:
        record(Act.CONFIRMED, method, by=user)


def _code_refused(user, authenticator=None, **_signal):
    record(Act.REFUSED, authenticator.type if authenticator else "code", by=user)


def _signed_out(user, **_signal):
    if user:
        record(Act.SIGNED_OUT, by=user)


def _refused(credentials, **_signal):
    record(Act.REFUSED, who=_tried(credentials))


def _locked_out(username, **_signal):
    record(Act.LOCKED_OUT, who=username or "")


def _password(user, **_signal):
    Invitation.objects.filter(user=user).delete()  # a link from before opens nothing any more
    record(Act.PASSWORD, by=user)


def _factor_added(user, authenticator, **_signal):
    record(Act.FACTOR, f"+ {authenticator.type}", by=user)


def _factor_removed(user, authenticator, **_signal):
    record(Act.FACTOR, f"- {authenticator.type}", by=user)


def _tried(credentials) -> str:
    return str(credentials.get("email") or credentials.get("username") or "")
