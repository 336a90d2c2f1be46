from urllib.parse import urlencode

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.models import Missing


@admin.register(Missing)
class MissingAdmin(admin.ModelAdmin):
    """What readers ask for in vain, the most asked for first; each is redirected in one click."""

    list_display = ["path", "count", "referrer", "last_at", "redirect"]
    search_fields = ["path", "referrer"]
    list_per_page = 50

    @admin.display(description=_("redirect"))
    def redirect(self, missing):
        address = reverse("admin:articles_redirect_add")
        query = urlencode({"path": missing.path})
        said = gettext("Redirect %s") % missing.path
        return format_html(
            '<a href="{}?{}" aria-label="{}">{}</a>', address, query, said, gettext("Redirect")
        )

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
