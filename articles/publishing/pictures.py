"""A picture leaves what readers see: another one takes its place, or none does."""

from articles.models import PagePicture, PublishedPicture
from articles.publishing.body import clean, parse
from articles.publishing.typography import inner_html, typeset


def swap_in_copy(copy, image, successor=None):
    """Put a successor in a picture's place in a readers' copy; all else stays as it was read."""
    copy.body = _swapped(copy.body, "data-picture", image, successor)
    if copy.hero_image_id == image.pk:
        copy.hero_image = successor
    copy.save(update_fields=["body", "hero_image"])
    PublishedPicture.objects.record(copy, copy.body)


def swap_in_page(page, image, successor=None):
    """Put a successor in a picture's place in a page outside the news."""
    page.body = swap_in_draft(page.body, image, successor)
    page.html = _swapped(page.html, "data-picture", image, successor)
    page.save(update_fields=["body", "html"])
    PagePicture.objects.record(page, page.html)


def swap_in_draft(body: str, image, successor=None) -> str:
    """Return a working copy's body with a successor in a picture's place."""
    return clean(_swapped(body, "data-file", image, successor))


def _swapped(markup, attribute, image, successor) -> str:
    root = parse(markup)
    for figure in list(root.iter("figure")):
        picture = figure.find(".//img")
        if picture is None or picture.get(attribute) != str(image.pk):
            continue
        if successor is None:
            figure.drop_tree()
            continue
        picture.set(attribute, str(successor.pk))
        picture.set("alt", typeset(successor.alt) if attribute == "data-picture" else successor.alt)
        for credit in figure.xpath(".//*[@data-credit]"):
            credit.set("data-credit", str(successor.pk))
    for gallery in root.xpath(".//div[@class='gallery'][not(figure)]"):
        gallery.drop_tree()
    return inner_html(root)
