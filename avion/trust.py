"""Who stands behind the site, for machines: trust.txt, ads.txt, humans.txt."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles.reading.caching import cached
from avion.terms import TEXT, own


@cached()
@require_safe
def trust_txt(request):
    """Say which accounts are the title's own, whom it belongs to, and how to reach it.

    https://journallist.net/reference-document-for-trust-txt-specifications
    """
    site, root = request.site, request.site_root
    told = [
        *(("belongto", address) for address in site.associations.split()),
        *(("social", address) for address, _words in site.social_link_list),
        ("disclosure", f"{root}{reverse('transparence')}"),
        ("contact", site.contact_email or f"{root}{reverse('contact')}"),
        ("datatrainingallowed", "no" if site.tdm_reserved or site.ai_crawlers else "yes"),
    ]
    lines = [f"# {site.name}, {root}/", *(f"{name}={value}" for name, value in told)]
    return HttpResponse("\n".join([*lines, ""]), content_type=TEXT)


@cached()
@require_safe
def ads_txt(request):
    """Name who may sell the site's advertising (IAB); 404 as long as nobody does."""
    return own(request.site.ads_txt)


@cached()
@require_safe
def humans_txt(request):
    """Say who makes the site (https://humanstxt.org)."""
    site, root = request.site, request.site_root
    people = [site.editor_in_chief, site.publication_director]
    lines = [
        "/* TEAM */",
        *dict.fromkeys(filter(None, people)),
        f"{root}{reverse('team')}",
        site.contact_email,
        "",
        "/* SITE */",
        "Language: French",
        "Software: Avion, Django",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type=TEXT)
