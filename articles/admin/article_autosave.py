"""The open form talks to the server: it keeps what is typed and tells who else is there."""

from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from articles.admin.article_form import ArticleForm, CorrectionInline
from articles.admin.article_pages import ArticlePages
from articles.desk import autosave, history
from articles.desk.appearance import appearance, typeset_changes
from articles.desk.checks import check
from articles.desk.content import EMPTY, LISTS, content_of
from articles.models import Article, Buffer

# Parts of the form that follow what is typed: the id of each, and its template's name.
PANELS = ["checks", "appearance", "typesetting"]
RESUME = "resume"  # ?resume=KEY opens a form with what was kept of it


class ArticleAutosave(ArticlePages):
    """The part of the article's admin that keeps unsaved text and gives it back."""

    def get_urls(self):
        desk = self.admin_site.admin_view
        own = [
            # Not behind the sign-in page: a script must be told that the session is over.
            path("autosave/", self.autosave_view, name="articles_article_autosave"),
            path(
                "autosave/<uuid:key>/compare/",
                desk(self.compare_buffer_view),
                name="articles_article_compare_buffer",
            ),
            path(
                "autosave/<uuid:key>/drop/",
                desk(self.drop_buffer_view),
                name="articles_article_drop_buffer",
            ),
        ]
        return own + super().get_urls()

    def autosave_view(self, request):
        """Keep an open form (POST) and answer in JSON; 401 when the session is over.

        POST: `buffer_key`, `article` (its id, empty for a new one) and, when something
        changed, `kept` and the fields of the form. The answer: `csrf`, a fresh token; `said`,
        the line that the form shows; `panels`, the HTML of each of PANELS; `others`, who else has
        it open; `newer`, what a colleague saved since.
        """
        is_other = request.POST.get("user", str(request.user.pk)) != str(request.user.pk)
        if is_other or not self.admin_site.has_permission(request):
            return JsonResponse({}, status=401)
        answer = {"csrf": get_token(request), "said": "", "others": "", "newer": "", "panels": {}}
        if request.method == "POST":
            answer |= self._kept(request)
        return JsonResponse(answer, headers={"Cache-Control": "no-store"})

    def _kept(self, request):
        article = self._article_of(request)
        try:
            key = UUID(request.POST.get("buffer_key", ""))
        except ValueError as error:
            raise Http404 from error
        answer: dict[str, str | dict] = {}
        if "kept" in request.POST:
            buffer = autosave.keep(request.user, key, article, request.POST)
            time = date_format(localtime(buffer.saved_at), "TIME_FORMAT")
            answer["said"] = gettext("Kept at %s") % time
            panels = _panels(autosave.content_of(buffer), article)
            answer["panels"] = {
                name: render_to_string(f"admin/articles/article/_{name}.html", panels, request)
                for name in PANELS
            }
        if article:
            names = [str(user) for user in autosave.report_presence(request.user, article)]
            if names:
                answer["others"] = gettext("Also open at: %s") % ", ".join(names)
            if str(article.version) != request.POST.get("seen_version"):
                answer["newer"] = self._newer(article)
        return answer

    def _article_of(self, request):
        """Return the article that the form is about; None for one never saved."""
        number = request.POST.get("article", "")
        if not number:
            if not self.has_add_permission(request):
                raise PermissionDenied
            return None
        if not number.isdecimal():
            raise Http404
        article = get_object_or_404(Article, pk=number)
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        return article

    def _newer(self, article):
        last = article.revisions.filter(version=article.version).select_related("by").first()
        if last is None or last.by is None:
            return gettext("The article was saved elsewhere: the texts will be merged on saving.")
        time = date_format(localtime(last.at), "TIME_FORMAT")
        said = gettext("%(name)s saved at %(time)s: your texts will be merged on saving.")
        return said % {"name": last.by, "time": time}

    # Coming back

    def _buffer(self, request, key):
        """Return one of the editor's own unsaved texts, of an article that may be edited."""
        buffer = get_object_or_404(Buffer, editor=request.user, key=key)
        if not self.has_change_permission(request, buffer.article):
            raise PermissionDenied
        return buffer

    def resumed(self, request):
        """Return the unsaved text that this request asks for; None if it is gone by now."""
        if request.method != "GET" or RESUME not in request.GET:
            return None
        try:
            key = UUID(request.GET[RESUME])
        except ValueError as error:
            raise Http404 from error
        return Buffer.objects.filter(editor=request.user, key=key).first()

    def get_object(self, request, object_id, from_field=None):
        article = super().get_object(request, object_id, from_field)
        buffer = self.resumed(request)
        if article and buffer and buffer.article_id == article.pk:
            article.resumed = _initial(buffer)
        return article

    def get_changeform_initial_data(self, request):
        buffer = self.resumed(request)
        initial = _initial(buffer) if buffer and buffer.article_id is None else {}
        return super().get_changeform_initial_data(request) | {"buffer_key": uuid4()} | initial

    def get_formset_kwargs(self, request, obj, inline, prefix):
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if isinstance(inline, CorrectionInline) and hasattr(obj, "resumed"):
            kwargs["initial"] = obj.resumed["corrections"]
        return kwargs

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        buffers = autosave.waiting(request.user, obj)
        context |= _panels(self._shown_content(request, obj), obj)
        form = context["adminform"].form
        shown = f"{form['buffer_key'].value()} {form['resumed_from'].value()}"
        context["waiting"] = [buffer for buffer in buffers if str(buffer.key) not in shown]
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _shown_content(self, request, article):
        """Return the content that the form shows: sent and refused, resumed, or as saved."""
        if request.method == "POST":
            return autosave.content_of_data(request.POST, request.user)
        if resumed := self.resumed(request):
            return autosave.content_of(resumed)
        return content_of(article) if article else EMPTY

    def compare_buffer_view(self, request, key):
        """What is kept of a form against the article as it is saved."""
        buffer = self._buffer(request, key)
        kept = autosave.content_of(buffer)
        saved = content_of(buffer.article) if buffer.article else EMPTY
        changes = [
            (ArticleForm.base_fields[change.name].label, change.paragraphs)
            for change in history.compare(saved, kept)
        ]
        return self.page(
            request,
            "buffer",
            buffer.article,
            title=_("Text that is not saved"),
            buffer=buffer,
            changes=changes,
        )

    @method_decorator(require_POST)
    def drop_buffer_view(self, request, key):
        """Give up what is kept of a form."""
        buffer = self._buffer(request, key)
        autosave.forget(request.user, key)
        return HttpResponseRedirect(buffer_form(buffer))


