"""The proof of a move: every old address is asked of the new site, and every text compared.

It reads the export and the site as a reader would, over HTTP; nothing of the import is trusted.
"""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TypeVar
from urllib.parse import quote, urljoin, urlsplit

from django.utils.translation import gettext as _
from lxml import etree
from lxml import html as lxml_html

from articles.slugs import fold, slugify
from articles.wordpress import wxr
from articles.wordpress.blocks import pieces
from articles.wordpress.files import plain
from articles.wordpress.leading import old_paths
from articles.wordpress.old_site import POSTS
from articles.wordpress.shortcodes import TAG

TIMEOUT = 30  # seconds
HOPS = 5
ENOUGH = 0.98  # of the words of an old text that the new page must hold
WORD = re.compile("[a-z0-9]+")
HIDDEN = re.compile(r"<(script|style|noscript|iframe|object)\b.*?</\1\s*>", re.DOTALL | re.I)
BUTTON = re.compile(r"<a\b[^>]*wp-block-file__button.*?</a>", re.DOTALL)  # of the file before it
INLINE = re.compile(
    r"</?(?:a|abbr|b|cite|code|del|em|i|ins|mark|q|s|small|span|strong|su[bp]|u)\b[^>]*>"
)
GALLERY = re.compile(r"""\[gallery\b[^\]]*\bids=["']([\d,\s]+)["']""")
MARKUP = re.compile(r"<[^>]*>")
ADDRESS = re.compile(r"https?://\S+")  # of embeds; a card shows less of them
# UTF-8 that was read as Latin-1 or Windows-1252, once or twice.
MOJIBAKE = re.compile("Ã[\x80-\xbf¡-¿ƒ]|â€[\x80-\x9f™œ“”¦]|Â[\xa0«»°]|Å“|ï»¿|\ufffd")


@dataclass
class Checked:
    """An old address, what it answers now, and what was lost on the way; nothing is best.

    status: the last answer. hops: redirects before it. likeness: share of the old text's words
    that the page holds, None of what has no text. losses: sentences.
    """

    kind: str
    title: str
    old: str
    new: str = ""
    status: int = 0
    hops: int = 0
    likeness: float | None = None
    losses: list[str] = field(default_factory=list)

    @property
    def percent(self) -> float | None:
        return None if self.likeness is None else 100 * self.likeness


Entry = TypeVar("Entry", wxr.Site, wxr.Author, wxr.Term, wxr.Post)


class Site:
    """The new site, asked over one connection; answers are kept by address."""

    def __init__(self, base):
        url = urlsplit(base)
        kind = HTTPSConnection if url.scheme == "https" else HTTPConnection
        self.host, self.root = url.hostname or "", url.path.rstrip("/")
        self._connection = kind(self.host, url.port, timeout=TIMEOUT)
        self._statuses: dict[str, int] = {}

    def close(self):
        self._connection.close()

    def get(self, path, method="GET"):
        """Return (status, address, hops, body) of a path, redirects followed on this site.

        The status is 0 where no answer came in TIMEOUT seconds.
        """
        for hop in range(HOPS):
            try:
                status, location, body = self._ask(method, path)
            except TimeoutError:  # one slow page is a loss; the others are asked all the same
                self._connection.close()
                return 0, path, hop, b""
            if status not in {301, 302, 303, 307, 308} or not location:
                return status, path, hop, body
            url = urlsplit(urljoin(path, location))
            path = f"{url.path}?{url.query}" if url.query else url.path
        return status, path, HOPS, body

    def status(self, path) -> int:
        """Return what a path answers in the end, asking once for each."""
        if path not in self._statuses:
            self._statuses[path] = self.get(path, "HEAD")[0]
        return self._statuses[path]

    def _ask(self, method, path):
        target = self.root + quote(path, safe="/%:@!$&'()*+,;=~?-._#").partition("#")[0]
        try:
            self._connection.request(method, target)
            answer = self._connection.getresponse()
            body = answer.read()
        except (HTTPException, ConnectionError):  # it may have closed an idle connection
            self._connection.close()
            self._connection.request(method, target)
            answer = self._connection.getresponse()
            body = answer.read()
        return answer.status, answer.getheader("Location", ""), body


