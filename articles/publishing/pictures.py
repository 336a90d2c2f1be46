"""A picture leaves what readers see: another one takes its place, or none does."""

from articles.models import PagePicture, PublishedPicture
from articles.publishing.body import clean, parse
from articles.publishing.typography import inner_html, typeset


def swap_in_copy(copy, image, successor=None):
    """Put a successor in a picture's place in a readers' copy; all else stays as it was read.

    The library's own caption goes with its picture; one that was written for the article stays.
    """
    copy.body = _swapped(copy.body, "data-picture", image, successor)
    if copy.hero_image_id == image.pk:
        copy.hero_image = successor
        if successor is None or copy.hero_caption == typeset(image.caption):
            copy.hero_caption = typeset(successor.caption) if successor else ""
    copy.save(update_fields=["body", "hero_image", "hero_caption"])
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
        for caption in figure.xpath("./figcaption/span[not(@data-credit)]"):
            if attribute == "data-picture" and caption.text_content() == typeset(image.caption):
                _say(caption, typeset(successor.caption))
        for credit in figure.xpath(".//*[@data-credit]"):
            credit.set("data-credit", str(successor.pk))
    for gallery in root.xpath(".//div[@class='gallery'][not(figure)]"):
        gallery.drop_tree()
    return inner_html(root)


def _say(caption, text):
    """Put another text in a caption's place; without any, the caption goes."""
    if text:
        caption[:], caption.text = [], text
    else:
        caption.drop_tree()
