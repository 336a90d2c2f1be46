"""The few answers that belong to no app: uploads, robots.txt, and errors."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import FileSystemStorage, default_storage
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.static import serve

from articles.reading import old_addresses
from articles.reading.caching import cached
from articles.reading.lost import hits, misses
from articles.reading.remembering import Remembered
from avion.environment import MEDIA_CACHING


@require_safe
def media(request, path):
    """Serve an upload from the local folder, for sites without nginx before them.

    Nothing uploaded can run: the answer is sandboxed, and its type is never guessed.
    """
    if not isinstance(default_storage, FileSystemStorage) or "\0" in path:
        raise Http404
    try:
        response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    except SuspiciousFileOperation as error:  # a path that leads out of the folder
        raise Http404 from error
    response.headers["Cache-Control"] = MEDIA_CACHING
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; sandbox; base-uri 'none'; frame-ancestors 'none'"
    )
    return response


@cached()
@require_safe
def security_txt(request):
    """Say where to report a weakness (RFC 9116); 404 while nobody is named."""
    if not request.site.contact_email:
        raise Http404
    lines = [
        f"Contact: mailto:{request.site.contact_email}",
        f"Expires: {timezone.now() + timedelta(days=180):%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages: fr, en",
        f"Canonical: {request.site_root}{reverse('security-txt')}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@cached()
@require_safe
def dress(request, version):
    """The title's own colours, at an address that changes with them."""
    if version != request.site.dress_version:
        raise Http404
    response = HttpResponse(request.site.dress, content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = MEDIA_CACHING
    return response


@cached()
@require_safe
def manifest(request):
    """What a device shows of the title on its start screen (W3C Web Application Manifest)."""
    site = request.site
    own = site.icon_addresses()
    icons = {size: own.get(size) or static(f"img/icon-{size}.png") for size in (192, 512)}
    paper, _dark = site.colours["paper"]
    data = {
        "name": site.name,
        "lang": "fr",
        "start_url": "/",
        "display": "browser",
        "background_color": paper,
        "theme_color": paper,
        "icons": [
            {"src": address, "sizes": f"{size}x{size}", "type": "image/png"}
            for size, address in icons.items()
        ],
    }
    return JsonResponse(data, content_type="application/manifest+json")


@cached()
@require_safe
def favicon(request):
    """Lead browsers that ask without looking at the page to the icon."""
    address = request.site.icon_addresses().get(32) or static("img/icon-32.png")
    return HttpResponseRedirect(address)


def _lost(request) -> str:
    return render_to_string("404.html", request=request)


LOST = Remembered(_lost)  # anybody can make up addresses: they are all answered with one page


def not_found(request, exception):
    """404 in the site's design, with a way on; of an old address, what is there now."""
    if request.method in {"GET", "HEAD"} and not request.path.startswith("/admin/"):
        destination = old_addresses.leads_to(request.path, getattr(exception, "path", ""))
        if destination:
            hits.add(request, old_addresses.normal(request.path))
            return old_addresses.moved(destination)
        if destination == "":
            return render(request, "410.html", status=410)
        misses.add(request)
    of_all = request.path != "/"  # to which the menu leads, and `/?p=12` may be a dead end
    return HttpResponse(LOST.get(request, request) if of_all else _lost(request), status=404)
