"""`latest_articles`: the newest headlines, for pages that have nothing else to offer."""

from django import template

from articles.models import PublishedArticle

register = template.Library()


@register.simple_tag
def latest_articles(number):
    """Return this many of the newest articles, for headlines, in 1 query."""
    return PublishedArticle.objects.live().newest().for_headlines()[:number]
