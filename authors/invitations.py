"""Inviting: an account, its byline, and a link by which the person comes in."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from authors.models import Author, Invitation

logger = logging.getLogger(__name__)


def give_byline(user, author=None):
    """Tie an author to an account: the one given, or a new one."""
    author = author or Author(name=user.name, slug=free_slug(user.name))
    author.user = user
    author.save()


def send(user, request) -> str:
    """Send an account a new link; return it if no mail went out, so that it can be handed over."""
    token = Invitation.objects.renew(user, by=request.user)
    link = f"{request.site_root}{reverse('invitation', args=[token])}"
    context = {"user": user, "link": link, "by": request.user, "site": request.site}
    message = EmailMultiAlternatives(
        _("Your account at the desk of %s") % request.site.name,
        render_to_string("account/email/invitation.txt", context),
        to=[user.email],
    )
    message.attach_alternative(
        render_to_string("account/email/invitation.html", context), "text/html"
    )
    if not settings.MAIL_GOES_OUT:
        return link
    try:
        message.send()
    except (OSError, SMTPException):
        logger.exception("The invitation of account %s could not be sent.", user.pk)
        return link
    return ""


def free_slug(name: str) -> str:
    """Return an address for an author's page that nobody has."""
    base = slugify(name)[:90] or "signature"
    taken = set(Author.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    numbers = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in [base, *numbers] if slug not in taken)
