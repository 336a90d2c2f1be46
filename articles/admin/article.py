"""The article's list and what the buttons of its form do: where journalists live."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from articles.admin.article_form import (
    ArticleForm,
    CorrectionInline,
    WithdrawForm,
)
from articles.desk import rights, workflow
from articles.desk.preview import preview
from articles.models import Article, Correction
from articles.publishing import PublishingError, publish, unpublish
from articles.publishing.addresses import free_slug
from articles.publishing.typography import typeset

State = Article.State


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return State.choices

    def queryset(self, request, queryset):
        return queryset.filter(state_now=self.value()) if self.value() else queryset


@admin.register(Article)
class ArticleAdmin(admin.ModelAdmin):
    form = ArticleForm
    inlines = [CorrectionInline]
    fieldsets = [
        (None, {"fields": ["kicker", "title", "standfirst", "body"]}),
        (_("Publication"), {"classes": ["aside"], "fields": ["shown_state", "publish_at"]}),
        (
            _("Place"),
            {
                "classes": ["aside"],
                "fields": ["authors", "section", "tags", "hero_image", "hero_caption"],
            },
        ),
        (
            _("Address and search engines"),
            {"classes": ["aside", "collapse"], "fields": ["slug", "seo_title", "seo_description"]},
        ),
        (
            _("Colleagues and further reading"),
            {"classes": ["aside", "collapse"], "fields": ["notes", "related"]},
        ),
    ]
    readonly_fields = ["shown_state"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["section", "hero_image", "related"]

    list_display = ["headline", "state_badge", "section", "signed", "last_change", "public_date"]
    list_display_links = ["headline"]
    list_select_related = ["section", "published"]
    list_filter = [StateFilter, "section"]
    search_fields = ["title", "slug", "standfirst"]
    date_hierarchy = "published__published_at"
    list_per_page = 50
    show_full_result_count = False
    view_on_site = False  # the state says where readers see it, if they do
    actions = ["submit"]

    class Media:
        js = ["js/article-form.js"]

    # Who sees and changes what

    def get_queryset(self, request):
        return rights.visible_to(request.user).with_state().prefetch_related("bylines__author")

    def has_view_permission(self, request, obj=None):
        return rights.may_edit(request.user, obj)

    has_change_permission = has_view_permission

    def get_inlines(self, request, obj):
        """Corrections are for published articles."""
        may_correct = obj and obj.copy and rights.may_publish(request.user)
        return self.inlines if may_correct else []

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if rights.may_publish(request.user):
            return fieldsets
        return [
            (name, options | {"fields": [f for f in options["fields"] if f != "publish_at"]})
            for name, options in fieldsets
        ]

    # The list

    @admin.display(description=_("title"), ordering="title")
    def headline(self, article):
        return typeset(article.title)

    @admin.display(description=_("state"))
    def state_badge(self, article):
        state = State(article.state_now)
        return format_html('<span class="state state-{}">{}</span>', state.value, state.label)

    @admin.display(description=_("signed"))
    def signed(self, article):
        return ", ".join(byline.author.name for byline in article.bylines.all())

    @admin.display(description=_("last change"), ordering="updated_at")
    def last_change(self, article):
        return article.updated_at

    @admin.display(description=_("published"), ordering="published__published_at")
    def public_date(self, article):
        return article.copy.published_at if article.copy else None

    @admin.action(description=_("Submit the selected articles for review"), permissions=["change"])
    def submit(self, request, queryset):
        drafts = queryset.filter(stage=Article.Stage.DRAFT, published__isnull=True)
        count = 0
        for article in drafts:
            workflow.submit(article)
            count += 1
        said = ngettext("%d article submitted.", "%d articles submitted.", count) % count
        self.message_user(request, said, messages.SUCCESS if count else messages.WARNING)

    # The form

    @admin.display(description=_("state"))
    def shown_state(self, article):
        if not article.pk:
            return gettext("not saved yet")
        copy, label = article.copy, article.state.label
        if copy is None:
            return label
        date = date_format(timezone.localtime(copy.published_at), "DATETIME_FORMAT")
        said = _("from %s") if article.state == State.SCHEDULED else _("since %s")
        if article.state == State.SCHEDULED:
            return format_html("{}<br>{}", label, said % date)
        address = copy.get_absolute_url()
        return format_html(
            '{}<br>{}<br><a href="{}">{}</a>',
            label,
            said % date,
            address,
            _("See it as readers do"),
        )

    def get_changeform_initial_data(self, request):
        """Sign a new article with the byline of whoever begins it."""
        author = getattr(request.user, "author", None)
        return super().get_changeform_initial_data(request) | (
            {"authors": [author.pk]} if author else {}
        )

    def save_model(self, request, obj, form, change):
        if not change:
            obj.created_by = request.user
        try:
            with transaction.atomic():
                super().save_model(request, obj, form, change)
        except IntegrityError:  # a colleague took this address since the form was checked
            obj.slug = free_slug(obj.title, obj)
            super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        for formset in formsets:
            if formset.model is Correction:
                for extra in formset.extra_forms:
                    extra.instance.corrected_by = request.user
        super().save_related(request, form, formsets, change)
        form.instance.sign(form.cleaned_data["authors"])
        if change and (form.has_changed() or any(formset.has_changed() for formset in formsets)):
            form.instance.touch()

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        state = obj.state if obj else None
        publisher = rights.may_publish(request.user)
        context |= {
            "may_publish": publisher,
            "is_public": bool(obj and obj.copy and obj.copy.is_live),
            "may_withdraw": publisher and bool(obj and obj.copy),
            "may_submit": state in {None, State.DRAFT, State.CHANGED, State.WITHDRAWN},
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def response_add(self, request, obj, post_url_continue=None):
        return self._after_saving(request, obj) or super().response_add(request, obj)

    def response_change(self, request, obj):
        return self._after_saving(request, obj) or super().response_change(request, obj)

    def _after_saving(self, request, obj):
        """Do what the pressed button says besides saving; None when it says no more."""
        form = HttpResponseRedirect(reverse("admin:articles_article_change", args=[obj.pk]))
        if "_preview" in request.POST:
            return HttpResponseRedirect(reverse("admin:articles_article_preview", args=[obj.pk]))
        if "_submit" in request.POST:
            workflow.submit(obj)
            self.message_user(request, _("Saved and submitted for review."), messages.SUCCESS)
            return form
        if "_publish" in request.POST or "_schedule" in request.POST:
            self._publish(request, obj)
            return form
        return None

    def _publish(self, request, obj):
        if not rights.may_publish(request.user):
            raise PermissionDenied
        at = self._moment(request) if "_schedule" in request.POST else None
        try:
            copy = publish(obj, by=request.user, at=at)
        except PublishingError as error:
            self.message_user(request, _("Saved, but not published."), messages.WARNING)
            for message in error.messages:
                self.message_user(request, message, messages.ERROR)
            return
        if copy.is_live:
            said = gettext("Published: readers see the article now.")
        else:
            date = date_format(timezone.localtime(copy.published_at), "DATETIME_FORMAT")
            said = gettext("Scheduled: readers will see the article from %s.") % date
        self.message_user(request, said, messages.SUCCESS)

    def _moment(self, request):
        """Return the moment typed in the form, which the form has checked already."""
        field = ArticleForm.base_fields["publish_at"]
        return field.clean(field.widget.value_from_datadict(request.POST, {}, "publish_at"))

    # Pages of its own

    def get_urls(self):
        own = [
            path(
                "<int:pk>/preview/",
                self.admin_site.admin_view(self.preview_view),
                name="articles_article_preview",
            ),
            path(
                "<int:pk>/withdraw/",
                self.admin_site.admin_view(self.withdraw_view),
                name="articles_article_withdraw",
            ),
        ]
        return own + super().get_urls()

    def preview_view(self, request, pk):
        """The readers' page of the working copy, for those who may edit it."""
        article = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        context = {"article": preview(article), "working_copy": article}
        response = render(request, "admin/articles/article/preview.html", context)
        response.headers["Cache-Control"] = "no-store"
        return response

    def withdraw_view(self, request, pk):
        """Ask, then take the article away from the readers."""
        if not rights.may_publish(request.user):
            raise PermissionDenied
        article = get_object_or_404(self.get_queryset(request), pk=pk, published__isnull=False)
        form = WithdrawForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            successor = form.cleaned_data["successor"]
            unpublish(article, by=request.user, successor=successor and successor.published)
            self.message_user(
                request, _("Withdrawn: readers do not see it any more."), messages.SUCCESS
            )
            return HttpResponseRedirect(reverse("admin:articles_article_change", args=[pk]))
        context = self.admin_site.each_context(request) | {
            "title": _("Withdraw the article"),
            "article": article,
            "form": form,
            "media": self.media + form.media,
            "opts": self.opts,
        }
        return render(request, "admin/articles/article/withdraw.html", context)
