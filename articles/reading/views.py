"""Readers' pages: find, ask, render. Who may see an article is said by `live()` alone."""

from datetime import date
from itertools import groupby

from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from articles.images import cards
from articles.models import (
    Dossier,
    MonthCount,
    MostRead,
    Page,
    PublishedArticle,
    Redirect,
    Section,
    Tag,
)
from articles.reading import counting, old_addresses, structured
from articles.reading.caching import cached
from articles.reading.counts import local_months, months
from articles.reading.front import front_page
from articles.reading.indexes import signing_authors, tags_by_letter
from articles.reading.lost import hits
from articles.reading.onward import onward
from articles.reading.pagination import listing_by_month, listing_of, paged
from articles.reading.prepared import Prepared
from articles.reading.statements import STATEMENTS
from authors.models import Author

LIST = "CollectionPage"  # schema.org's word for a page of lists

ARTICLE = Prepared(
    lambda now, slug: PublishedArticle.objects.begun(now).for_page(now).filter(slug=slug)
)
PAGE = Prepared(lambda slug: Page.objects.public().filter(slug=slug))
SECTION = Prepared(lambda slug: Section.objects.filter(slug=slug))
TAG = Prepared(lambda slug: Tag.objects.select_related("image").filter(slug=slug))
AUTHOR = Prepared(lambda slug: Author.objects.filter(slug=slug))
NEWEST = paged(lambda _key, now, before: PublishedArticle.objects.live(now, before).newest())
IN_SECTION = paged(
    lambda section, now, before: PublishedArticle.objects.live(now, before).in_section(section)
)
TAGGED = paged(lambda tag, now, before: PublishedArticle.objects.live(now).tagged(tag, before))
BY_AUTHOR = paged(
    lambda author, now, before: PublishedArticle.objects.live(now).by_author(author, before)
)


@cached(*old_addresses.ASKED)
@require_safe
def home(request):
    """The front page; of an old address such as `/?p=12`, what is there now."""
    if destination := old_addresses.asked_of_home(request.GET):
        return old_addresses.moved(destination)
    if asked := old_addresses.of_query(request.GET):
        return _redirect_or_404(request, asked)
    front = front_page(request.site.pins(), section_ids=request.site.front_sections)
    context = {
        "front": front,
        "structured": structured.of_front_page(request.site, front.headlines),
    }
    return render(request, "articles/home.html", context)


@cached()
@require_safe
def latest(request, page):
    if page == 1:
        return HttpResponsePermanentRedirect("/")

    counted = months(MonthCount.Kind.SECTION)
    listing = listing_by_month(NEWEST, None, counted, "latest", page)
    context = {
        "listing": listing,
        "structured": _structured_list(request, _("The latest articles"), listing),
    }
    return render(request, "articles/latest.html", context)


@cached()
@require_safe
def article(request, slug):
    """An article, or a page that stands outside the news, or where an old address leads."""
    found = ARTICLE.first(now=timezone.now(), slug=slug)
    if found is None:
        return _page_or_redirect(request, slug)
    if found.is_over:
        return render(request, "410.html", status=410)
    request.mining = found.mining  # see avion/terms.py
    context = {
        "article": found,
        "onward": onward(found),
        "current_section": found.section and found.section.get_absolute_url(),
        "structured": structured.of_article(found, request.site),
    }
    return render(request, "articles/article.html", context)


@cached()
@require_safe
def social_card(request, pk, version):
    """The drawn picture of an article without one, at an address that changes with its text."""
    live = PublishedArticle.objects.live().filter(pk=pk, version=version, hero_image=None)
    title = live.values_list("title", flat=True).first()
    if title is None:
        raise Http404
    paper, signal = (request.site.colours[name][0] for name in ("paper", "signal"))
    drawn = cards.draw(title, request.site.name, paper=paper, signal=signal)
    response = HttpResponse(drawn, content_type="image/png")
    response.headers["Cache-Control"] = "public, max-age=86400"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # others show it
    return response


def _page_or_redirect(request, slug):
    if page := PAGE.first(slug=slug):
        context = {"page": page, "structured": _structured_page(request, page.title)}
        return render(request, "articles/page.html", context)
    return _redirect_or_404(request, f"/{slug}/")


def _redirect_or_404(request, path):
    destination = Redirect.objects.follow(path)
    if destination is None:
        raise old_addresses.UnknownPathError(path)
    if not destination:
        return render(request, "410.html", status=410)
    hits.add(request, path)
    return old_addresses.moved(destination)


@cached()
@require_safe
def statement(request, slug):
    """The legal notice and its like: what the settings say, and the newsroom's words."""
    page = PAGE.first(slug=slug)
    context = {
        "page": page,
        "title": page.title if page else STATEMENTS[slug],
        "missing": _("not said yet"),
    }
    context["structured"] = _structured_page(request, str(context["title"]))
    return render(request, f"statements/{slug}.html", context)


@cached()
@require_safe
def section(request, slug, page=1):
    section = SECTION.first(slug=slug)
    if section is None:
        return _redirect_or_404(request, reverse("section", args=[slug]))

    counted = months(MonthCount.Kind.SECTION, section.pk)
    listing = listing_by_month(IN_SECTION, section.pk, counted, "section", page, slug=slug)
    context = {
        "section": section,
        "listing": listing,
        "current_section": section.get_absolute_url(),
        "structured": _structured_list(request, section.name, listing),
    }
    return render(request, "articles/section.html", context)


def _structured_list(request, title, listing):
    return structured.of_list(title, request.path, listing.articles, request.site)


