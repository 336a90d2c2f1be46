"""Fields of the desk that Django does not have: the editor, and tags that can be new."""

from itertools import count, takewhile

from django import forms
from django.contrib.admin import site
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorFormField
from django_prose_editor.widgets import ProseEditorWidget

from articles.desk.autosave import is_id
from articles.desk.labels import label
from articles.images.places import FALLBACK_WIDTH, single
from articles.models import Byline, Image, Tag, Tagging
from articles.publishing.body import clean, image_ids, parse
from articles.publishing.typography import inner_html
from articles.publishing.vocabulary import LIBRARY_ID
from authors.models import Author

# The editor's schema: it drops what stands outside, so it must hold all that body.py allows.
EXTENSIONS = {
    "Heading": {"levels": [2, 3]},
    "Bold": True,
    "Italic": True,
    "Superscript": True,
    "Subscript": True,
    "BulletList": True,
    "OrderedList": {"enableListAttributes": False},
    "ListItem": True,
    "Blockquote": True,
    "HorizontalRule": True,
    "HardBreak": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto", "tel"]},
    "Figure": {"pickerUrl": reverse_lazy("admin:articles_image_picker")},
    "Image": True,
    "Caption": True,
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "SpecialCharacters": True,
    "Cite": True,
    "Language": True,
    "Footnote": True,
    "Box": True,
    "Gallery": {"pickerUrl": reverse_lazy("admin:articles_image_picker")},
    "Embed": True,
    "ArticleLink": {"findUrl": reverse_lazy("admin:articles_article_find")},
    "Typing": True,
    "Fullscreen": True,
    "TrailingNode": True,
    "Paste": {"uploadUrl": reverse_lazy("admin:articles_image_upload")},
}


class BodyWidget(ProseEditorWidget):
    """The editor with its buttons in the desk's language (static/js/editor.js)."""

    def __init__(self, **kwargs):
        super().__init__(attrs={"rows": 24}, **kwargs)

    def format_value(self, value):
        return _with_addresses(super().format_value(value) or "")

    def value_from_datadict(self, data, files, name):
        """Return the text; the merge page sends it in parts (body-0, body-1, …)."""
        if name in data:
            return super().value_from_datadict(data, files, name)
        keys = takewhile(data.__contains__, (f"{name}-{number}" for number in count()))
        return "".join(data[key] for key in keys)


def _with_addresses(body: str) -> str:
    """Return a body with the address of each picture's file, which the editor shows."""
    if "data-file" not in body:
        return body
    root = parse(body)
    pictures = Image.objects.in_bulk(image_ids(root))
    for picture in root.xpath(".//img[@data-file]"):
        if not LIBRARY_ID.fullmatch(picture.get("data-file")):
            continue  # of another site; cleaning drops it
        image = pictures.get(int(picture.get("data-file")))
        # Without an address the editor would drop the figure, caption and all.
        picture.set("src", single(image, "full", FALLBACK_WIDTH)["url"] if image else "")
    return inner_html(root)


class BodyField(ProseEditorFormField):
    """A body: what comes in is cleaned to the closed vocabulary (articles/publishing/body.py)."""

    def __init__(self, **kwargs):
        super().__init__(extensions=EXTENSIONS, sanitize=clean, widget=BodyWidget, **kwargs)

    def has_changed(self, initial, data):
        """What cleaning takes away, such as where a picture's file is, is no change."""
        return clean(initial or "") != clean(data or "")


class LabelledChoices(forms.ModelMultipleChoiceField):
    """Articles that a search field shows with their state."""

    def label_from_instance(self, article):
        return label(article)


class ChosenInOrder(AutocompleteSelectMultiple):
    """A search field whose choices stand in an order, which in-order.js lets one change."""

    def build_attrs(self, base_attrs, extra_attrs=None):
        attrs = super().build_attrs(base_attrs, extra_attrs)
        return attrs | {"class": f"{attrs['class']} in-order"}

    def optgroups(self, name, value, attrs=None):
        """Return the chosen options alone; what no row stands for is shown as it was typed."""
        queryset = self.choices.queryset.using(self.db)
        rows = queryset.in_bulk([pk for pk in value if is_id(pk)])
        options = [
            self.create_option(name, entry, self.label_of(entry, rows), selected=True, index=place)
            for place, entry in enumerate(value)
        ]
        return [(None, options, 0)]

    def label_of(self, entry, rows):
        return label(rows.get(int(entry), "–")) if is_id(entry) else str(entry)

    class Media:
        js = ["js/in-order.js"]


class ChosenInOrderField(forms.ModelMultipleChoiceField):
    """Rows chosen in an order that matters; `clean` returns them as a list in that order."""

    def clean(self, value):
        rows = {str(row.pk): row for row in super().clean(value)}
        return [rows[pk] for pk in dict.fromkeys(value or [])]

    def has_changed(self, initial, data):
        return [str(pk) for pk in initial or []] != list(data or [])


class AuthorsField(ChosenInOrderField):
    """The bylines of an article, as one field."""

    def __init__(self, **kwargs):
        widget = ChosenInOrder(Byline._meta.get_field("author"), site)
        super().__init__(queryset=Author.objects.all(), widget=widget, **kwargs)


class TagsWidget(ChosenInOrder):
    """A search field for tags; a name that is not there yet comes as "new:name"."""

    NEW = "new:"

    def __init__(self):
        super().__init__(Tagging._meta.get_field("tag"), site)

    def build_attrs(self, base_attrs, extra_attrs=None):
        """Name the class that tags.js looks for: by Django's own, its script would start this too.

        The two would race, and where Django's came last no new tag could be typed.
        """
        return super().build_attrs(base_attrs, extra_attrs) | {"class": "new-tags"}

    def label_of(self, entry, rows):
        return super().label_of(entry, rows).removeprefix(self.NEW)

    class Media:
        js = ["js/tags.js"]


class TagsField(ChosenInOrderField):
    """Tags chosen by id, or named; a new tag is made when the form is saved."""

    NEW = TagsWidget.NEW

    def __init__(self, **kwargs):
        super().__init__(queryset=Tag.objects.all(), widget=TagsWidget(), **kwargs)
        self.help_text = _("Type to search; a tag that does not exist yet is made.")

    def clean(self, value):
        """Return tags and, for those to be made, their names."""
        value = value or []
        names = [entry.removeprefix(self.NEW) for entry in value if entry.startswith(self.NEW)]
        names = [" ".join(name.split())[:100] for name in names]
        chosen = super().clean([entry for entry in value if not entry.startswith(self.NEW)])
        return [*chosen, *filter(None, names)]

    def has_changed(self, initial, data):
        """Their order means nothing."""
        return super().has_changed(sorted(map(str, initial or [])), sorted(data or []))
