from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from articles.admin.widgets import BodyField
from articles.models import Page
from articles.publishing import publish_page
from articles.publishing.addresses import holder_of, taken_reason


class PageForm(forms.ModelForm):
    body = BodyField(label=_("Text"))

    def clean_slug(self):
        slug = self.cleaned_data["slug"]
        if holder := holder_of(slug, page=self.instance):
            raise forms.ValidationError(taken_reason(holder))
        return slug


@admin.register(Page)
class PageAdmin(admin.ModelAdmin):
    form = PageForm
    list_display = ["title", "slug", "is_public", "position", "in_footer", "updated_at"]
    search_fields = ["title"]
    prepopulated_fields = {"slug": ["title"]}
    list_filter = ["is_public"]
    fields = ["title", "body", "slug", "is_public", "position", "in_footer"]

    class Media:
        js = ["js/upload.js", "js/slug.js"]

    def view_on_site(self, obj):
        return obj.get_absolute_url() if obj.is_public else None

    def save_model(self, request, obj, form, change):
        publish_page(obj)
