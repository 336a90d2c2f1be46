"""The article's form: its fields and what they refuse, and the corrections beside."""

import re
from typing import TYPE_CHECKING, cast
from uuid import uuid4

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminSplitDateTime, AutocompleteSelect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from articles.admin.widgets import AuthorsField, BodyField, TagsField
from articles.desk.checks import blocking
from articles.desk.content import FIELDS, content_of_form, moment_as_text
from articles.desk.workflow import embargo_reason
from articles.models import Article, Correction
from articles.publishing.addresses import free_slug, holder_of, taken_reason
from articles.reading.querysets import live_now
from articles.slugs import slugify

if TYPE_CHECKING:
    from django.http import QueryDict


def one_newline(data):
    """Return posted data with the newlines of the database: browsers send two characters.

    Otherwise a text that nobody touched would seem changed.
    """
    data = data.copy()
    for name, values in data.lists():
        data.setlist(name, [str(value).replace("\r\n", "\n") for value in values])
    return data


class ArticleForm(forms.ModelForm):
    body = BodyField(label=_("Text"), required=False)
    tags = TagsField(label=_("Tags"), required=False)
    bylines = AuthorsField(
        label=_("Bylines"), required=False, help_text=_("In the order in which they sign.")
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    seen_moments = forms.CharField(widget=forms.HiddenInput, required=False)
    buffer_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    resumed_from = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label=_("Why (optional)"),
        required=False,
        max_length=200,
        help_text=_("A line for the history: “new figures from the ministry”."),
    )
    publish_at = forms.SplitDateTimeField(
        label=_("Publish at"), required=False, widget=AdminSplitDateTime
    )
    is_minor = forms.BooleanField(
        label=_("Minor fix"),
        required=False,
        help_text=_("The date of the last update stays as it is."),
    )
    withdraw_at = forms.SplitDateTimeField(
        label=_("Withdraw at"),
        required=False,
        widget=AdminSplitDateTime,
        help_text=_("From this moment on, readers see it no more. Empty: never."),
    )
    embargo_until = forms.SplitDateTimeField(
        label=_("Embargo until"),
        required=False,
        widget=AdminSplitDateTime,
        help_text=_("Before this moment, publishing is refused."),
    )

    class Meta:
        model = Article
        fields = [
            "kicker",
            "title",
            "standfirst",
            "body",
            "section",
            "genre",
            "tags",
            "hero_image",
            "hero_caption",
            "slug",
            "seo_title",
            "seo_description",
            "canonical_url",
            "robots",
            "translations",
            "ai_use",
            "ai_note",
            "ai_reviewed_by",
            "ai_reviewed_on",
            "mining",
            "embargo_until",
            "embargo_note",
            "related",
        ]
        widgets = {
            "standfirst": forms.Textarea(attrs={"rows": 3}),
            "title": forms.Textarea(attrs={"rows": 2}),
            "seo_description": forms.Textarea(attrs={"rows": 3}),
            "translations": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, data=None, *args, **kwargs):
        super().__init__(data and one_newline(data), *args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
        for field in self.fields.values():  # browsers would cut what is too long, silently
            field.widget.attrs.pop("maxlength", None)
        if self.instance.pk:
            self.initial["seen_version"] = self.instance.version
            self.initial["seen_moments"] = moments_of(self.instance.copy)
            self.initial["buffer_key"] = uuid4()
            self.initial["tags"] = [tag.pk for tag in self.instance.tags.all()]
            self.initial["bylines"] = [byline.author_id for byline in self.instance.bylines.all()]
            self.initial.update(getattr(self.instance, "resumed", {}))
        copy = self.instance.copy
        if copy and copy.is_scheduled and "publish_at" in self.fields:
            self.initial.setdefault("publish_at", copy.published_at)
        if copy and not copy.is_over and "withdraw_at" in self.fields:
            self.initial.setdefault("withdraw_at", copy.withdrawn_at)

    def has_changed(self):
        """Say whether the content changed; the reason and the moment are none."""
        return bool(set(self.changed_data) & set(FIELDS))

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())

    def clean_slug(self):
        """Give an empty or untouched slug a free number; refuse one typed by hand that is taken."""
        slug, title = self.cleaned_data["slug"], self.cleaned_data.get("title", "")
        if not slug or self._follows_title(slug, title):
            return free_slug(title, self.instance)
        if holder := holder_of(slug, article=self.instance):
            raise forms.ValidationError(taken_reason(holder))
        return slug

    def clean_ai_reviewed_on(self):
        """Give a review without a day today's; refuse a day that is still to come."""
        day, today = self.cleaned_data["ai_reviewed_on"], timezone.localdate()
        if day and day > today:
            raise forms.ValidationError(_("This day is still to come."))
        return day or (today if self.cleaned_data.get("ai_reviewed_by") else None)

    def _follows_title(self, slug, title) -> bool:
        """Say whether an address is the title's own, typed by nobody and never public."""
        if slug != self.instance.slug:
            return slug == slugify(title)
        made = slugify(self.initial.get("title", ""))
        untouched = re.fullmatch(re.escape(made) + r"(-\d+)?", slug)
        was_public = self.instance.copy or self.instance.last_public_slug
        return bool(untouched) and not was_public and slugify(title) != made

    def clean(self):
        data = super().clean() or self.cleaned_data
        if ("_publish" in self.data or "_schedule" in self.data) and not self.errors:
            for line in blocking(content_of_form(self), self.instance):
                self.add_error(line.field if line.field in self.fields else None, line.text)
            self._respect_embargo(data)
        self._keep_schedule_out_of_embargo(data)
        if "_schedule" in self.data and not self.errors.get("publish_at"):
            moment = data.get("publish_at")
            if moment is None:
                self.add_error("publish_at", _("Say when the article is to be published."))
            elif moment <= timezone.now():
                self.add_error("publish_at", _("This moment is past."))
        self._refuse_a_withdrawal_before(data)
        self._refuse_to_undo_a_colleagues_dates(data)
        return data

    def _refuse_to_undo_a_colleagues_dates(self, data):
        """Ask again when the dates were set otherwise since this form was opened."""
        copy = self.instance.copy
        present = moments_of(copy)
        if "withdraw_at" not in self.fields or data.get("seen_moments", "") == present:
            return
        is_setting = "_publish" in self.data or "_schedule" in self.data
        changes_end = copy and data.get("withdraw_at") != copy.withdrawn_at
        if "seen_moments" in self.data and (is_setting or changes_end):
            cast("QueryDict", self.data)["seen_moments"] = present  # pressed again, it is meant
            said = _(
                "A colleague set the dates since you opened this form (%s): check them, then go on."
            )
            self.add_error("withdraw_at", said % (moments_in_words(copy) or _("none now")))

    def _refuse_a_withdrawal_before(self, data):
        """Refuse to withdraw before readers see it, and in the past."""
        copy, end = self.instance.copy, data.get("withdraw_at")
        start = copy.published_at if copy else None
        if "_schedule" in self.data:
            start = data.get("publish_at")
        elif "_publish" in self.data:
            start = None
        if end and end <= max(start or timezone.now(), timezone.now()):
            self.add_error("withdraw_at", _("Readers would never see it: withdraw it later."))

    def _keep_schedule_out_of_embargo(self, data):
        """Refuse an embargo that a publication already scheduled would break."""
        copy, until = self.instance.copy, data.get("embargo_until")
        is_scheduled = copy and copy.is_scheduled and "_schedule" not in self.data
        if is_scheduled and until and copy.published_at < until:
            said = _("The article is scheduled before that: schedule it later, or withdraw it.")
            self.add_error("embargo_until", said)

    def _respect_embargo(self, data):
        """Refuse, beside the field, to publish before the embargo ends."""
        asked = Article(
            embargo_until=data.get("embargo_until"), embargo_note=data.get("embargo_note", "")
        )
        at = data.get("publish_at") if "_schedule" in self.data else None
        if said := embargo_reason(asked, at):
            self.add_error("embargo_until", said)


