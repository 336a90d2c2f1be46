"""The forms of accounts: an invitation, a change, a farewell."""

from typing import cast

from django import forms
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from authors import roles
from authors.administrators import are_all, hold
from authors.models import Author, User


class RoleField(forms.ModelChoiceField):
    """One of the roles that somebody may give: none above their own."""

    def __init__(self):
        super().__init__(Group.objects.none(), label=_("Role"), empty_label=None)

    def offer(self, giver, current=None):
        """Offer what the giver may give, and the role that the account has already."""
        may_give = [group.pk for group in roles.given_by(giver)]
        self.queryset = Group.objects.filter(pk__in=[*may_give, *([current] if current else [])])


class InvitationForm(forms.ModelForm):
    """Who is invited, as what, and which byline will be theirs. The view sets `giver`."""

    giver: User
    role = RoleField()
    author = forms.ModelChoiceField(
        label=_("Byline"),
        queryset=Author.objects.filter(user=None),
        required=False,
        help_text=_(
            "An author who is here already, such as a guest. Left empty, a new one is made."
        ),
    )

    class Meta:
        model = User
        fields = ["email", "name"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        cast("RoleField", self.fields["role"]).offer(self.giver)

    def clean(self):
        """Refuse a second author of one name: readers, and the desk, could not tell them apart."""
        data = super().clean() or self.cleaned_data
        namesake = Author.objects.filter(name__iexact=data.get("name", "")).first()
        if namesake and not data.get("author"):
            same_person = _(
                "An author of this name is here already, without an account. Choose that byline "
                "if it is the same person; if not, give a name that tells the two apart."
            )
            another = _("An author of this name has an account: give a name that differs.")
            is_another = namesake.user_id is not None
            self.add_error(*(("name", another) if is_another else ("author", same_person)))
        return data


class AccountForm(forms.ModelForm):
    """An account's name, address and role. The view sets `giver`."""

    giver: User
    role = RoleField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        current = self.instance.groups.values_list("pk", flat=True).first()
        if "role" in self.fields:
            cast("RoleField", self.fields["role"]).offer(self.giver, current)
            if current is None:  # an account may be without one, and stays so unless one is chosen
                role = cast("RoleField", self.fields["role"])
                role.required, role.empty_label = False, "–"
            self.initial["role"] = current

    def clean(self):
        """Refuse to leave the newsroom without anybody who manages accounts."""
        data = super().clean() or self.cleaned_data
        hold()
        if not self._would_manage(data) and are_all([self.instance]):
            raise forms.ValidationError(
                _("This is the last administrator: give somebody else that role first.")
            )
        return data

    def _would_manage(self, data) -> bool:
        """Say whether the account could manage accounts as the form has it."""
        role = data.get("role") if "role" in self.fields else self.instance.groups.first()
        is_superuser = data.get("is_superuser", self.instance.is_superuser)
        return is_superuser or bool(role and role.name == roles.ADMINISTRATOR)


class LeavingForm(forms.Form):
    """To whom the open drafts of somebody who leaves are handed over."""

    successor = forms.ModelChoiceField(
        label=_("Hand the open drafts over to"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("nobody: editors find them in the list"),
    )

    def __init__(self, data, leaving):
        super().__init__(data)
        successor = cast("forms.ModelChoiceField", self.fields["successor"])
        successor.queryset = User.objects.filter(is_active=True).exclude(pk=leaving.pk)


class ErasingForm(forms.Form):
    """What becomes of the byline of somebody whose data are erased."""

    byline = forms.CharField(
        label=_("Name under the articles"),
        max_length=150,
        help_text=_("As the person wishes: the name, initials, or “The newsroom”."),
    )
