"""The forms of moving house at the desk: what comes in, and what becomes of what is in it."""

import zipfile

from django import forms
from django.utils.translation import gettext_lazy as _

from articles.models import Origin
from articles.wordpress.importing import OURS, THEIRS
from articles.wordpress.mapping import NOTHING, SECTION, TAG, Mapping

EXPORTS = (".xml", ".gz")
MAPPING = "mapping.toml"  # in a job's folder, and above it that of the last one
WEB, ZIP, NONE = "web", "zip", "none"  # where files come from


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; a list of what was uploaded."""

    widget = FilesInput

    def clean(self, data, initial=None):
        one = super().clean
        files = data if isinstance(data, (list, tuple)) else [data]
        return [one(file, initial) for file in files] or [one(None, initial)]


class UploadForm(forms.Form):
    exports = FilesField(
        label=_("Export of WordPress"),
        help_text=_(
            "On WordPress: Tools, Export, All content. Several files if it gave you several."
        ),
    )
    files_from = forms.ChoiceField(
        label=_("Pictures and other files"),
        choices=[
            (WEB, _("are fetched from the old site, which still stands")),
            (ZIP, _("are in a zip of wp-content/uploads")),
            (NONE, _("do not come along")),
        ],
        initial=WEB,
        widget=forms.RadioSelect,
    )
    uploads = forms.FileField(label=_("The zip"), required=False)

    def clean_exports(self):
        for file in self.cleaned_data["exports"]:
            if not file.name.lower().endswith(EXPORTS):
                raise forms.ValidationError(
                    _("%s is no export: it would end in .xml or .xml.gz.") % file.name
                )
        return self.cleaned_data["exports"]

    def clean_uploads(self):
        file = self.cleaned_data["uploads"]
        if file and not zipfile.is_zipfile(file):
            raise forms.ValidationError(_("%s is no zip, or a damaged one.") % file.name)
        return file

    def clean(self):
        data = super().clean() or self.cleaned_data
        if data.get("uploads"):  # whatever is ticked: it was not given for nothing
            data["files_from"] = ZIP
        elif data.get("files_from") == ZIP and "uploads" not in self.errors:
            self.add_error("uploads", _("Choose the zip."))
        return data


class MappingForm(forms.Form):
    """What becomes of each author and category, as `Mapping` has it."""

    prefer = forms.ChoiceField(
        label=_("Where an article was changed there and here"),
        choices=[
            ("", _("leave it and say so in the report")),
            (THEIRS, _("take the text of WordPress")),
            (OURS, _("keep our text")),
        ],
        required=False,
    )

    def __init__(self, data, job):
        super().__init__(data, initial={"prefer": job.options.get("prefer", "")})
        self.found = job.options["found"]
        mapping = _proposed(job)
        self.logins, self.slugs = list(mapping.authors), list(mapping.categories)
        for number, (login, name) in enumerate(mapping.authors.items()):
            self.fields[f"author_{number}"] = forms.CharField(
                label=login, initial=name or login, max_length=150
            )
        kinds = [(SECTION, _("section")), (TAG, _("tag")), (NOTHING, _("nothing"))]
        for number, (slug, (kind, name)) in enumerate(mapping.categories.items()):
            label, _parent = self.found["categories"][slug]
            self.fields[f"kind_{number}"] = forms.ChoiceField(
                label=label or slug, choices=kinds, initial=kind
            )
            self.fields[f"name_{number}"] = forms.CharField(
                label=_("name"), initial=name or slug, max_length=100, required=False
            )

    def clean(self):
        data = super().clean() or self.cleaned_data
        for number in range(len(self.slugs)):
            if data.get(f"kind_{number}") != NOTHING and not data.get(f"name_{number}"):
                self.add_error(f"name_{number}", _("Say its name."))
        return data

    @property
    def authors(self):
        """Yield the field of each author, and how many articles and pages are theirs."""
        for number, login in enumerate(self.logins):
            yield self[f"author_{number}"], self._uses(Origin.Kind.AUTHOR, login)

    @property
    def categories(self):
        """Yield the two fields of each category, how many articles it has, and what is above."""
        names = self.found["categories"]
        for number, slug in enumerate(self.slugs):
            above = names.get(names[slug][1], [""])[0]
            count = self._uses(Origin.Kind.CATEGORY, slug)
            yield self[f"kind_{number}"], self[f"name_{number}"], count, above

    def _uses(self, kind, key) -> int:
        return self.found["uses"].get(f"{kind} {key}", 0)

    def mapping(self) -> Mapping:
        data = self.cleaned_data
        return Mapping(
            {login: data[f"author_{number}"] for number, login in enumerate(self.logins)},
            {
                slug: (data[f"kind_{number}"], data[f"name_{number}"])
                for number, slug in enumerate(self.slugs)
            },
        )


def _proposed(job) -> Mapping:
    """Return what becomes of what: as we would do it, as it was chosen for the export before it,
    and as it was chosen for this one. Categories with most articles come first.
    """
    found = job.options["found"]
    categories = {slug: tuple(said) for slug, said in found["categories"].items()}
    mapping = Mapping.propose(found["authors"], categories)
    for path in (job.folder.parent / MAPPING, job.folder / MAPPING):
        if path.is_file():
            chosen = Mapping.read(path)
            mapping.authors |= {
                login: name for login, name in chosen.authors.items() if login in mapping.authors
            }
            mapping.categories |= {
                slug: said for slug, said in chosen.categories.items() if slug in mapping.categories
            }
    uses = found["uses"]
    by_use = sorted(mapping.categories, key=lambda slug: -uses.get(f"category {slug}", 0))
    return Mapping(mapping.authors, {slug: mapping.categories[slug] for slug in by_use})
