from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.reading.addresses import address_of


class Section(models.Model):
    """A section of the title (rubrique): every published article stands in one."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    slug = models.SlugField(
        _("address"), max_length=100, unique=True, help_text=_("The end of the page's address.")
    )
    description = models.TextField(
        _("description"), blank=True, help_text=_("Shown at the top of the section's page.")
    )
    position = models.PositiveSmallIntegerField(
        _("position"), default=100, help_text=_("The smallest number comes first.")
    )
    in_menu = models.BooleanField(_("in the menu"), default=True)

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["position", "name"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return address_of("section", self.slug)
