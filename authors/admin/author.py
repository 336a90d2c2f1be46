from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from authors.fields import CleanedPictureField
from authors.models import Author


class AuthorForm(forms.ModelForm):
    portrait = CleanedPictureField(label=_("Portrait"), required=False)


@admin.register(Author)
class AuthorAdmin(admin.ModelAdmin):
    form = AuthorForm
    list_display = ["name", "job_title", "user"]
    list_select_related = ["user"]
    search_fields = ["name", "job_title"]
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["user"]
    fieldsets = [
        (None, {"fields": ["name", "job_title", "biography", "portrait", "links"]}),
        (_("Address and account"), {"fields": ["slug", "user"]}),
    ]

    class Media:
        js = ["js/slug.js"]

    def get_readonly_fields(self, request, obj=None):
        """Whose byline it is, is for those who manage accounts."""
        return [] if request.user.has_perm("authors.change_user") else ["user"]
