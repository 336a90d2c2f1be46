"""Where the pictures of the library are used: by whom, and whether readers see them there."""

from dataclasses import dataclass

from django.db.models import Exists, Model, OuterRef, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from articles.desk import rights
from articles.models import (
    Article,
    ArticlePicture,
    Image,
    Page,
    PagePicture,
    PublishedArticle,
    PublishedPicture,
    Tag,
)

HOLDERS: list[tuple[type[Model], str]] = [
    (Article, "hero_image"),
    (PublishedArticle, "hero_image"),
    (Tag, "image"),
    (ArticlePicture, "image"),
    (PublishedPicture, "image"),
    (PagePicture, "image"),
]


@dataclass(frozen=True)
class Use:
    """One place where a picture stands."""

    kind: str | Promise
    title: str
    address: str  # at the desk
    is_public: bool


def unused(images):
    """Return those of these pictures that stand nowhere, not even in a draft."""
    for model, field in HOLDERS:
        used = model._default_manager.filter(**{field: OuterRef("pk")})
        images = images.filter(~Exists(used.order_by()))
    return images


def articles_with(image):
    """Return the articles that hold a picture, in the working copy or in the readers'."""
    in_text = ArticlePicture.objects.filter(image=image).values("holder")
    public = PublishedPicture.objects.filter(image=image).values("holder")
    return Article.objects.filter(
        Q(hero_image=image)
        | Q(pk__in=in_text)
        | Q(published__hero_image=image)
        | Q(published__in=public)
    )


def pages_with(image):
    return Page.objects.filter(pk__in=PagePicture.objects.filter(image=image).values("holder"))


def copies_with(image):
    """Return the readers' copies that hold a picture, scheduled ones included."""
    in_text = PublishedPicture.objects.filter(image=image).values("holder")
    return PublishedArticle.objects.filter(Q(hero_image=image) | Q(pk__in=in_text))


@dataclass(frozen=True)
class Uses:
    """The places that an account may know of, and the number of those that it may not."""

    named: list[Use]
    hidden: int

    @property
    def hidden_in_words(self) -> str:
        return (
            ngettext("%d article of a colleague", "%d articles of colleagues", self.hidden)
            % self.hidden
        )


def uses_of(image, user) -> Uses:
    """Return all places where a picture stands, in 6 queries."""
    public = set(copies_with(image).values_list("pk", flat=True))
    articles = articles_with(image)
    known = articles.filter(pk__in=rights.may_be_named_to(user).values("pk")).only("title")
    named = [
        *(_use(_("article"), article, article.pk in public) for article in known),
        *(_use(_("page"), page, is_public=True) for page in pages_with(image)),
        *(_use(_("tag"), tag, is_public=True) for tag in Tag.objects.filter(image=image)),
    ]
    return Uses(named, hidden=articles.count() - len(known))


@dataclass(frozen=True)
class Expiring:
    """A picture whose licence ends, and the titles of all that readers see it in."""

    image: Image
    titles: list[str]


def expiring_in_public() -> list[Expiring]:
    """Return the pictures in use whose licence ends soon or has ended, the soonest first.

    Costs 1 query, and 4 more if any licence ends.
    """
    images = Image.objects.expiring().order_by("usable_until", "pk").in_bulk()
    if not images:
        return []
    titles: dict[int, list[str]] = {}
    for places, field in (
        (PublishedArticle.objects.filter(hero_image__in=images), "title"),
        (PublishedPicture.objects.filter(image__in=images), "holder__title"),
        (PagePicture.objects.filter(image__in=images), "holder__title"),
        (Tag.objects.filter(image__in=images), "name"),
    ):
        image = "hero_image" if places.model is PublishedArticle else "image"
        for pk, title in places.values_list(image, field):
            titles.setdefault(pk, []).append(title)
    return [
        Expiring(image, list(dict.fromkeys(titles[pk])))
        for pk, image in images.items()
        if pk in titles
    ]


def _use(kind, row, is_public):
    address = reverse(f"admin:articles_{row._meta.model_name}_change", args=[row.pk])
    return Use(kind, str(row), address, is_public)
