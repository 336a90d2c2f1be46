"""Pages that the law or readers ask for: what the settings know, and the newsroom's own words.

Each always says the facts; a `Page` at the same address takes the place of the words below them.
"""

from django.utils.translation import gettext_lazy as _

STATEMENTS = {  # slug: title
    "mentions-legales": _("Legal notice"),
    "confidentialite": _("Privacy"),
    "charte": _("Our charter"),
    "transparence": _("Who we are"),
    "mesure-audience": _("How we count readers"),
    "accessibilite": _("Accessibility"),
    "contact": _("Contact"),  # with a form: see letters.py
}
