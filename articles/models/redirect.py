from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.reading.prepared import Prepared
from articles.reading.statements import STATEMENTS

MAX_HOPS = 5
LISTS = {  # first part of the address: what has a page there
    "tag": "articles.Tag",
    "rubrique": "articles.Section",
    "dossier": "articles.Dossier",
    "auteur": "authors.Author",
}


class RedirectManager(models.Manager["Redirect"]):
    def follow(self, path):
        """Return the address to which an old one leads now, "" if it is gone, None if unknown.

        One hop for the reader: an address that changed twice leads straight to the last one.
        Where the end cannot be opened (withdrawn, or scheduled for later) the old one is gone.
        """
        destination = self._destination(path)
        for _hop in range(MAX_HOPS):
            if not destination or can_be_opened(destination):
                return destination
            destination = self._destination(destination) or ""
        return ""

    def lead(self, path):
        """Return where a path leads: to itself if it can be opened; "" or None if nowhere."""
        return self.follow(path) or (path if can_be_opened(path) else None)

    def _destination(self, path):
        return DESTINATION.first(path=path)


DESTINATION = Prepared(
    lambda path: Redirect.objects.filter(path=path).values_list("destination", flat=True)
)


def can_be_opened(path) -> bool:
    """Say whether a path is a live article, a page, or a list that is still there.

    Addresses of other sites are not ours to judge.
    """
    if path.startswith(("https://", "http://")):
        return True
    kind, _slash, slug = path.strip("/").rpartition("/")
    if path == "/" or kind.startswith("archives"):
        return True
    if kind:
        model = LISTS.get(kind)
        if model is None:
            return False
        rows = apps.get_model(model).objects.filter(slug=slug)
        return (rows.with_live_counts() if kind == "dossier" else rows).exists()
    if slug in STATEMENTS:
        return True
    live = apps.get_model("articles", "PublishedArticle").objects.live().filter(slug=slug)
    pages = apps.get_model("articles", "Page").objects.public().filter(slug=slug)
    return live.exists() or pages.exists()


class Redirect(models.Model):
    """An address that was public once: where it leads now, or that nothing is there any more."""

    path = models.CharField(_("old address"), max_length=255, unique=True)
    destination = models.CharField(
        _("new address"), max_length=500, blank=True, help_text=_("Empty: gone for good (410).")
    )
    hits = models.PositiveIntegerField(_("readers led on"), default=0, editable=False)
    last_hit_at = models.DateTimeField(_("last of use"), null=True, editable=False)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    objects = RedirectManager()

    class Meta:
        verbose_name = _("redirect")
        verbose_name_plural = _("redirects")
        ordering = ["path"]
        constraints = [
            models.CheckConstraint(
                name="redirect_goes_elsewhere", condition=~models.Q(path=models.F("destination"))
            )
        ]

    def __str__(self):
        return self.path
