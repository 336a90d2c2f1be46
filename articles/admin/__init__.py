"""The desk's pages, declared: one file per model."""

from articles.admin import article, author, dossier, image, page, redirect, section, tag

__all__ = ["article", "author", "dossier", "image", "page", "redirect", "section", "tag"]
