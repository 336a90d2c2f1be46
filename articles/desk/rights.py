"""Who may do what with one article; what a role may do at all stands in authors/roles.py."""

from django.db.models import Q

from articles.models import Article
from articles.reading.querysets import live_now
from authors.models import User


def may_edit(user, article=None) -> bool:
    """Say whether this account may open and change the article (without one: any at all)."""
    if not user.has_perm("articles.change_article"):
        return False
    if article is None or user.has_perm("articles.change_any_article"):
        return True
    return Article.objects.written_by(user).filter(pk=article.pk).exists()


def who_may_edit(article):
    """The accounts for which `may_edit` is true, in 1 query; what they may do comes by roles."""
    own = Q(pk=article.created_by_id) | Q(pk__in=article.bylines.values("author__user"))
    return (
        User.objects.filter(is_active=True, is_staff=True)
        .filter(_has("change_article"))
        .filter(_has("change_any_article") | own)
        .distinct()
    )


def _has(codename):
    by_role = Q(
        groups__permissions__codename=codename,
        groups__permissions__content_type__app_label="articles",
    )
    return Q(is_superuser=True) | by_role


def may_publish(user) -> bool:
    return user.has_perm("articles.publish_article")


def may_change_any_image(user) -> bool:
    """Say whether an account may change pictures that readers see, and those of others."""
    return user.has_perm("articles.change_any_image")


def may_be_named_to(user):
    """The articles that this account may know of: those it may see, and all that readers do."""
    live = live_now("published__")
    return Article.objects.filter(live | Q(pk__in=visible_to(user).values("pk")))


def visible_to(user):
    """The articles that this account may see at the desk: its own, or all."""
    if user.has_perm("articles.change_any_article"):
        return Article.objects.all()
    return Article.objects.written_by(user)
