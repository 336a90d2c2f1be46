from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from articles.models import Missing, Redirect
from articles.publishing.redirects import checked, read_csv, write_csv

LARGEST = 5_000_000  # bytes of a file of redirects


class RedirectForm(forms.ModelForm):
    def clean(self):
        """Keep both ends in their one form; what is wrong stands beside its field."""
        data = super().clean() or self.cleaned_data
        if not self.errors:
            data["path"], data["destination"] = checked(data["path"], data["destination"])
        return data


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("Two columns: old address; new address, empty for what is gone for good."),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("This file is too large."))
        try:
            return file.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("Save the file as UTF-8.")) from error


@admin.register(Redirect)
class RedirectAdmin(admin.ModelAdmin):
    """Where old addresses lead: what publishing and imports wrote, and what people made."""

    form = RedirectForm
    fields = ["path", "destination"]
    list_display = ["path", "destination", "hits", "last_hit_at", "created_at"]
    search_fields = ["path", "destination"]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        Missing.objects.filter(path=obj.path).delete()

    def get_urls(self):
        desk = self.admin_site.admin_view
        own = [
            path("export/", desk(self.export), name="articles_redirect_export"),
            path("import/", desk(self.import_view), name="articles_redirect_import"),
        ]
        return own + super().get_urls()

    def export(self, request):
        """All redirects as CSV."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        answer = HttpResponse(content_type="text/csv; charset=utf-8")
        answer.headers["Content-Disposition"] = 'attachment; filename="redirections.csv"'
        write_csv(answer)
        return answer

    def import_view(self, request):
        """Bring redirects in from a file: all of them, or none and why."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        is_sent = request.method == "POST"
        form = FileForm(request.POST, request.FILES) if is_sent else FileForm()
        if form.is_valid():
            try:
                count = read_csv(form.cleaned_data["file"])
            except ValidationError as error:
                form.add_error("file", error)
            else:
                said = ngettext("%d redirect is here.", "%d redirects are here.", count)
                self.message_user(request, said % count, messages.SUCCESS)
                return HttpResponseRedirect(reverse("admin:articles_redirect_changelist"))
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": _("Import redirects"),
            "form": form,
        }
        return render(request, "admin/articles/redirect/import.html", context)
