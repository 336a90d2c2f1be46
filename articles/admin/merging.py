from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class MergingAdmin(admin.ModelAdmin):
    """A list whose rows can be merged into one of them. Its queryset annotates `use_count`."""

    merge_title = _("Merge")  # of the page that asks which one stays

    # Merges rows into one of them, by rules of the list's own; returns what is said of it.
    merge_rows: Callable[[list, Any], str]

    @admin.action(description=_("Merge the selected ones into one"), permissions=["delete"])
    def merge(self, request, queryset):
        """Ask which of the selected rows stays, then merge the others into it."""
        rows = list(queryset)
        target = next((row for row in rows if str(row.pk) == request.POST.get("target")), None)
        if len(rows) < 2:
            self.message_user(request, _("Choose at least two to merge."), messages.WARNING)
            return None
        if target is None:
            context = self.admin_site.each_context(request) | {
                "title": self.merge_title,
                "opts": self.opts,
                "rows": sorted(rows, key=lambda row: -row.use_count),
            }
            return render(request, "admin/merge.html", context)
        self.message_user(request, self.merge_rows(rows, target), messages.SUCCESS)
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"
        return HttpResponseRedirect(reverse(name))
