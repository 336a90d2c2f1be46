"""Readers write to the newsroom: a message, an error, a right of reply. No cookie, no captcha."""

import logging
import time
from smtplib import SMTPException
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from articles.models import Letter, Page, PublishedArticle
from authors.door.addresses import client_address
from authors.door.throttle import is_too_many

logger = logging.getLogger(__name__)
SALT = "articles.reading.letters"
QUICKEST = 3  # seconds in which nobody writes a letter
OLDEST = 24 * 3600  # seconds that a form may stay open
AT_MOST, PERIOD = 5, 3600  # letters of one address, seconds


class LetterForm(forms.Form):
    """A letter; `website` is for robots alone, `opened` says when the form was shown."""

    name = forms.CharField(label=gettext_lazy("Your name"), max_length=150)
    email = forms.EmailField(label=gettext_lazy("Your e-mail address"), max_length=254)
    address = forms.CharField(
        label=gettext_lazy("Address of the article"), max_length=500, required=False
    )
    passage = forms.CharField(
        label=gettext_lazy("Passage in question"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    text = forms.CharField(
        label=gettext_lazy("Your message"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1"}))
    opened = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data, kind, article=None):
        address = article.get_absolute_url() if article else ""
        super().__init__(data, initial={"address": address}, label_suffix="")
        self.kind = kind
        if kind == Letter.Kind.CONTACT:
            del self.fields["address"], self.fields["passage"]
        if kind == Letter.Kind.REPLY:
            self.fields["address"].required = self.fields["passage"].required = True
            self.fields["text"].label = gettext("Your reply, as it is to be published")

    @property
    def fresh(self) -> str:
        """The mark of when this form is shown."""
        return signing.dumps(int(time.time()), salt=SALT)

    def clean_address(self):
        """Find the article that an address or a path leads to."""
        typed = self.cleaned_data["address"].strip()
        if not typed:
            return None
        try:
            slug = urlsplit(typed).path.strip("/").rpartition("/")[2]
        except ValueError:  # such as http://[x
            slug = ""
        found = PublishedArticle.objects.begun().filter(slug=slug).first()
        if found is None:
            raise forms.ValidationError(gettext("No article of ours stands at this address."))
        return found

    def clean_website(self):
        if self.cleaned_data["website"]:
            raise forms.ValidationError(gettext("Leave this field empty: it is for robots."))
        return ""

    def clean(self):
        """Refuse what was sent faster than anybody writes; what was typed stays."""
        data = super().clean() or self.cleaned_data
        try:
            age = time.time() - signing.loads(self.data.get("opened", ""), salt=SALT)
        except signing.BadSignature:
            age = OLDEST + 1
        if age > OLDEST:
            self.add_error(None, gettext("This form was open for too long: please send it again."))
        elif age < QUICKEST:
            self.add_error(None, gettext("That was very quick: please send it again."))
        return data


@csrf_exempt  # nobody is signed in: a forged letter is a letter
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request, kind):
    """Take a letter to the newsroom; ?article=SLUG is what it is about."""
    slug = request.GET.get("article", "").replace("\x00", "")  # which PostgreSQL cannot look for
    article = PublishedArticle.objects.begun().filter(slug=slug).first() if slug else None
    form = LetterForm(request.POST if request.method == "POST" else None, kind, article)
    status = 200
    if form.is_bound and form.is_valid():
        if not is_too_many("letters", client_address(request), AT_MOST, PERIOD):
            letter = _keep(form)
            deliver(letter, request.site.contact_email)
            return HttpResponseRedirect(reverse("letter-received", args=[letter.reference]))
        said = gettext("Too many letters from your address in an hour: please send it later.")
        form.add_error(None, said)
        status = 429
    page = (
        Page.objects.public().filter(slug="contact").first()
        if kind == Letter.Kind.CONTACT
        else None
    )
    context = {"form": form, "kind": kind, "page": page, "article": article}
    return render(request, "letters/write.html", context, status=status)


@require_safe
def received(request, reference):
    """Give the reader the number under which the letter is kept."""
    return render(request, "letters/received.html", {"reference": reference})


def _keep(form) -> Letter:
    data = form.cleaned_data
    about = data.get("address")
    return Letter.objects.create(
        kind=form.kind,
        name=data["name"],
        email=data["email"],
        article_id=about and about.pk,
        passage=data.get("passage", ""),
        text=data["text"],
    )


def deliver(letter, to: str) -> bool:
    """Mail a letter to the newsroom and say whether that worked; it is kept in any case."""
    if not to or not settings.MAIL_GOES_OUT:
        return False
    root = f"{settings.SITE_URL.scheme}://{settings.SITE_URL.netloc}"
    desk = root + reverse("admin:articles_letter_change", args=[letter.pk])
    message = EmailMessage(
        f"{letter} – {' '.join(letter.name.split())}",
        render_to_string("letters/letter.txt", {"letter": letter, "desk": desk}),
        to=[to],
        reply_to=[letter.email],
    )
    try:
        message.send()
    except (OSError, SMTPException):
        logger.exception("Letter %s could not be mailed; it stands at the desk.", letter.reference)
        return False
    Letter.objects.filter(pk=letter.pk).update(mailed_at=timezone.now())
    return True
