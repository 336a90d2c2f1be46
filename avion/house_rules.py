"""What the title asks of every article before it is published, besides articles/desk/checks.py."""

from django.utils.translation import gettext as _

from articles.desk.checks import Check
from avion.models import SiteSettings


def ai_statement(content):
    """Yield the lines for what is not said of artificial intelligence, once the title wants it."""
    if not SiteSettings.load().ai_statement_required:
        return
    if not content["ai_use"]:
        yield Check("ai_use", _("Say whether artificial intelligence was used."), blocks=True)
    elif content["ai_use"] != "none" and not content["ai_reviewed_by"].strip():
        said = _("Say who reviewed what artificial intelligence made.")
        yield Check("ai_reviewed_by", said, blocks=True)
