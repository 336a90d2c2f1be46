"""The desk's pages, declared: one file per model."""

from articles.admin import article, image, page, redirect, section, tag

__all__ = ["article", "image", "page", "redirect", "section", "tag"]
