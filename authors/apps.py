from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.utils.translation import gettext_lazy as _


class AuthorsConfig(AppConfig):
    name = "authors"
    verbose_name = _("People")

    def ready(self):
        from allauth.account import signals as account_signals
        from allauth.mfa.signals import authenticator_added, authenticator_removed

        from authors import audit
        from authors.door.lockout import forgive
        from authors.door.second_factor import passed
        from authors.door.sessions import begin, end_others, renew

        user_logged_in.connect(begin)
        user_logged_in.connect(forgive)
        account_signals.authentication_step_completed.connect(renew)
        authenticator_added.connect(end_others)
        authenticator_added.connect(passed)
        authenticator_removed.connect(end_others)
        audit.listen()
