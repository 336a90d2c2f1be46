"""What each role may do: one table, written to the database by `migrate`.

A role is a Django group. The table is the truth: `apply_roles` brings the groups back to it
after every migration, so that a role means the same on every site.
"""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q

JOURNALIST = "Journaliste"
EDITOR = "Rédacteur en chef"
PHOTO_EDITOR = "Responsable photo"
ADMINISTRATOR = "Administrateur"

OWN_WRITING = {
    "articles.add_article",
    "articles.view_article",
    "articles.change_article",  # own articles alone: see articles/desk/rights.py
    "articles.view_section",
    "articles.view_tag",
    "articles.add_tag",
    "articles.view_image",
    "articles.add_image",
    "articles.change_image",
    "authors.view_author",
}
ALL_WRITING = OWN_WRITING | {
    "articles.change_any_article",
    "articles.publish_article",
    "articles.delete_article",
    "articles.add_correction",
    "articles.view_correction",
    "articles.add_section",
    "articles.change_section",
    "articles.delete_section",
    "articles.change_tag",
    "articles.delete_tag",
    "articles.change_any_image",
    "articles.delete_image",
    "articles.view_letter",
    "articles.change_letter",
    "articles.view_dossier",
    "articles.add_dossier",
    "articles.change_dossier",
    "articles.delete_dossier",
    "articles.view_missing",
    "articles.delete_missing",
    "articles.view_redirect",
    "articles.add_redirect",
    "articles.change_redirect",
    "articles.delete_redirect",
    "articles.view_page",
    "articles.add_page",
    "articles.change_page",
    "articles.delete_page",
    "authors.add_author",
    "authors.change_author",
}
THE_HOUSE = ALL_WRITING | {
    "authors.delete_author",
    "articles.delete_letter",
    "authors.view_user",
    "authors.add_user",
    "authors.change_user",
    "authors.delete_user",
    "authors.view_entry",
    "avion.view_sitesettings",
    "avion.change_sitesettings",
}
PICTURES = {
    "articles.view_article",
    "articles.view_section",
    "articles.view_tag",
    "articles.view_image",
    "articles.add_image",
    "articles.change_image",
    "articles.change_any_image",  # also those that readers see
    "articles.delete_image",
    "authors.view_author",
}
ROLES = {
    JOURNALIST: OWN_WRITING,
    PHOTO_EDITOR: PICTURES,
    EDITOR: ALL_WRITING,
    ADMINISTRATOR: THE_HOUSE,
}


def matrix() -> str:
    """Return the table as Markdown: a line a permission, a column a role."""
    every = sorted(set().union(*ROLES.values()))
    lines = [f"| | {' | '.join(ROLES)} |", f"| --- |{' :-: |' * len(ROLES)}"]
    for name in every:
        marks = ["✓" if name in permissions else "" for permissions in ROLES.values()]
        lines.append(f"| `{name}` | {' | '.join(marks)} |")
    return "\n".join(lines)


def given_by(user) -> list[Group]:
    """Return the roles that an account may give: none that may do more than it may itself."""
    own = user.get_all_permissions()
    return [group for group in Group.objects.order_by("pk") if permissions_of(group) <= own]


def is_above(other, user) -> bool:
    """Say whether another account may do something that this one may not."""
    if user.is_superuser:
        return False
    return other.is_superuser or not _powers(other) <= user.get_all_permissions()


def _powers(user) -> set[str]:
    """Return what an account may do, or could once it is open again."""
    own = Permission.objects.filter(Q(group__user=user) | Q(user=user))
    return {f"{app}.{name}" for app, name in own.values_list("content_type__app_label", "codename")}


def permissions_of(group) -> set[str]:
    """Return what a role may do, as the database has it: {"articles.add_article", …}."""
    names = group.permissions.values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in names}


@transaction.atomic
def apply_roles(**_signal):
    """Make the groups and give each exactly the permissions of the table.

    Raises LookupError when the table names a permission that no app declares.
    """
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    for role, names in ROLES.items():
        if missing := names - known.keys():
            raise LookupError(f"roles.py names unknown permissions: {', '.join(sorted(missing))}")
        group, _created = Group.objects.get_or_create(name=role)
        group.permissions.set(known[name] for name in names)
