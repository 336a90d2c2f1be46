from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.utils.translation import gettext_lazy as _


class AuthorsConfig(AppConfig):
    name = "authors"
    verbose_name = _("People")

    def ready(self):
        from authors import audit
        from authors.door.sessions import begin

        user_logged_in.connect(begin)
        audit.listen()
