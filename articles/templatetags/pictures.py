"""`picture`, `figures`: pictures of the library in the renditions that their places ask for."""

from django import template
from django.utils.safestring import mark_safe

from articles.images.figures import show
from articles.images.places import absolute, markup, single

register = template.Library()


@register.simple_tag
def picture(image, place, alt=""):
    """Show an image in a place of PLACES."""
    return markup(image, place, alt)


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
def whole_address(address):
    """Return an address of ours with the site's, as other sites need it."""
    return absolute(address)


@register.filter
def figures(html, pictures):
    """Show a readers' text, which is final and safe, with its pictures (see images/figures.py)."""
    return mark_safe(show(html, pictures))
