"""What machines are told: where they may go, and on which terms texts may be mined.

The reservation of text and data mining (directive (EU) 2019/790, article 4) is said as W3C's
community group has it (TDMRep, 2024): a file, a header, a meta element.
"""

from http import HTTPStatus

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles import announcing
from articles.models import Article, PublishedArticle
from articles.reading.caching import cached

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
OPEN, RESERVED = Article.Mining.OPEN, Article.Mining.RESERVED
OWN, MOST = ["slug", "mining"], 2000  # articles: Google reads no more than 500 KiB of a robots.txt
TEXT = "text/plain; charset=utf-8"


@cached()
@require_safe
def robots(request):
    """Open the site to everybody but the crawlers that the title refuses; see Robots Exclusion
    Protocol (RFC 9309): the group that names a crawler counts for it, and no other.
    """
    site = request.site
    written = [line.strip() for line in site.robots_txt.splitlines()]
    starts = [line.lower().startswith("user-agent") for line in written]
    first = starts.index(True) if any(starts) else len(written)
    everybody = ["Disallow: /admin/", "Disallow: /recherche/?", *filter(None, written[:first])]
    groups = [["User-agent: *", *everybody]]
    training = _exceptions(refused=bool(site.ai_crawlers))
    if training:
        lines = training if site.ai_crawlers else [*everybody, *training]
        groups.append([*(f"User-agent: {name}" for name in TRAINING), *lines])
    if site.ai_crawlers == "all":
        groups.append([*(f"User-agent: {name}" for name in ANSWERING), "Disallow: /"])
    if written[first:]:
        groups.append(written[first:])
    groups.append(
        [f"Sitemap: {request.site_root}{reverse(name)}" for name in ("sitemap", "news-sitemap")]
    )
    text = "\n\n".join("\n".join(group) for group in groups)
    return HttpResponse(f"{text}\n", content_type=TEXT)


def _exceptions(*, refused):
    """Return what a training crawler is told: that it is refused, and of which articles it is not.

    refused: whether the title refuses it. Crawlers take the longest path that fits, some the first.
    """
    if refused:
        return [*(f"Allow: {path}" for path, terms in _own_terms() if terms == OPEN), "Disallow: /"]
    return [f"Disallow: {path}" for path, terms in _own_terms() if terms == RESERVED]


def _own_terms() -> list[tuple[str, str]]:
    """Return (path, Article.Mining) of the newest MOST live articles with terms of their own."""
    own = PublishedArticle.objects.live().filter(mining__in=[OPEN, RESERVED]).newest()
    return [
        (reverse("article", args=[slug]), terms) for slug, terms in own.values_list(*OWN)[:MOST]
    ]


@cached()
@require_safe
def tdmrep(request):
    """Say whether mining is reserved, and where a licence is had; 404 if nothing is reserved.

    Articles with terms of their own come first: the first rule that fits a path counts.
    """
    site = request.site
    rules = _own_terms()
    if site.tdm_reserved:
        rules.append(("/", RESERVED))
    if not any(terms == RESERVED for _path, terms in rules):
        raise Http404
    said = [{"location": path, "tdm-reservation": int(terms == RESERVED)} for path, terms in rules]
    for rule in said:
        if site.tdm_policy and rule["tdm-reservation"]:
            rule["tdm-policy"] = site.tdm_policy
    return JsonResponse(said, safe=False)


@cached()
@require_safe
def llms_txt(request):
    return own(request.site.llms_txt)


@cached()
@require_safe
def ai_txt(request):
    return own(request.site.ai_txt)


@cached()
@require_safe
def indexnow_key(request, key):
    """Prove that IndexNow is told by this site: see articles/announcing.py."""
    if not settings.INDEXNOW_ENDPOINT or key != announcing.key():
        raise Http404
    return HttpResponse(key, content_type=TEXT)


def own(text):
    """Give a file that the title wrote; 404 if it wrote none."""
    if not text.strip():
        raise Http404
    return HttpResponse(f"{text.strip()}\n", content_type=TEXT)


def reservation(get_response):
    """Say with every text for readers, feeds and the API among them, whether mining is reserved."""

    def middleware(request):
        response = get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        is_text = is_page or hasattr(request, "mining")
        is_ours = request.path.startswith("/admin/")
        if is_text and not is_ours and response.status_code == HTTPStatus.OK:
            for name, value in _reserved(request):
                response.headers[name] = value
        return response

    return middleware


def frame(request):
    """Give the pages' head what `reservation` says in their headers."""
    return {"mining_terms": lambda: _reserved(request)}


def _reserved(request) -> list[tuple[str, str]]:
    """Return what TDMRep says of a page: [] if mining is free here as everywhere on the site.

    Views that give whole articles (their own, feeds, the API) put their terms on the request
    (`request.mining`).
    """
    own = getattr(request, "mining", "")
    if own == OPEN:
        return [("tdm-reservation", "0")] if request.site.tdm_reserved else []
    if own != RESERVED and not request.site.tdm_reserved:
        return []
    policy = request.site.tdm_policy
    return [("tdm-reservation", "1"), *([("tdm-policy", policy)] if policy else [])]
