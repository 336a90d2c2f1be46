from django.contrib import admin

from authors.models import Entry


@admin.register(Entry)
class EntryAdmin(admin.ModelAdmin):
    """The audit log, to be read and searched; nobody adds to it, changes it or takes from it."""

    list_display = ["at", "act", "who", "address", "about"]
    list_filter = ["act"]
    search_fields = ["who", "about", "address"]
    date_hierarchy = "at"
    list_per_page = 100
    show_full_result_count = False
    actions = None

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
