"""Accounts with what people wrote: the accounts' own pages know no articles."""

from django.contrib import admin
from django.db import transaction
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Presence, PublishedByline
from articles.publishing import bylines
from authors.admin import AccountAdmin
from authors.models import User

admin.site.unregister(User)


@admin.register(User)
class WritingAccountAdmin(AccountAdmin):
    list_display = [*AccountAdmin.list_display, "article_count"]

    def get_queryset(self, request):
        signed = PublishedByline.objects.filter(author__user=OuterRef("pk")).order_by()
        count = signed.values("author__user").annotate(count=Count("pk")).values("count")
        return super().get_queryset(request).annotate(signed=Coalesce(Subquery(count), 0))

    @admin.display(description=_("articles"), ordering="signed")
    def article_count(self, user):
        return user.signed

    def published_count(self, user):
        own = Q(created_by=user) | Q(bylines__author__user=user)
        return Article.objects.filter(own, published__isnull=False).distinct().count()

    def open_work(self, user):
        return list(
            Article.objects.written_by(user).filter(published__isnull=True).for_labels()[:100]
        )

    def byline_changed(self, author):
        if author:
            bylines.reindex(author)

    @transaction.atomic
    def leave_work(self, user, successor=None):
        """Free the articles that the account has open; a successor gets its drafts, and edits them.

        Bylines stay: who wrote a draft goes on signing it until somebody says otherwise.
        """
        Presence.objects.filter(editor=user).delete()
        if successor:
            drafts = Article.objects.written_by(user).filter(published__isnull=True)
            Article.objects.filter(pk__in=drafts.values("pk")).update(created_by=successor)
