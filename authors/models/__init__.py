"""Who works here: accounts, invitations, and the bylines that readers see."""

from authors.models.author import Author, labelled_links, validate_links, validate_pages
from authors.models.entry import Entry
from authors.models.invitation import Invitation
from authors.models.user import User, UserManager

__all__ = [
    "Author",
    "Entry",
    "Invitation",
    "User",
    "UserManager",
    "labelled_links",
    "validate_links",
    "validate_pages",
]
