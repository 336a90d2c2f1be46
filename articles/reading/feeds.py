"""Feeds with the full text: of the site, a section, a tag, an author, a dossier, a search.

Each comes in the formats of feed_formats.py. An article keeps its id in all of them, whatever
becomes of its address.
"""

import re
from hashlib import sha256
from mimetypes import guess_type
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.decorators import method_decorator
from django.utils.feedgenerator import Stylesheet
from django.utils.html import format_html
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.images.figures import pictures_in, show_plain
from articles.images.places import absolute as absolute_file
from articles.images.places import single
from articles.models import Dossier, PublishedArticle, Redirect, Section, Tag
from articles.reading.caching import Caching, cached
from articles.reading.feed_formats import JSON, RSS
from articles.reading.search_form import LONGEST
from articles.search import search
from authors.models import Author

LENGTH = 30
LOCAL_ADDRESS = re.compile(r'(?<=\s)(src|href)="/(?!/)')


def root() -> str:
    """Return the site's public address, whatever host a request came by."""
    return f"{settings.SITE_URL.scheme}://{settings.SITE_URL.netloc}"


def absolute(html: str) -> str:
    """Return HTML with its local addresses made absolute, for readers outside the site."""
    return LOCAL_ADDRESS.sub(rf'\1="{root()}/', html)


def _told(article) -> str:
    """Return what readers of a feed are told before the text: see disclosure.py."""
    is_told = article.ai_use in {"assisted", "generated"}
    return format_html("<p><em>{}</em></p>", article.ai_statement) if is_told else ""


def strictest(articles) -> str:
    """Return the terms under which articles may be mined together: one that is reserved decides."""
    return "reserved" if any(each.mining == "reserved" for each in articles) else ""


def picture_of(image) -> dict | None:
    """Return the main picture of an item: url, width, height, type, description, credit."""
    if image is None:
        return None
    file = single(image, "hero")
    kind, _encoding = guess_type(file["url"])
    return file | {
        "url": absolute_file(file["url"]),
        "type": kind or "image/jpeg",
        "description": image.alt,
        "credit": image.credit,
    }


class Scope(NamedTuple):
    """What one answer is about; a Feed itself serves all requests and must keep nothing."""

    request: Any  # with the site's settings, which the front door put on it
    about: Section | Tag | Author | Dossier | str | None  # the words of a search

    @property
    def site(self):
        return self.request.site


class LatestFeed(Feed):
    """The newest articles of the site."""

    caching = Caching(by_accept=True)
    language = "fr"
    model: type | None = None  # of what the feed is about; None: the whole site

    def __init__(self, form=RSS):
        self.form, self.feed_type = form, form.generator

    @method_decorator(require_safe)
    def __call__(self, request, *args, slug="", **kwargs):
        """Answer with the feed, or lead on to where what it is about has moved."""
        try:
            response = super().__call__(request, *args, slug=slug, **kwargs)
            if self.hub:
                own = f"{root()}{request.path}"
                response.headers["Link"] = f'<{self.hub}>; rel="hub", <{own}>; rel="self"'
            return _unless_known(request, response)
        except Http404:
            former = self.model(slug=slug).get_absolute_url() if self.model else ""
            if destination := Redirect.objects.follow(former):
                moved = HttpResponsePermanentRedirect(self._address(destination))
                moved.headers["Cache-Control"] = "max-age=300"
                return moved
            raise

    def get_object(self, request, slug=""):
        about = get_object_or_404(self.model, slug=slug) if self.model else None
        # The newest, by index: of any, PostgreSQL reads from the beginning on until it meets one.
        newest = self.articles(about).values("pk")[:1]
        if isinstance(about, Tag | Author | Dossier) and not newest:
            raise Http404  # drafts alone: nobody's business yet
        return Scope(request, about)

    def title(self, scope):
        return f"{scope.about} – {scope.site.name}" if scope.about else scope.site.name

    def link(self, scope):
        return root() + (scope.about.get_absolute_url() if scope.about else "/")

    def feed_url(self, scope):
        return root() + self._address(scope.about.get_absolute_url() if scope.about else "/")

    def stylesheets(self, _scope):
        """What a person sees who opens the feed in a browser; JSON has none."""
        return [Stylesheet(reverse("feed-style"), mimetype="text/css")]

    def feed_extra_kwargs(self, scope):
        return {"hub": self.hub}

    @property
    def hub(self) -> str:
        """Who tells subscribers of news (WebSub); see articles/announcing.py."""
        return settings.WEBSUB_HUB

    def _address(self, path) -> str:
        return f"{path}feed/{self.form.ending}"

    def description(self, scope):
        return scope.site.tagline or _("The latest articles")

    def articles(self, about):
        return PublishedArticle.objects.live().newest()

    def items(self, scope):
        articles = list(self.articles(scope.about).for_feed()[:LENGTH])
        pictures = pictures_in(*(article.body for article in articles))
        for article in articles:
            article.pictures = pictures
        scope.request.mining = strictest(articles)
        return articles

    def item_title(self, article):
        return article.title

    def item_description(self, article):
        return article.standfirst

    def item_link(self, article):
        return root() + article.get_absolute_url()

    def item_guid(self, article):
        """What feed readers know an article by: its id on WordPress, or one of ours (RFC 4151).

        Not WordPress's form with an id of ours, which would be another article's.
        """
        day = timezone.localdate(article.first_published_at)
        return article.feed_id or f"tag:{settings.SITE_URL.hostname},{day}:article-{article.pk}"

    item_guid_is_permalink = False

    def item_pubdate(self, article):
        return article.published_at

    def item_updateddate(self, article):
        return article.modified_at

    def item_categories(self, article):
        return [article.section.name, *(tag.name for tag in article.tags)]

    def item_extra_kwargs(self, article):
        return {
            "authors": [
                (author.name, root() + author.get_absolute_url()) for author in article.authors
            ],
            "content": _told(article) + absolute(show_plain(article.body, article.pictures)),
            "picture": picture_of(article.hero_image),
        }