def moments_of(copy) -> str:
    """Return the moments of a readers' copy as a form remembers them; "" of none."""
    moments = [copy.published_at, copy.withdrawn_at] if copy else []
    return "/".join(moment_as_text(moment) for moment in moments)


def moments_in_words(copy) -> str:
    """Say from when, and until when, readers see a copy; "" of none."""
    moments = [copy.published_at, copy.withdrawn_at] if copy else []
    words = [
        date_format(timezone.localtime(moment), "DATETIME_FORMAT")
        for moment in filter(None, moments)
    ]
    return " – ".join(words)


class WithdrawForm(forms.Form):
    """The article's successor, if there is one: something else that readers can open."""

    def __init__(self, article, *args, **kwargs):
        super().__init__(*args, **kwargs)
        live = Article.objects.filter(live_now("published__"))
        relation = Article.related.through._meta.get_field("to_article")
        self.fields["successor"] = forms.ModelChoiceField(
            live.exclude(pk=article.pk),
            label=_("Article that takes its place"),
            required=False,
            widget=AutocompleteSelect(relation, admin.site),
            help_text=_("Its old address then leads there; left empty, it says that it is gone."),
        )


class CorrectionInline(admin.StackedInline):
    model = Correction
    extra = 0
    fields = ["wrong", "right"]
    verbose_name_plural = _("corrections shown to readers")

    def get_extra(self, request, obj=None, **kwargs):
        return len(getattr(obj, "resumed", {}).get("corrections", []))

    def has_change_permission(self, request, obj=None):
        return False  # a correction stands; another one amends it

    def has_delete_permission(self, request, obj=None):
        return False
