"""Notes between colleagues, beside the article's form: written, resolved, told."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from articles.admin.article_pages import ArticlePages
from articles.desk import notes
from articles.models import Note

PANEL = "admin/articles/article/_notes.html"


class NoteForm(forms.ModelForm):
    """Stands beside the article's form, not in it: its fields name their own form."""

    class Meta:
        model = Note
        fields = ["text", "passage", "is_blocking"]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 3, "form": "note-form", "id": "id_notes"}),
            "passage": forms.HiddenInput(attrs={"form": "note-form", "id": "id_passage"}),
            "is_blocking": forms.CheckboxInput(attrs={"form": "note-form"}),
        }

    def clean_passage(self):
        return " ".join(self.cleaned_data["passage"].split())


class ArticleNotes(ArticlePages):
    """The part of the article's admin where colleagues talk."""

    def get_urls(self):
        desk, name = self.admin_site.admin_view, "articles_article_{}".format
        own = [
            path("<int:pk>/notes/", desk(self.note_view), name=name("note")),
            path(
                "<int:pk>/notes/<int:note>/resolve/", desk(self.resolve_view), name=name("resolve")
            ),
        ]
        return own + super().get_urls()

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj:
            context |= self._panel(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _panel(self, request, article):
        """Return what the panel of notes shows."""
        shown = article.notes.select_related("by", "resolved_by")
        return {
            "notes": [(note, notes.may_resolve(request.user, note)) for note in shown],
            "note_form": NoteForm(),
            "handles": sorted(notes.colleagues(article)),
        }

    @method_decorator(require_POST)
    def note_view(self, request, pk):
        """Keep a note, and tell those whom it mentions."""
        article = self._editable(request, pk)
        form = NoteForm(request.POST, instance=Note(article=article, by=request.user))
        if form.is_valid():
            self._tell(request, form.save())
        else:
            for errors in form.errors.get_json_data().values():
                self.message_user(request, errors[0]["message"], messages.ERROR)
        return self._answer(request, article)

    def _tell(self, request, note):
        accounts, unknown = notes.mentioned(note.text, note.article)
        said = gettext("The note is there for your colleagues.")
        self.message_user(request, said, messages.SUCCESS)
        if accounts and notes.tell(note, accounts):
            names = ", ".join(map(str, accounts))
            self.message_user(request, gettext("Told by e-mail: %s.") % names, messages.SUCCESS)
        elif accounts:
            said = gettext("The note is kept, but no e-mail could be sent.")
            self.message_user(request, said, messages.WARNING)
        copy = note.article.copy
        if note.is_blocking and copy and copy.is_scheduled:
            said = gettext("The article is scheduled: withdraw it if the note must stop it.")
            self.message_user(request, said, messages.WARNING)
        if unknown:
            said = gettext("Nobody who may edit this article is called %s.") % ", ".join(unknown)
            self.message_user(request, said, messages.WARNING)

    @method_decorator(require_POST)
    def resolve_view(self, request, pk, note):
        """Close a note."""
        article = self._editable(request, pk)
        note = get_object_or_404(article.notes, pk=note)
        if not notes.may_resolve(request.user, note):
            raise PermissionDenied
        notes.resolve(note, by=request.user)
        return self._answer(request, article)

    def _answer(self, request, article):
        """Go back to the form; to a script that stays there (notes.js), send the panel anew."""
        if request.headers.get("Accept") != "application/json":
            form = reverse("admin:articles_article_change", args=[article.pk])
            return HttpResponseRedirect(f"{form}#notes")
        panel = render_to_string(PANEL, self._panel(request, article), request)
        said = [str(message) for message in messages.get_messages(request)]
        return JsonResponse({"notes": panel, "said": said})
