from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from authors.fields import CleanedPictureField
from avion.models import SiteSettings

admin.site.unregister(DBTaskResult)  # machinery: a page of it would help nobody at the desk


class SiteSettingsForm(forms.ModelForm):
    logo = CleanedPictureField(
        label=_("Logo"),
        required=False,
        help_text=SiteSettings._meta.get_field("logo").help_text,
    )


@admin.register(SiteSettings)
class SiteSettingsAdmin(admin.ModelAdmin):
    """One row: the list goes straight to it."""

    form = SiteSettingsForm
    fieldsets = [
        (None, {"fields": ["name", "tagline", "logo", "independence_line", "about"]}),
        (_("Legal notice"), {"fields": ["publication_director", "publisher", "host"]}),
        (_("Contact"), {"fields": ["contact_email", "social_links"]}),
    ]

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        settings, _created = SiteSettings.objects.get_or_create(pk=1)
        return HttpResponseRedirect(reverse("admin:avion_sitesettings_change", args=[settings.pk]))

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
