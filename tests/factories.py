"""Short ways to the things that tests are about. Every call makes something new."""

from io import BytesIO
from itertools import count
from time import time

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from PIL import Image as Picture

from articles.images import renditions
from articles.models import Article, Dossier, Image, Page, Section
from articles.publishing import publish, publish_page
from articles.publishing.addresses import free_slug
from articles.slugs import slugify
from authors.models import Author, User

_numbers = count(1)
PASSWORD = "nuage-de-beau-temps"


def make_section(name=""):
    number = next(_numbers)
    name = name or f"Rubrique {number}"
    return Section.objects.create(name=name, slug=slugify(name), position=number)


def make_author(name="", **fields):
    name = name or f"Auteur {next(_numbers)}"
    return Author.objects.create(name=name, slug=slugify(name), **fields)


def make_image(**fields):
    """A small grey picture, with a row in the library."""
    buffer = BytesIO()
    Picture.new("RGB", (64, 36), "grey").save(buffer, "PNG")
    number = next(_numbers)
    values = {
        "title": f"Image {number}",
        "alt": "Un avion gris",
        "credit": "Agence Nuage",
        "file": ContentFile(buffer.getvalue(), name="gris.png"),
    }
    image = Image(**values | fields)
    image.save()
    return image


def photograph(seed=1, size=(320, 200), **options) -> bytes:
    """A JPEG that looks like no other seed's, and like its own at any size and quality."""
    corner = (-2 + seed / 9, -1, 1, 1.2 - seed / 7)
    picture = Picture.effect_mandelbrot((64, 40), corner, 40).convert("RGB").resize(size)
    buffer = BytesIO()
    picture.save(buffer, "JPEG", **options)
    return buffer.getvalue()


def make_photograph(seed=1, **fields):
    """A picture of the library with all its renditions."""
    image = make_image(file=ContentFile(photograph(seed), name="photo.jpg"), **fields)
    renditions.record(image, renditions.build(image))
    image.refresh_from_db()
    return image


def figures(*images, alt="Vu d'en bas") -> str:
    """The figures of these pictures, as a working copy's body holds them."""
    figure = '<figure><img alt="{}" data-file="{}"></figure>'
    return "".join(figure.format(alt, image.pk) for image in images)


def make_article(title="", authors=None, tags=(), **fields):
    """A working copy that has all that publishing asks for."""
    title = title or f"Article {next(_numbers)}"
    values = {
        "slug": free_slug(title),
        "standfirst": "L'essentiel en une phrase.",
        "body": "<p>Le texte de l'article.</p>",
    } | fields
    if "section" not in values:
        values["section"] = Section.objects.first() or make_section()
    article = Article.objects.create(title=title, **values)
    article.sign([make_author()] if authors is None else authors)
    article.tags.set(tags)
    return article


def make_published(title="", at=None, **fields):
    """A readers' copy."""
    return publish(make_article(title, **fields), at=at)


def make_page(title, **fields):
    values = {"slug": slugify(title), "body": "<p>Le texte.</p>"} | fields
    page = Page(title=title, **values)
    publish_page(page)
    return page


def make_dossier(title, *articles, **fields):
    """A dossier of these working copies, in this order."""
    values = {"slug": slugify(title), "introduction": "De quoi il s'agit."} | fields
    dossier = Dossier.objects.create(title=title, **values)
    dossier.arrange(articles)
    return dossier


def sign_in_lately(client, user):
    """Sign in as if by the door just now: dangerous acts ask for no further proof."""
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time()}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


def make_user(role=None, name="", **fields):
    """An account of the desk with PASSWORD, in the group of a role (see authors/roles.py)."""
    number = next(_numbers)
    user = User.objects.create_user(
        f"compte{number}@avion.example", PASSWORD, name=name or f"Compte {number}", **fields
    )
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user
