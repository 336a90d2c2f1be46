"""Accounts of the desk: inviting, roles, leaving. What people wrote is not known here."""

from typing import cast

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.db.models import Exists, Max, OuterRef
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from authors import audit, invitations, leaving, roles
from authors.admin.account_form import AccountForm, InvitationForm
from authors.admin.account_pages import AccountPages
from authors.administrators import are_all, hold
from authors.audit import Act
from authors.door.confirming import ask_again
from authors.door.second_factor import FACTORS
from authors.export import write_accounts
from authors.models import Invitation, User


class RoleFilter(admin.RelatedFieldListFilter):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.title = _("role")


class SecondFactorFilter(admin.SimpleListFilter):
    title = _("second factor")
    parameter_name = "factor"

    def lookups(self, request, model_admin):
        return [("yes", _("set up")), ("no", _("missing"))]

    def queryset(self, request, queryset):
        return queryset.filter(factor=self.value() == "yes") if self.value() else queryset


class InvitationFilter(admin.SimpleListFilter):
    title = _("invitation")
    parameter_name = "invited"

    def lookups(self, request, model_admin):
        return [("yes", _("pending"))]

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        return queryset.filter(invitation__isnull=False, last_login__isnull=True)


@admin.register(User)
class AccountAdmin(AccountPages, admin.ModelAdmin):
    """Accounts of the desk. Nobody touches an account that may do more than they may."""

    form = AccountForm
    actions = ["export"]
    list_display = ["name", "email", "role", "is_active", "has_factor", "last_seen", "invited"]
    list_filter = [("groups", RoleFilter), "is_active", SecondFactorFilter, InvitationFilter]
    list_select_related = ["invitation"]
    search_fields = ["name", "email"]
    ordering = ["name"]
    fieldsets = [
        (None, {"fields": ["name", "email", "role", "is_superuser"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"fields": ["email", "name", "role", "author"]})]

    def get_queryset(self, request):
        factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS)
        return (
            super()
            .get_queryset(request)
            .prefetch_related("groups")
            .annotate(factor=Exists(factors), seen=Max("usersession__last_seen_at"))
        )

    # The list

    @admin.display(description=_("role"))
    def role(self, user):
        names = [group.name for group in user.groups.all()]
        return ", ".join(names) or (_("superuser") if user.is_superuser else "–")

    @admin.display(description=_("second factor"), boolean=True, ordering="factor")
    def has_factor(self, user):
        return user.factor

    @admin.display(description=_("last seen"), ordering="seen")
    def last_seen(self, user):
        return user.seen or user.last_login

    @admin.display(description=_("invitation"))
    def invited(self, user):
        invitation = getattr(user, "invitation", None)
        if invitation is None or user.last_login:
            return ""
        return pgettext_lazy("invitation", "expired") if invitation.is_over else _("pending")

    # Who may

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        if obj is None or not allowed:
            return allowed
        return not roles.is_above(obj, request.user) and not leaving.is_erased(obj)

    def has_delete_permission(self, request, obj=None):
        allowed = super().has_delete_permission(request, obj)
        if obj is None or not allowed:
            return allowed
        return not roles.is_above(obj, request.user) and not are_all([obj])

    def get_readonly_fields(self, request, obj=None):
        fields = ["last_login", "date_joined"]
        return fields if request.user.is_superuser else [*fields, "is_superuser"]

    def get_deleted_objects(self, objs, request):
        """Say before deleting what stands in the way, and what to do instead."""
        if transaction.get_connection().in_atomic_block:  # deleting many is asked for outside
            hold()
        deleted, counts, needed, protected = super().get_deleted_objects(objs, request)
        if are_all(objs):
            protected = [*protected, str(_("the last administrator"))]
        for user in objs:
            if (count := self.published_count(user)) > 0:
                said = ngettext(
                    "%(count)d published article of %(name)s",
                    "%(count)d published articles of %(name)s",
                    count,
                ) % {"name": user, "count": count}
                instead = reverse("admin:authors_user_leave", args=[user.pk])
                link = format_html('<a href="{}">{}</a>', instead, _("deactivate the account"))
                protected = [*protected, format_html(str(_("{}: {} instead")), said, link)]
        needed = {name for name in needed if name in {User._meta.verbose_name}}
        return deleted, counts, needed, protected

    # Inviting and changing

    def get_form(self, request, obj=None, change=False, **kwargs):
        base = AccountForm if obj else InvitationForm
        made = super().get_form(request, obj, change=change, **{"form": base} | kwargs)
        form = cast("type[AccountForm | InvitationForm]", made)
        form.giver = request.user
        return form

    def get_fieldsets(self, request, obj=None):
        return self.fieldsets if obj else self.add_fieldsets

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        self._ask_again(request)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def changelist_view(self, request, extra_context=None):
        self._ask_again(request)
        return super().changelist_view(request, extra_context)

    def _ask_again(self, request):
        """Before anything is changed; whoever may not even look is refused further on."""
        may_come = self.has_module_permission(request)
        if request.method == "POST" and may_come:
            ask_again(request, leave_out=["confirmed"])  # a file would leave the page as it was

    @transaction.atomic
    def save_model(self, request, obj, form, change):
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if change and form.changed_data:
            audit.record(Act.ACCOUNT, f"{obj.email}: {', '.join(form.changed_data)}")
        if change and "email" in form.changed_data:  # what was sent to the former one opens nothing
            EmailAddress.objects.filter(user=obj).delete()
            Invitation.objects.filter(user=obj).delete()
        if "role" in form.changed_data:
            role = form.cleaned_data["role"]
            if change:
                audit.record(Act.ROLE, f"{obj.email}: {role or '–'}")
            obj.groups.set([role] if role else [])
        if not change:
            invitations.give_byline(obj, form.cleaned_data["author"])

    def response_add(self, request, obj, post_url_continue=None):
        return self.show_invitation(request, obj)

    def delete_model(self, request, obj):
        audit.record(Act.DELETED, obj.email)
        super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        for user in queryset:
            audit.record(Act.DELETED, user.email)
        super().delete_queryset(request, queryset)

    @admin.action(description=_("Export the selected accounts (CSV)"), permissions=["view"])
    def export(self, request, queryset):
        """Say what the file holds, then hand it out: whoever had to confirm sees a page go on."""
        if "confirmed" not in request.POST:
            context = self.admin_site.each_context(request) | {
                "title": _("Export of accounts"),
                "opts": self.opts,
                "accounts": queryset.order_by("name"),
                "checkbox": ACTION_CHECKBOX_NAME,
            }
            return TemplateResponse(request, "admin/authors/user/export.html", context)
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = 'attachment; filename="comptes.csv"'
        response.write("\ufeff")  # or Excel takes it for Latin-1
        write_accounts(queryset.order_by("name"), response)
        audit.record(Act.EXPORTED, _("accounts (%d)") % len(queryset))
        return response
