"""The menu and the footer that every page carries."""

from django.db.models import CharField, Value
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from articles.models import Page, Section


def navigation(request):
    """Context processor: `navigation.sections` and `navigation.pages`, in 1 query when asked for.

    Both are lists of {"title", "address"}.
    """
    return {"navigation": SimpleLazyObject(_read)}


def _read():
    def links(queryset, kind, title):
        return queryset.order_by().values_list(
            Value(kind, output_field=CharField()), "position", title, "slug"
        )

    sections = links(Section.objects.filter(in_menu=True), "section", "name")
    pages = links(Page.objects.filter(in_footer=True), "article", "title")
    rows = sorted(sections.union(pages, all=True))
    found: dict[str, list[dict[str, str]]] = {"section": [], "article": []}
    for kind, _position, title, slug in rows:
        found[kind].append({"title": title, "address": reverse(kind, args=[slug])})
    return {"sections": found["section"], "pages": found["article"]}
