"""The search page's fields: all by address, so that a search can be kept and shared."""

from datetime import date, datetime, time
from typing import cast

from django import forms
from django.core.validators import MinValueValidator
from django.db.models import CharField, Exists, OuterRef, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import PublishedArticle, PublishedByline, Section
from articles.reading.querysets import live_now
from articles.reading.remembering import Remembered
from articles.search.query import LONGEST
from authors.models import Author


class DayField(forms.DateField):
    """A day in the browser's own calendar; none so old that it has no moment in UTC."""

    def __init__(self, label):
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        oldest = MinValueValidator(date(1900, 1, 1))
        super().__init__(label=label, required=False, widget=widget, validators=[oldest])


class SearchForm(forms.Form):
    """Words and filters. What is not understood is passed over, with a message beside it."""

    q = forms.CharField(label=_("Words to find"), required=False)
    rubrique = forms.ChoiceField(label=_("Section"), required=False)
    auteur = forms.ChoiceField(label=_("Author"), required=False)
    depuis = DayField(_("From"))
    jusqua = DayField(_("Until"))
    tri = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[("", _("Relevance")), ("date", _("Date"))],
    )

    def __init__(self, request):
        words = request.GET.get("q", "").replace("\x00", "")[:LONGEST]
        super().__init__(request.GET.dict() | {"q": words})
        choices = CHOICES.get(request)
        for name, everything in (("rubrique", _("all sections")), ("auteur", _("all authors"))):
            field = cast("forms.ChoiceField", self.fields[name])
            field.choices = [("", everything), *choices[name]]

    def clean_q(self):
        return self.cleaned_data["q"].strip()

    @property
    def words(self) -> str:
        return self.cleaned_data.get("q", "")

    def articles(self):
        """Return the live articles that the filters leave."""
        chosen = self.cleaned_data
        articles = PublishedArticle.objects.live()
        if chosen.get("rubrique"):
            articles = articles.filter(section__slug=chosen["rubrique"])
        if chosen.get("auteur"):
            signed = PublishedByline.objects.filter(author__slug=chosen["auteur"])
            articles = articles.filter(pk__in=signed.values("article"))
        if chosen.get("depuis"):
            articles = articles.filter(published_at__gte=_moment(chosen["depuis"], time.min))
        if chosen.get("jusqua"):
            articles = articles.filter(published_at__lte=_moment(chosen["jusqua"], time.max))
        return articles

    @property
    def has_filters(self) -> bool:
        return any(value for name, value in self.cleaned_data.items() if name not in {"q", "tri"})


def _choices() -> dict[str, list[tuple[str, str]]]:
    """Return the sections, and the authors that readers can open something of, in 1 query."""
    text = CharField()
    sections = Section.objects.values_list(
        Value("rubrique", output_field=text), "slug", "name", "position"
    )
    signed = PublishedByline.objects.filter(live_now("article__"), author=OuterRef("pk"))
    authors = Author.objects.filter(Exists(signed)).values_list(
        Value("auteur", output_field=text), "slug", "name", Value(0)
    )
    found: dict[str, list[tuple[str, str]]] = {"rubrique": [], "auteur": []}
    rows = sections.order_by().union(authors.order_by(), all=True)
    for kind, slug, name, _position in sorted(rows, key=lambda row: (row[3], row[2])):
        found[kind].append((slug, name))
    return found


CHOICES = Remembered(_choices)


def _moment(day, hour) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))
