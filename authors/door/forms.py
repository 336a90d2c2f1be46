"""allauth's forms in this desk's words: its own are English, or have many names for one thing."""

from allauth.account.forms import LoginForm, ResetPasswordForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

NAME = _("Name of the passkey")
ADDRESS = _("E-mail address")


class SignInForm(LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = ADDRESS


class ForgottenPasswordForm(ResetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].label = ADDRESS


class AddAppForm(ActivateTOTPForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code shown")


class UseKeyForm(AuthenticateWebAuthnForm):
    def clean_credential(self):
        try:
            return super().clean_credential()
        except ValidationError as error:
            raise ValidationError(_("This passkey does not open this account.")) from error


class ConfirmByKeyForm(UseKeyForm, ReauthenticateWebAuthnForm):
    pass


class AddKeyForm(AddWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = NAME
        alone = self.fields["passwordless"]
        alone.initial = True
        alone.label = _("It opens the desk by itself, without the password")
        alone.help_text = _(
            "The device then asks for a fingerprint, a face or a PIN. Untick for a simple USB key."
        )


class EditKeyForm(EditWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = NAME
