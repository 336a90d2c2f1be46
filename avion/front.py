"""The front page as the newsroom arranges it: one screen at the desk, and its preview."""

import json
from datetime import datetime, timedelta
from hashlib import sha256

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.admin.widgets import ChosenInOrder, ChosenInOrderField
from articles.desk import rights
from articles.desk.labels import label
from articles.models import Article, Section
from articles.reading.front import front_page
from authors import audit
from avion.models import SiteSettings

SECONDARY = 4  # places under the lead


class PlaceField(forms.ModelChoiceField):
    """An article that readers see, or will; empty places are filled by the newest."""

    def __init__(self, label):
        relation = Article.related.through._meta.get_field("to_article")
        super().__init__(
            Article.objects.filter(published__isnull=False).for_labels(),
            label=label,
            required=False,
            error_messages={
                "invalid_choice": _(
                    "Neither published nor scheduled: do that first, then place it."
                )
            },
            widget=AutocompleteSelect(relation, admin.site, attrs={"aria-label": label}),
        )

    def label_from_instance(self, article):
        return label(article)


class UntilField(forms.DateTimeField):
    """A moment in the browser's own calendar; empty: without end."""

    def __init__(self):
        widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
        super().__init__(label=_("Until"), required=False, widget=widget)


class FrontForm(forms.Form):
    """The places of the front page in their order, each with its end, its blocks and the alert."""

    sections = ChosenInOrderField(
        label=_("Sections with a block, in order; none: all"),
        required=False,
        queryset=Section.objects.all(),
        widget=ChosenInOrder(Article._meta.get_field("section"), admin.site),
    )
    most_read = forms.BooleanField(label=_("The most read"), required=False)
    dossiers = forms.BooleanField(label=_("The dossiers"), required=False)
    alert_text = forms.CharField(label=_("Alert"), max_length=200, required=False)
    alert_address = forms.CharField(
        label=_("Address that the alert leads to"), max_length=300, required=False
    )
    alert_until = UntilField()
    seen = forms.CharField(required=False)  # the version of what the page showed as arranged

    def __init__(self, data, site):
        super().__init__(data, initial=initial_of(site) | {"seen": version_of(site)})
        labels = [_("Lead"), *(_("Place %d") % (number + 2) for number in range(SECONDARY))]
        for number, place in enumerate(labels):
            self.fields[f"article_{number}"] = PlaceField(place)
            self.fields[f"until_{number}"] = UntilField()

    @property
    def places(self):
        """Yield the two fields of each place."""
        for number in range(SECONDARY + 1):
            yield self[f"article_{number}"], self[f"until_{number}"]

    def clean(self):
        data = super().clean() or self.cleaned_data
        if data.get("seen") and data["seen"] != self.initial["seen"]:
            said = _(
                "A colleague arranged the front page meanwhile. What you chose is still here: "
                "save again to put it in place of theirs."
            )
            self.add_error(None, said)
        for name, value in list(data.items()):
            if isinstance(value, datetime) and value <= timezone.now():
                stood = self.initial.get(name)
                if not stood or stood.replace(second=0, microsecond=0) != value:
                    self.add_error(name, _("This moment is past."))
        if data.get("alert_text") and not (data.get("alert_until") or "alert_until" in self.errors):
            self.add_error("alert_until", _("Say when the alert ends."))
        chosen = [data.get(f"article_{number}") for number in range(SECONDARY + 1)]
        for number, article in enumerate(chosen):
            if article and article in chosen[:number]:
                self.add_error(f"article_{number}", _("This article has a place already."))
        return data

    def clean_alert_address(self):
        """Refuse what would lead nowhere, or run."""
        address = self.cleaned_data["alert_address"].strip()
        if address and not address.startswith(("/", "https://", "http://")):
            raise forms.ValidationError(_("Begin with / or https://."))
        return address

    def save(self, site):
        data = self.cleaned_data
        site.alert_text, site.alert_address = data["alert_text"], data["alert_address"]
        site.alert_until = data["alert_until"]
        site.front_sections = [section.pk for section in data["sections"]]
        site.front_most_read, site.front_dossiers = data["most_read"], data["dossiers"]
        site.front = [
            {"article": article and article.pk, "until": until.isoformat() if until else ""}
            for article, until in (
                (data[f"article_{number}"], data[f"until_{number}"])
                for number in range(SECONDARY + 1)
            )
        ]
        site.save()


def initial_of(site) -> dict:
    """Return what the form shows of the settings as they are."""
    values = {name: getattr(site, name) for name in ("alert_text", "alert_address", "alert_until")}
    sections = set(Section.objects.values_list("pk", flat=True))  # one may be gone by now
    values |= {
        "sections": [pk for pk in site.front_sections if pk in sections],
        "most_read": site.front_most_read,
        "dossiers": site.front_dossiers,
    }
    for number, place in enumerate(site.front):
        values[f"article_{number}"] = place["article"]
        values[f"until_{number}"] = (
            datetime.fromisoformat(place["until"]) if place["until"] else None
        )
    return values


def version_of(site) -> str:
    """Return what changes with the arrangement of the front page."""
    arranged = json.dumps(initial_of(site), cls=DjangoJSONEncoder, sort_keys=True)
    return sha256(arranged.encode()).hexdigest()[:16]


@transaction.atomic
def front_view(request):
    """Arrange the front page: what leads, what stands below, what is said above all."""
    _require_publisher(request)
    site, _created = SiteSettings.objects.select_for_update().get_or_create(pk=1)
    form = FrontForm(request.POST if request.method == "POST" else None, site)
    if form.is_valid():
        form.save(site)
        audit.record(audit.Act.SETTINGS, _("front page"))
        messages.success(request, _("The front page is arranged: readers see it now."))
        return HttpResponseRedirect(reverse("admin:front"))
    context = admin.site.each_context(request) | {
        "title": _("Front page"),
        "form": form,
        "media": form.media,
    }
    return render(request, "admin/front.html", context)


def preview_view(request):
    """Show the front page as readers will have it at a moment: ?at=2026-12-24T18:00."""
    _require_publisher(request)
    try:
        at = timezone.make_aware(datetime.fromisoformat(request.GET.get("at", "")))
    except ValueError:
        at = timezone.now()
    site = request.site = SiteSettings.load()
    if not site.alert(at):
        site.alert_text = ""
    elif site.alert_until <= timezone.now():
        site.alert_until = timezone.now() + timedelta(minutes=1)
    front = front_page(site.pins(at), at, site.front_sections)
    request.today = timezone.localdate(at)
    return render(request, "articles/home.html", {"front": front, "previewed_at": at})


def _require_publisher(request):
    if not rights.may_publish(request.user):
        raise PermissionDenied
