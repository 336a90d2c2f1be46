"""Slugs: the last part of an address, made from a title the French way."""

import re
import unicodedata

from django.utils.translation import gettext as _

MAX_LENGTH = 100

# First parts of addresses that the site itself answers, or that the WordPress it replaces did.
OF_THE_SITE = frozenset(
    ".well-known admin ads ads.txt ai.txt alertes apercu api archives articles auteur auteurs "
    "author category comments connexion corrections dossier dossiers droit-de-reponse embed "
    "equipe favicon.ico feed feed.css feed.json healthz humans.txt index.php lectures "
    "les-plus-lus llms.txt media metrics news-sitemap.xml newsletter page partage print rapports "
    "readyz recherche robots.txt rss rubrique rubriques search signaler site.webmanifest "
    "sitemap.xml sitemap_index.xml static tag tags trackback trust.txt wp-admin wp-content "
    "wp-cron.php wp-includes wp-json wp-login.php wp-sitemap.xml xmlrpc.php".split()
)
# Addresses that readers expect a page at; no article may take one.
OF_PAGES = frozenset(
    "a-propos accessibilite charte confidentialite contact mentions-legales mesure-audience "
    "transparence".split()
)

LIGATURES = str.maketrans(
    {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "ø": "o", "€": " euros "}
)


def fold(text: str) -> str:
    """Return text in lower case, without accents and ligatures: « Défense » is « defense »."""
    parts = unicodedata.normalize("NFKD", text.translate(LIGATURES)).casefold()
    return "".join(char for char in parts if not unicodedata.combining(char))


def slugify(text: str, max_length: int = MAX_LENGTH) -> str:
    """Return the slug of a French title: ASCII words joined by hyphens.

    Apostrophes part words (« l'œuvre » is l-oeuvre), « 1er » stays 1er. A slug longer than
    max_length characters is cut at a word. Text without a letter or a digit gives "".
    """
    slug = "-".join(re.findall("[a-z0-9]+", fold(text)))
    if len(slug) <= max_length:
        return slug
    cut = slug[: max_length + 1].rpartition("-")[0]
    return cut or slug[:max_length]


def numbered(slug: str, number: int) -> str:
    """Return the slug with a number at its end, still at most MAX_LENGTH long: rafale-2."""
    ending = f"-{number}"
    return slugify(slug, MAX_LENGTH - len(ending)) + ending


def reserved_reason(slug: str, for_page: bool = False) -> str:
    """Return why an article, or a page, may not have this slug as its own, or ""."""
    if slug in OF_THE_SITE or (slug in OF_PAGES and not for_page):
        return _("“%s” is an address of the site itself; choose another.") % slug
    return ""
