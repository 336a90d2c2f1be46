"""The one page of the desk that opens without an account: a working copy shared by a link."""

from django.db.models import F
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from articles.desk.preview import preview
from articles.models import SharedPreview


@require_safe
def shared_preview(request, token):
    """Show a working copy to whoever holds its link; 404 for any other, expired or revoked.

    Never kept by a cache, never indexed, and the address is told to no other site.
    """
    link = get_object_or_404(SharedPreview.objects.valid().select_related("article"), token=token)
    if request.method == "GET":
        SharedPreview.objects.filter(pk=link.pk).update(openings=F("openings") + 1)
    context = {"article": preview(link.article), "link": link}
    response = render(request, "articles/shared_preview.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