class SectionFeed(LatestFeed):
    model = Section

    def articles(self, about):
        return PublishedArticle.objects.live().in_section(about)


class TagFeed(LatestFeed):
    model = Tag

    def articles(self, about):
        return PublishedArticle.objects.live().tagged(about)


class AuthorFeed(LatestFeed):
    model = Author

    def articles(self, about):
        return PublishedArticle.objects.live().by_author(about)


class DossierFeed(LatestFeed):
    model = Dossier

    def articles(self, about):
        return PublishedArticle.objects.live().in_dossier(about).newest()


class CorrectionsFeed(LatestFeed):
    """The newest corrections, each with the article that it is about."""

    def title(self, scope):
        return f"{_('Corrections')} – {scope.site.name}"

    def link(self, scope):
        return root() + reverse("corrections")

    def feed_url(self, scope):
        return root() + self._address(reverse("corrections"))

    def articles(self, about):
        return PublishedArticle.objects.live().corrected()

    def item_description(self, article):
        return " ".join(note["right"] for note in article.corrections)

    def item_pubdate(self, article):
        return article.corrected_at

    def item_guid(self, article):
        return f"{super().item_guid(article)}#corrected-{article.corrected_at:%Y%m%d%H%M%S}"


class SearchFeed(LatestFeed):
    """The newest articles that hold the words of a search: ?q=, for whoever follows a subject."""

    caching = Caching(query=("q",), by_accept=True)
    hub = ""  # nobody knows which searches a new article is found by

    def get_object(self, request, slug=""):
        words = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
        if not words:
            raise Http404
        return Scope(request, words)

    def link(self, scope):
        return f"{root()}{reverse('search')}?{urlencode({'q': scope.about})}"

    def feed_url(self, scope):
        path = self._address(reverse("search"))
        return f"{root()}{path}?{urlencode({'q': scope.about})}"

    def articles(self, about):
        return search(about).newest()


@cached()
@require_safe
def style(request):
    """How a browser shows a feed to a person who opens it: what it is, and its articles."""
    words = _(
        "This is a feed: paste the address of this page into a feed reader to follow it without "
        "giving anybody your address."
    )
    return render(request, "feed.css", {"words": words}, content_type="text/css; charset=utf-8")


def _unless_known(request, response):
    """Answer 304 to whoever has this very feed (RFC 9110); all may keep it for five minutes."""
    patch_vary_headers(response, ["Accept"])
    is_xml = not response.headers["Content-Type"].startswith(JSON)
    if is_xml and "text/html" in request.headers.get("Accept", ""):  # a browser shows XML alone
        response.headers["Content-Type"] = "application/xml; charset=utf-8"
    etag = quote_etag(sha256(response.content).hexdigest()[:32])
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "public, max-age=300"
    return get_conditional_response(request, etag=etag, response=response)
