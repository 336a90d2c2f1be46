from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
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
    tell_mentions = models.BooleanField(
        _("an e-mail when a colleague mentions me in a note"), default=True
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
