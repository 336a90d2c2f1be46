"""What search engines read of a page: schema.org's vocabulary as JSON-LD, from plain functions.

Each page has one graph, whose nodes refer to one another by their `@id`. What is required and
recommended stands in Google's documentation of structured data (Article, Breadcrumb, Profile page).
"""

import re

from django.conf import settings
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from articles.images.places import absolute, single
from articles.images.structured import image_object
from articles.publishing.body import host_of
from articles.reading.addresses import address_of

TYPES = {  # genre: schema.org's kind of NewsArticle
    "report": "ReportageNewsArticle",
    "analysis": "AnalysisNewsArticle",
    "opinion": "OpinionNewsArticle",
    "background": "BackgroundNewsArticle",
    "review": "ReviewNewsArticle",
}
SOURCES = {  # of a text: schema.org's IPTCDigitalSourceEnumeration
    "assisted": "https://schema.org/CompositeWithTrainedAlgorithmicMediaDigitalSource",
    "generated": "https://schema.org/TrainedAlgorithmicMediaDigitalSource",
}
SHAPES = ("hero", "standard", "square")  # 16:9, 4:3 and 1:1, as Google asks for
LINK = re.compile(r'<a\b[^>]*\bhref="(https?://[^"]+)"')
CITED = 20  # addresses at most
LISTED = 20  # articles of a list at most


def graph(*nodes) -> dict:
    """Return the nodes of a page as one document; what is None or empty is left out."""
    return {"@context": "https://schema.org", "@graph": [_filled(node) for node in nodes if node]}


def of_article(copy, site) -> dict:
    """Return the graph of an article: itself, its pictures, where it stands, who publishes it."""
    trail = [(copy.section.name, copy.section.get_absolute_url())] if copy.section else []
    pictures = [image for image in (copy.hero_image, *copy.pictures.values()) if image]
    return graph(
        news_article(copy),
        breadcrumbs(*trail, (copy.title, copy.get_absolute_url())),
        organization(site),
        *map(image_object, dict.fromkeys(pictures)),
    )


def of_front_page(site, copies) -> dict:
    """Return the graph of the front page: the site, who publishes it, what it leads with."""
    return graph(web_site(site), organization(site), _list("/", copies))


def of_list(title, path, copies, site) -> dict:
    """Return the graph of a section, a tag, a dossier: a collection of these articles."""
    page = {
        "@type": "CollectionPage",
        "@id": f"{_root()}{path}",
        "url": f"{_root()}{path}",
        "name": title,
        "inLanguage": "fr",
        "isPartOf": {"@id": _site_id()},
        "mainEntity": _list(path, copies),
    }
    return graph(page, breadcrumbs((title, path)), web_site(site), organization(site))


def of_page(title, path, site, kind="WebPage") -> dict:
    """Return the graph of a page that is neither an article nor about one thing alone."""
    page = {
        "@type": kind,
        "@id": f"{_root()}{path}",
        "url": f"{_root()}{path}",
        "name": title,
        "inLanguage": "fr",
        "isPartOf": {"@id": _site_id()},
    }
    return graph(page, breadcrumbs((title, path)), web_site(site), organization(site))


def of_author(author, site) -> dict:
    """Return the graph of an author's page."""
    path = author.get_absolute_url()
    page = {
        "@type": "ProfilePage",
        "@id": f"{_root()}{path}",
        "url": f"{_root()}{path}",
        "inLanguage": "fr",
        "isPartOf": {"@id": _site_id()},
        "mainEntity": person(author),
    }
    return graph(page, breadcrumbs((author.name, path)), web_site(site), organization(site))


def news_article(copy) -> dict:
    """Return a NewsArticle, of the kind that its genre says."""
    address = f"{_root()}{copy.get_absolute_url()}"
    return {
        "@type": TYPES.get(copy.genre, "NewsArticle"),
        "@id": f"{address}#article",
        "url": address,
        "mainEntityOfPage": _reviewed_page(copy, address) or address,
        "headline": copy.title,
        "description": copy.standfirst,
        "image": _images(copy.hero_image),
        "datePublished": _moment(copy.first_published_at),
        "dateModified": _moment(copy.modified_at),
        "author": [person(author) for author in copy.authors],
        "publisher": {"@id": _organization_id()},
        "isAccessibleForFree": True,
        "inLanguage": "fr",
        "articleSection": copy.section.name if copy.section else "",
        "keywords": [tag.name for tag in copy.tags],
        "wordCount": copy.word_count,
        "citation": cited(copy.body),
        "digitalSourceType": SOURCES.get(copy.ai_use, ""),
        "workTranslation": [
            {"@type": "CreativeWork", "url": each.address, "inLanguage": each.code}
            for each in copy.translation_list
        ],
        "correction": [
            {
                "@type": "CorrectionComment",
                "text": strip_tags(f"{each['wrong']} {each['right']}".strip()),
                "datePublished": each["at"],
            }
            for each in copy.corrections
        ],
        "speakable": {
            "@type": "SpeakableSpecification",
            "cssSelector": ["h1", ".standfirst"],
        },
    }


