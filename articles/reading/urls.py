"""All that readers reach, at the addresses that WordPress gave it."""

from django.contrib.sitemaps import views as sitemap_views
from django.urls import path, register_converter
from django.urls.converters import IntConverter
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

from articles.models import Letter
from articles.reading import api, feeds, letters, search_views, sitemaps, views
from articles.reading.caching import cached
from articles.reading.feed_formats import FORMATS
from articles.reading.statements import STATEMENTS


class YearConverter:
    regex = "[12][0-9]{3}"

    def to_python(self, value):
        return int(value)

    def to_url(self, value):
        return f"{value:04d}"


class MonthConverter(YearConverter):
    regex = "0[1-9]|1[0-2]"

    def to_url(self, value):
        return f"{value:02d}"


class DayConverter(MonthConverter):
    regex = "0[1-9]|[12][0-9]|3[01]"


class NumberConverter(IntConverter):
    regex = "[1-9][0-9]{0,17}"  # one way to write each, and no more than a database can hold


register_converter(NumberConverter, "number")
register_converter(YearConverter, "year")
register_converter(DayConverter, "day")
register_converter(MonthConverter, "month")


def feed(prefix, kind, name):
    """Return the addresses of a feed in all formats: feed/, feed/atom/, feed/json/."""
    return [
        path(f"{prefix}feed/{form.ending}", kind(form), name=f"{name}{form.name}")
        for form in FORMATS
    ]


urlpatterns = [
    path("", views.home, name="home"),
    path("page/<number:page>/", views.latest, name="latest"),
    path("rubrique/<slug:slug>/", views.section, name="section"),
    path("rubrique/<slug:slug>/page/<number:page>/", views.section, name="section"),
    *feed("rubrique/<slug:slug>/", feeds.SectionFeed, "section-feed"),
    path("tag/<slug:slug>/", views.tag, name="tag"),
    path("tag/<slug:slug>/page/<number:page>/", views.tag, name="tag"),
    *feed("tag/<slug:slug>/", feeds.TagFeed, "tag-feed"),
    path("auteur/<slug:slug>/", views.author, name="author"),
    path("auteur/<slug:slug>/page/<number:page>/", views.author, name="author"),
    *feed("auteur/<slug:slug>/", feeds.AuthorFeed, "author-feed"),
    path("dossiers/", views.dossiers, name="dossiers"),
    path("dossier/<slug:slug>/", views.dossier, name="dossier"),
    *feed("dossier/<slug:slug>/", feeds.DossierFeed, "dossier-feed"),
    path("archives/", views.archives, name="archives"),
    path("archives/<year:year>/", views.archives, name="archives-year"),
    path("archives/<year:year>/<month:month>/", views.month, name="month"),
    path("archives/<year:year>/<month:month>/page/<number:page>/", views.month, name="month"),
    path("archives/<year:year>/<month:month>/<day:day>/", views.day, name="day"),
    path("archives/<year:year>/<month:month>/<day:day>/page/<number:page>/", views.day, name="day"),
    path("equipe/", views.team, name="team"),
    path("tags/", views.tags, name="tags"),
    path("corrections/", views.corrections, name="corrections"),
    path("corrections/page/<number:page>/", views.corrections, name="corrections"),
    *feed("corrections/", feeds.CorrectionsFeed, "corrections-feed"),
    path("recherche/", search_views.search, name="search"),
    *feed("recherche/", feeds.SearchFeed, "search-feed"),
    path("feed.css", feeds.style, name="feed-style"),
    path("partage/<number:pk>-<number:version>.png", views.social_card, name="social-card"),
    path("recherche/suggestions/", search_views.suggestions, name="suggestions"),
    path("les-plus-lus/", views.most_read, name="most-read"),
    path("lectures/<number:pk>/", views.opened, name="opened"),
    path("lectures/<number:pk>/fin/", views.finished, name="finished"),
    *feed("", feeds.LatestFeed, "feed"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    *(  # where WordPress and Yoast had theirs
        path(old, RedirectView.as_view(pattern_name="sitemap", permanent=True))
        for old in ("sitemap_index.xml", "wp-sitemap.xml")
    ),
    path("sitemap-<year:year>-<month:month>.xml", sitemaps.month, name="sitemap-month"),
    path(
        "sitemap-<slug:section>.xml",
        cached("p")(require_safe(sitemap_views.sitemap)),
        {"sitemaps": sitemaps.LISTS},
        name="sitemap-list",
    ),
    path("news-sitemap.xml", sitemaps.news, name="news-sitemap"),
    *(
        path(f"{slug}/", views.statement, {"slug": slug}, name=slug)
        for slug in STATEMENTS
        if slug != "contact"
    ),
    path("contact/", letters.write, {"kind": Letter.Kind.CONTACT}, name="contact"),
    path("signaler/", letters.write, {"kind": Letter.Kind.ERROR}, name="report-error"),
    path("droit-de-reponse/", letters.write, {"kind": Letter.Kind.REPLY}, name="right-of-reply"),
    path("contact/recu/<slug:reference>/", letters.received, name="letter-received"),
    path("api/", api.description, name="api"),
    path("api/articles/", api.articles, name="api-articles"),
    path("api/articles/<number:pk>/", api.article, name="api-article"),
    path("<slug:slug>/", views.article, name="article"),
]
