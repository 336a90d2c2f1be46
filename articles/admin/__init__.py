"""The desk's pages, declared: one file per model."""

from articles.admin import article, dossier, image, page, redirect, section, tag

__all__ = ["article", "dossier", "image", "page", "redirect", "section", "tag"]
