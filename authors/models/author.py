from django.core.validators import EmailValidator, URLValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from authors.models.user import User


def validate_links(value):
    """Accept pages and e-mail addresses, one a line; raise ValidationError on the first other."""
    message = _("Enter one address a line: https://… or an e-mail address.")
    is_page, is_email = URLValidator(schemes=["http", "https"], message=message), EmailValidator()
    for line in value.split():
        if "@" in line and "/" not in line:
            is_email(line)
        else:
            is_page(line)


def validate_pages(value):
    """Accept pages alone, one a line; raise ValidationError on the first other."""
    is_page = URLValidator(
        schemes=["http", "https"], message=_("Enter one address a line: https://…")
    )
    for line in value.split():
        is_page(line)


def labelled_links(text) -> list[tuple[str, str]]:
    """Return (address, words) of the addresses that `validate_links` accepts, one a line."""
    return [
        (f"mailto:{line}", line)
        if "@" in line and "/" not in line
        else (line, line.partition("://")[2].removeprefix("www.").rstrip("/"))
        for line in text.split()
    ]


class Author(models.Model):
    """A byline: the person or agency that readers see. It may have no account, and survives it."""

    name = models.CharField(_("name"), max_length=150)
    slug = models.SlugField(
        _("address"), max_length=100, unique=True, help_text=_("The end of the page's address.")
    )
    job_title = models.CharField(
        _("job title"), max_length=150, blank=True, help_text=_("Such as: defence reporter.")
    )
    biography = models.TextField(_("biography"), blank=True)
    portrait = models.ImageField(_("portrait"), upload_to="portraits/", blank=True)
    links = models.TextField(
        _("links"),
        blank=True,
        validators=[validate_links],
        help_text=_("Pages and e-mail addresses that readers may follow, one a line."),
    )
    user = models.OneToOneField(
        User,
        verbose_name=_("account"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="author",
        help_text=_("Leave empty for a guest or an agency."),
    )

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        ordering = ["name"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("author", args=[self.slug])

    @property
    def link_list(self) -> list[tuple[str, str]]:
        """(address, words) of the links: ("mailto:a@b.fr", "a@b.fr")."""
        return labelled_links(self.links)