def _panels(content, article):
    """Return what the templates of PANELS show of a content."""
    return {
        "checks": check(content, article),
        "appearance": appearance(content),
        "typeset_changes": typeset_changes(content),
    }


def buffer_form(buffer) -> str:
    """Return the address of the form that an unsaved text belongs to."""
    if buffer.article_id is None:
        return reverse("admin:articles_article_add")
    return reverse("admin:articles_article_change", args=[buffer.article_id])


def _initial(buffer):
    """Return what was kept as the initial values of the form, `corrections` beside."""
    data = autosave.data_of(buffer)
    fields = {
        name: field.widget.value_from_datadict(data, {}, name)
        for name, field in ArticleForm.base_fields.items()
        if name in data or f"{name}_0" in data
    }
    fields |= {name: data.getlist(name) for name in LISTS}  # none chosen is not sent at all
    for name in ("section", "hero_image"):
        fields[name] = fields[name] if autosave.is_id(fields.get(name)) else None
    fields["related"] = [pk for pk in fields["related"] if autosave.is_id(pk)]
    total = data.get("corrections-TOTAL_FORMS", "0")
    corrections = [
        {side: data.get(f"corrections-{number}-{side}", "") for side in ("wrong", "right")}
        for number in range(min(int(total) if total.isdecimal() else 0, 50))
        if not data.get(f"corrections-{number}-id")
    ]
    origin = {"buffer_key": uuid4(), "resumed_from": autosave.origin_of(buffer)}
    return fields | origin | {"corrections": corrections}
