"""What Django says and a French editor would say otherwise; the words stand in locale/fr.

A project's catalogue comes before those of its packages, so naming the sentences is enough.
"""

from django.utils.translation import gettext_noop

gettext_noop("Add another %(verbose_name)s")
gettext_noop("Change")
