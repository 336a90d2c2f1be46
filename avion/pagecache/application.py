"""The WSGI layer in front of Django: readers' pages from memory, everything else passed on."""

import logging
from collections import Counter
from contextlib import nullcontext
from time import time

from django.conf import settings

from avion import faults
from avion.metrics import PAGE_BYTES, PAGES, WITHOUT_DATABASE
from avion.pagecache.clock import Clock
from avion.pagecache.entries import Entry
from avion.pagecache.making import BRIEF, Makings
from avion.pagecache.memory import Memory
from avion.pagecache.questions import is_for_a_page, plain, question_of

ANSWERS = ("hit", "shared", "made", "stale", "covered", "refused")
COUNTED = {answer: PAGES.labels(answer) for answer in ANSWERS}
logger = logging.getLogger(__name__)
NEGATIVE_LIFE = 10  # seconds that a 404 or a 410 is kept
RETRY = 2  # seconds after which a page that failed is tried again
OLDEST = 24 * 3600  # seconds for which old bytes are better than a fault
UNSHARED = 4096  # keys, which are short
MINOR = 8  # one part in so many of the memory is for what anybody can make up: 404s and queries
# A redirect takes the place of the page that nginx has, which must not come back in a fault. It is
# over already (in seconds since 1970): each of them is asked of us, and counted.
OVER = ("X-Accel-Expires", "@1")
# Browsers ask each time, and are answered 304; a CDN asks once a second, and has something to
# answer when it finds nobody (RFC 5861, RFC 9213).
BROWSERS = ("Cache-Control", "public, max-age=0, must-revalidate")
CDN = ("CDN-Cache-Control", "public, max-age=1, stale-while-revalidate=1, stale-if-error=86400")


