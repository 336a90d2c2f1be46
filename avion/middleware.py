"""What every answer needs to know of the site."""

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpResponseNotAllowed
from django.middleware.gzip import GZipMiddleware
from django.templatetags.static import static
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from articles.reading.remembering import Remembered
from avion import faults
from avion.models import SiteSettings


class Compression(GZipMiddleware):
    """Django's gzip for pages, feeds and other text; pictures are compressed in themselves."""

    def process_response(self, request, response):
        kind = response.headers.get("Content-Type", "")
        if response.streaming or not kind.startswith(("text/", "application/")):
            return response
        return super().process_response(request, response)


# What no page of ours asks a browser for. Players in frames keep autoplay and full screen.
PERMISSIONS = "browsing-topics camera geolocation microphone midi payment serial usb".split()
POLICY = ", ".join(f"{name}=()" for name in PERMISSIONS)


def headers(get_response):
    """Add to every answer what Django's own middleware does not: isolation and permissions.

    Other sites may show our pictures, and nothing else of ours.
    """

    def middleware(request):
        response = get_response(request)
        shared = request.path.startswith(settings.MEDIA_URL)
        response.headers.setdefault("Permissions-Policy", POLICY)
        if request.path.startswith("/admin/"):
            response.headers.setdefault("Cache-Control", "no-store, private")
        response.headers.setdefault(
            "Cross-Origin-Resource-Policy", "cross-origin" if shared else "same-origin"
        )
        return response

    return middleware


def refusals(get_response):
    """Refuse TRACE (405), and a NUL in an address of the desk (400): PostgreSQL cannot hold it."""

    def middleware(request):
        if request.method == "TRACE":
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        asked = request.path + request.META.get("QUERY_STRING", "")
        if asked.startswith("/admin/") and ("\x00" in asked or "%00" in asked):
            raise BadRequest("NUL")
        return get_response(request)

    return middleware


def trusted_types(get_response):
    """Forbid the scripts of readers' pages to write markup; those of the desk's libraries do."""

    def middleware(request):
        response = get_response(request)
        if not request.path.startswith("/admin/") and not hasattr(response, "_csp_config"):
            strict = {"require-trusted-types-for": ["'script'"]}
            response._csp_config = settings.SECURE_CSP | strict
        return response

    return middleware


def maintenance(get_response):
    """Answer with 503 while the site, or its desk alone, is closed: see `manage.py maintenance`.

    With the desk go all forms: nothing is written then but what readers do not wait for.
    """

    def middleware(request):
        try:
            now = faults.maintenance_now()
        except FileNotFoundError:  # the usual day: the site is open
            return get_response(request)
        reads = request.method in {"GET", "HEAD"} and not request.path.startswith("/admin/")
        return get_response(request) if now.of_desk and reads else faults.maintenance(now.end)

    return middleware


SITE = Remembered(SiteSettings.load)


def site_settings(get_response):
    """Put on the request what every page carries.

    request.generation: what the page cache says that readers see, None where nobody knows.
    request.site: the site's settings, read only if asked for.
    request.site_root: the site's public address without a final slash.
    request.today: the date in the site's time zone.
    """
    root = f"{settings.SITE_URL.scheme}://{settings.SITE_URL.netloc}"

    def middleware(request):
        request.generation = Remembered.generation()  # before anything is read
        request.site = SimpleLazyObject(lambda: SITE.get(request))
        request.site_root = root
        request.today = timezone.localdate()
        return get_response(request)

    return middleware


def surrogate_keys(get_response):
    """Name what a page shows, so that a CDN can be told to forget it: the site, its kind, itself.

    Such as "site article article-un-vol". Only of pages that may be kept: see avion/pagecache.
    """

    def middleware(request):
        response = get_response(request)
        match = request.resolver_match
        if match and getattr(match.func, "caching", None):
            names = ["site", *filter(None, [match.url_name])]
            own = [f"{match.url_name}-{match.kwargs['slug']}"] if match.kwargs.get("slug") else []
            response.headers["Surrogate-Key"] = " ".join([*names, *own])
        return response

    return middleware


def speculation(get_response):
    """Let browsers fetch the page behind a link that a reader is about to follow.

    The rules (static/speculation.rules) come by a header, which the content security policy
    allows without anything inline. https://developer.mozilla.org/docs/Web/API/Speculation_Rules_API
    """

    def middleware(request):
        response = get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if is_page and not request.path.startswith("/admin/"):
            response.headers["Speculation-Rules"] = f'"{static("speculation.rules")}"'
        return response

    return middleware
