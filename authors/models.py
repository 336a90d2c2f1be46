"""Who works here: `User` (an account of the desk) and `Author` (a byline that readers see)."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import EmailValidator, URLValidator
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """Makes and finds accounts by e-mail, whatever the case of its letters."""

    use_in_migrations = True

    def create_user(self, email, password=None, **fields):
        """Create an account; without a password nobody can sign in to it.

        Raises ValueError when the e-mail is empty.
        """
        if not email:
            raise ValueError("An account needs an e-mail address.")
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        """Create an account that may do everything."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin):
    """An account: somebody who signs in to the desk with an e-mail address."""

    email = models.EmailField(
        _("e-mail address"),
        unique=True,
        error_messages={"unique": _("An account with this e-mail address exists already.")},
    )
    name = models.CharField(_("name"), max_length=150)
    is_staff = models.BooleanField(
        _("works at the desk"), default=True, help_text=_("May sign in to the desk.")
    )
    is_active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_("Untick to close the account; its articles and bylines stay."),
    )
    date_joined = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_whatever_the_case",
                violation_error_message=_("An account with this e-mail address exists already."),
            )
        ]

    def __str__(self):
        return self.name or self.email

    def get_full_name(self):
        return str(self)

    def get_short_name(self):
        return str(self)


def validate_links(value):
    """Accept pages and e-mail addresses, one a line; raise ValidationError on the first other."""
    message = _("Enter one address a line: https://… or an e-mail address.")
    is_page, is_email = URLValidator(schemes=["http", "https"], message=message), EmailValidator()
    for line in value.split():
        if "@" in line and "/" not in line:
            is_email(line)
        else:
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
