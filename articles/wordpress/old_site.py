"""What an export says of the site that it comes from: written down before anything is brought."""

from collections import Counter
from itertools import batched
from urllib.parse import urlsplit

from django.db.models import Q

from articles import slugs
from articles.models import Article, Origin, Page, Redirect
from articles.models.origin import upload_key
from articles.publishing.addresses import path_of
from articles.reading.old_addresses import normal
from articles.wordpress import wxr
from articles.wordpress.files import plain
from articles.wordpress.posts import PUBLIC, file_of

BATCH = 500  # rows registered at a time
POSTS = {"post": Origin.Kind.POST, "page": Origin.Kind.PAGE}
KINDS = list(POSTS.values())
TERMS = {"category": Origin.Kind.CATEGORY, "post_tag": Origin.Kind.TAG}


class OldSite:
    """The site of the files of one export, and what `Origin` knows of it.

    readers: functions that yield its entries from the first on: see wxr.read and rest.read.
    source: its host and path, the key of all that came from it. authors: login → name.
    categories: slug → (name, slug of the one above or ""). total: how many articles and pages.
    uses: how many of them an author or a category has, by (kind of `Origin`, key).
    fault: of a file that could not be read to its end.
    """

    def __init__(self, readers):
        self.readers = readers
        self.source, self.host = "", ""
        self.authors: dict[str, str] = {}
        self.categories: dict[str, tuple[str, str]] = {}
        self.left_out: Counter = Counter()  # entries of kinds that no newsroom needs, by kind
        self.total = 0
        self.uses: Counter = Counter()
        self.fault: wxr.WxrError | None = None

    def survey(self):
        """Read the files once and write nothing down: authors, categories and total are known."""
        for entry in self._entries():
            for _row in self._rows(entry):
                pass

    def register(self):
        """Read the files once and write down what they hold: ids, addresses, files, terms."""
        rows = (row for entry in self._entries() for row in self._rows(entry))
        for batch in batched(rows, BATCH, strict=False):
            unique = {(row.kind, row.key): row for row in batch}
            self._keep_slugs(unique)
            Origin.objects.bulk_create(
                unique.values(),
                update_conflicts=True,
                unique_fields=["source", "kind", "key"],
                update_fields=["path", "said"],
            )
        self._give_slugs()

    def _keep_slugs(self, rows):
        """Let posts that are known have the slugs that they were given before."""
        keys = [row.key for row in rows.values()]
        for known in Origin.objects.filter(source=self.source, kind__in=KINDS, key__in=keys):
            row = rows.get((known.kind, known.key))
            if row and known.said.get("wanted", row.said["wanted"]) == row.said["wanted"]:
                row.said["slug"] = known.said.get("slug", "")

    def _give_slugs(self):
        """Give every post that has none a slug of its own: first those that readers know."""
        own = Origin.objects.filter(source=self.source, kind__in=KINDS)
        taken = {""}
        taken |= set(Article.objects.values_list("slug", flat=True).iterator())
        taken |= set(Page.objects.values_list("slug", flat=True).iterator())
        given = own.exclude(said__slug="").values_list("said__slug", flat=True)
        taken |= set(given.iterator())
        without = own.filter(said__slug="").alias(is_hidden=Q(path="")).order_by("is_hidden", "pk")
        for batch in batched(list(without.values_list("pk", flat=True)), BATCH, strict=False):
            rows = own.in_bulk(batch)
            for pk in batch:
                rows[pk].said["slug"] = _free_slug(rows[pk], taken)
                taken.add(rows[pk].said["slug"])
            Origin.objects.bulk_update(rows.values(), ["said"])

    def _rows(self, entry):
        """Yield what is to be written down of an entry."""
        if isinstance(entry, wxr.Site):
            url = urlsplit(entry.address)
            self.host = (url.hostname or "").removeprefix("www.")
            self.source = f"{self.host}{url.path.rstrip('/')}"[:200]
        elif isinstance(entry, wxr.Author):
            self.authors[entry.login] = plain(entry.name)
            said = {"name": plain(entry.name), "id": entry.id}
            yield self._row(Origin.Kind.AUTHOR, entry.login, said=said)
        elif isinstance(entry, wxr.Term):
            yield from self._rows_of_term(entry)
        elif reader := READERS.get(entry.type):
            yield reader(self, entry)
        else:
            self.left_out[entry.type] += 1

    def _rows_of_term(self, term):
        if term.taxonomy == "category":
            self.categories[term.slug] = (plain(term.name), term.parent)
        if kind := TERMS.get(term.taxonomy):
            said = {"name": plain(term.name), "id": term.id}
            said["description"] = plain(term.description)
            yield self._row(kind, term.slug, said=said)

    def _row_of_file(self, post):
        said = file_of(post)
        return self._row(Origin.Kind.FILE, post.id, upload_key(said["url"]).lower(), said)

    def _row_of_block(self, post):
        is_public = post.status == "publish" and not post.password
        text = post.content if is_public else ""  # WordPress shows nothing of any other
        return self._row(Origin.Kind.BLOCK, post.id, said={"text": text})

    def _row_of_guest(self, post):
        """A guest author of Co-Authors Plus."""
        login = post.said("cap-user_login") or post.slug.removeprefix("cap-")
        name = plain(post.said("cap-display_name") or post.title)
        self.authors[f"cap-{login}"] = name
        said = {"name": name, "biography": plain(post.said("cap-description"))}
        return self._row(Origin.Kind.AUTHOR, f"cap-{login}", said=said)

    def _row_of_post(self, post):
        self.total += 1
        self.uses[Origin.Kind.AUTHOR, post.creator] += 1
        for taxonomy, slug, name in post.terms:
            if taxonomy == "category":
                self.categories.setdefault(slug, (plain(name), ""))
                self.uses[Origin.Kind.CATEGORY, slug] += 1
            elif taxonomy == "author":
                self.uses[Origin.Kind.AUTHOR, slug] += 1
        said = {"slug": "", "wanted": _wanted_slug(post), "title": post.title[:200]}
        path = normal(urlsplit(post.link).path) if post.status in PUBLIC else ""
        return self._row(POSTS[post.type], post.id, path, said)

    def _row(self, kind, key, path="", said=None):
        return Origin(
            source=self.source, kind=kind, key=key[:250], path=path[:500], said=said or {}
        )

    def posts(self):
        """Yield the articles and pages, in the order of the export."""
        for entry in self._entries():
            if isinstance(entry, wxr.Post) and entry.type in POSTS:
                yield entry

    def _entries(self):
        """Yield what the files hold; one that breaks off is remembered as `fault`."""
        for read in self.readers:
            try:
                yield from read()
            except wxr.WxrError as error:
                self.fault = error

    def known(self, kind, key) -> Origin | None:
        return (
            Origin.objects.select_related("article__published", "page", "section", "tag", "author")
            .filter(source=self.source, kind=kind, key=key)
            .first()
        )

    def is_upload(self, address: str) -> bool:
        try:
            url = urlsplit(address)
        except ValueError:
            return False
        host = (url.hostname or "").removeprefix("www.")
        is_own = host in {self.host, ""} or host.endswith(f".{self.host}")
        is_proxied = host.endswith(".wp.com") and self.host in url.path
        is_hosted = host.endswith(".files.wordpress.com")
        return is_hosted or ("/uploads/" in url.path and (is_own or is_proxied))

    def is_own(self, address: str) -> bool:
        """Say whether an address is one of the old site's, with its host or without."""
        try:
            host = urlsplit(address).hostname or ""
        except ValueError:
            return False
        return host.removeprefix("www.") == self.host if host else address.startswith("/")

    def page_here(self, address: str) -> str | None:
        """Return the path here of a page of the old site; None of any other."""
        if not self.is_own(address):
            return None
        url = urlsplit(address)
        end = f"#{url.fragment}" if url.fragment and not url.fragment.startswith("more-") else ""
        own = Origin.objects.filter(source=self.source, kind__in=POSTS.values())
        query = dict(pair.partition("=")[::2] for pair in url.query.split("&"))
        key = query.get("p") or query.get("page_id")
        path = normal(url.path)
        origin = (own.filter(key=key) if key else own.filter(path=path)).first()
        if origin and origin.path:  # readers could open it there
            return path_of(origin.said["slug"]) + end
        lead = Redirect.objects.filter(path=path).values_list("destination", flat=True).first()
        return (lead or url.path or "/") + end if lead or (path == "/" and not url.query) else None


def _free_slug(row, taken) -> str:
    """Return the slug that a post wants, with a number if somebody has it."""
    wanted = slug = row.said["wanted"]
    number = 2
    while slug in taken or slugs.reserved_reason(slug, for_page=row.kind == Origin.Kind.PAGE):
        slug, number = slugs.numbered(wanted, number), number + 1
    return slug


def _wanted_slug(post) -> str:
    """Return the slug that a post had, else that of its title, in our letters.

    Of a name in Greek, digits alone may be left: they tell nobody anything.
    """
    for text in (post.said("_wp_desired_post_slug"), post.slug, plain(post.title)):
        slug = slugs.slugify(text)
        if slug and (text.isascii() or any(map(str.isalpha, slug))):
            return slug
    return f"article-{post.id}"


READERS = {  # what is written down of an entry, by WordPress's name for its type
    "attachment": OldSite._row_of_file,
    "wp_block": OldSite._row_of_block,
    "guest-author": OldSite._row_of_guest,
    "post": OldSite._row_of_post,
    "page": OldSite._row_of_post,
}
