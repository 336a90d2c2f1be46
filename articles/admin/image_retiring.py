"""The page that replaces or removes a picture everywhere, in one click."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from articles.desk import rights
from articles.desk.picture_uses import uses_of
from articles.desk.retiring import retire
from articles.models import Article, Image


class SuccessorForm(forms.Form):
    """Another picture, when one is to take the place."""

    def __init__(self, image, data=None):
        super().__init__(data)
        self.fields["successor"] = forms.ModelChoiceField(
            Image.objects.exclude(pk=image.pk),
            label=_("Picture that takes its place"),
            required="_replace" in (data or {}),
            widget=AutocompleteSelect(Article._meta.get_field("hero_image"), admin.site),
        )

    def clean_successor(self):
        """Refuse a picture that could not be published by itself."""
        image = self.cleaned_data["successor"]
        if image is None:
            return None
        reasons = {
            _("It has no credit."): not image.credit,
            _("It has no alternative text."): not image.alt and not image.is_decorative,
            _("Its licence has expired."): image.is_expired,
        }
        if refused := [reason for reason, applies in reasons.items() if applies]:
            raise forms.ValidationError(refused)
        return image


class ImageRetiring(admin.ModelAdmin):
    """The part of the library's admin that takes a picture away from the readers."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.retire_view)
        return [path("<int:pk>/retire/", view, name="articles_image_retire"), *super().get_urls()]

    def retire_view(self, request, pk):
        """Show where a picture is used; replace or remove it there."""
        if not (self.has_change_permission(request) and rights.may_change_any_image(request.user)):
            raise PermissionDenied
        image = get_object_or_404(Image, pk=pk)
        form = SuccessorForm(image, request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            successor = form.cleaned_data["successor"] if "_replace" in request.POST else None
            count = retire(image, request.user, successor)
            said = ngettext("Done in %d place.", "Done in %d places.", count) % count
            self.message_user(request, said, messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:articles_image_change", args=[pk]))
        context = self.admin_site.each_context(request) | {
            "title": _("Replace or remove a picture everywhere"),
            "opts": self.opts,
            "image": image,
            "uses": uses_of(image, request.user),
            "form": form,
            "media": self.media + form.media,
        }
        return render(request, "admin/articles/image/retire.html", context)
