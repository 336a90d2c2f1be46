"""The menu and the footer that every page carries."""

from django.db.models import CharField, F, IntegerField, TextField, Value
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from articles.models import Dossier, Page, Section
from articles.reading.remembering import Remembered
from articles.reading.statements import STATEMENTS


def navigation(request):
    """Context processor: `navigation.sections`, `.pages`, `.dossiers`, in 1 query when asked for.

    All are lists of {"title", "address", "text"}; dossiers are those of the front page.
    """
    return {"navigation": SimpleLazyObject(lambda: FRAME.get(request))}


def _read():
    no_text, no_order = Value("", output_field=TextField()), Value(0, output_field=IntegerField())

    def links(queryset, kind, title, text=no_text, order=no_order):
        kind = Value(kind, output_field=CharField())
        return queryset.order_by().values_list(kind, "position", order, title, "slug", text)

    sections = links(Section.objects.filter(in_menu=True), "section", "name")
    public = Page.objects.public()
    pages = links(public.filter(in_footer=True).exclude(slug__in=STATEMENTS), "article", "title")
    own_words = links(public.filter(slug__in=STATEMENTS), "statement", "title")
    dossiers = links(
        Dossier.objects.with_live_counts().filter(on_front=True),
        "dossier",
        "title",
        text="introduction",
        order=-F("pk"),  # the newest first, as Dossier.Meta says
    )
    rows = sections.union(pages, own_words, dossiers, all=True)
    found: dict[str, list[dict[str, str]]] = {"section": [], "article": [], "dossier": []}
    titles = {slug: str(title) for slug, title in STATEMENTS.items()}
    for kind, _position, _order, title, slug, text in sorted(rows):
        if kind == "statement":
            titles[slug] = title
        else:
            address = reverse(kind, args=[slug])
            found[kind].append({"title": title, "address": address, "text": text})
    found["article"] += [
        {"title": title, "address": reverse(slug), "text": ""} for slug, title in titles.items()
    ]
    return {"sections": found["section"], "pages": found["article"], "dossiers": found["dossier"]}


FRAME = Remembered(_read)