class PageCache:
    """Serve what readers ask for from memory; make each page once in a generation.

    application: Django's. size: bytes of memory. clock: see clock.py. files: the pages that the
    processes of a machine share (files.py); None: each has its own alone.
    figures: how many requests were answered how.
    """

    def __init__(self, application, size, clock=None, files=None):
        self.application, self.files = application, files
        self.clock, self.started_at = clock or Clock(), time()
        self.pages, self.minor = Memory(size - size // MINOR), Memory(size // MINOR)
        self.figures: Counter[str] = Counter()
        self.makings = Makings()
        self.unshared: set[tuple] = set()  # keys of what cannot be kept

    def __call__(self, environ, start_response):
        question = question_of(environ)
        if question is None and is_for_a_page(environ):
            return self._passed_on(environ, start_response)
        if question is None:
            return self.application(environ, start_response)
        if self.clock.number is None:
            self.clock.start()
        entry, now = self.get(question.key), time()
        if entry and entry.is_fresh(self.clock.number, now):
            return self._fresh("hit", entry, environ, start_response, now)
        if not self.clock.is_well:
            WITHOUT_DATABASE.set(1)
            # Whoever waited for the database would keep others from the pages that are known.
            return self._without_making(faults.away, question, environ, start_response)
        return self._make(question, environ, start_response)

    def _fresh(self, how, entry, environ, start_response, now):
        if not entry.is_covering:
            entry.given_at = now
        self._count(how)
        return entry.answer(environ, start_response, now)

    def _count(self, answer):
        self.figures[answer] += 1
        COUNTED[answer].inc()

    def get(self, key) -> Entry | None:
        return self.pages.get(key) or self.minor.get(key)

    def _without_making(self, why, question, environ, start_response):
        """Answer with what the page was; of an unknown one say why it cannot be made now."""
        old, now = self._of_others(question) or self.get(question.key), time()
        if old and now - old.made_at < OLDEST:
            self._count("stale")
            return old.answer(environ, start_response, now)
        return self._refused(why, environ, start_response)

    def _refused(self, why, environ, start_response):
        self._count("refused")
        response = why()
        start_response("503 Service Unavailable", list(response.headers.items()))
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [response.content]

    def _passed_on(self, environ, start_response):
        """Have Django answer whoever works here, and who makes believe so: few at a time."""
        with self.makings.turn() as is_our_turn:
            if is_our_turn:
                return self.application(environ, start_response)
        return self._refused(faults.busy, environ, start_response)

    def _make(self, question, environ, start_response):
        """Have the page made, by one request at a time.

        Meanwhile the others get what it was a moment ago, or wait; where that takes too long, they
        get what it was at all.
        """
        while other := self.makings.begin(question.key):
            old, now = self.get(question.key), time()
            if old and old.was_fresh(now):
                self._count("stale")
                return old.answer(environ, start_response, now)
            if not self.makings.wait_for(other, is_made_up=bool(question.query)):
                return self._without_making(faults.busy, question, environ, start_response)
        try:
            return self._make_it(question, environ, start_response)
        finally:
            self.makings.end(question.key)

    def _make_it(self, question, environ, start_response):
        """Make the page, unless somebody made it while we came to it."""
        entry, now = self.get(question.key), time()
        if entry and entry.is_fresh(self.clock.number, now):
            return self._fresh("hit", entry, environ, start_response, now)
        entry = self._of_others(question) or entry
        if entry:
            return self._make_for_all(question, entry, environ, start_response)
        with self.makings.turn(question.key) as is_our_turn:
            if is_our_turn:
                return self._make_for_all(question, None, environ, start_response)
        return self._without_making(faults.busy, question, environ, start_response)

    def _make_for_all(self, question, entry, environ, start_response):
        """Make the page, unless another process of this machine makes it."""
        with self._claimed(question, entry and entry.was_fresh(time())) as is_ours:
            entry, now = self._of_others(question) or entry, time()
            if entry and entry.is_fresh(self.clock.number, now):
                return self._fresh("shared", entry, environ, start_response, now)
            if entry and not is_ours and entry.was_fresh(now):
                self._count("stale")
                return entry.answer(environ, start_response, now)
            return self._made(question, entry, environ, start_response)

    def _claimed(self, question, has_recent):
        """Be the one process that makes it, where processes share such pages."""
        if self.files is None or question.query or question.key in self.unshared:
            return nullcontext(enter_result=True)
        return self.files.claimed(question.key, patience=0 if has_recent else BRIEF)

    def _of_others(self, question) -> Entry | None:
        """Return what another process of this machine made, if it is later than what we have.

        What was made before this process started is good for a fault alone: other code made it.
        """
        if self.files is None or question.query:
            return None
        found, known, now = self.files.get(question.key), self.get(question.key), time()
        if found is None or now - found.made_at >= OLDEST:
            return None
        if known and found.made_at <= known.made_at:
            return None
        if found.made_at < self.started_at:
            found.number = None
        if found.is_fresh(self.clock.number, now):
            self.pages.put(question.key, found)
        return found

    def _made(self, question, old, environ, start_response):
        """Have Django make it; where that fails, readers get what the page was."""
        self._count("made")
        number, made_at, until = self.clock.number, time(), self.clock.until()
        is_covered = old and made_at - old.made_at < OLDEST
        answer = Answer(self.application, plain(environ, question))
        if answer.code >= 500 and is_covered:
            answer.close()
            if answer.code != 503:  # closed on purpose
                logger.error(
                    "%s answers %s; readers get what it was.", question.key[2], answer.code
                )
            return self._covered(question, old, number, environ, start_response)
        if not answer.may_be_kept:
            self._will_not_share(question.key)
            if answer.code < 500:  # what stood there is over: it leads elsewhere, say
                self._drop(question.key)
            is_over = question.has_view and answer.is_for_all and answer.code < 500
            if is_over and settings.BEHIND_PROXY:
                answer.headers.insert(0, OVER)
            return answer.passed_on(environ, start_response)
        if answer.code != 200:
            until = min(until, made_at + NEGATIVE_LIFE)
        try:
            entry = Entry(
                answer.status,
                self._with_lives(answer.headers),
                answer.chunks(),
                number=number,
                made_at=made_at,
                until=until,
                vary=answer.vary,
            )
        except Exception:
            if not is_covered:
                raise
            logger.exception("%s breaks off; readers get what it was.", question.key[2])
            return self._covered(question, old, number, environ, start_response)
        # Anybody can make up addresses that are not found: they would fill what nginx keeps.
        entry.is_for_nginx = answer.code != 404 or bool(old and old.is_for_nginx)
        self._keep(question, entry, is_negative=answer.code != 200)
        return entry.answer(environ, start_response, time())

    def _covered(self, question, old, number, environ, start_response):
        """Answer with what the page was, and for a moment without trying again."""
        self._count("covered")
        old.number, old.until, old.is_covering = number, time() + RETRY, True
        self._keep_here(question, old, is_minor=not old.status.startswith("200"))
        return old.answer(environ, start_response, time())

    def _with_lives(self, headers):
        """Return headers that say how long browsers and CDNs may keep it."""
        is_said = any(name.lower() == "cache-control" for name, _value in headers)
        return headers if is_said else [*headers, BROWSERS, CDN]

    def _will_not_share(self, key):
        """Remember that what stands there leads elsewhere, say: nobody needs to wait for it."""
        if len(self.unshared) >= UNSHARED:
            self.unshared.clear()
        self.unshared.add(key)

    def _keep(self, question, entry, is_negative):
        """Keep it, and let the other processes have it, but for what anybody can make up."""
        self._keep_here(question, entry, is_negative)
        self.unshared.discard(question.key)
        if self.files and entry.is_for_nginx and not question.query:
            self.files.put(question.key, entry)

    def _keep_here(self, question, entry, is_minor):
        kept, other = self.pages, self.minor
        if is_minor or question.query:
            kept, other = other, kept
        other.drop(question.key)
        kept.put(question.key, entry)
        PAGE_BYTES.set(self.pages.size + self.minor.size)

    def _drop(self, key):
        self.pages.drop(key)
        self.minor.drop(key)
        if self.files:
            self.files.drop(key)


class Answer:
    """What the application answers, before anybody is told."""

    def __init__(self, application, environ):
        self.status, self.headers = "", []
        self._body = application(environ, self._start)

    def _start(self, status, headers, _exc_info=None):
        self.status, self.headers = status, headers

    @property
    def code(self) -> int:
        return int(self.status[:3])

    @property
    def may_be_kept(self) -> bool:
        """Whether it is the same for all, and found or not found."""
        return self.code in {200, 404, 410} and self.is_for_all

    @property
    def is_for_all(self) -> bool:
        """Whether it depends on nobody: without a cookie, not private."""
        told = {name.lower(): value for name, value in self.headers}
        control = told.get("cache-control", "")
        is_private = "private" in control or "no-store" in control
        depends = "cookie" in told.get("vary", "").lower() or "set-cookie" in told
        return not is_private and not depends

    @property
    def vary(self) -> list[str]:
        """What the answer depends on besides the coding."""
        named = ",".join(value for name, value in self.headers if name.lower() == "vary")
        found = dict.fromkeys(name.strip() for name in named.split(",") if name.strip())
        return [name for name in found if name.lower() != "accept-encoding"]

    def chunks(self):
        """Yield the body and let Django know that it was read."""
        try:
            yield from self._body
        finally:
            self.close()

    def close(self):
        if hasattr(self._body, "close"):
            self._body.close()

    def passed_on(self, environ, start_response):
        """Answer with it as it is."""
        start_response(self.status, self.headers)
        if environ["REQUEST_METHOD"] == "HEAD":
            self.close()
            return []
        return self._body