def _reviewed_page(copy, address) -> dict:
    """Return the page of what somebody reviewed that artificial intelligence made; {} of others."""
    if not copy.ai_reviewed_by:
        return {}
    return {
        "@type": "WebPage",
        "@id": address,
        "reviewedBy": {"@type": "Person", "name": copy.ai_reviewed_by},
        "lastReviewed": copy.ai_reviewed_on and copy.ai_reviewed_on.isoformat(),
    }


def person(author) -> dict:
    """Return the Person who signs, with the addresses that are theirs elsewhere."""
    address = f"{_root()}{author.get_absolute_url()}"
    return {
        "@type": "Person",
        "@id": f"{address}#person",
        "name": author.name,
        "url": address,
        "jobTitle": author.job_title,
        "description": strip_tags(author.biography),
        "image": absolute(author.portrait.url) if author.portrait else "",
        "sameAs": _pages(author.link_list),
        "worksFor": {"@id": _organization_id()},
    }


def organization(site) -> dict:
    """Return who publishes the title, and where its rules stand."""
    root = _root()
    icon = site.icon_addresses().get(512) or static("img/icon-512.png")
    return {
        "@type": "NewsMediaOrganization",
        "@id": _organization_id(),
        "name": site.name,
        "legalName": site.publisher.partition(",")[0],
        "url": f"{root}/",
        "logo": {
            "@type": "ImageObject",
            "url": absolute(site.logo.url if site.logo else icon),
        },
        "description": strip_tags(site.about or site.tagline),
        "email": site.contact_email,
        "sameAs": _pages(site.social_link_list),
        "masthead": f"{root}{address_of('team')}",
        "correctionsPolicy": f"{root}{address_of('corrections')}",
        "ethicsPolicy": f"{root}{address_of('charte')}",
        "publishingPrinciples": f"{root}{address_of('charte')}",
        "ownershipFundingInfo": f"{root}{address_of('transparence')}#owners" if site.owners else "",
        "missionCoveragePrioritiesPolicy": f"{root}{address_of('transparence')}#mission"
        if site.mission
        else "",
        "actionableFeedbackPolicy": f"{root}{address_of('report-error')}",
        "foundingDate": str(site.founded or ""),
    }


def web_site(site) -> dict:
    """Return the site, with the address of its search."""
    root = _root()
    return {
        "@type": "WebSite",
        "@id": _site_id(),
        "url": f"{root}/",
        "name": site.name,
        "description": strip_tags(site.tagline),
        "inLanguage": "fr",
        "publisher": {"@id": _organization_id()},
        "potentialAction": {
            "@type": "SearchAction",
            "target": {
                "@type": "EntryPoint",
                "urlTemplate": f"{root}{address_of('search')}?q={{search_term_string}}",
            },
            "query-input": "required name=search_term_string",
        },
    }


def breadcrumbs(*trail) -> dict:
    """Return the way to a page from the front page. trail: (name, path) pairs."""
    places = [(_("Home"), "/"), *trail]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": name, "item": f"{_root()}{path}"}
            for number, (name, path) in enumerate(places, 1)
        ],
    }


def cited(html: str) -> list[str]:
    """Return the addresses of other sites that a text leads to, each once, the first CITED."""
    own = settings.SITE_URL.hostname
    found = dict.fromkeys(address.replace("&amp;", "&") for address in LINK.findall(html))
    return [address for address in found if host_of(address) not in {"", own}][:CITED]


def _pages(links) -> list[str]:
    """Return the addresses of (address, words) that are pages, not mailboxes."""
    return [address for address, _words in links if not address.startswith("mailto:")]


def _list(path, copies) -> dict:
    return {
        "@type": "ItemList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": number,
                "url": f"{_root()}{copy.get_absolute_url()}",
                "name": copy.title,
            }
            for number, copy in enumerate(copies[:LISTED], 1)
        ],
    }


def _images(image) -> list[dict]:
    """Return a picture in the three shapes of SHAPES; whole, as long as they are not made."""
    if image is None:
        return []
    files = [single(image, shape) for shape in SHAPES]
    return [
        {
            "@type": "ImageObject",
            "url": absolute(file["url"]),
            "width": file["width"],
            "height": file["height"],
        }
        for file in {file["url"]: file for file in files}.values()
    ]


def _moment(moment) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")


def _filled(node):
    """Return a node without what is empty, at whatever depth."""
    if isinstance(node, dict):
        filled = {name: _filled(value) for name, value in node.items()}
        return {name: value for name, value in filled.items() if value not in ("", None, [], {})}
    return [_filled(each) for each in node] if isinstance(node, list) else node


def _root() -> str:
    return f"{settings.SITE_URL.scheme}://{settings.SITE_URL.netloc}"


def _organization_id() -> str:
    return f"{_root()}/#organization"


def _site_id() -> str:
    return f"{_root()}/#website"
