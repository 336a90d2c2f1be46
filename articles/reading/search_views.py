"""The search page, and what it proposes while a query is being typed."""

from django.core.paginator import Paginator
from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles.models import PublishedArticle
from articles.reading.caching import cached
from articles.reading.pagination import PER_PAGE
from articles.reading.prepared import Prepared
from articles.reading.search_form import SearchForm
from articles.search import search as search_articles
from articles.search.excerpts import excerpt
from articles.search.query import parse
from articles.search.ranking import MOST, by_date, by_relevance
from articles.search.spelling import proposal

SUGGESTED = 8  # titles, while a query is being typed
RESULTS = Prepared(lambda pks: PublishedArticle.objects.for_results().filter(pk__in=pks))


@cached("q", "rubrique", "auteur", "depuis", "jusqua", "tri", "page")
@require_safe
def search(request):
    """Articles by words and filters; the filters alone list what they leave, newest first."""
    form = SearchForm(request)
    form.is_valid()
    query = parse(form.words)
    found = _found(form, query)
    results = Paginator(found[:MOST], PER_PAGE).get_page(request.GET.get("page"))
    articles = _results(list(results))
    for article in articles:
        article.excerpt = excerpt(article.standfirst, article.body, query.stems)
    context = {
        "form": form,
        "results": results,
        "articles": articles,
        "is_asked": bool(query) or form.has_filters,
        "is_capped": len(found) > MOST,
        "proposal": _proposal(form.words) if query and not (found or query.unwanted) else "",
    }
    return render(request, "articles/search.html", context)


def _results(pks) -> list:
    found = {article.pk: article for article in RESULTS(pks=pks)} if pks else {}
    return [found[pk] for pk in pks if pk in found]


def _proposal(words) -> str:
    """Return what was probably meant, if readers find anything by it."""
    meant = proposal(words)
    return meant if meant and search_articles(meant).exists() else ""


def _found(form, query):
    articles = form.articles() if form.has_filters else None
    if query and form.cleaned_data.get("tri") != "date":
        return by_relevance(query, articles)
    return by_date(query, articles) if query or form.has_filters else []


@cached("q")
@require_safe
def suggestions(request):
    """Titles for what is being typed into a search field: {"articles": [{title, address}]}."""
    found = search_articles(request.GET.get("q", ""), is_typing=True).for_headlines()[:SUGGESTED]
    articles = [{"title": each.title, "address": each.get_absolute_url()} for each in found]
    return JsonResponse({"articles": articles})
