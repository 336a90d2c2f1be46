"""The working copy as readers would get it: at three widths, light and dark, as a shared card."""

from django.conf import settings
from django.shortcuts import render
from django.urls import path
from django.utils.csp import CSP
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override

from articles.admin.article_autosave import ArticleAutosave
from articles.desk import autosave
from articles.desk.appearance import appearance
from articles.desk.content import content_of
from articles.desk.preview import preview, preview_of

DEVICES = {"phone": _("Phone"), "tablet": _("Tablet"), "desktop": _("Desktop")}
THEMES = {"light": _("Light"), "dark": _("Dark")}


def framed(view):
    """Let a page of the desk stand in a frame of another page of the desk."""
    policy: dict[str, list[str]] = {**settings.SECURE_CSP, "frame-ancestors": [CSP.SELF]}
    return xframe_options_sameorigin(csp_override(policy)(view))


class ArticlePreview(ArticleAutosave):
    """The part of the article's admin that shows what readers would see."""

    def get_urls(self):
        desk, name = self.admin_site.admin_view, "articles_article_{}".format
        own = [
            path("<int:pk>/viewer/", desk(self.viewer_view), name=name("viewer")),
            path("<int:pk>/preview/", desk(self.preview_view), name=name("preview")),
            path(
                "preview/<uuid:key>/", desk(self.preview_buffer_view), name=name("preview_buffer")
            ),
        ]
        return own + super().get_urls()

    def viewer_view(self, request, pk):
        """The preview in a frame: ?device=phone&theme=dark, and the shared card."""
        article = self._editable(request, pk)
        device, theme = request.GET.get("device", ""), request.GET.get("theme", "")
        return self.page(
            request,
            "viewer",
            article,
            title=_("Preview"),
            devices=DEVICES,
            device=device if device in DEVICES else "desktop",
            themes=THEMES,
            theme=theme if theme in THEMES else "light",
            appearance=appearance(content_of(article)),
        )

    @method_decorator(framed)
    def preview_view(self, request, pk):
        """The readers' page of the working copy as it is saved: ?theme=dark."""
        article = self._editable(request, pk)
        return self._preview(request, preview(article), article)

    @method_decorator(framed)
    def preview_buffer_view(self, request, key):
        """The readers' page of what stands in one's own open form, as far as it is kept."""
        buffer = self._buffer(request, key)
        shown = preview_of(autosave.content_of(buffer), buffer.article)
        return self._preview(request, shown, buffer.article)

    def _preview(self, request, shown, article):
        theme = request.GET.get("theme", "")
        context = {
            "article": shown,
            "working_copy": article,
            "theme": theme if theme in THEMES else "",
        }
        response = render(request, "admin/articles/article/preview.html", context)
        response.headers["Cache-Control"] = "no-store"
        return response
