"""The menu and the footer that every page carries."""

from django.db.models import CharField, TextField, Value
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from articles.models import Dossier, Page, Section
from articles.reading.statements import STATEMENTS


def navigation(request):
    """Context processor: `navigation.sections`, `.pages`, `.dossiers`, in 1 query when asked for.

    All are lists of {"title", "address", "text"}; dossiers are those of the front page.
    """
    return {"navigation": SimpleLazyObject(_read)}


def _read():
    nothing = Value("", output_field=TextField())

    def links(queryset, kind, title, text=nothing):
        kind = Value(kind, output_field=CharField())
        return queryset.order_by().values_list(kind, "position", title, "slug", text)

    sections = links(Section.objects.filter(in_menu=True), "section", "name")
    pages = links(
        Page.objects.filter(in_footer=True).exclude(slug__in=STATEMENTS), "article", "title"
    )
    dossiers = links(
        Dossier.objects.with_live_counts().filter(on_front=True), "dossier", "title", "introduction"
    )
    found: dict[str, list[dict[str, str]]] = {"section": [], "article": [], "dossier": []}
    for kind, _position, title, slug, text in sorted(sections.union(pages, dossiers, all=True)):
        found[kind].append({"title": title, "address": reverse(kind, args=[slug]), "text": text})
    found["article"] += [
        {"title": str(title), "address": reverse(slug), "text": ""}
        for slug, title in STATEMENTS.items()
    ]
    return {"sections": found["section"], "pages": found["article"], "dossiers": found["dossier"]}
