"""Pages of an article besides its form: preview, withdrawal, history."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from articles.admin.article_form import ArticleForm, WithdrawForm
from articles.desk import history, rights, workflow
from articles.models import PublishedArticle
from articles.search import search
from articles.search.words import stems

REVISIONS_PER_PAGE = 50
FOUND_AT_MOST = 12
LOOKED_AT = 100  # the newest articles that hold the words, to find those with them in the title


class ArticlePages(admin.ModelAdmin):
    """The part of the article's admin that shows pages of their own."""

    def get_urls(self):
        desk, name = self.admin_site.admin_view, "articles_article_{}".format
        own = [
            path("find/", desk(self.find_view), name=name("find")),
            path("<int:pk>/withdraw/", desk(self.withdraw_view), name=name("withdraw")),
            path("<int:pk>/compare/", desk(self.compare_view), name=name("compare")),
            path("<int:pk>/restore/<int:revision>/", desk(self.restore_view), name=name("restore")),
        ]
        return own + super().get_urls()

    def _editable(self, request, pk):
        """Return the article, for those who may edit it; to others it does not exist."""
        article = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        return article

    def page(self, request, template, article, **context):
        common = self.admin_site.each_context(request) | {"opts": self.opts, "article": article}
        return render(request, f"admin/articles/article/{template}.html", common | context)

    def find_view(self, request):
        """Articles that readers can open, by words of their title: ?q=, for links in a text."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        words = request.GET.get("q", "").replace("\x00", "")[:100]
        live = PublishedArticle.objects.live().newest()
        live = search(words, is_typing=True) if words.strip() else live
        wanted = set(stems(words))

        def in_title(copy):
            """How many of the words stand in the title; the newest first among equals."""
            return len(wanted.intersection(stems(copy.title)))

        copies = live.for_headlines()[:LOOKED_AT]
        found = [
            {
                "title": copy.title,
                "address": copy.get_absolute_url(),
                "date": date_format(localtime(copy.published_at), "DATE_FORMAT"),
            }
            for copy in sorted(copies, key=in_title, reverse=True)[:FOUND_AT_MOST]
        ]
        return JsonResponse({"articles": found})

    def withdraw_view(self, request, pk):
        """Ask, then take the article away from the readers."""
        if not rights.may_publish(request.user):
            raise PermissionDenied
        article = get_object_or_404(self.get_queryset(request), pk=pk, published__isnull=False)
        form = WithdrawForm(article, request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            successor = form.cleaned_data["successor"]
            workflow.withdraw(article, by=request.user, successor=successor and successor.published)
            self.message_user(
                request, _("Withdrawn: readers do not see it any more."), messages.SUCCESS
            )
            return HttpResponseRedirect(reverse("admin:articles_article_change", args=[pk]))
        return self.page(
            request,
            "withdraw",
            article,
            title=_("Withdraw the article"),
            form=form,
            media=self.media + form.media,
        )

    def history_view(self, request, object_id, extra_context=None):
        """Who did what, when and why, and what the article was on another site before."""
        if not object_id.isdecimal():
            raise Http404
        article = self._editable(request, object_id)
        revisions = article.revisions.select_related("by").defer("content")
        online = (
            article.copy
            and revisions.filter(
                version=article.copy.version, act__in=[history.Act.PUBLISHED, history.Act.SCHEDULED]
            ).first()
        )
        return self.page(
            request,
            "history",
            article,
            title=_("History"),
            page=Paginator(revisions, REVISIONS_PER_PAGE).get_page(request.GET.get("p")),
            online=online,
            origin=article.origins.first(),
        )

    def compare_view(self, request, pk):
        """Two revisions, word by word, as the text reads: ?old=ID&new=ID."""
        article = self._editable(request, pk)
        numbers = [request.GET.get(name, "") for name in ("old", "new")]
        if not all(number.isdecimal() for number in numbers):
            raise Http404
        revisions = article.revisions.select_related("by")
        old, new = sorted(
            (get_object_or_404(revisions, pk=number) for number in numbers),
            key=lambda revision: revision.pk,
        )
        changes = [
            (ArticleForm.base_fields[change.name].label, change.paragraphs)
            for change in history.compare(old.content, new.content)
        ]
        return self.page(
            request,
            "compare",
            article,
            title=_("Compare two revisions"),
            old=old,
            new=new,
            changes=changes,
        )

    @method_decorator(require_POST)
    def restore_view(self, request, pk, revision):
        """Bring the working copy back to a revision; readers see nothing of it yet."""
        article = self._editable(request, pk)
        revision = get_object_or_404(article.revisions, pk=revision)
        workflow.restore(article, revision, by=request.user)
        date = date_format(localtime(revision.at), "DATETIME_FORMAT")
        said = gettext("The text of %s is back. Readers see it once it is published.") % date
        self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[pk]))
