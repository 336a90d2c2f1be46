from django.db import models
from django.utils.translation import gettext_lazy as _


class Missing(models.Model):
    """An address that readers ask for in vain: see articles/reading/lost.py."""

    path = models.CharField(_("address"), max_length=255, unique=True)
    referrer = models.CharField(_("last linked from"), max_length=300, blank=True)
    count = models.PositiveIntegerField(_("times"), default=0)
    last_at = models.DateTimeField(_("last asked for"), db_index=True)

    class Meta:
        verbose_name = _("address asked for in vain")
        verbose_name_plural = _("addresses asked for in vain")
        ordering = ["-count", "path"]

    def __str__(self):
        return self.path
