import re

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from authors.models import Entry

WORDS = {  # how somebody signed in or confirmed, by allauth's names
    "password": _("password"),
    "totp": _("authenticator app"),
    "webauthn": _("passkey"),
    "mfa": _("second factor"),
    "recovery_codes": _("recovery codes"),
}

OF_THE_DOOR = {Entry.Act.SIGNED_IN, Entry.Act.REFUSED, Entry.Act.CONFIRMED, Entry.Act.FACTOR}


@admin.register(Entry)
class EntryAdmin(admin.ModelAdmin):
    """The audit log, to be read and searched; nobody adds to it, changes it or takes from it."""

    list_display = ["at", "act", "who", "address", "told"]
    list_filter = ["act"]
    search_fields = ["who", "about", "address"]
    date_hierarchy = "at"
    list_per_page = 100
    show_full_result_count = False
    actions = None

    @admin.display(description=_("what"), ordering="about")
    def told(self, entry):
        if entry.act not in OF_THE_DOOR:
            return entry.about
        return re.sub("[a-z_]+", lambda word: str(WORDS.get(word[0], word[0])), entry.about)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
