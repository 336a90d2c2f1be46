from django import forms
from django.contrib import admin
from django.db.models import Count
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from taggit.models import Tag as TaggitTag

from articles.admin.merging import MergingAdmin
from articles.models import Tag
from articles.models.tag import near_key, tag_key
from articles.publishing import tagging
from articles.publishing.addresses import save_moved


class TagForm(forms.ModelForm):
    class Meta:
        labels = {"name": _("name"), "slug": _("address")}

    def clean_name(self):
        """Refuse a name that another tag has, however it is typed."""
        name = " ".join(self.cleaned_data["name"].split())
        twin = Tag.objects.filter(key=tag_key(name)).exclude(pk=self.instance.pk).first()
        if twin:
            raise forms.ValidationError(_("The tag “%s” exists already.") % twin)
        return name


class UseFilter(admin.SimpleListFilter):
    title = _("use")
    parameter_name = "use"

    def lookups(self, request, model_admin):
        return [("none", _("in no article")), ("twins", _("looks like another"))]

    def queryset(self, request, queryset):
        if self.value() == "none":
            return queryset.filter(use_count=0)
        return queryset.with_twins() if self.value() == "twins" else queryset


@admin.register(Tag)
class TagAdmin(MergingAdmin):
    form = TagForm
    merge_title = _("Merge tags")
    list_filter = [UseFilter]
    actions = ["merge"]
    list_display = ["name", "slug", "uses"]
    ordering = ["near", "name"]
    search_fields = ["name", "key"]
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["image"]
    fieldsets = [
        (None, {"fields": ["name", "slug", "description", "image"]}),
        (_("Search engines"), {"fields": ["seo_title", "seo_description"]}),
    ]

    class Media:
        js = ["js/slug.js"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(use_count=Count("taggings"))

    def get_search_results(self, request, queryset, search_term):
        """Find "F-35" by "f35", too."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if near := near_key(search_term):
            found |= queryset.filter(near__startswith=near)
        return found, may_repeat

    def save_model(self, request, obj, form, change):
        save_moved(obj, form.initial.get("slug") if change else None)

    def merge_rows(self, rows, target):
        count = tagging.merge(rows, target)
        said = ngettext(
            "%(count)d tag merged into “%(tag)s”.", "%(count)d tags merged into “%(tag)s”.", count
        )
        return said % {"count": count, "tag": target}

    @admin.display(description=_("articles"), ordering="use_count")
    def uses(self, tag):
        return tag.use_count


admin.site.unregister(TaggitTag)  # the package's own model: ours stands above
