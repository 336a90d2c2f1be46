from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from authors import roles
from authors.administrators import are_all
from authors.export import write_accounts
from authors.fields import CleanedPictureField
from authors.models import Author, User


class AuthorForm(forms.ModelForm):
    portrait = CleanedPictureField(label=_("Portrait"), required=False)


@admin.register(Author)
class AuthorAdmin(admin.ModelAdmin):
    form = AuthorForm
    list_display = ["name", "job_title", "user"]
    list_select_related = ["user"]
    search_fields = ["name", "job_title"]
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["user"]
    fieldsets = [
        (None, {"fields": ["name", "job_title", "biography", "portrait", "links"]}),
        (_("Address and account"), {"fields": ["slug", "user"]}),
    ]

    class Media:
        js = ["js/slug.js"]


class AccountCreationForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ["email", "name"]


class AccountForm(UserChangeForm):
    def clean(self):
        """Refuse to leave the newsroom without anybody who manages accounts."""
        data = super().clean() or self.cleaned_data
        if not self._would_manage(data) and are_all([self.instance]):
            raise forms.ValidationError(
                _("This is the last administrator: give somebody else that role first.")
            )
        return data

    def _would_manage(self, data) -> bool:
        """Say whether the account could manage accounts as the form has it."""
        groups = data.get("groups", ())
        manages = data.get("is_superuser", self.instance.is_superuser) or any(
            group.name == roles.ADMINISTRATOR for group in groups
        )
        return bool(manages and data.get("is_active") and data.get("is_staff"))


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Accounts of the desk. Only a superuser touches superusers, or makes one."""

    form = AccountForm
    add_form = AccountCreationForm
    actions = ["export"]
    list_display = ["name", "email", "role", "is_active", "last_login"]
    list_filter = ["groups", "is_active"]
    search_fields = ["name", "email"]
    ordering = ["name"]
    filter_horizontal = []
    fieldsets = [
        (None, {"fields": ["email", "name", "password"]}),
        (
            _("What this person may do"),
            {"fields": ["is_active", "is_staff", "groups", "is_superuser"]},
        ),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["email", "name", "groups", "usable_password", "password1", "password2"]})
    ]
    readonly_fields = ["last_login", "date_joined"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=_("role"))
    def role(self, user):
        return ", ".join(group.name for group in user.groups.all()) or "–"

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        return fields if request.user.is_superuser else [*fields, "is_superuser"]

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        return allowed and (request.user.is_superuser or not (obj and obj.is_superuser))

    def has_delete_permission(self, request, obj=None):
        allowed = super().has_delete_permission(request, obj)
        if obj is None or not allowed:
            return allowed
        return (request.user.is_superuser or not obj.is_superuser) and not are_all([obj])

    def get_deleted_objects(self, objs, request):
        """Say before deleting many that somebody must stay who manages accounts."""
        deleted, counts, needed, protected = super().get_deleted_objects(objs, request)
        if are_all(objs):
            protected = [*protected, str(_("the last administrator"))]
        return deleted, counts, needed, protected

    @admin.action(description=_("Export the selected accounts (CSV)"), permissions=["view"])
    def export(self, request, queryset):
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = 'attachment; filename="comptes.csv"'
        response.write("\ufeff")  # or Excel takes it for Latin-1
        write_accounts(queryset.order_by("name"), response)
        return response


admin.site.unregister(Group)  # roles are code: see authors/roles.py
