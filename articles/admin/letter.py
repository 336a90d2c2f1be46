from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from articles.models import Letter
from articles.models.letter import ASKED_WITHIN, MOST_LINES, lines_of
from articles.publishing.replies import publish_reply
from authors import audit


@admin.register(Letter)
class LetterAdmin(admin.ModelAdmin):
    """Letters from readers: read, dealt with, a reply published; what they say is never changed."""

    list_display = ["reference", "kind", "name", "article", "received_at", "due", "state"]
    list_filter = ["state", "kind"]
    list_select_related = ["article"]
    search_fields = ["reference", "name", "email", "text"]
    date_hierarchy = "received_at"
    readonly_fields = ["reference", "kind", "name", "email", "article", "passage", "text"]
    readonly_fields += ["received_at", "due", "length", "handled_at", "handled_by"]
    fieldsets = [
        (None, {"fields": ["reference", "kind", "name", "email", "article", "passage", "text"]}),
        (_("Deadline and length"), {"fields": ["received_at", "due", "length"]}),
        (_("What was done about it"), {"fields": ["state", "note", "handled_at", "handled_by"]}),
    ]
    change_form_template = "admin/articles/letter/change_form.html"

    def has_add_permission(self, request):
        return False

    def get_urls(self):
        publish = self.admin_site.admin_view(require_POST(self.publish_view))
        own = path("<int:pk>/publish/", publish, name="articles_letter_publish")
        return [own, *super().get_urls()]

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        """A reply is published by its own button, not by a state."""
        if db_field.name == "state":
            states = [state for state in Letter.State if state != Letter.State.PUBLISHED]
            kwargs["choices"] = [(state.value, state.label) for state in states]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        is_published = obj and obj.state == Letter.State.PUBLISHED
        return [*fields, "state"] if is_published else fields

    def save_model(self, request, obj, form, change):
        if "state" in form.changed_data:
            is_open = obj.state == Letter.State.NEW
            obj.handled_at = None if is_open else timezone.now()
            obj.handled_by = None if is_open else request.user
        super().save_model(request, obj, form, change)

    def publish_view(self, request, pk):
        letter = get_object_or_404(Letter.objects.select_related("article"), pk=pk)
        if not self.has_change_permission(request, letter):
            raise PermissionDenied
        if letter.kind == Letter.Kind.REPLY and letter.article and letter.article.copy:
            publish_reply(letter, request.user)
            audit.record(audit.Act.PUBLISHED, f"{letter}: {letter.article} ({letter.article_id})")
            messages.success(request, _("The reply stands under the article: readers see it now."))
        else:
            messages.error(request, _("Readers do not see the article: there is no place for it."))
        return HttpResponseRedirect(reverse("admin:articles_letter_change", args=[pk]))

    @admin.display(description=_("to be published by"))
    def due(self, letter):
        """The deadline of a reply, and what speaks against it."""
        return letter.due_at

    @admin.display(description=_("length"))
    def length(self, letter):
        """How long a reply is, how long it may be, and whether it came in time."""
        if letter.kind != Letter.Kind.REPLY:
            return "–"
        copy = letter.article and letter.article.copy
        said = [_("%d lines of 60 signs") % letter.lines]
        if letter.lines > MOST_LINES:
            said.append(_("longer than the %d lines that the law allows") % MOST_LINES)
        if copy:
            article_lines = lines_of(strip_tags(copy.body.replace("</p>", "\n")))
            said.append(_("the article has %d") % article_lines)
            if letter.received_at > copy.first_published_at + ASKED_WITHIN:
                said.append(_("asked for after more than three months"))
        return "; ".join(map(str, said))
