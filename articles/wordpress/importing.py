"""An export comes over: what it holds is registered first, then files, then every post.

Each post is one transaction, and `Origin` remembers it: an import that was stopped goes on where
it was, and one that is run again doubles nothing. What was edited here since is not overwritten.
"""

import json
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from logging import getLogger

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _
from lxml.etree import LxmlError

from articles.models import Article, Origin, Page, PublishedArticle
from articles.publishing import PublishingError, publish, publish_page, unpublish
from articles.publishing.addresses import path_of
from articles.wordpress.content import Sources, convert
from articles.wordpress.files import Files, plain
from articles.wordpress.leading import lead, lead_from_files, old_paths
from articles.wordpress.mapping import Mapping
from articles.wordpress.media import Folder, Web, Zip
from articles.wordpress.old_site import POSTS, OldSite
from articles.wordpress.posts import CANONICAL, PUBLIC, kept_of, moment, texts_of
from articles.wordpress.report import Line, Report
from articles.wordpress.terms import Terms

logger = getLogger(__name__)

STAGES = {"pending": Article.Stage.REVIEW, "trash": Article.Stage.WITHDRAWN}
TEXTS = "title kicker standfirst body hero_caption seo_title seo_description robots".split()
LONGEST = 5_000_000  # characters of a text: beyond, it is no article but an accident
# Of one post: the others come over all the same, and the report says why this one did not.
FAULTS = (ValidationError, IntegrityError, DataError, ValueError, LxmlError, RecursionError)
PAGE_TITLE, CANONICAL_LENGTH = 150, 300  # characters
THEIRS, OURS = "theirs", "ours"


@dataclass
class Options:
    """How an import goes.

    prefer: THEIRS or OURS where both sides changed, "" to report only. later: of a trial, where
    the files will come from (see media.py).
    """

    mapping: Mapping = field(default_factory=Mapping)
    prefer: str = ""
    later: Folder | Zip | Web | None = None


