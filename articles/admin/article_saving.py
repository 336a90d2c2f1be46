"""What the buttons of the article's form do. Nobody's text is ever overwritten unseen."""

from datetime import datetime

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.admin.article_form import ArticleForm
from articles.desk import autosave, history, rights, workflow
from articles.desk.content import content_of, content_of_form
from articles.desk.merging import merge
from articles.models import Article, Correction, Image, Section
from articles.publishing import PublishingError
from articles.publishing.addresses import free_slug

# Beginnings of the names of what a merge leaves alone.
PASSED_ON = (
    "publish_at",
    "withdraw_at",
    "seen_moments",
    "is_minor",
    "reason",
    "buffer_key",
    "resumed_from",
    "corrections-",
)

# Buttons that take the saved article one step on: (the step, for publishers alone, what is said).
STEPS = {
    "_submit": (workflow.submit, False, _("Saved and submitted for review.")),
    "_send_back": (workflow.send_back, True, _("Saved and sent back to its writer.")),
    "_ready": (workflow.mark_ready, True, _("Saved and marked ready.")),
}


class OvertakenError(Exception):
    """A colleague saved the article since this valid form was opened."""

    def __init__(self, form):
        super().__init__()
        self.form = form


class ArticleSaving(admin.ModelAdmin):
    """The part of the article's admin that writes: save, merge, submit, publish, schedule."""

    def get_object(self, request, object_id, from_field=None):
        """Hold the working copy while it is being saved, and keep what it held before."""
        article = super().get_object(request, object_id, from_field)
        if article is None or request.method != "POST":
            return article
        Article.objects.select_for_update(of=["self"], no_key=True).get(pk=article.pk)
        article = super().get_object(request, object_id, from_field)
        history.keep_base(article)
        return article

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if "_saveasnew" in request.POST:  # Django would obey even where no button offers it
            raise PermissionDenied
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except OvertakenError as overtaken:
            return self._merge_page(request, overtaken.form)

    def save_model(self, request, obj, form, change):
        if change and form.cleaned_data["seen_version"] != obj.version:
            raise OvertakenError(form)
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
        known = rights.may_be_named_to(request.user).values("pk")
        unseen = list(form.instance.related.exclude(pk__in=known))  # not the form's to drop
        super().save_related(request, form, formsets, change)
        form.instance.related.add(*unseen)
        form.instance.sign(form.cleaned_data["bylines"])
        changed = form.has_changed() or any(formset.has_changed() for formset in formsets)
        if change and changed:
            form.instance.touch()
        form.instance.is_new_content = changed or not change
        autosave.forget(request.user, form.cleaned_data["buffer_key"])
        autosave.forget_resumed(request.user, form.cleaned_data["resumed_from"])

    def response_add(self, request, obj, post_url_continue=None):
        return self._after_saving(request, obj)

    def response_change(self, request, obj):
        return self._after_saving(request, obj)

    def _after_saving(self, request, obj):
        """Do what the pressed button says besides saving, and go where it leads."""
        form = HttpResponseRedirect(reverse("admin:articles_article_change", args=[obj.pk]))
        act = {"by": request.user, "reason": request.POST.get("reason", "").strip()[:200]}
        for button, (step, is_for_publishers, said) in STEPS.items():
            if button in request.POST:
                if is_for_publishers:
                    self._require_publisher(request)
                step(obj, **act)
                self.message_user(request, said, messages.SUCCESS)
                return form
        if "_publish" in request.POST or "_schedule" in request.POST:
            self._require_publisher(request)
            self._publish(request, obj, act)
            return form
        if obj.is_new_content:
            workflow.save_changes(obj, **act)
        self._keep_moments(request, obj)
        if "_preview" in request.POST:
            return HttpResponseRedirect(reverse("admin:articles_article_viewer", args=[obj.pk]))
        self.message_user(request, _("Saved."), messages.SUCCESS)
        if "_save" in request.POST:
            return HttpResponseRedirect(reverse("admin:articles_article_changelist"))
        return form

    def _keep_moments(self, request, obj):
        """Withdraw a published article when the form says, and say which moment is not kept."""
        if not rights.may_publish(request.user):
            return
        until = self._moment(request, "withdraw_at")
        if obj.copy and not obj.copy.is_over:
            if "withdraw_at_0" in request.POST and until != obj.copy.withdrawn_at:
                workflow.end_at(obj, until, by=request.user)
                self.message_user(request, _("The moment of withdrawal is set."), messages.SUCCESS)
            return
        if until or self._moment(request, "publish_at"):
            said = _("The dates are kept once you press Publish or Schedule.")
            self.message_user(request, said, messages.WARNING)

    def _require_publisher(self, request):
        if not rights.may_publish(request.user):
            raise PermissionDenied

    def _publish(self, request, obj, act):
        at = self._moment(request, "publish_at") if "_schedule" in request.POST else None
        until = self._moment(request, "withdraw_at")
        try:
            is_minor = "is_minor" in request.POST
            copy = workflow.publish(obj, at=at, until=until, is_minor=is_minor, **act)
        except PublishingError as error:
            history.record(obj, history.Act.SAVED, **act)
            self.message_user(request, _("Saved, but not published."), messages.WARNING)
            for message in error.messages:
                self.message_user(request, message, messages.ERROR)
            return
        if not copy.is_scheduled:
            said = gettext("Published: readers see the article now.")
        else:
            date = date_format(localtime(copy.published_at), "DATETIME_FORMAT")
            said = gettext("Scheduled: readers will see the article from %s.") % date
        self.message_user(request, said, messages.SUCCESS)

    def _moment(self, request, name):
        """Return a moment typed in the form, which the form has checked already."""
        field = ArticleForm.base_fields[name]
        return field.clean(field.widget.value_from_datadict(request.POST, {}, name))

    # Two people

    def _merge_page(self, request, form):
        """Show both texts brought together, and ask only where they collide. Saves nothing."""
        article = Article.objects.get(pk=form.instance.pk)
        last = article.revisions.filter(version=article.version).first()
        base = history.content_at(article, form.cleaned_data["seen_version"])
        merged = merge(base, content_of_form(form), content_of(article))
        collides = any(not isinstance(part, str) for part in merged.body)
        passed_on = [
            (name, value)
            for name in request.POST
            if name.startswith(PASSED_ON)
            for value in request.POST.getlist(name)
        ]
        context = self.admin_site.each_context(request) | {
            "title": _("Two versions of one article"),
            "opts": self.opts,
            "article": article,
            "last": last,
            "hidden": [("seen_version", article.version), *form_values(merged.content), *passed_on],
            "collisions": [
                (name, form.fields[name].label, shown(name, collision))
                for name, collision in merged.collisions.items()
            ],
            "body": merged.body,
            "body_collides": collides,
            "taken": [
                form.fields[name].label
                for name in merged.taken
                if not (collides and name == "body")
            ],
        }
        return render(request, "admin/articles/article/merge.html", context, status=409)


def form_values(content):
    """Yield (field, value) as the article's form would post this content."""
    for name, value in content.items():
        if name == "tags":
            yield from ((name, f"new:{tag}") for tag in value)
        elif name == "embargo_until":
            widget = ArticleForm.base_fields[name].widget
            moment = localtime(datetime.fromisoformat(value)) if value else None
            for number, part in enumerate(widget.decompress(moment)):
                yield f"{name}_{number}", "" if part is None else part.isoformat()
        elif isinstance(value, list):
            yield from ((name, entry) for entry in value)
        else:
            yield name, "" if value is None else value


def shown(name, collision):
    """Return [(value, how it reads)] of both sides of a collision, mine first."""
    models: dict[str, type[Section] | type[Image]] = {"section": Section, "hero_image": Image}
    sides = [collision.mine, collision.theirs]
    if name not in models:
        return [(side, history.in_words(name, side)) for side in sides]
    rows = models[name].objects.in_bulk([side for side in sides if side])
    return [(side or "", rows.get(side, "")) for side in sides]