class Check:
    """One check of an export against a site. Raises OSError when the site does not answer."""

    def __init__(self, paths, base):
        self.paths, self.site = paths, Site(base)
        self._homes: dict[str, str] = {}  # new address → id of the post that it belongs to
        self._used: set[tuple[str, str]] = set()  # terms and authors of public posts
        self._public: set[str] = set()
        self._old_host = ""

    def run(self):
        """Yield what was found at each old address, in the order of the export."""
        for site in self._entries(wxr.Site):
            self._old_host = urlsplit(site.address).hostname or ""
        with closing(self.site):
            yield from self._all()

    def _all(self):
        for post in self._entries(wxr.Post):
            if post.type in POSTS and post.status == "publish" and not post.password:
                yield from self._post(post)
        for post in self._entries(wxr.Post):
            if post.type == "attachment" and post.parent in self._public:
                url = urlsplit(post.link)
                path = f"{url.path or '/'}?{url.query}" if url.query else url.path
                yield self._address("file", plain(post.title), path)
                upload = urlsplit(post.attachment_url).path
                yield self._address("file", plain(post.title), upload)
        for term in self._entries(wxr.Term):
            base = {"category": "category", "post_tag": "tag"}.get(term.taxonomy)
            if base and (term.taxonomy, term.slug) in self._used:
                yield self._address(term.taxonomy, term.name, f"/{base}/{term.slug}/")
        for author in self._entries(wxr.Author):
            if ("author", author.login) in self._used:
                yield self._address("author", author.name, f"/author/{slugify(author.login)}/")
        for path in ("/", "/feed/", "/?feed=rss2"):
            yield self._address("site", path, path)

    def _entries(self, kind: type[Entry]) -> Iterator[Entry]:
        return (entry for path in self.paths for entry in wxr.read(path) if isinstance(entry, kind))

    def _address(self, kind, title, path) -> Checked:
        status, new, hops, _body = self.site.get(path)
        checked = Checked(kind, title, path, new, status, hops)
        self._judge(checked)
        return checked

    def _judge(self, checked):
        if not checked.status:
            checked.losses.append(_("no answer in %s seconds") % TIMEOUT)
        elif checked.status != 200:
            checked.losses.append(_("answers %s") % checked.status)
        if checked.hops > 1:
            checked.losses.append(_("%s redirects, one after another") % checked.hops)

    def _post(self, post):
        self._public.add(post.id)
        self._used |= {(kind, slug) for kind, slug, _name in post.terms if kind != "author"}
        if post.type == "post":  # nobody signs a page
            self._used.add(("author", post.creator))
        title = plain(post.title)
        first, *others = old_paths(post)
        status, new, hops, body = self.site.get(first)
        checked = Checked(post.type, title, first, new, status, hops)
        self._judge(checked)
        if status == 200:
            self._compare(post, checked, body.decode("utf-8", "replace"))
            owner = self._homes.setdefault(new, post.id)
            if owner != post.id:
                checked.losses.append(_("the same page as post %s") % owner)
        yield checked
        for path in others:
            other = self._address(post.type, title, path)
            if other.status == 200 and other.new != new:
                said = _("leads to %(found)s, not to %(wanted)s")
                other.losses.append(said % {"found": other.new, "wanted": new})
            yield other

    def _compare(self, post, checked, page):
        """Look at the page as a reader would: words, pictures, links, who signs."""
        root = lxml_html.fromstring(page)
        article = root.find(".//article")
        article = root if article is None else article
        new_text = _words_of(etree.tostring(article, encoding="unicode", method="html"))
        old_text = readable(post.content)
        checked.likeness, lost = likeness(f"{plain(post.title)} {old_text}", new_text)
        if checked.likeness < ENOUGH:
            share = f"{round(100 * checked.likeness)}\u00a0%"
            said = _("only %(share)s of the words are here; not: %(lost)s")
            checked.losses.append(said % {"share": share, "lost": " ".join(lost[:20])})
        if found := MOJIBAKE.search(new_text):
            around = new_text[max(0, found.start() - 20) : found.end() + 20]
            checked.losses.append(_("broken characters: %s") % " ".join(around.split()))
        if missing := self._pictures_lost(post, article):
            checked.losses.append(_("pictures that were there and are not: %d") % missing)
        addresses = [image.get("src", "") for image in article.iter("img")]
        addresses += [link.get("href", "") for link in article.iter("a")]
        for address in dict.fromkeys(addresses):
            self._follow(address, checked)
        if post.type == "post":
            signed = [_text_of(link) for link in article.iterfind(".//a[@rel='author']")]
            if not signed or "admin" in map(str.lower, signed):
                checked.losses.append(_("signed: %s") % (", ".join(signed) or _("by nobody")))

    def _pictures_lost(self, post, article) -> int:
        galleries = GALLERY.findall(post.content)
        old = len(re.findall(r"<img\b", post.content, re.I)) + bool(post.said("_thumbnail_id"))
        old += sum(len(re.findall(r"\d+", ids)) for ids in galleries)
        return max(0, old - len(article.findall(".//figure//img")))

    def _follow(self, address, checked):
        """Ask for what the page shows or links to on this site."""
        try:
            url = urlsplit(address)
        except ValueError:
            return
        is_upload = url.hostname == self._old_host and "/uploads/" in url.path
        is_here = url.hostname in {None, self.site.host} or is_upload
        if url.scheme not in {"", "http", "https"} or not is_here:
            return
        path = f"{url.path}?{url.query}" if url.query else url.path
        if path and (status := self.site.status(path)) >= 400:
            said = _("%(path)s answers %(status)s")
            checked.losses.append(said % {"path": path, "status": status})


def _text_of(element) -> str:
    return etree.tostring(element, method="text", encoding="unicode", with_tail=False)


def readable(content: str) -> str:
    """Return the words that a reader saw of a post's content, without help of the import."""
    text = " ".join(piece.html for piece in pieces(content))
    return _words_of(TAG.sub(" ", BUTTON.sub(" ", text)))


def _words_of(markup: str) -> str:
    """Return the words of HTML; what stands in two cells or blocks is two words."""
    text = MARKUP.sub(" ", INLINE.sub("", HIDDEN.sub(" ", markup)))
    return " ".join(unescape(ADDRESS.sub(" ", text)).split())


def likeness(old: str, new: str) -> tuple[float, list[str]]:
    """Return which share of the old text's words stands in the new one, and those that do not.

    Words are compared without case and accents, each as often as it stood.
    """
    before = Counter(WORD.findall(fold(old)))
    lost = before - Counter(WORD.findall(fold(new)))
    total = sum(before.values())
    return (1 - sum(lost.values()) / total if total else 1.0), list(lost)
