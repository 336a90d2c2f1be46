from django import forms
from django.contrib import admin

from articles.models import Section
from articles.publishing.addresses import save_moved


class SectionRowForm(forms.ModelForm):
    """One row of the list; its fields have no label in sight, so each says what it is of."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{field.label} – {self.instance}"


@admin.register(Section)
class SectionAdmin(admin.ModelAdmin):
    list_display = ["name", "slug", "position", "in_menu"]
    list_editable = ["position", "in_menu"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}

    class Media:
        js = ["js/slug.js", "js/section-order.js"]

    def save_model(self, request, obj, form, change):
        save_moved(obj, form.initial.get("slug") if change else None)

    def get_changelist_form(self, request, **kwargs):
        return super().get_changelist_form(request, form=SectionRowForm, **kwargs)
