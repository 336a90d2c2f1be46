"""One's own profile: what readers see of somebody who signs, and what they are told by e-mail."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from authors.fields import CleanedPictureField
from authors.models import Author, User


class ProfileForm(forms.ModelForm):
    """The public half: name and address of the page are the administrators' to change."""

    portrait = CleanedPictureField(label=gettext_lazy("Portrait"), required=False)

    class Meta:
        model = Author
        fields = ["job_title", "biography", "portrait", "links"]


class NoticesForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["tell_mentions"]


@never_cache
@login_required
@transaction.atomic
def profile(request):
    """Change one's own portrait, biography and links, and which e-mails one gets."""
    author = Author.objects.filter(user=request.user).first()
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    forms_: list[forms.ModelForm] = [NoticesForm(data, instance=request.user)]
    if author:
        forms_.insert(0, ProfileForm(data, files, instance=author))
    valid = [form.is_valid() for form in forms_]
    if all(valid):
        if author:
            forms_[0].save()
        # One field alone: the account may be closed or changed in this very moment.
        request.user.save(update_fields=["tell_mentions"])
        messages.success(request, _("Your profile is saved."))
        return HttpResponseRedirect(reverse("account"))
    context = {"title": _("My profile"), "author": author, "forms": forms_}
    return render(request, "account/profile.html", context)