class Import:
    """One run over the files of one export, or over a live site.

    readers: see old_site.py. media: see media.py; None brings no files. progress: called with
    (what, done, total).
    """

    def __init__(self, readers, *, media=None, options=None, report=None, progress=None):
        self.site, self.media = OldSite(readers), media
        self.options = options or Options()
        self.report = report or Report()
        self.progress = progress or (lambda *_said: None)
        self.sticky: list[int] = []  # ids of articles

    def run(self) -> Report:
        """Bring everything over. Raises WxrError for a file that breaks off, after the rest."""
        self.site.register()
        self.report.count_left_out(self.site.left_out)
        self.terms = Terms(self.site, self.options.mapping.over(self.proposed()))
        self.terms.bring_people()
        self.terms.bring_terms()
        self.files = Files(self.site.source, self.media)
        if self.media:
            self._bring_files()
        for done, post in enumerate(self.site.posts(), 1):
            self.report.add(self._bring(post))
            self.progress("posts", done, self.site.total)
        lead_from_files(self.site)
        if self.site.fault:
            raise self.site.fault
        return self.report

    def proposed(self) -> Mapping:
        """Return what becomes of authors and categories if nobody says otherwise."""
        return Mapping.propose(self.site.authors, self.site.categories)

    def _bring_files(self):
        for origin, reason in self.files.bring_all(self.progress):
            if not reason:
                self.report.outcomes["file", "new"] += 1
                continue
            title, address = origin.said.get("title", ""), origin.said.get("url", "")
            line = Line("file", origin.key, title, address)
            self.report.add(line.became("missing", [("file", reason)]))

    @transaction.atomic
    def _bring(self, post) -> Line:
        """Bring one post; the line says what became of it."""
        origin = self.site.known(POSTS[post.type], post.id)
        state = "draft" if post.password else post.status
        line = Line(post.type, post.id, plain(post.title), post.link, state=state)
        if post.status == "auto-draft":
            return line.became("left out", [("status", post.status)])
        if len(post.content) > LONGEST:
            said = _("a text of %(size)d characters; no more than %(most)d are taken")
            said %= {"size": len(post.content), "most": LONGEST}
            return line.became("failed", [("error", said)])
        if origin and origin.path and origin.said["slug"] != origin.said["wanted"]:
            said = _("taken here, it becomes %s") % path_of(origin.said["slug"])
            line.remarks.append(("address", said))
        bring = self._bring_page if post.type == "page" else self._bring_article
        try:
            with transaction.atomic():
                converted = convert(post.content, self._sources(post))
                texts = texts_of(post, converted.body)
                line.remarks += [r for r in converted.remarks if not self._will_come(*r)]
                line.remarks += texts.remarks
                return bring(post, origin, texts, line)
        except FAULTS as error:
            logger.info("Post %s could not be brought over: %r", post.id, error)
            reasons = error.messages if isinstance(error, ValidationError) else [str(error)]
            return line.became("failed", [("error", " ".join(reasons))])

    def _bring_article(self, post, origin, texts, line) -> Line:
        hero = (
            self.files.find(post.said("_thumbnail_id"), "") if post.said("_thumbnail_id") else None
        )
        section, tags = self.terms.of(post)
        authors = self.terms.authors_of(post)
        when = moment(post.date_gmt, post.date)
        changed = moment(post.modified_gmt, post.modified)
        values = asdict(texts) | {
            "slug": origin.said["slug"],
            "canonical_url": self._canonical(post, origin.said["slug"]),
            "status": post.status,
            "password": bool(post.password),
            "at": str(when),
            "hero": hero.image_id if hero else None,
            "section": section.pk,
            "tags": sorted(tag.pk for tag in tags),
            "authors": [author.pk for author in authors],
        }
        if outcome := self._standing(origin, origin.article, values):
            self._remember(origin, line, origin.article)
            return line.became(outcome)
        article = origin.article or Article()
        line.outcome = "updated" if origin.article else "new"
        for name in [*TEXTS, "slug", "canonical_url"]:
            setattr(article, name, values[name])
        article.feed_id = post.guid[:300]
        article.hero_image_id = values["hero"]
        article.section = section
        article.created_at = when or article.created_at
        article.updated_at = changed or article.created_at
        article.stage = STAGES.get(post.status, Article.Stage.DRAFT)
        is_new = article.pk is None
        article.save()
        if not is_new:
            article.touch()
        article.sign(authors)
        article.tags.set(tags)
        origin.article = article
        self._settle(post, article, when, changed, line)
        has_copy = PublishedArticle.objects.filter(pk=article.pk).exists()
        origin.kept = kept_of(post) | {"has_copy": has_copy}
        origin.version = article.version
        self._remember(origin, line, article, _digest(values))
        return line

    def _settle(self, post, article, when, changed, line):
        """Let readers have what they had; nothing else is public: no draft, no password."""
        line.new = path_of(article.slug)
        is_public = post.status in PUBLIC and not post.password
        if post.password:
            line.remarks.append(("password", _("not public: it was behind a password")))
        if not is_public:
            unpublish(article)
            article.refresh_from_db()
            article.stage = STAGES.get(post.status, Article.Stage.DRAFT)
            article.save(update_fields=["stage"])
            if post.status == "trash" and (slug := post.said("_wp_desired_post_slug")):
                lead(f"/{slug}/", "")
            return
        try:
            with transaction.atomic():
                publish(article, at=when, modified_at=changed or when)
        except PublishingError as error:
            line.remarks.append(("draft", " ".join(error.messages)))
            line.state = "draft"
            return
        for path in old_paths(post):
            lead(path, path_of(article.slug))
        if post.is_sticky:
            self.sticky.append(article.pk)

    def _bring_page(self, post, origin, texts, line) -> Line:
        is_public = post.status == "publish" and not post.password
        values = {
            "title": texts.title[:PAGE_TITLE],
            "slug": origin.said["slug"],
            "is_public": is_public,
            "body": (f"<p>{texts.standfirst}</p>\n" if texts.standfirst else "") + texts.body,
        }
        if values["title"] != texts.title:
            line.remarks.append(("title", _("cut, it was too long: %s") % texts.title))
        if outcome := self._standing(origin, origin.page, values):
            self._remember(origin, line, origin.page)
            return line.became(outcome)
        line.outcome = "updated" if origin.page else "new"
        page = origin.page or Page(in_footer=False)
        for name, value in values.items():
            setattr(page, name, value)
        publish_page(page)
        origin.page = page
        line.new = page.get_absolute_url()
        if is_public:
            for path in old_paths(post):
                lead(path, line.new)
        elif post.password:
            line.remarks.append(("password", _("not public: it was behind a password")))
        origin.kept = kept_of(post)
        self._remember(origin, line, page, _digest(values))
        return line

    def _standing(self, origin, target, values) -> str:
        """Return what there is to be said instead of bringing it; "" if it is to be brought."""
        digest = _digest(values)
        if not origin.digest:
            return ""
        if target is None:
            return "" if self.options.prefer == THEIRS else "deleted here"
        if origin.digest == digest:
            return "unchanged"
        if not self._is_edited(origin, target):
            return ""
        return {THEIRS: "", OURS: "kept"}.get(self.options.prefer, "conflict")

    def _is_edited(self, origin, target) -> bool:
        if isinstance(target, Article):
            was_decided = (target.copy is not None) != origin.kept.get("has_copy")
            return was_decided or target.version != origin.version
        return _digest(_said_of_page(target)) != origin.kept.get("brought")

    def _remember(self, origin, line, target, digest=""):
        if target is not None and not line.new:
            line.new = target.get_absolute_url()
        if digest:
            origin.digest = digest
            if isinstance(target, Page):
                origin.kept["brought"] = _digest(_said_of_page(target))
            origin.save()

    def _canonical(self, post, slug) -> str:
        """Return where a post appeared first, if that is elsewhere than at its own address."""
        address = post.said(*CANONICAL)
        try:
            URLValidator(["http", "https"])(address)
        except ValidationError:
            return ""
        if self.site.is_own(address):
            here = self.site.page_here(address)
            root = f"{settings.SITE_URL.scheme}://{settings.SITE_URL.netloc}"
            return f"{root}{here}" if here and here != path_of(slug) else ""
        return address if len(address) <= CANONICAL_LENGTH else ""

    def _will_come(self, kind, what) -> bool:
        """Say, of a trial, whether a file that it does not bring would be found."""
        if self.options.later is None or kind not in {"picture", "file"}:
            return False
        known = self.files.find(what, what)
        return self.options.later.holds(known.said.get("url", "") if known else what)

    # What a post refers to

    def _sources(self, post):
        def picture(wordpress_id, address):
            is_upload = self.site.is_upload(address)  # of the old site, and of no other
            origin = self.files.find(wordpress_id, address if is_upload else "")
            if origin is None and is_upload:
                origin = self.files.bring(address)
            return origin.image_id if origin else None

        def file(address):
            if not self.site.is_upload(address):
                return None
            origin = self.files.find("", address) or self.files.bring(address)
            return (origin and origin.file_address) or None

        def reusable(key):
            origin = self.site.known(Origin.Kind.BLOCK, key)
            return origin.said.get("text") if origin else None

        def attached():
            own = Origin.objects.filter(
                source=self.site.source, kind=Origin.Kind.FILE, said__parent=post.id
            )
            return list(own.exclude(image=None).values_list("key", flat=True))

        return Sources(
            picture=picture,
            file=file,
            page=self.site.page_here,
            reusable=reusable,
            attached=attached,
            is_upload=self.site.is_upload,
            notes=_notes(post),
        )


def _notes(post) -> dict[str, str]:
    """Return the footnotes of the block editor by their ids."""
    try:
        notes = json.loads(post.said("footnotes") or "[]")
        return {note["id"]: note["content"] for note in notes}
    except (ValueError, TypeError, KeyError):
        return {}


def _said_of_page(page) -> dict:
    return {name: getattr(page, name) for name in ("title", "slug", "is_public", "body")}


def _digest(values) -> str:
    return sha256(json.dumps(values, sort_keys=True, default=str).encode()).hexdigest()
