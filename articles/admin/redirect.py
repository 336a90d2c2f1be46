from django.contrib import admin

from articles.models import Redirect


@admin.register(Redirect)
class RedirectAdmin(admin.ModelAdmin):
    """What publishing wrote, to look at: where old addresses lead."""

    list_display = ["path", "destination", "created_at"]
    search_fields = ["path", "destination"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
