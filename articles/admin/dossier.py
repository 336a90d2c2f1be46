from django import forms
from django.contrib import admin
from django.contrib.admin import site
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.admin.widgets import ChosenInOrder, ChosenInOrderField
from articles.models import Article, Dossier, DossierPart
from articles.publishing.addresses import save_moved
from articles.publishing.typography import typeset
from articles.reading.querysets import live_now


class DossierForm(forms.ModelForm):
    articles = ChosenInOrderField(
        label=_("Articles"),
        queryset=Article.objects.for_labels(),
        widget=ChosenInOrder(DossierPart._meta.get_field("article"), site),
        help_text=_("In the order in which they are read. Those not published yet join later."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            parts = self.instance.parts.values_list("article", flat=True)
            self.initial.setdefault("articles", list(parts))


@admin.register(Dossier)
class DossierAdmin(admin.ModelAdmin):
    form = DossierForm
    list_display = ["headline", "slug", "part_count", "position", "on_front"]
    search_fields = ["title"]
    prepopulated_fields = {"slug": ["title"]}
    fields = ["title", "introduction", "articles", "slug", "position", "on_front"]

    class Media:
        js = ["js/slug.js"]

    def get_queryset(self, request):
        live = Count("parts", filter=live_now("parts__article__published__"))
        return super().get_queryset(request).annotate(number=Count("parts"), live=live)

    @transaction.atomic
    def save_model(self, request, obj, form, change):
        save_moved(obj, form.initial.get("slug") if change else None)
        obj.arrange(form.cleaned_data["articles"])

    @admin.display(description=_("title"), ordering="title")
    def headline(self, dossier):
        return typeset(dossier.title)

    @admin.display(description=_("articles"), ordering="number")
    def part_count(self, dossier):
        """How many articles, and how many of them readers can open if not all."""
        if dossier.live == dossier.number:
            return dossier.number
        numbers = {"all": dossier.number, "live": dossier.live}
        return gettext("%(all)d, of which %(live)d public") % numbers