def _structured_page(request, title, kind="WebPage"):
    return structured.of_page(title, request.path, request.site, kind)


@cached()
@require_safe
def tag(request, slug, page=1):
    tag = TAG.first(slug=slug)
    if tag is None:
        return _redirect_or_404(request, reverse("tag", args=[slug]))

    counted = months(MonthCount.Kind.TAG, tag.pk)
    listing = listing_by_month(TAGGED, tag.pk, counted, "tag", page, slug=slug)
    if not listing.total:
        raise Http404  # a tag of drafts alone is nobody's business yet
    context = {"tag": tag, "listing": listing}
    context["structured"] = _structured_list(request, tag.name, listing)
    return render(request, "articles/tag.html", context)


@cached()
@require_safe
def author(request, slug, page=1):
    author = AUTHOR.first(slug=slug)
    if author is None:
        return _redirect_or_404(request, reverse("author", args=[slug]))

    counted = months(MonthCount.Kind.AUTHOR, author.pk)
    listing = listing_by_month(BY_AUTHOR, author.pk, counted, "author", page, slug=slug)
    if not listing.total:
        raise Http404  # nor is an author of drafts alone
    context = {"author": author, "listing": listing}
    context["structured"] = structured.of_author(author, request.site)
    return render(request, "articles/author.html", context)


@cached()
@require_safe
def dossier(request, slug):
    """A dossier's introduction and its articles, in the order of the newsroom."""
    dossier = Dossier.objects.filter(slug=slug).first()
    if dossier is None:
        return _redirect_or_404(request, reverse("dossier", args=[slug]))
    articles = list(PublishedArticle.objects.live().in_dossier(dossier).for_cards())
    if not articles:
        raise Http404  # nor is a dossier of drafts alone
    context = {"dossier": dossier, "articles": articles}
    context["structured"] = structured.of_list(dossier.title, request.path, articles, request.site)
    return render(request, "articles/dossier.html", context)


@cached()
@require_safe
def dossiers(request):
    """The dossiers that hold anything to read."""
    found = Dossier.objects.with_live_counts()
    context = {"dossiers": found, "structured": _structured_page(request, _("Dossiers"), LIST)}
    return render(request, "articles/dossiers.html", context)


@cached()
@require_safe
def archives(request, year=None):
    """Every month with articles, newest first, of one year or of all."""
    found = [row for row in local_months() if year in {None, row[0].year}]
    if year and not found:
        raise Http404
    years = [(year, list(group)) for year, group in groupby(found, lambda row: row[0].year)]
    context = {"years": years, "year": year}
    context["structured"] = _structured_page(request, _("Archives"), LIST)
    return render(request, "articles/archives.html", context)


@cached()
@require_safe
def month(request, year, month, page=1):
    articles = PublishedArticle.objects.in_month(year, month).live().for_cards()
    listing = listing_of(articles, "month", page, year=year, month=month)
    if not listing.total:
        raise Http404
    context = {
        "month": date(year, month, 1),
        "listing": listing,
        "days": PublishedArticle.objects.in_month(year, month).live().days(),
        "structured": _structured_list(request, f"{year}-{month:02d}", listing),
    }
    return render(request, "articles/month.html", context)


@cached()
@require_safe
def day(request, year, month, day, page=1):
    try:
        on = date(year, month, day)
    except ValueError as error:  # the thirtieth of February
        raise Http404 from error
    articles = PublishedArticle.objects.on_day(on).live().for_cards()
    listing = listing_of(articles, "day", page, year=year, month=month, day=day)
    if not listing.total:
        raise Http404
    context = {"day": on, "listing": listing}
    context["structured"] = _structured_list(request, str(on), listing)
    return render(request, "articles/day.html", context)


@cached()
@require_safe
def team(request):
    """Everybody who signs something that readers can open, by name."""
    context = {
        "authors": signing_authors(),
        "structured": _structured_page(request, _("The team"), LIST),
    }
    return render(request, "articles/team.html", context)


@cached()
@require_safe
def tags(request):
    """The tags of what readers can open, by letter."""
    context = {
        "letters": tags_by_letter(),
        "structured": _structured_page(request, _("Tags"), LIST),
    }
    return render(request, "articles/tags.html", context)


@cached()
@require_safe
def corrections(request, page=1):
    """What the newsroom got wrong and set right, newest first."""
    articles = PublishedArticle.objects.live().corrected().for_headlines("corrections")
    listing = listing_of(articles, "corrections", page)
    context = {
        "listing": listing,
        "structured": _structured_list(request, _("Corrections"), listing),
    }
    return render(request, "articles/corrections.html", context)


@cached()
@require_safe
def most_read(request):
    """The most read articles of 24 hours and of 7 days, without figures."""
    rankings = [
        (label, PublishedArticle.objects.live().most_read(period).for_headlines())
        for period, label in MostRead.Period.choices
    ]
    context = {
        "rankings": rankings,
        "structured": _structured_page(request, _("Most read"), LIST),
    }
    return render(request, "articles/most_read.html", context)


@csrf_exempt  # nobody is signed in, and all that it does is add one
@require_POST
def opened(request, pk, act=counting.OPENED):
    """Take note that a reader opened an article; its page's script says so."""
    if counting.is_reader(request):
        counting.tally.add(pk, act)
    return HttpResponse(status=204)


@csrf_exempt
def finished(request, pk):
    """Take note that a reader came to an article's end."""
    return opened(request, pk, counting.FINISHED)
