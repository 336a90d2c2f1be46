"""The site as files: every public page with its pictures, to be opened without a server.

Pages are asked of the site itself, as a reader's browser would, so nothing that readers cannot
open is in it; links are made relative, so that the folder can be moved and read from a disk.
"""

import posixpath
import re
from collections import deque
from collections.abc import Iterator
from html import escape
from pathlib import Path
from urllib.parse import quote, unquote, urljoin, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage
from django.test import Client
from lxml import etree
from lxml import html as lxml_html

from articles.models import PublishedArticle

LINKS = ("href", "src", "poster", "data-large")
CSS_ADDRESS = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)""")
HTML, XML = "text/html", ("application/rss+xml", "application/xml", "text/xml")
# What asks the server something, or is no page: search, letters, the desk, the machines' part.
LEFT_OUT = re.compile(
    r"/(admin|recherche|api|lectures|rapports|contact/recu|apercu|readyz|healthz)(/|$)"
)


class Archive:
    """One crawl of the site. Writes into `folder`, which must not hold anything else."""

    def __init__(self, folder: Path):
        self.folder = folder
        host = settings.SITE_URL.netloc
        self.root = f"{settings.SITE_URL.scheme}://{host}"
        self.client = Client(raise_request_exception=False, headers={"host": host})
        self.is_secure = settings.SITE_URL.scheme == "https"
        self.waiting: deque[str] = deque()
        self.known: set[str] = set()

    def write(self) -> Iterator[tuple[str, int]]:
        """Write every page that can be reached, yielding (path, status) of each answer."""
        self._expect("/")
        for slug in PublishedArticle.objects.live().newest().values_list("slug", flat=True):
            self._expect(f"/{slug}/")
        while self.waiting:
            path = self.waiting.popleft()
            yield path, self._take(path)

    def _expect(self, path):
        if path not in self.known and not LEFT_OUT.match(path):
            self.known.add(path)
            self.waiting.append(path)

    def _take(self, path) -> int:
        if path.startswith(settings.MEDIA_URL) and not settings.MEDIA_URL.startswith("http"):
            return self._keep_file(path, self._media(path))
        if path.startswith(settings.STATIC_URL):
            return self._keep_file(path, self._static(path))
        answer = self.client.get(path, secure=self.is_secure)
        kind = answer.headers.get("Content-Type", "").partition(";")[0]
        if answer.status_code in {301, 302}:
            self._lead(path, answer.headers["Location"])
        elif answer.status_code == 200:
            body = answer.getvalue()
            if kind == HTML:
                body = self._relative(path, body)
            self._keep(_file_of(path, kind), body)
        return answer.status_code

    def _media(self, path) -> bytes | None:
        name = unquote(path.removeprefix(settings.MEDIA_URL))
        if not default_storage.exists(name):
            return None
        with default_storage.open(name) as file:
            return file.read()

    def _static(self, path) -> bytes | None:
        answer = self.client.get(path, secure=self.is_secure)
        if answer.status_code == 200:
            return answer.getvalue()
        found = finders.find(unquote(path.removeprefix(settings.STATIC_URL)))
        return Path(found).read_bytes() if found else None

    def _keep_file(self, path, content) -> int:
        if content is None:
            return 404
        if path.endswith(".css"):
            for address in CSS_ADDRESS.findall(content.decode()):
                if not address.startswith(("data:", "#", "http")):
                    self._expect(urlsplit(urljoin(path, address)).path)
        self._keep(unquote(path).lstrip("/"), content)
        return 200

    def _keep(self, name, content):
        file = (self.folder / name).resolve()
        if not file.is_relative_to(self.folder.resolve()):
            raise ValueError(name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)

    def _lead(self, path, location):
        """Write a page that leads on, for a redirect: files know no other way."""
        target = self._local(urljoin(self.root + path, location))
        if target is None:
            return
        self._expect(target)
        to = escape(_relative_to(path, target))
        page = (
            '<!doctype html><meta charset="utf-8">'
            f'<meta http-equiv="refresh" content="0; url={to}"><a href="{to}">{to}</a>\n'
        )
        self._keep(_file_of(path, HTML), page.encode())

    def _relative(self, path, body) -> bytes:
        """Return a page whose addresses of this site are relative; what they name is expected."""
        root = lxml_html.document_fromstring(body.decode())
        for element in root.iter():
            if not isinstance(element.tag, str):
                continue
            for name in LINKS:
                if address := element.get(name):
                    element.set(name, self._link(path, address))
            if sizes := element.get("srcset"):
                parts = [part.split() for part in sizes.split(",") if part.strip()]
                links = [[self._link(path, part[0]), *part[1:]] for part in parts]
                element.set("srcset", ", ".join(" ".join(link) for link in links))
        for element in list(root.iter("script", "link")):
            is_served = "speculationrules" in element.values() or "manifest" in element.values()
            if is_served and (parent := element.getparent()) is not None:
                parent.remove(element)
        return etree.tostring(root, method="html", encoding="utf-8", doctype="<!doctype html>")

    def _link(self, path, address) -> str:
        whole = urljoin(self.root + path, address)
        target = self._local(whole)
        if target is None or LEFT_OUT.match(target):  # what asks the server leads to the site
            return whole if address.startswith(("/", "?")) else address
        self._expect(target)
        fragment = urlsplit(address).fragment
        return _relative_to(path, target) + (f"#{fragment}" if fragment else "")

    def _local(self, address) -> str | None:
        """Return the path of an address of this site; None of any other, and of queries."""
        try:
            url = urlsplit(address)
        except ValueError:
            return None
        if f"{url.scheme}://{url.netloc}" != self.root or url.query:
            return None
        path = url.path or "/"
        return path if path.endswith("/") or "." in path.rpartition("/")[2] else f"{path}/"


def _file_of(path, kind) -> str:
    """Return the file of a page: /avion/ is avion/index.html, a feed index.xml."""
    name = unquote(path).lstrip("/")
    if name and not name.endswith("/"):
        return name
    return f"{name}index.{'xml' if kind in XML else 'html'}"


def _relative_to(path, target) -> str:
    """Return the address of one page's file as seen from another's."""
    kind = XML[0] if target.endswith("/feed/") else HTML
    start = posixpath.dirname(_file_of(path, HTML)) or "."
    return quote(posixpath.relpath(_file_of(target, kind), start))
