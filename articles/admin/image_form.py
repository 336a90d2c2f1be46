"""The forms of the library: a picture is checked and encoded anew before it is kept."""

from hashlib import sha256
from pathlib import PurePath

from django import forms
from django.contrib.admin.widgets import AdminFileWidget
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from articles.admin.widgets import TagsField
from articles.images.places import single
from articles.images.uploads import Accepted, accept
from articles.models import Image, Tag

# The fields that a picture can fill by itself: {field: what `Metadata` calls it}.
SAID = {
    "title": "headline",
    "caption": "caption",
    "credit": "printed_credit",
    "creator": "creator",
    "copyright": "copyright",
    "licence_url": "licence_url",
    "city": "city",
    "taken_on": "taken_on",
}


NOT_STORED = _("The file could not be stored: try again later.")


class DayInput(forms.DateInput):
    """A day in the browser's own calendar."""

    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class ImageForm(forms.ModelForm):
    """A picture with all that is known of it; what it says of itself fills the empty fields.

    One that the library seems to have is refused with links to what is there, once: sent again
    with `keep_both`, it is kept. `twins` are the pictures that were found.
    """

    file = forms.FileField(label=_("File"), widget=AdminFileWidget(attrs={"aria-label": _("File")}))
    was_not_stored = False  # set by the admin, to show the form again with all that was typed
    tags = TagsField(label=_("Tags"), required=False)
    take_keywords = forms.BooleanField(
        label=_("Take the file's own keywords as tags"), required=False
    )

    class Meta:
        model = Image
        fields = ["file"]  # the admin says which; see its fieldsets
        widgets = dict.fromkeys(["alt", "caption"], forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.fields.keys() & {"title", "credit", "focal_x", "focal_y"}:
            self.fields[name].required = False  # see clean()
        for name in self.fields.keys() & {"focal_x", "focal_y"}:
            self.fields[name].widget.attrs |= {"min": 0, "max": 1, "step": "any"}
        if self.instance.pk:
            self.initial["tags"] = [tag.pk for tag in self.instance.tags.all()]
        if "take_keywords" in self.fields:
            self.fields["take_keywords"].help_text = ", ".join(self.instance.keywords)
        self.accepted: Accepted | None = None
        self.twins: list[Image] = []

    def clean_file(self):
        """Return the file that is kept: the picture alone, its suffix that of its content."""
        file = self.cleaned_data["file"]
        if not isinstance(file, UploadedFile):
            return file  # the one that is there already
        if self.was_not_stored:
            raise forms.ValidationError(NOT_STORED)
        accepted = self.accepted = accept(file)
        if not self.data.get(self.add_prefix("keep_both")):
            others = Image.objects.exclude(pk=self.instance.pk)
            content_hash = sha256(accepted.content).hexdigest()
            self.twins = others.like(content_hash, accepted.fingerprint)
        if self.twins:
            raise forms.ValidationError(_said_of(self.twins))
        return ContentFile(accepted.content, f"image{accepted.suffix}")

    def clean_focal_x(self):
        return self._share("focal_x")

    def clean_focal_y(self):
        return self._share("focal_y")

    def _share(self, name):
        """Return the share that was typed; an empty field means the middle."""
        share = self.cleaned_data[name]
        return 0.5 if share is None else share

    def clean(self):
        data = super().clean() or self.cleaned_data
        if self.accepted:
            self._let_it_speak(data, self.accepted)
        if data.get("take_keywords"):
            data["tags"] = [*data.get("tags", []), *self.instance.keywords]
            self.instance.keywords = []
        self._require(data)
        return data

    def _let_it_speak(self, data, accepted):
        """Fill what was left empty with what the file says, in fields that the form lacks too."""
        for name, source in SAID.items():
            value = data.get(name) or getattr(accepted.said, source)
            longest = getattr(Image._meta.get_field(name), "max_length", None)
            data[name] = value[:longest] if longest else value
            setattr(self.instance, name, data[name])
        self.instance.keywords = accepted.said.keywords
        self.instance.fingerprint = accepted.fingerprint

    def _require(self, data):
        for name in ("title", "credit"):
            if not data.get(name) and "file" in data:
                self.add_error(name, forms.Field.default_error_messages["required"])

    def save(self, commit=True):
        """Make the new tags only now that all is well."""
        self.cleaned_data["tags"] = Tag.objects.all_of(self.cleaned_data.get("tags", []))
        return super().save(commit=commit)


class UploadForm(ImageForm):
    """One file of many: what it does not say of itself may be told later, its credit included.

    Publishing a picture without a credit is refused (see desk/checks.py).
    """

    class Meta:
        model = Image
        fields = ["file", "credit", "licence", "source_url", "usable_until", "tags"]
        widgets = {"usable_until": DayInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["take_keywords"].label = _("Take the files' own keywords as tags")

    def _require(self, data):
        """Give a picture without a title the name of its file."""
        file = self.files.get("file")
        if not data.get("title") and file:
            name = PurePath(file.name or "").stem.replace("_", " ").replace("-", " ")
            self.instance.title = " ".join(name.split())[:200] or str(_("Picture"))


def _said_of(twins):
    """Say which pictures of the library a new one looks like, and offer to keep it all the same."""
    links = format_html_join(
        "",
        '<a class="twin" href="{}"><img src="{}" alt="">{}</a>',
        (
            (
                reverse("admin:articles_image_change", args=[twin.pk]),
                single(twin, "card", 240)["url"],
                twin,
            )
            for twin in twins
        ),
    )
    return format_html(
        '{} {} <label><input type="checkbox" name="keep_both" value="1"> {}</label>',
        _("The library has this picture, or one that looks like it:"),
        links,
        _("Keep mine too (choose the file again)"),
    )
