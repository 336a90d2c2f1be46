from django.db import models
from django.utils.translation import gettext_lazy as _

MAX_HOPS = 5


class RedirectManager(models.Manager["Redirect"]):
    def follow(self, path):
        """Return the redirect where an old address ends, through at most 5 others, or None.

        One hop for the reader: an address that changed twice leads straight to the last one.
        """
        found = step = self.filter(path=path).first()
        for _hop in range(MAX_HOPS):
            if step is None or not step.destination:
                break
            found, step = step, self.filter(path=step.destination).first()
        return step or found


class Redirect(models.Model):
    """An address that was public once: where it leads now, or that nothing is there any more."""

    path = models.CharField(_("old address"), max_length=255, unique=True)
    destination = models.CharField(
        _("new address"), max_length=500, blank=True, help_text=_("Empty: gone for good (410).")
    )
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
