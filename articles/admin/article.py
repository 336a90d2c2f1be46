"""The article's list and form, declared: where journalists live."""

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.timesince import timeuntil
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from articles.admin.article_actions import ArticleActions
from articles.admin.article_calendar import ArticleCalendar
from articles.admin.article_form import ArticleForm, CorrectionInline
from articles.admin.article_notes import ArticleNotes
from articles.admin.article_preview import ArticlePreview
from articles.admin.article_saving import ArticleSaving
from articles.admin.article_sharing import ArticleSharing
from articles.admin.widgets import LabelledChoices
from articles.desk import rights
from articles.desk.figures import figures_of
from articles.models import Article
from articles.publishing.typography import typeset

State = Article.State
HIDDEN = [
    "seen_version",
    "seen_moments",
    "buffer_key",
    "resumed_from",
]  # what the form knows of itself


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return State.choices

    def queryset(self, request, queryset):
        return queryset.filter(state_now=self.value()) if self.value() else queryset


@admin.register(Article)
class ArticleAdmin(
    ArticleActions, ArticlePreview, ArticleCalendar, ArticleNotes, ArticleSharing, ArticleSaving
):
    form = ArticleForm
    inlines = [CorrectionInline]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "seen_version",
                    "seen_moments",
                    "buffer_key",
                    "resumed_from",
                    "kicker",
                    "title",
                    "standfirst",
                    "body",
                ]
            },
        ),
        (
            _("Publication"),
            {
                "classes": ["aside"],
                "fields": ["shown_state", "publish_at", "withdraw_at", "is_minor", "reason"],
            },
        ),
        (
            _("Embargo"),
            {"classes": ["aside", "collapse"], "fields": ["embargo_until", "embargo_note"]},
        ),
        (
            _("Place"),
            {
                "classes": ["aside"],
                "fields": ["bylines", "section", "genre", "tags", "hero_image", "hero_caption"],
            },
        ),
        (
            _("Address and search engines"),
            {
                "classes": ["aside", "collapse"],
                "fields": [
                    "slug",
                    "seo_title",
                    "seo_description",
                    "canonical_url",
                    "robots",
                    "translations",
                ],
            },
        ),
        (
            _("Artificial intelligence"),
            {
                "classes": ["aside", "collapse"],
                "fields": ["ai_use", "ai_note", "ai_reviewed_by", "ai_reviewed_on", "mining"],
            },
        ),
        (
            _("Further reading"),
            {"classes": ["aside", "collapse"], "fields": ["related"]},
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

    class Media:
        js = [
            "js/upload.js",
            "js/slug.js",
            "js/article-form.js",
            "js/autosave.js",
            "js/notes.js",
            "js/preview.js",
        ]

    # Who sees and changes what

    def get_queryset(self, request):
        return rights.visible_to(request.user).with_state().prefetch_related("bylines__author")

    def has_view_permission(self, request, obj=None):
        return rights.may_edit(request.user, obj)

    has_change_permission = has_view_permission

    def get_inlines(self, request, obj):
        """Corrections are for published articles."""
        may_correct = obj and obj.copy and rights.may_publish(request.user)
        # A form that was opened before the publication has no corrections to send.
        is_sent = request.method != "POST" or "corrections-TOTAL_FORMS" in request.POST
        return self.inlines if may_correct and is_sent else []

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        hidden = {"is_minor"}
        if not rights.may_publish(request.user):
            hidden = {"is_minor", "publish_at", "withdraw_at"}
        elif obj and obj.copy and obj.copy.is_live:
            hidden = {"publish_at"}
        return [
            (name, options | {"fields": [f for f in options["fields"] if f not in hidden]})
            for name, options in fieldsets
        ]

    def get_deleted_objects(self, objs, request):
        """Say which articles go, in words; what readers have is withdrawn first."""
        objs = list(objs)
        held = [
            gettext("“%s” is published or scheduled: withdraw it first.") % article
            for article in objs
            if article.copy
        ]
        names = [str(article) for article in objs]
        return names, {self.opts.verbose_name_plural: len(objs)}, set(), held

    # The list

    def get_changelist_instance(self, request):
        """Pass over a number in the address that is larger than a database counts."""
        try:
            return super().get_changelist_instance(request)
        except OverflowError as error:
            raise IncorrectLookupParameters from error

    def lookup_allowed(self, lookup, value, request):
        """Besides the filters, the articles of an author: their list leads here."""
        return lookup == "bylines__author" or super().lookup_allowed(lookup, value, request)

    @admin.display(description=_("title"), ordering="title")
    def headline(self, article):
        return typeset(article.title)

    @admin.display(description=_("state"))
    def state_badge(self, article):
        state = State(article.state_now)
        label = str(state.label)
        if state == State.SCHEDULED and article.version > article.copy.version:
            label = f"{label}, {State.CHANGED.label}"
        if article.embargo_until and article.embargo_until > timezone.now():
            label = f"{label}, {gettext('embargo')}"
        badge = format_html('<span class="state state-{}">{}</span>', state.value, label)
        if countdown := _countdown(article.copy):
            badge = format_html("{}<br><small>{}</small>", badge, countdown)
        return badge

    @admin.display(description=_("signed"))
    def signed(self, article):
        return ", ".join(byline.author.name for byline in article.bylines.all())

    @admin.display(description=_("last change"), ordering="updated_at")
    def last_change(self, article):
        return article.updated_at

    @admin.display(description=_("published"), ordering="published__published_at")
    def public_date(self, article):
        return article.copy.published_at if article.copy else None

    # The form

    @admin.display(description=_("state"))
    def shown_state(self, article):
        if not article.pk:
            return gettext("not saved yet")
        copy, label = article.copy, article.state.label
        if copy is None:
            return label
        lines = [label]
        if copy.is_over:
            lines.append(gettext("since %s") % moment(copy.withdrawn_at))
        else:
            said = gettext("from %s") if copy.is_scheduled else gettext("since %s")
            lines.append(said % moment(copy.published_at))
            if copy.withdrawn_at:
                lines.append(gettext("until %s") % moment(copy.withdrawn_at))
        if copy.is_scheduled and article.version > copy.version:
            lines.append(gettext("The text changed since: schedule it again."))
        if copy.is_live:
            said = gettext("See it as readers do")
            lines.append(format_html('<a href="{}">{}</a>', copy.get_absolute_url(), said))
            lines.append(_shown_figures(figures_of(article)))
        return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in lines))

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        """Further reading: what readers can open, and the drafts that one may see."""
        if db_field.name == "related":
            kwargs["queryset"] = rights.may_be_named_to(request.user).for_labels()
            kwargs["form_class"] = LabelledChoices
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Articles are begun on their own page, not in a window of another."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name == "related":
            field.widget.can_add_related = False
        return field

    def get_search_results(self, request, queryset, search_term):
        """Other forms' search fields find what readers can open, too."""
        if request.path == reverse("admin:autocomplete"):
            queryset = (
                queryset.model.objects.filter(
                    pk__in=rights.may_be_named_to(request.user).values("pk")
                )
                .for_labels()
                .order_by(*self.get_ordering(request) or ["-updated_at", "-pk"])
            )
        return super().get_search_results(request, queryset, search_term)

    def get_changeform_initial_data(self, request):
        """Sign a new article with the byline of whoever begins it."""
        author = getattr(request.user, "author", None)
        own = {"bylines": [author.pk]} if author else {}
        return own | super().get_changeform_initial_data(request)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        state = obj.state if obj else None
        publisher = rights.may_publish(request.user)
        context |= {
            "may_publish": publisher,
            "is_public": bool(obj and obj.copy and obj.copy.is_live),
            "may_withdraw": publisher and bool(obj and obj.copy),
            "may_send_back": publisher and state in {State.REVIEW, State.READY},
            "may_mark_ready": publisher and state in {State.DRAFT, State.REVIEW, State.CHANGED},
            "may_submit": state in {None, State.DRAFT, State.CHANGED, State.WITHDRAWN},
        }
        return super().render_change_form(request, context, add, change, form_url, obj)


def moment(when) -> str:
    """Write a moment in the site's time zone, in words."""
    return date_format(timezone.localtime(when), "DATETIME_FORMAT")


def _shown_figures(figures) -> str:
    """Say how often an article was opened in seven days, and how many came to its end."""
    said = ngettext(
        "Opened %(week)s time in 7 days, %(percent)d %% to the end; today: %(today)s.",
        "Opened %(week)s times in 7 days, %(percent)d %% to the end; today: %(today)s.",
        figures.week,
    )
    numbers = {
        name: number_format(getattr(figures, name), force_grouping=True)
        for name in ("week", "today")
    }
    return said % (numbers | {"percent": figures.finished_percent})


def _countdown(copy) -> str:
    """Say how long it is until readers see a copy, or see it no more; "" if neither is to come."""
    if copy is None or copy.is_over:
        return ""
    if copy.is_scheduled:
        return gettext("in %s") % timeuntil(copy.published_at, depth=2)
    if copy.withdrawn_at:
        return gettext("withdrawn in %s") % timeuntil(copy.withdrawn_at, depth=2)
    return ""
