"""The steps of an article at the desk, each a function with a name."""

from articles.models import Article


def submit(article):
    """Hand an article over for review; it stays the writer's to edit."""
    _move(article, Article.Stage.REVIEW)


def send_back(article):
    """Give a submitted article back to its writer as a draft."""
    _move(article, Article.Stage.DRAFT)


def _move(article, stage):
    article.stage = stage
    article.save(update_fields=["stage"])
