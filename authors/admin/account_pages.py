"""What is done to an account beside its form: links, sessions, factor, leaving, erasing."""

from functools import wraps

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from authors import audit, invitations, leaving
from authors.admin.account_form import ErasingForm, LeavingForm
from authors.administrators import are_all, hold
from authors.audit import Act
from authors.door import sessions
from authors.door.confirming import ask_again
from authors.models import Invitation, User


def on_account(act):
    """Open a page of one account to those who may change it, once they showed who they are."""

    @wraps(act)
    def page(self, request, pk):
        user = get_object_or_404(User, pk=pk)
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        if request.method == "POST":
            ask_again(request)
        return act(self, request, user)

    return page


def posted(request):
    return request.POST if request.method == "POST" else None


class AccountPages(admin.ModelAdmin):
    """Pages of `AccountAdmin`, which knows what an account may be asked."""

    change_form_template = "admin/authors/user/change_form.html"

    def get_urls(self):
        pages = {
            "link": require_POST(self.link_view),
            "revoke": require_POST(self.revoke_view),
            "end_sessions": require_POST(self.end_sessions_view),
            "reset_factor": require_POST(self.reset_factor_view),
            "reopen": require_POST(self.reopen_view),
            "leave": self.leave_view,
            "erase": self.erase_view,
        }
        own = [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=f"authors_user_{name}")
            for name, view in pages.items()
        ]
        return [*own, *super().get_urls()]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if add:
            context["add_title"] = _("Invite somebody")
        if obj:
            invitation = Invitation.objects.filter(user=obj).first()
            context |= {
                "show_save_and_add_another": False,
                "account": obj,
                "invitation": invitation,
                "has_come": bool(obj.last_login),
                "factors": Authenticator.objects.filter(user=obj).count(),
                "open_sessions": sessions.open_sessions(obj),
                "may_act": self.has_change_permission(request, obj),
                "is_last": are_all([obj]),
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    # What is known of an account's work: see articles/admin/account.py

    def published_count(self, user) -> int:
        """How many published articles the account wrote or signs."""
        return 0

    def open_work(self, user) -> list:
        """Return the unpublished articles of the account."""
        return []

    def leave_work(self, user, successor=None):
        """Free what the account holds; hand its open work over to a successor, if there is one."""

    def byline_changed(self, author):
        """Let readers find what an author signs by the new name alone."""

    # Links

    @on_account
    def link_view(self, request, user):
        """Send a new link to choose a password; one from before opens no more."""
        return self.show_invitation(request, user)

    def show_invitation(self, request, user):
        """Send an account its link, and show it to be copied where no mail goes out."""
        link = invitations.send(user, request)
        audit.record(Act.INVITED, user.email)
        title = _("New password for %s") if user.last_login else _("Invitation of %s")
        context = self.admin_site.each_context(request) | {
            "title": title % user,
            "opts": self.opts,
            "account": user,
            "link": link,
        }
        return TemplateResponse(request, "admin/authors/user/invitation.html", context)

    @on_account
    def revoke_view(self, request, user):
        """Close a link; the account of somebody who never came goes with it."""
        count, _rows = Invitation.objects.filter(user=user).delete()
        audit.record(Act.REVOKED, user.email)
        is_unused = user.last_login is None and not self.published_count(user)
        may_delete = self.has_delete_permission(request, user)
        if count and is_unused and may_delete and not self.open_work(user):
            user.delete()
            messages.success(request, _("The invitation is revoked, and the account removed."))
            return HttpResponseRedirect(reverse("admin:authors_user_changelist"))
        messages.success(request, _("The link opens nothing any more."))
        return self._back(user)

    # The door

    @on_account
    def end_sessions_view(self, request, user):
        if user == request.user:  # whose own page spares the session that asks
            return HttpResponseRedirect(reverse("usersessions_list"))
        sessions.end_all(user)
        audit.record(Act.SESSIONS, user.email)
        messages.success(request, _("All sessions of %s are over.") % user)
        return self._back(user)

    @on_account
    def reset_factor_view(self, request, user):
        """Take a lost second factor away, end the sessions, and tell the person."""
        if user == request.user:  # whose own page keeps the last one where one is required
            return HttpResponseRedirect(reverse("mfa_index"))
        Authenticator.objects.filter(user=user).delete()
        sessions.end_all(user)
        audit.record(Act.FACTOR, f"- {user.email}")
        get_adapter().send_notification_mail("account/email/factor_reset", user)
        messages.success(request, _("The second factor of %s is taken away.") % user)
        return self._back(user)

    # Leaving

    @on_account
    @transaction.atomic
    def leave_view(self, request, user):
        """Close an account: sessions end at once, byline and history stay."""
        hold()
        if user == request.user or are_all([user]):
            raise PermissionDenied
        form = LeavingForm(posted(request), user)
        if request.method == "POST" and form.is_valid():
            self.leave_work(user, form.cleaned_data["successor"])
            leaving.deactivate(user)
            audit.record(Act.CLOSED, user.email)
            messages.success(request, _("%s cannot sign in any more.") % user)
            return self._back(user)
        context = {"title": _("Deactivate %s") % user, "form": form, "work": self.open_work(user)}
        return self._page(request, "admin/authors/user/leave.html", user, context)

    @on_account
    def reopen_view(self, request, user):
        User.objects.filter(pk=user.pk).update(is_active=True)
        audit.record(Act.REOPENED, user.email)
        messages.success(request, _("%s may sign in again.") % user)
        return self._back(user)

    @on_account
    def erase_view(self, request, user):
        """Erase what is known of a person who has left (RGPD, article 17)."""
        if user.is_active:
            raise PermissionDenied
        author = getattr(user, "author", None)
        form = ErasingForm(posted(request), initial={"byline": author or user.name})
        if request.method == "POST" and form.is_valid():
            author = leaving.erase(user, form.cleaned_data["byline"])
            self.byline_changed(author)
            audit.record(Act.ERASED, _("account %d") % user.pk)
            messages.success(request, _("The person's data are erased."))
            return self._back(user)
        context = {"title": _("Erase the data of %s") % user, "form": form, "author": author}
        return self._page(request, "admin/authors/user/erase.html", user, context)

    def _page(self, request, template, user, context):
        frame = self.admin_site.each_context(request) | {"opts": self.opts, "account": user}
        return TemplateResponse(request, template, frame | context)

    def _back(self, user):
        return HttpResponseRedirect(reverse("admin:authors_user_change", args=[user.pk]))
