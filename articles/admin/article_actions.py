"""Actions on many articles: asked first, reported row by row."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import AutocompleteSelect
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from articles.admin.article_pages import ArticlePages
from articles.admin.widgets import TagsField
from articles.desk import bulk, rights
from articles.models import Byline, Section, Tag, Tagging
from authors.models import Author

AT_ONCE = 200  # articles; each has a transaction and a row in the report
REATTRIBUTED = 2000  # at once: a whole site that was signed "admin"


class AssignForm(forms.Form):
    author = forms.ModelChoiceField(
        Author.objects.all(),
        label=_("Author"),
        widget=AutocompleteSelect(Byline._meta.get_field("author"), admin.site),
    )


class ReattributeForm(forms.Form):
    former = forms.ModelChoiceField(
        Author.objects.all(),
        label=_("In place of"),
        widget=AutocompleteSelect(Byline._meta.get_field("author"), admin.site),
    )
    author = forms.ModelChoiceField(
        Author.objects.all(),
        label=_("Author"),
        widget=AutocompleteSelect(Byline._meta.get_field("author"), admin.site),
    )


class SectionForm(forms.Form):
    section = forms.ModelChoiceField(Section.objects.all(), label=_("Section"))


class AddTagForm(forms.Form):
    tag = TagsField(label=_("Tag"), required=False)  # a new one is no choice among those there

    def clean_tag(self):
        """Return the one tag, or the name of a new one."""
        chosen = self.cleaned_data["tag"]
        if len(chosen) != 1:
            raise forms.ValidationError(_("Choose one tag."))
        return chosen[0]


class RemoveTagForm(forms.Form):
    tag = forms.ModelChoiceField(
        Tag.objects.all(),
        label=_("Tag"),
        widget=AutocompleteSelect(Tagging._meta.get_field("tag"), admin.site),
    )


@dataclass(frozen=True)
class BulkAction:
    """What the confirmation asks, with which form, and the step that does it (see desk/bulk.py)."""

    question: Promise
    step: Callable[..., str]
    form: type[forms.Form] = forms.Form
    most: int = AT_ONCE
    has_trial: bool = False  # the step takes `is_trial`, and says what it would do


BULK = {
    "submit": BulkAction(_("Submit these articles for review?"), bulk.submit),
    "assign": BulkAction(_("Let an author sign these articles?"), bulk.assign, AssignForm),
    "reattribute": BulkAction(
        _("Let these articles be signed by somebody else?"),
        bulk.reattribute,
        ReattributeForm,
        most=REATTRIBUTED,
        has_trial=True,
    ),
    "change_section": BulkAction(
        _("Move these articles to another section?"), bulk.change_section, SectionForm
    ),
    "add_tag": BulkAction(_("Add a tag to these articles?"), bulk.add_tag, AddTagForm),
    "remove_tag": BulkAction(
        _("Remove a tag from these articles?"), bulk.remove_tag, RemoveTagForm
    ),
    "withdraw": BulkAction(_("Withdraw these articles from the readers?"), bulk.withdraw),
}


class ArticleActions(ArticlePages):
    """The part of the article's admin that acts on many at once."""

    actions = list(BULK)

    @admin.action(description=_("Submit for review"), permissions=["change"])
    def submit(self, request, queryset):
        return self._bulk(request, queryset, "submit")

    @admin.action(description=_("Assign to an author"), permissions=["change"])
    def assign(self, request, queryset):
        return self._bulk(request, queryset, "assign")

    @admin.action(description=_("Change who signs"), permissions=["publish"])
    def reattribute(self, request, queryset):
        return self._bulk(request, queryset, "reattribute")

    @admin.action(description=_("Change the section"), permissions=["change"])
    def change_section(self, request, queryset):
        return self._bulk(request, queryset, "change_section")

    @admin.action(description=_("Add a tag"), permissions=["change"])
    def add_tag(self, request, queryset):
        return self._bulk(request, queryset, "add_tag")

    @admin.action(description=_("Remove a tag"), permissions=["change"])
    def remove_tag(self, request, queryset):
        return self._bulk(request, queryset, "remove_tag")

    @admin.action(description=_("Withdraw"), permissions=["publish"])
    def withdraw(self, request, queryset):
        return self._bulk(request, queryset, "withdraw")

    def has_publish_permission(self, request):
        return rights.may_publish(request.user)

    def _bulk(self, request, queryset, name):
        """Ask; once confirmed, act and show what became of each article."""
        action = BULK[name]
        articles = list(queryset[: action.most + 1])
        if len(articles) > action.most:
            said = _("At most %d articles at once: choose fewer.") % action.most
            self.message_user(request, said, messages.ERROR)
            return None
        is_confirmed = "confirmed" in request.POST
        form = action.form(request.POST if is_confirmed else None)
        is_trial, outcomes = "trial" in request.POST, None
        if is_confirmed and form.is_valid():
            choice = form.cleaned_data | ({"is_trial": True} if is_trial else {})
            outcomes = bulk.run(action.step, articles, request.user, **choice)
        context = self.admin_site.each_context(request) | {
            "title": action.question if outcomes is None or is_trial else _("What became of them"),
            "opts": self.opts,
            "action": name,
            "checkbox": ACTION_CHECKBOX_NAME,
            "articles": articles,
            "form": form,
            "media": self.media + form.media,
            "outcomes": outcomes,
            "has_trial": action.has_trial,
            "is_trial": is_trial,
            "was_done": any(outcome.is_done for outcome in outcomes or []),
        }
        return render(request, "admin/articles/article/bulk.html", context)
