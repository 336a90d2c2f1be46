"""What machines are told: where they may go, and on which terms texts may be mined.

The reservation of text and data mining (directive (EU) 2019/790, article 4) is said as W3C's
community group has it (TDMRep, 2024): a file, a header, a meta element.
"""

from http import HTTPStatus

from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

# Crawlers by their own names, as their makers' pages give them. Looked through: 2026-11-25.
TRAINING = (  # gather texts to train models
    "AI2Bot Amazonbot Applebot-Extended Bytespider CCBot ClaudeBot cohere-training-data-crawler "
    "Diffbot FacebookBot Google-Extended GPTBot meta-externalagent omgili PanguBot Timpibot "
    "anthropic-ai img2dataset"
).split()
ANSWERING = (  # fetch pages to answer a question, and may name their source
    "ChatGPT-User Claude-SearchBot Claude-User DuckAssistBot MistralAI-User OAI-SearchBot "
    "Perplexity-User PerplexityBot"
).split()
TEXT = "text/plain; charset=utf-8"


@require_safe
def robots(request):
    """Open the site to everybody but the crawlers that the title refuses; see Robots Exclusion
    Protocol (RFC 9309): the group that names a crawler counts for it, and no other.
    """
    site = request.site
    groups = [["User-agent: *", "Disallow: /admin/", "Disallow: /recherche/?"]]
    refused = {"": [], "training": TRAINING, "all": [*TRAINING, *ANSWERING]}[site.ai_crawlers]
    if refused:
        groups.append([*(f"User-agent: {name}" for name in refused), "Disallow: /"])
    if site.robots_txt:
        groups.append(site.robots_txt.splitlines())
    groups.append(
        [f"Sitemap: {request.site_root}{reverse(name)}" for name in ("sitemap", "news-sitemap")]
    )
    text = "\n\n".join("\n".join(group) for group in groups)
    return HttpResponse(f"{text}\n", content_type=TEXT)


@require_safe
def tdmrep(request):
    """Say whether mining is reserved, and where a licence is had; 404 if nothing is reserved."""
    if not request.site.tdm_reserved:
        raise Http404
    terms = {"location": "/", "tdm-reservation": 1}
    if request.site.tdm_policy:
        terms["tdm-policy"] = request.site.tdm_policy
    return JsonResponse([terms], safe=False)


@require_safe
def llms_txt(request):
    return _own(request.site.llms_txt)


@require_safe
def ai_txt(request):
    return _own(request.site.ai_txt)


def _own(text):
    """Give a file that the title wrote; 404 if it wrote none."""
    if not text.strip():
        raise Http404
    return HttpResponse(f"{text.strip()}\n", content_type=TEXT)


def reservation(get_response):
    """Say with every page of readers that mining is reserved."""

    def middleware(request):
        response = get_response(request)
        kind = response.headers.get("Content-Type", "")
        is_page = response.status_code == HTTPStatus.OK and kind.startswith("text/html")
        if is_page and not request.path.startswith("/admin/") and request.site.tdm_reserved:
            response.headers["tdm-reservation"] = "1"
            if request.site.tdm_policy:
                response.headers["tdm-policy"] = request.site.tdm_policy
        return response

    return middleware
