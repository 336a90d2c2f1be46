from django import forms
from django.conf import settings
from django.contrib.admin.widgets import AdminFileWidget
from django.core.files.uploadedfile import UploadedFile
from django.utils.module_loading import import_string


class CleanedPictureField(forms.FileField):
    """A picture that is kept without the place and the serial number that a camera writes into it.

    `settings.PICTURE_CLEANER` names the function that does it: people know nothing of pictures.
    """

    widget = AdminFileWidget

    def widget_attrs(self, widget):
        return {"aria-label": self.label}  # the admin's label is of the whole group

    def clean(self, data, initial=None):
        data = super().clean(data, initial)
        if isinstance(data, UploadedFile):
            return import_string(settings.PICTURE_CLEANER)(data)
        return data
