"""The editorial calendar: a month of scheduled and published stories, and their moments moved."""

from datetime import date, timedelta

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from articles.admin.article_pages import ArticlePages
from articles.desk import calendar, rights, workflow
from articles.publishing import PublishingError


class MoveForm(forms.Form):
    at = forms.DateTimeField(input_formats=["%Y-%m-%dT%H:%M"])


class ArticleCalendar(ArticlePages):
    """The part of the article's admin that plans."""

    def get_urls(self):
        desk, name = self.admin_site.admin_view, "articles_article_{}".format
        own = [
            path("calendar/", desk(self.calendar_view), name=name("calendar")),
            path("<int:pk>/move/", desk(self.move_view), name=name("move")),
        ]
        return own + super().get_urls()

    def calendar_view(self, request):
        """A month: ?month=2026-11, this one without."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        first = self._month(request)
        weeks = calendar.month(request.user, first.year, first.month)
        context = self.admin_site.each_context(request) | {
            "title": _("Editorial calendar"),
            "opts": self.opts,
            "month": first,
            "before": first - timedelta(days=1),
            "after": (first + timedelta(days=31)).replace(day=1),
            "weeks": weeks,
            "is_empty": not any(day.articles for week in weeks for day in week),
            "today": timezone.localdate(),
            "may_move": rights.may_publish(request.user),
        }
        return render(request, "admin/articles/article/calendar.html", context)

    def _month(self, request) -> date:
        asked = request.GET.get("month", "")
        if not asked:
            return timezone.localdate().replace(day=1)
        try:
            month = date.fromisoformat(f"{asked}-01")
        except ValueError as error:
            raise Http404 from error
        if not 1900 <= month.year <= 2200:
            raise Http404
        return month

    @method_decorator(require_POST)
    def move_view(self, request, pk):
        """Move a scheduled story to another moment, and go back to the month that shows it."""
        if not rights.may_publish(request.user):
            raise PermissionDenied
        article = get_object_or_404(self.get_queryset(request), pk=pk)
        form = MoveForm(request.POST)
        address = reverse("admin:articles_article_calendar")
        if not form.is_valid():
            self.message_user(request, _("Say to which moment."), messages.ERROR)
            return HttpResponseRedirect(address)
        at = form.cleaned_data["at"]
        try:
            workflow.reschedule(article, at, by=request.user)
        except PublishingError as error:
            for message in error.messages:
                said = gettext("“%(title)s”: %(message)s") % {"title": article, "message": message}
                self.message_user(request, said, messages.ERROR)
        else:
            said = gettext("“%(title)s” goes live on %(date)s.")
            when = date_format(timezone.localtime(at), "DATETIME_FORMAT")
            said %= {"title": article, "date": when}
            self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(f"{address}?month={timezone.localtime(at):%Y-%m}")
