"""The desk's pages, declared: one file per model."""

from articles.admin import (
    account,
    article,
    author,
    dossier,
    image,
    letter,
    missing,
    page,
    redirect,
    section,
    tag,
)

__all__ = [
    "account",
    "article",
    "author",
    "dossier",
    "image",
    "letter",
    "missing",
    "page",
    "redirect",
    "section",
    "tag",
]
