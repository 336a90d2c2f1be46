"""One file per concept; import them all from here."""

from articles.models.announcement import Announcement
from articles.models.article import Article
from articles.models.buffer import Buffer, Presence
from articles.models.byline import Byline, PublishedByline
from articles.models.correction import Correction
from articles.models.dossier import Dossier, DossierPart
from articles.models.image import Image
from articles.models.known_word import KnownWord
from articles.models.letter import Letter
from articles.models.missing import Missing
from articles.models.month_count import MonthCount
from articles.models.note import Note
from articles.models.origin import Origin
from articles.models.page import Page
from articles.models.picture_use import ArticlePicture, PagePicture, PublishedPicture
from articles.models.published import PublishedArticle
from articles.models.readership import DailyReads, MostRead
from articles.models.redirect import Redirect
from articles.models.revision import Revision
from articles.models.section import Section
from articles.models.shared_preview import SharedPreview
from articles.models.tag import PublishedTagging, Tag, Tagging

__all__ = [
    "Announcement",
    "Article",
    "ArticlePicture",
    "Buffer",
    "Byline",
    "Correction",
    "DailyReads",
    "Dossier",
    "DossierPart",
    "Image",
    "KnownWord",
    "Letter",
    "Missing",
    "MonthCount",
    "MostRead",
    "Note",
    "Origin",
    "Page",
    "PagePicture",
    "Presence",
    "PublishedArticle",
    "PublishedByline",
    "PublishedPicture",
    "PublishedTagging",
    "Redirect",
    "Revision",
    "Section",
    "SharedPreview",
    "Tag",
    "Tagging",
]
