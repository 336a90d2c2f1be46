from django import forms
from django.contrib import admin, messages
from django.db.models import Count
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from taggit.models import Tag as TaggitTag

from articles.models import Tag
from articles.models.tag import tag_key
from articles.publishing import tagging


class TagForm(forms.ModelForm):
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
        return [("none", _("in no article"))]

    def queryset(self, request, queryset):
        return queryset.filter(use_count=0) if self.value() == "none" else queryset


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):
    form = TagForm
    list_filter = [UseFilter]
    actions = ["merge"]
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

    def save_model(self, request, obj, form, change):
        tagging.rename(obj, form.initial.get("slug") if change else None)

    @admin.action(
        description=_("Merge the selected tags into one"), permissions=["change", "delete"]
    )
    def merge(self, request, queryset):
        """Ask which of the selected tags stays, then merge the others into it."""
        tags = list(queryset)
        target = next((tag for tag in tags if str(tag.pk) == request.POST.get("target")), None)
        if len(tags) < 2:
            self.message_user(request, _("Choose at least two tags to merge."), messages.WARNING)
            return None
        if target is None:
            context = self.admin_site.each_context(request) | {
                "title": _("Merge tags"),
                "opts": self.opts,
                "tags": sorted(tags, key=lambda tag: -tag.use_count),
            }
            return render(request, "admin/articles/tag/merge.html", context)
        count = tagging.merge(tags, target)
        said = ngettext(
            "%(count)d tag merged into “%(tag)s”.", "%(count)d tags merged into “%(tag)s”.", count
        )
        self.message_user(request, said % {"count": count, "tag": target}, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:articles_tag_changelist"))

    @admin.display(description=_("articles"), ordering="use_count")
    def uses(self, tag):
        return tag.use_count


admin.site.unregister(TaggitTag)  # the package's own model: ours stands above
