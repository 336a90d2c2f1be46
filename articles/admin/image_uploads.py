"""How pictures come into the library: many at once, from the chooser, dropped into a text."""

import re
from dataclasses import dataclass, field

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from articles.admin.image_form import NOT_STORED, UploadForm
from articles.images import stock
from articles.images.places import single
from articles.images.tasks import request_renditions
from articles.models import Image

PER_PAGE = 24
EDITOR_CALL = re.compile(r"-?[0-9]{1,9}")


@dataclass
class Upload:
    """What became of one file: an image, or what the library has like it, or what is wrong."""

    name: str
    image: Image | None = None
    twins: list[Image] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


class ImageUploads(admin.ModelAdmin):
    """The part of the library's admin that takes files in and lets one be chosen."""

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("picker/", wrap(self.picker_view), name="articles_image_picker"),
            path("upload/", wrap(self.upload_view), name="articles_image_upload"),
            *super().get_urls(),
        ]

    def upload_view(self, request):
        """Take in files that share what is typed beside them; each stands or falls alone.

        Scripts send one file a request and get JSON: {"image": …} (201), {"twins": […]} (409)
        or {"error": "…"} (400).
        """
        if not self.has_add_permission(request):
            raise PermissionDenied
        files = request.FILES.getlist("files")
        uploads = [self._take_in(request, file) for file in files]
        if request.accepts("text/html") or request.method != "POST":
            return self._upload_page(request, uploads)
        return _answer(uploads)

    @transaction.atomic
    def _take_in(self, request, file) -> Upload:
        form = UploadForm(request.POST, {"file": file})
        if not form.is_valid():
            errors = [
                str(error) if name == "file" else f"{form.fields[name].label}{_(':')} {error}"
                for name, messages in form.errors.items()
                for error in messages
            ]
            return Upload(file.name, twins=form.twins, errors=errors)
        image = form.save(commit=False)
        image.uploaded_by = request.user
        try:
            stock.save(image)
        except stock.NotStoredError:
            return Upload(file.name, errors=[str(NOT_STORED)])
        form.save_m2m()
        request_renditions(image)
        self.log_addition(request, image, [{"added": {}}])
        return Upload(file.name, image=image)

    def _upload_page(self, request, uploads):
        typed = request.POST.dict() | {"tags": request.POST.getlist("tags")}
        form = UploadForm(initial=typed)
        del form.fields["file"]  # the page has a field for many
        context = self.admin_site.each_context(request) | {
            "title": _("Add pictures"),
            "opts": self.opts,
            "form": form,
            "media": self.media + form.media,
            "nothing_chosen": request.method == "POST" and not uploads,
            "uploads": uploads,
        }
        return render(request, "admin/articles/image/upload.html", context)

    def response_add(self, request, obj, post_url_continue=None):
        """Go back to the chooser when the picture was added from there."""
        if "picker" in request.GET:
            call = request.GET["picker"]
            address = reverse("admin:articles_image_picker")
            return HttpResponseRedirect(
                f"{address}?CKEditorFuncNum={call}" if EDITOR_CALL.fullmatch(call) else address
            )
        return super().response_add(request, obj, post_url_continue)

    def picker_view(self, request):
        """A window where the editor's figure button lets a picture be chosen."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        words = request.GET.get("q", "").replace("\x00", "").strip()
        page = Paginator(Image.objects.found_by(words), PER_PAGE).get_page(request.GET.get("p"))
        context = self.admin_site.each_context(request) | {
            "title": _("Choose a picture"),
            "images": page,
            "choices": [described(image) for image in page],
            "words": words,
            "call": request.GET.get("CKEditorFuncNum", ""),
            "many": "many" in request.GET,
            "may_add": self.has_add_permission(request),
            "is_popup": True,
        }
        return render(request, "admin/articles/image/picker.html", context)


def described(image) -> dict:
    """Return what scripts and the chooser need to know of a picture."""
    return {
        "id": image.pk,
        "title": image.title,
        "alt": image.alt,
        "caption": image.caption,
        "credit": image.credit,
        "address": single(image, "full", 800)["url"],
        "thumbnail": single(image, "card", 480)["url"],
        "change": reverse("admin:articles_image_change", args=[image.pk]),
    }


def _answer(uploads):
    if not uploads:
        return JsonResponse({"error": str(_("No file came."))}, status=400)
    upload = uploads[0]
    if upload.image:
        return JsonResponse({"image": described(upload.image)}, status=201)
    if upload.twins:
        return JsonResponse({"twins": [described(twin) for twin in upload.twins]}, status=409)
    return JsonResponse({"error": " ".join(map(strip_tags, upload.errors))}, status=400)
