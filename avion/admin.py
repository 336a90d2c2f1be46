from itertools import product

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from authors import audit
from authors.fields import CleanedPictureField
from avion import colours, drawings, icons
from avion.models import SiteSettings

# Machinery: pages of it would help nobody at the desk.
admin.site.unregister([DBTaskResult, EmailAddress, Authenticator, UserSession])


class DrawingField(CleanedPictureField):
    """An SVG drawing or a picture; either is cleaned."""

    def clean(self, data, initial=None):
        if isinstance(data, UploadedFile) and drawings.is_drawing(data):
            return drawings.clean(data)
        return super().clean(data, initial)


class SvgField(CleanedPictureField):
    """An SVG drawing and nothing else."""

    def clean(self, data, initial=None):
        if isinstance(data, UploadedFile):
            return drawings.clean(data)
        return super().clean(data, initial)


class IconField(CleanedPictureField):
    """A square picture, large enough for every size of icon."""

    def clean(self, data, initial=None):
        file = super().clean(data, initial)
        if isinstance(data, UploadedFile):
            icons.validate(file)
        return file


class SiteSettingsForm(forms.ModelForm):
    class Meta:
        field_classes = {
            "logo": CleanedPictureField,
            "wordmark": DrawingField,
            "wordmark_dark": DrawingField,
            "icon": IconField,
            "icon_drawing": SvgField,
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for box in (field.widget for field in self.fields.values()):
            if isinstance(box, forms.Textarea):
                box.attrs["rows"] = 4
        for name, (_property, *defaults) in colours.COLOURS.items():
            for field, default in zip((name, f"{name}_dark"), defaults, strict=True):
                attributes = {"placeholder": default, "pattern": colours.HEX.pattern, "size": 8}
                self.fields[field].widget.attrs |= attributes

    def clean(self):
        """Refuse colours that cannot be read on their paper."""
        data = super().clean() or self.cleaned_data
        for light, suffix in (("light", ""), ("dark", "_dark")):
            self._check_contrast(data, light, suffix)
        return data

    def _check_contrast(self, data, light, suffix):
        """Say which colour cannot be read on which, beside a field that was filled in."""
        fields = {name: f"{name}{suffix}" for name in colours.COLOURS}
        chosen = {}
        for name, field in fields.items():
            value = data.get(field) or colours.COLOURS[name][1 if light == "light" else 2]
            if not colours.HEX.fullmatch(value):
                self.add_error(field, _("Write a colour as #rrggbb, such as #bf3413."))
                return
            chosen[name] = value
        paper = chosen.pop("paper")
        pairs = [*chosen.items(), *product(["paper"], colours.INKS[light])]
        for name, colour in pairs:
            if (found := colours.contrast(colour, paper)) < colours.LEAST:
                said = _(
                    "%(colour)s on %(paper)s has too little contrast to be read: %(found)s to 1, "
                    "at least %(least)s is needed."
                )
                figures = {
                    "found": number_format(found, decimal_pos=1),
                    "least": number_format(colours.LEAST, decimal_pos=1),
                }
                culprit = fields[name] if data.get(fields[name]) else fields["paper"]
                self.add_error(culprit, said % (figures | {"colour": colour, "paper": paper}))


@admin.register(SiteSettings)
class SiteSettingsAdmin(admin.ModelAdmin):
    """One row: the list goes straight to it."""

    form = SiteSettingsForm
    fieldsets = [
        (None, {"fields": ["name", "tagline", "independence_line", "about"]}),
        (_("Legal notice"), {"fields": ["publication_director", "publisher", "host"]}),
        (_("Contact"), {"fields": ["contact_email", "social_links"]}),
        (
            _("Transparency"),
            {
                "classes": ["collapse"],
                "fields": [
                    "founded",
                    "mission",
                    "editor_in_chief",
                    "owners",
                    "interests",
                    "funding",
                    "ai_policy",
                    "complaints",
                    "associations",
                ],
                "description": _(
                    "Read at /transparence/ by readers, and by those who judge newsrooms: the "
                    "Journalism Trust Initiative, NewsGuard."
                ),
            },
        ),
        (
            _("Dress"),
            {
                "classes": ["collapse"],
                "fields": [
                    "logo",
                    "wordmark",
                    "wordmark_dark",
                    "icon",
                    "icon_drawing",
                    ("paper", "paper_dark"),
                    ("signal", "signal_dark"),
                    ("links", "links_dark"),
                ],
                "description": _("Left empty, the title wears what Avion wears."),
            },
        ),
        (_("Artificial intelligence"), {"fields": ["ai_statement_required"]}),
        (
            _("Terms for machines"),
            {
                "classes": ["collapse"],
                "fields": [
                    "ai_crawlers",
                    "tdm_reserved",
                    "tdm_policy",
                    "robots_txt",
                    "ai_txt",
                    "llms_txt",
                    "ads_txt",
                ],
            },
        ),
    ]

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        settings, _created = SiteSettings.objects.get_or_create(pk=1)
        return HttpResponseRedirect(reverse("admin:avion_sitesettings_change", args=[settings.pk]))

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if form.changed_data:
            audit.record(audit.Act.SETTINGS, ", ".join(form.changed_data))
        if "wordmark" in form.changed_data and obj.wordmark and not obj.wordmark_dark:
            said = _(
                "Readers in the dark see the same wordmark: look whether it can be seen there."
            )
            messages.warning(request, said)
        for name in colours.COLOURS:
            chosen = [getattr(obj, name), getattr(obj, f"{name}_dark")]
            if any(chosen) and not all(chosen):
                messages.warning(
                    request,
                    _("%(field)s: only one of the two was chosen, the other stays Avion's.")
                    % {"field": capfirst(obj._meta.get_field(name).verbose_name)},
                )
        if obj.icon and "icon" in form.changed_data:
            icons.write(obj.icon)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
