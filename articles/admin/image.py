from typing import cast

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminFileWidget
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from articles.desk import rights
from articles.images.metadata import Metadata
from articles.images.tasks import request_renditions
from articles.images.uploads import accept
from articles.models import Image, PublishedArticle, Tag

PER_PAGE = 24


class ImageForm(forms.ModelForm):
    """A picture is checked and encoded anew; what it says of itself fills the empty fields."""

    file = forms.FileField(label=_("File"), widget=AdminFileWidget)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.fields.keys() & {"title", "credit"}:
            self.fields[name].required = False  # the picture may say it itself, see clean()
        for name in self.fields.keys() & {"focal_x", "focal_y"}:
            self.fields[name].required = False
            self.fields[name].widget.attrs |= {"min": 0, "max": 1, "step": "any"}

    def clean_file(self):
        """Return the file that is kept: the picture alone; its content gives it its name."""
        file = self.cleaned_data["file"]
        if not isinstance(file, UploadedFile):
            return file  # the one that is there already
        accepted = accept(file)
        self.said = accepted.said
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
        said = getattr(self, "said", Metadata())
        found = {"title": said.headline, "caption": said.caption, "credit": said.printed_credit}
        for name, value in found.items():
            if not data.get(name):
                data[name] = value[: cast("forms.CharField", self.fields[name]).max_length]
        for name in ("title", "credit"):
            if not data.get(name) and "file" in data:
                self.add_error(name, forms.Field.default_error_messages["required"])
        return data


@admin.register(Image)
class ImageAdmin(admin.ModelAdmin):
    form = ImageForm
    list_display = ["thumbnail", "title", "credit", "licence", "size", "uploaded_at"]
    list_display_links = ["thumbnail", "title"]
    list_filter = ["licence"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["title", "alt", "caption", "credit"]
    readonly_fields = ["thumbnail", "size", "uploaded_by", "uploaded_at"]
    fieldsets = [
        (None, {"fields": ["thumbnail", "file", "title", "alt", "is_decorative", "caption"]}),
        (
            _("Focal point"),
            {
                "fields": [("focal_x", "focal_y")],
                "description": _(
                    "Press the picture where its subject is: every cut keeps it in view."
                ),
            },
        ),
        (_("Rights"), {"fields": ["credit", "licence"]}),
        (_("File"), {"fields": ["size", "uploaded_by", "uploaded_at"]}),
    ]

    class Media:
        js = ["js/focal-point.js"]

    @admin.display(description=_("picture"))
    def thumbnail(self, image):
        if not image.file:
            return "–"
        return format_html('<img class="thumbnail" src="{}" alt="{}">', image.file.url, image.alt)

    @admin.display(description=_("size in pixels"))
    def size(self, image):
        return f"{image.width} × {image.height}" if image.width else "–"

    def has_change_permission(self, request, obj=None):
        """What readers see is changed by those who may publish; the rest by who brought it."""
        if not super().has_change_permission(request, obj) or obj is None:
            return super().has_change_permission(request, obj)
        return rights.may_publish(request.user) or (
            obj.uploaded_by_id == request.user.pk
            and not PublishedArticle.objects.filter(hero_image=obj).exists()
            and not Tag.objects.filter(image=obj).exists()
        )

    def save_model(self, request, obj, form, change):
        if not change:
            obj.uploaded_by = request.user
        super().save_model(request, obj, form, change)
        request_renditions(obj)

    def response_add(self, request, obj, post_url_continue=None):
        """Go back to the picker when the picture was added from there."""
        if "picker" in request.GET:
            call = request.GET["picker"]
            address = reverse("admin:articles_image_picker")
            return HttpResponseRedirect(
                f"{address}?CKEditorFuncNum={int(call)}" if call.lstrip("-").isdigit() else address
            )
        return super().response_add(request, obj, post_url_continue)

    def get_urls(self):
        picker = self.admin_site.admin_view(self.picker_view)
        return [path("picker/", picker, name="articles_image_picker"), *super().get_urls()]

    def picker_view(self, request):
        """A window where the editor's figure button lets a picture be chosen."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        words = request.GET.get("q", "").replace("\x00", "").strip()
        images = Image.objects.all()
        for word in words.split()[:8]:
            images = images.filter(
                Q(title__icontains=word)
                | Q(alt__icontains=word)
                | Q(caption__icontains=word)
                | Q(credit__icontains=word)
            )
        context = self.admin_site.each_context(request) | {
            "title": _("Choose a picture"),
            "images": Paginator(images, PER_PAGE).get_page(request.GET.get("p")),
            "words": words,
            "call": request.GET.get("CKEditorFuncNum", ""),
            "many": "many" in request.GET,
            "is_popup": True,
        }
        return render(request, "admin/articles/image/picker.html", context)
