"""The desk's pages of people."""

from django.contrib import admin
from django.contrib.auth.models import Group

from authors.admin.account import AccountAdmin
from authors.admin.audit import EntryAdmin
from authors.admin.author import AuthorAdmin

admin.site.unregister(Group)  # roles are code: see authors/roles.py

__all__ = ["AccountAdmin", "AuthorAdmin", "EntryAdmin"]
