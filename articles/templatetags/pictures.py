"""`picture`, `figures`: pictures of the library in the renditions that their places ask for."""

import json

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from articles.images.figures import show
from articles.images.places import absolute, shown, single
from articles.images.structured import image_object

register = template.Library()
NO_MARKUP = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&"}  # nothing ends the script early


@register.inclusion_tag("articles/_picture.html")
def picture(image, place, alt=""):
    """Show an image in a place of PLACES."""
    return shown(image, place, alt)


@register.simple_tag
def social_picture(image):
    """Return {"url", "width", "height"} of what shared cards show, with the whole address."""
    file = single(image, "social")
    return file | {"url": absolute(file["url"])}


@register.simple_tag
def picture_address(image, slot="card", least=480):
    """Return the address of one modest file of an image, for thumbnails."""
    return single(image, slot, least)["url"]


@register.simple_tag
def absolute_picture(image):
    """Return the whole address of an image's largest file."""
    return absolute(single(image, "full")["url"])


@register.simple_tag
def image_objects(article):
    """Tell search engines whose the pictures of an article are, as JSON-LD."""
    pictures = [article.hero_image, *article.pictures.values()]
    objects = [image_object(image) for image in dict.fromkeys(pictures) if image]
    if not objects:
        return ""
    graph = json.dumps({"@context": "https://schema.org", "@graph": objects}, ensure_ascii=False)
    return format_html(
        '<script type="application/ld+json">{}</script>', mark_safe(graph.translate(NO_MARKUP))
    )


@register.filter
def figures(html, pictures):
    """Show a readers' text, which is final and safe, with its pictures (see images/figures.py)."""
    return mark_safe(show(html, pictures))
