"""Who works here: accounts, invitations, and the bylines that readers see."""

from authors.models.author import Author, labelled_links, validate_links
from authors.models.invitation import Invitation
from authors.models.user import User, UserManager

__all__ = ["Author", "Invitation", "User", "UserManager", "labelled_links", "validate_links"]
