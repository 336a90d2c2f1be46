"""Authors with what they sign: the accounts' own page of them knows no articles."""

from django.contrib import admin
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from articles.admin.merging import MergingAdmin
from articles.models import Byline
from articles.publishing import bylines
from articles.publishing.addresses import save_moved
from authors.admin import AuthorAdmin
from authors.models import Author

admin.site.unregister(Author)


@admin.register(Author)
class SigningAuthorAdmin(MergingAdmin, AuthorAdmin):
    list_display = [*AuthorAdmin.list_display, "uses"]
    actions = ["merge"]
    merge_title = _("Merge authors")

    def get_queryset(self, request):
        signed = Byline.objects.filter(author=OuterRef("pk")).order_by().values("author")
        count = signed.annotate(count=Count("pk")).values("count")
        return super().get_queryset(request).annotate(use_count=Coalesce(Subquery(count), 0))

    def save_model(self, request, obj, form, change):
        save_moved(obj, form.initial.get("slug") if change else None)

    def merge_rows(self, rows, target):
        count = bylines.merge(rows, target)
        said = ngettext(
            "%(count)d author merged into %(name)s.",
            "%(count)d authors merged into %(name)s.",
            count,
        )
        return said % {"count": count, "name": target}

    @admin.display(description=_("articles"), ordering="use_count")
    def uses(self, author):
        """The number of articles, which leads to them."""
        address = f"{reverse('admin:articles_article_changelist')}?bylines__author={author.pk}"
        return format_html('<a href="{}">{}</a>', address, author.use_count)
