"""What allauth asks of us: who may come in, and how people are told."""

import logging
import time
from smtplib import SMTPException

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from authors.door import devices
from authors.door.addresses import client_address
from authors.door.devices import describe

logger = logging.getLogger(__name__)

WAYS = {  # of showing again who one is, by allauth's names
    "reauthenticate": gettext_lazy("Type the password"),
    "mfa_reauthenticate": gettext_lazy("Type a code"),
    "mfa_reauthenticate:webauthn": gettext_lazy("Use a passkey"),
}


class DoorAdapter(DefaultAccountAdapter):
    """Accounts are made by invitation; the address is the account's own and needs no proof."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": gettext_lazy("The address or the password is not right."),
        "incorrect_password": gettext_lazy("The password is not right."),
        "enter_current_password": gettext_lazy("This is not your present password."),
        "too_many_login_attempts": gettext_lazy(
            "Too many attempts failed. Try again in five minutes."
        ),
        "rate_limited": gettext_lazy("Too many attempts. Try again in five minutes."),
    }

    def is_open_for_signup(self, request):
        return False

    def get_client_ip(self, request):
        return client_address(request)

    def get_login_redirect_url(self, request):
        return reverse("admin:index")

    def get_password_change_redirect_url(self, request):
        return reverse("account")

    def is_reauthentication_required(self, *, app, **kwargs):
        """Ask again who it is, unless they have shown it within the time limit, by whatever way."""
        records = get_authentication_records(context.request, context.request.user)
        latest = max((record["at"] for record in records), default=0)
        return time.time() - latest > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT

    def get_reset_password_from_key_url(self, key):
        """Build the link of the mail from the site's own address, never from a request's host."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        root = f"{settings.SITE_URL.scheme}://{settings.SITE_URL.netloc}"
        return root + path.replace("UID-KEY", key)

    def reauthenticate(self, user, password):
        """Take the password alone for proof only from those who have no second factor."""
        return not is_mfa_enabled(user) and super().reauthenticate(user, password)

    def get_reauthentication_methods(self, user):
        methods = super().get_reauthentication_methods(user)
        methods = [each for each in methods if each["id"] != "reauthenticate"] or methods
        return [each | {"description": WAYS[each["id"]]} for each in methods]

    def pre_authenticate(self, request, **credentials):
        """Leave the counting of passwords to axes, which says until when the door is closed."""

    def send_mail(self, template_prefix, email, context):
        """Send one of allauth's messages; a mail server that is away stops nobody."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException):
            logger.exception("The e-mail %s could not be sent.", template_prefix)

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        device = {"device": describe(self.get_http_user_agent(self.request))}
        context = device | (context or {})
        super().send_notification_mail(template_prefix, user, context, email or user.email)

    def post_login(self, request, user, **kwargs):
        """Tell people by e-mail that their account was opened in a browser that is new to it."""
        response = super().post_login(request, user, **kwargs)
        if not devices.is_known(request, user) and not kwargs["signup"]:
            self.send_notification_mail("account/email/new_device", user)
        devices.remember(request, response, user)
        return response

    def add_message(self, request, level, message_template=None, *args, **kwargs):
        """Leave out what the page itself says: who is signed in, that they signed out."""
        if message_template in {
            "account/messages/logged_in.txt",
            "account/messages/logged_out.txt",
        }:
            return
        super().add_message(request, level, message_template, *args, **kwargs)


def ask_for_a_second_factor(request):
    """Say why the page of the second factor came up."""
    said = _("Your role asks for a second factor: set one up to open the desk.")
    messages.warning(request, said)
