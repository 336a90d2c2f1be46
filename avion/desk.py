"""The desk's frame: Django's admin under our name."""

from functools import wraps
from urllib.parse import urlencode

from django.contrib.admin import AdminSite, site
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.i18n import JavaScriptCatalog


class Suggestions(AutocompleteJsonView):
    """What search fields propose, with the number of uses where it is known (`use_count`)."""

    def serialize_result(self, obj, to_field_name):
        from articles.desk.labels import label

        result = super().serialize_result(obj, to_field_name)
        result["text"] = label(obj)
        uses = getattr(obj, "use_count", None)
        return result if uses is None else result | {"uses": uses}


def frame(request):
    """What the door's pages need to stand in the desk's frame."""
    if not request.path.startswith(reverse("account")):
        return {}
    return site.each_context(request)


class Desk(AdminSite):
    site_header = _("The desk")
    site_title = _("The desk")
    index_title = _("The newsroom")
    enable_nav_sidebar = False

    def admin_view(self, view, cacheable=False):
        """Ask whoever deletes, whatever it is, to have shown lately who they are."""
        from authors.door.confirming import ask_again

        @wraps(view)
        def asked_before_deleting(request, *args, **kwargs):
            is_deletion = request.path.endswith("/delete/")
            if request.method == "POST" and (
                is_deletion or request.POST.get("action") == "delete_selected"
            ):
                ask_again(request)
            return view(request, *args, **kwargs)

        return super().admin_view(asked_before_deleting, cacheable)

    def login(self, request, extra_context=None):
        """Lead to the door, and from there back to where somebody wanted to go."""
        if self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        if request.user.is_authenticated:
            raise PermissionDenied  # signed in, and does not work at the desk
        wanted = request.GET.get(REDIRECT_FIELD_NAME)
        query = f"?{urlencode({REDIRECT_FIELD_NAME: wanted})}" if wanted else ""
        return HttpResponseRedirect(f"{reverse('account_login')}{query}")

    def password_change(self, request, extra_context=None):
        return HttpResponseRedirect(reverse("account_change_password"))

    def index(self, request, extra_context=None):
        """What waits for the one who signs in, above all that the desk holds."""
        from articles.desk.dashboard import dashboard

        context: dict = {}
        if request.user.has_perm("articles.change_article"):
            context["dashboard"] = dashboard(request.user)
            context["may_arrange"] = request.user.has_perm("articles.publish_article")
        if request.user.has_perm("avion.change_sitesettings"):
            context["missing_settings"] = request.site.missing()
            context["may_move"] = True
        return super().index(request, context | (extra_context or {}))

    def get_urls(self):
        from avion import moving
        from avion.front import front_view, preview_view

        job = "moving/<slug:token>/"
        return [
            path("moving/", self.admin_view(moving.moving_view), name="moving"),
            path("moving/export/", self.admin_view(moving.export_view), name="moving_export"),
            path(job, self.admin_view(moving.job_view), name="moving_job"),
            path(f"{job}mapping/", self.admin_view(moving.mapping_view), name="moving_mapping"),
            path(f"{job}report/", self.admin_view(moving.report_view), name="moving_report"),
            path(f"{job}result/", self.admin_view(moving.result_view), name="moving_result"),
            path("front/", self.admin_view(front_view), name="front"),
            path("front/preview/", self.admin_view(preview_view), name="front_preview"),
            *super().get_urls(),
        ]

    def autocomplete_view(self, request):
        return Suggestions.as_view(admin_site=self)(request)

    def i18n_javascript(self, request, extra_context=None):
        """All that scripts say, ours and the editor's included, not the admin's alone."""
        return JavaScriptCatalog.as_view()(request)
