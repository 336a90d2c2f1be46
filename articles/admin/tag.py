from django import forms
from django.contrib import admin
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from articles.models import Tag
from articles.models.tag import tag_key


class TagForm(forms.ModelForm):
    def clean_name(self):
        """Refuse a name that another tag has, however it is typed."""
        name = " ".join(self.cleaned_data["name"].split())
        twin = Tag.objects.filter(key=tag_key(name)).exclude(pk=self.instance.pk).first()
        if twin:
            raise forms.ValidationError(_("The tag “%s” exists already.") % twin)
        return name


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):
    form = TagForm
    list_display = ["name", "slug", "uses"]
    ordering = ["name"]
    search_fields = ["name", "key"]
    prepopulated_fields = {"slug": ["name"]}
    fieldsets = [
        (None, {"fields": ["name", "slug", "description"]}),
        (_("Search engines"), {"fields": ["seo_title", "seo_description"]}),
    ]

    class Media:
        js = ["js/slug.js"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(use_count=Count("taggings"))

    @admin.display(description=_("articles"), ordering="use_count")
    def uses(self, tag):
        return tag.use_count
