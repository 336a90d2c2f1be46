"""One form for many pictures: their credit, licence and tags."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from articles.admin.image_form import DayInput
from articles.admin.widgets import TagsField
from articles.images.tasks import request_renditions
from articles.models import Image, Tag

AT_ONCE = 200  # pictures


class RightsForm(forms.Form):
    """What all selected pictures get; an empty field leaves each as it is."""

    credit = forms.CharField(label=_("Credit"), max_length=200, required=False)
    licence = forms.ChoiceField(
        label=_("Licence"),
        choices=[("", _("as it is")), *Image.Licence.choices],
        required=False,
    )
    usable_until = forms.DateField(label=_("Usable until"), required=False, widget=DayInput)
    tags = TagsField(label=_("Tags to add"), required=False)

    def clean(self):
        data = super().clean() or self.cleaned_data
        if not self.errors and not any(data.values()):
            raise forms.ValidationError(_("Fill in what is to change."))
        return data


class ImageActions(admin.ModelAdmin):
    """The part of the library's admin that acts on many pictures."""

    actions = ["edit_rights"]

    @admin.action(
        description=_("Set credit, licence and tags of the selected pictures"),
        permissions=["change"],
    )
    def edit_rights(self, request, queryset):
        """Ask what the selected pictures get, then give it to those that the account may change."""
        images = list(queryset[: AT_ONCE + 1])
        if len(images) > AT_ONCE:
            said = _("At most %d pictures at once: select fewer.") % AT_ONCE
            self.message_user(request, said, messages.WARNING)
            return None
        form = RightsForm(request.POST if "confirmed" in request.POST else None)
        if not form.is_valid():
            context = self.admin_site.each_context(request) | {
                "title": _("Credit, licence and tags of several pictures"),
                "opts": self.opts,
                "images": images,
                "form": form,
                "media": self.media + form.media,
                "checkbox": ACTION_CHECKBOX_NAME,
            }
            return render(request, "admin/articles/image/rights.html", context)
        changed = [image for image in images if self.has_change_permission(request, image)]
        for image in changed:
            self._give(request, image, form.cleaned_data)
        said = ngettext("%d picture changed.", "%d pictures changed.", len(changed)) % len(changed)
        self.message_user(request, said, messages.SUCCESS)
        if refused := [str(image) for image in images if image not in changed]:
            said = _("Not yours to change: %s.") % ", ".join(refused)
            self.message_user(request, said, messages.WARNING)
        return None

    @transaction.atomic
    def _give(self, request, image, data):
        given = {name: data[name] for name in ("credit", "licence", "usable_until") if data[name]}
        image = Image.objects.select_for_update(no_key=True).get(
            pk=image.pk
        )  # as a colleague left it
        for name, value in given.items():
            setattr(image, name, value)
        image.save()
        image.tags.add(*Tag.objects.all_of(data["tags"]))
        request_renditions(image)
        self.log_change(request, image, [{"changed": {"fields": [*given]}}])
