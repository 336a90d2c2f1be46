"""What search engines may know of a picture: its rights, in schema.org's words.

See Google's documentation of image metadata: creator, credit, licence, where to acquire one.
"""

from django.conf import settings

from articles.images.places import absolute, single
from articles.models.image import Image

CONTACT = "/contact/"  # where our own pictures are acquired


def image_object(image) -> dict:
    """Return the schema.org ImageObject of a picture of the library."""
    file = single(image, "full")
    whole = {
        "@type": "ImageObject",
        "contentUrl": absolute(file["url"]),
        "width": file["width"],
        "height": file["height"],
        "caption": image.caption,
        "creditText": image.credit,
        "creator": _creator(image),
        "copyrightNotice": image.copyright or image.credit,
        "license": image.licence_address,
        "acquireLicensePage": image.source_url or _own_page(image),
    }
    return {name: value for name, value in whole.items() if value}


def _creator(image):
    if image.creator:
        return {"@type": "Person", "name": image.creator}
    return image.credit and {"@type": "Organization", "name": image.credit}


def _own_page(image) -> str:
    is_own = image.licence == Image.Licence.OWN
    return f"{settings.SITE_URL.geturl().rstrip('/')}{CONTACT}" if is_own else ""
