"""Showing a draft to an outsider: links that expire, are counted and can be revoked."""

from django import forms
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from django.views.decorators.http import require_POST

from articles.admin.article_pages import ArticlePages
from articles.models import SharedPreview


class ShareForm(forms.Form):
    hours = forms.TypedChoiceField(
        label=_("Opens for"),
        coerce=int,
        initial=SharedPreview.DEFAULT_HOURS,
        choices=[
            (hours, ngettext_lazy("%d hour", "%d hours", hours) % hours)
            for hours in SharedPreview.HOURS
        ],
    )


class ArticleSharing(ArticlePages):
    """The part of the article's admin that shares a working copy."""

    def get_urls(self):
        desk = self.admin_site.admin_view
        own = [
            path("<int:pk>/share/", desk(self.share_view), name="articles_article_share"),
            path(
                "<int:pk>/share/<int:link>/revoke/",
                desk(self.revoke_view),
                name="articles_article_revoke",
            ),
        ]
        return own + super().get_urls()

    def share_view(self, request, pk):
        """The links of an article, and a form for one more."""
        article = self._editable(request, pk)
        form = ShareForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            SharedPreview.share(article, by=request.user, hours=form.cleaned_data["hours"])
            self.message_user(request, _("The link is ready: copy it below."), messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:articles_article_share", args=[pk]))
        return self.page(
            request,
            "share",
            article,
            title=_("Show the draft to somebody"),
            form=form,
            links=SharedPreview.objects.filter(article=article).select_related("created_by"),
        )

    @method_decorator(require_POST)
    def revoke_view(self, request, pk, link):
        """Close a link before its time."""
        article = self._editable(request, pk)
        link = get_object_or_404(SharedPreview, pk=link, article=article)
        SharedPreview.objects.filter(pk=link.pk).update(revoked_at=timezone.now())
        self.message_user(request, _("The link opens no more."), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:articles_article_share", args=[pk]))
