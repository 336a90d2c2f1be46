"""The few answers that belong to no app: uploads, robots.txt, and errors."""

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import FileSystemStorage, default_storage
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.static import serve

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
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_safe
def robots(request):
    """Open the site to everybody, except the desk and the endless pages of results."""
    site = f"{settings.SITE_URL.scheme}://{settings.SITE_URL.netloc}"
    lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /recherche/", ""]
    lines += [f"Sitemap: {site}/sitemap.xml", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def not_found(request, exception):
    """404 in the site's design, with a way on."""
    return render(request, "404.html", status=404)
