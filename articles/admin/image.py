"""The photo library, declared: its list, its form, who may change and delete what."""

from typing import cast

from django.contrib import admin
from django.db import transaction
from django.http import HttpResponseRedirect
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from articles.admin.image_actions import ImageActions
from articles.admin.image_form import ImageForm
from articles.admin.image_retiring import ImageRetiring
from articles.admin.image_uploads import ImageUploads
from articles.desk import rights
from articles.desk.picture_uses import copies_with, pages_with, unused, uses_of
from articles.images import stock
from articles.images.places import single
from articles.images.tasks import request_renditions
from articles.models import Image, Tag

FOCAL_POINT = ["focal_x", "focal_y"]
OF_THE_FILE = ["size", "uploaded_by", "uploaded_at"]
VIEWS = ["grid", "list"]


class LackFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "lack"

    def lookups(self, request, model_admin):
        return [
            ("credit", _("without credit")),
            ("alt", _("without alternative text")),
            ("expiring", _("licence expires soon or has expired")),
            ("unused", _("used nowhere")),
        ]

    def queryset(self, request, queryset):
        lacking = {
            "credit": lambda: queryset.filter(credit=""),
            "alt": queryset.without_alt,
            "expiring": queryset.expiring,
            "unused": lambda: unused(queryset),
        }
        return lacking.get(self.value() or "", lambda: queryset)()


@admin.register(Image)
class ImageAdmin(ImageActions, ImageRetiring, ImageUploads):
    form = ImageForm
    list_display = ["thumbnail", "title", "shown_credit", "licence", "size", "uploaded_at"]
    list_display_links = ["thumbnail", "title"]
    list_filter = [LackFilter, "licence"]
    list_per_page = 48
    show_full_result_count = False
    search_fields = ["title"]  # see get_search_results
    readonly_fields = ["thumbnail", *OF_THE_FILE]
    fieldsets = [
        (None, {"fields": ["thumbnail", "file", "title", "alt", "is_decorative", "caption"]}),
        (
            _("Focal point"),
            {
                "fields": [*FOCAL_POINT],
                "description": _(
                    "Press the picture where its subject is: every cut keeps it in view."
                ),
            },
        ),
        (
            _("Rights"),
            {
                "fields": [
                    "credit",
                    "licence",
                    "usable_until",
                    "creator",
                    "copyright",
                    "licence_url",
                    "source_url",
                ]
            },
        ),
        (_("Subject"), {"fields": ["tags", "take_keywords", "city", "taken_on"]}),
        (_("File"), {"fields": [*OF_THE_FILE]}),
    ]

    class Media:
        js = ["js/focal-point.js"]

    # The list

    def get_ordering(self, request):
        is_of_licences = request.GET.get("lack") == "expiring"
        return ["usable_until", "pk"] if is_of_licences else super().get_ordering(request)

    def get_search_results(self, request, queryset, search_term):
        return queryset.found_by(search_term), False

    def changelist_view(self, request, extra_context=None):
        """Show the list as a grid of large pictures or as rows, as this account last chose."""
        if request.GET.get("view") in VIEWS:
            request.session["image_view"] = request.GET["view"]
            rest = request.GET.copy()
            del rest["view"]
            return HttpResponseRedirect(f"{request.path}?{rest.urlencode()}")
        view = request.session.get("image_view", VIEWS[0])
        context = {"view": view} | (extra_context or {})
        return super().changelist_view(request, context)

    @admin.display(description=_("picture"))
    def thumbnail(self, image):
        if not image.file:
            return "–"
        url = single(image, "full", 800)["url"]
        return format_html('<img class="thumbnail" src="{}" alt="{}">', url, image.alt)

    @admin.display(description=_("credit"), ordering="credit")
    def shown_credit(self, image):
        marks = []
        if not image.credit:
            marks.append(_("no credit"))
        if not image.alt and not image.is_decorative:
            marks.append(_("no alternative text"))
        if image.is_expired:
            marks.append(_("licence expired"))
        elif image.expires_soon:
            marks.append(_("licence expires soon"))
        badges = format_html_join("", ' <span class="lack">{}</span>', ((mark,) for mark in marks))
        return format_html("{}{}", image.credit, badges)

    @admin.display(description=_("size in pixels"))
    def size(self, image):
        return f"{image.width} × {image.height}" if image.width else "–"

    # The form

    def get_object(self, request, object_id, from_field=None):
        """Hold the picture while it is being saved, so that no colleague's new file is undone."""
        if request.method == "POST" and str(object_id).isdecimal():
            list(Image.objects.select_for_update(no_key=True).filter(pk=object_id))
        return super().get_object(request, object_id, from_field)

    def get_fieldsets(self, request, obj=None):
        """Leave out what there is nothing to show of: all that a new picture has not got yet."""
        without: set = set() if obj and obj.keywords else {"take_keywords"}
        if obj is None:
            without |= {"thumbnail", *FOCAL_POINT, *OF_THE_FILE}
        shown = [
            (name, options | {"fields": [f for f in options["fields"] if f not in without]})
            for name, options in super().get_fieldsets(request, obj)
        ]
        return [(name, options) for name, options in shown if options["fields"]]

    def render_change_form(self, request, context, *args, **kwargs):
        if image := context.get("original"):
            context["uses"] = uses_of(image, request.user)
            context["may_retire"] = rights.may_change_any_image(request.user)
        return super().render_change_form(request, context, *args, **kwargs)

    def get_form(self, request, obj=None, change=False, **kwargs):
        made = super().get_form(request, obj, change=change, **kwargs)
        form = cast("type[ImageForm]", made)
        form.was_not_stored = getattr(request, "was_not_stored", False)
        return form

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Show the form again, and all that was typed, when the file could not be stored."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except stock.NotStoredError:
            request.was_not_stored = True
            return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request, obj, form, change):
        """Keep the picture; a file that another one replaces goes once that is certain."""
        if not change:
            obj.uploaded_by = request.user
        replaced = form.initial["file"] if change and "file" in form.changed_data else None
        stock.save(obj)
        if replaced:
            transaction.on_commit(lambda: stock.remove([replaced.name]))
        request_renditions(obj)

    # Who changes and deletes

    def has_change_permission(self, request, obj=None):
        """What readers see is changed by those who may change any; the rest by who brought it."""
        if not super().has_change_permission(request, obj) or obj is None:
            return super().has_change_permission(request, obj)
        return rights.may_change_any_image(request.user) or (
            obj.uploaded_by_id == request.user.pk
            and not copies_with(obj).exists()
            and not pages_with(obj).exists()
            and not Tag.objects.filter(image=obj).exists()
        )

    def get_deleted_objects(self, objs, request):
        """Refuse to delete a picture that is used, and say where."""
        to_delete, counts, lacking, protected = super().get_deleted_objects(objs, request)
        if protected:
            protected = [line for image in objs for line in _in_words(uses_of(image, request.user))]
        return to_delete, counts, lacking, protected

    def delete_model(self, request, obj):
        stock.delete(obj)

    def delete_queryset(self, request, queryset):
        for image in queryset:
            stock.delete(image)


def _in_words(uses) -> list:
    """Return a line of HTML for each use, and one for those that the account may not know of."""
    lines = [
        format_html("{}{} <a href={}>{}</a>", use.kind, _(":"), use.address, use.title)
        for use in uses.named
    ]
    return lines + ([uses.hidden_in_words] if uses.hidden else [])
