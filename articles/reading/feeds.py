"""RSS 2.0 with the full text: of the site, of a section, of a tag, of an author."""

import re
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.images.figures import pictures_in, show_plain
from articles.models import Dossier, PublishedArticle, Redirect, Section, Tag
from authors.models import Author

LENGTH = 30
LOCAL_ADDRESS = re.compile(r'(?<=\s)(src|href)="/(?!/)')


def root() -> str:
    """Return the site's public address, whatever host a request came by."""
    return f"{settings.SITE_URL.scheme}://{settings.SITE_URL.netloc}"


def absolute(html: str) -> str:
    """Return HTML with its local addresses made absolute, for readers outside the site."""
    return LOCAL_ADDRESS.sub(rf'\1="{root()}/', html)


class FullTextRss(Rss201rev2Feed):
    """RSS 2.0 with `content:encoded` and `dc:creator`."""

    def rss_attributes(self):
        return super().rss_attributes() | {
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
        }

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        for name in item["authors"]:
            handler.addQuickElement("dc:creator", name)
        handler.addQuickElement("content:encoded", item["content"])


class Scope(NamedTuple):
    """What one answer is about; a Feed itself serves all requests and must keep nothing."""

    site: Any  # the site's settings, which the front door put on the request
    about: Section | Tag | Author | Dossier | None


class LatestFeed(Feed):
    """The newest articles of the site."""

    feed_type = FullTextRss
    language = "fr"

    model: type | None = None  # of what the feed is about; None: the whole site

    @method_decorator(require_safe)
    def __call__(self, request, *args, slug="", **kwargs):
        """Answer with the feed, or lead on to where what it is about has moved."""
        try:
            return super().__call__(request, *args, slug=slug, **kwargs)
        except Http404:
            former = self.model(slug=slug).get_absolute_url() if self.model else ""
            if destination := Redirect.objects.follow(former):
                moved = HttpResponsePermanentRedirect(f"{destination}feed/")
                moved.headers["Cache-Control"] = "max-age=300"
                return moved
            raise

    def get_object(self, request, slug=""):
        about = get_object_or_404(self.model, slug=slug) if self.model else None
        if isinstance(about, Tag | Author | Dossier) and not self.articles(about).exists():
            raise Http404  # drafts alone: nobody's business yet
        return Scope(request.site, about)

    def title(self, scope):
        return f"{scope.about} – {scope.site.name}" if scope.about else scope.site.name

    def link(self, scope):
        return root() + (scope.about.get_absolute_url() if scope.about else "/")

    def feed_url(self, scope):
        return root() + (f"{scope.about.get_absolute_url()}feed/" if scope.about else "/feed/")

    def description(self, scope):
        return scope.site.tagline or _("The latest articles")

    def articles(self, about):
        return PublishedArticle.objects.live().newest()

    def items(self, scope):
        articles = list(self.articles(scope.about).for_feed()[:LENGTH])
        pictures = pictures_in(*(article.body for article in articles))
        for article in articles:
            article.pictures = pictures
        return articles

    def item_title(self, article):
        return article.title

    def item_description(self, article):
        return article.standfirst

    def item_link(self, article):
        return root() + article.get_absolute_url()

    def item_guid(self, article):
        return f"{root()}/?p={article.pk}"

    item_guid_is_permalink = False

    def item_pubdate(self, article):
        return article.published_at

    def item_updateddate(self, article):
        return article.modified_at

    def item_categories(self, article):
        return [article.section.name, *(tag.name for tag in article.tags)]

    def item_extra_kwargs(self, article):
        return {
            "authors": [author.name for author in article.authors],
            "content": absolute(show_plain(article.body, article.pictures)),
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
        return root() + reverse("corrections-feed")

    def articles(self, about):
        return PublishedArticle.objects.live().corrected()

    def item_description(self, article):
        return " ".join(note["right"] for note in article.corrections)

    def item_pubdate(self, article):
        return article.corrected_at

    def item_guid(self, article):
        return f"{super().item_guid(article)}&corrected={article.corrected_at:%Y%m%d%H%M%S}"
