"""The WSGI layer in front of Django: readers' pages from memory, everything else passed on."""

import logging
from collections import Counter
from time import time

from django.conf import settings

from avion import faults
from avion.metrics import PAGE_BYTES, PAGES
from avion.pagecache.clock import Clock
from avion.pagecache.entries import Entry
from avion.pagecache.making import Makings
from avion.pagecache.memory import Memory
from avion.pagecache.questions import plain, question_of

ANSWERS = ("hit", "shared", "made", "stale", "covered", "refused")
COUNTED = {answer: PAGES.labels(answer) for answer in ANSWERS}
logger = logging.getLogger(__name__)
PATIENCE = 10  # seconds that a request waits for a page that another is making
NEGATIVE_LIFE = 10  # seconds that a 404 or a 410 is kept
RETRY = 2  # seconds after which a page that failed is tried again
OLDEST = 24 * 3600  # seconds for which old bytes are better than a fault
MINOR = 8  # one part in so many of the memory is for what anybody can make up: 404s and queries
# Browsers ask each time, and are answered 304; a CDN asks once a second, and has something to
# answer when it finds nobody (RFC 5861, RFC 9213).
BROWSERS = ("Cache-Control", "public, max-age=0, must-revalidate")
CDN = ("CDN-Cache-Control", "public, max-age=1, stale-while-revalidate=60, stale-if-error=86400")

NGINX = ("X-Accel-Expires", "1")  # seconds; nginx keeps it to itself (deploy/nginx/avion.conf)


class PageCache:
    """Serve what readers ask for from memory; make each page once in a generation.

    application: Django's. size: bytes of memory. clock: see clock.py. files: the pages that the
    processes of a machine share (files.py); None: each has its own alone.
    figures: how many requests were answered how, and how long ago a fault was covered up.
    """

    def __init__(self, application, size, clock=None, files=None):
        self.application, self.files = application, files
        self.clock, self.started_at = clock or Clock(), time()
        self.pages, self.minor = Memory(size - size // MINOR), Memory(size // MINOR)
        self.figures: Counter[str] = Counter()
        self.makings = Makings()

    def __call__(self, environ, start_response):
        question = question_of(environ)
        if question is None:
            return self.application(environ, start_response)
        if self.clock.number is None:
            self.clock.start()
        key, now = question.key, time()
        entry = self.get(key)
        if entry and entry.is_fresh(self.clock.number, now):
            self._count("hit")
            return entry.answer(environ, start_response, now)
        if not self.clock.is_well:
            entry = self._of_others(question) or entry
            return self._without_database(entry, environ, start_response, now)
        return self._make(question, entry, environ, start_response)

    def _count(self, answer):
        self.figures[answer] += 1
        COUNTED[answer].inc()

    def get(self, key) -> Entry | None:
        return self.pages.get(key) or self.minor.get(key)

    def _without_database(self, entry, environ, start_response, now):
        """Answer with what the page was; of an unknown one say at once that nobody can make it.

        Whoever waited for the database would keep others from the pages that are known.
        """
        if entry and now - entry.made_at < OLDEST:
            self._count("stale")
            return entry.answer(environ, start_response, now)
        return self._refused(faults.away(), environ, start_response)

    def _refused(self, response, environ, start_response):
        self._count("refused")
        start_response("503 Service Unavailable", list(response.headers.items()))
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [response.content]

    def _make(self, question, old, environ, start_response):
        """Have the page made, by one request at a time; meanwhile the others get the old bytes."""
        while other := self.makings.begin(question.key):
            if old:
                self._count("stale")
                return old.answer(environ, start_response, time())
            if other.is_waiting or not other.done.wait(PATIENCE):
                return self._refused(faults.busy(), environ, start_response)
        try:
            return self._make_it(question, environ, start_response)
        finally:
            self.makings.end(question.key)

    def _make_it(self, question, environ, start_response):
        """Make the page, unless somebody made it while we came to it."""
        entry = self.get(question.key)
        if entry and entry.is_fresh(self.clock.number, time()):
            self._count("hit")
            return entry.answer(environ, start_response, time())
        entry = self._of_others(question) or entry
        if entry and entry.is_fresh(self.clock.number, time()):
            self._count("shared")
            return entry.answer(environ, start_response, time())
        if entry:
            return self._made(question, entry, environ, start_response)
        with self.makings.turn(question.key) as is_ours:
            if is_ours:
                return self._made(question, None, environ, start_response)
        return self._refused(faults.busy(), environ, start_response)

    def _share(self, question, entry, is_negative):
        """Let the other processes have it, but for what anybody can make up."""
        if is_negative:
            self.files.drop(question.key)
        elif not question.query:
            self.files.put(question.key, entry)

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
        self._count("made")
        number, made_at, until = self.clock.number, time(), self.clock.until()
        answer = Answer(self.application, plain(environ, question))
        code = int(answer.status[:3])
        if code >= 500 and old and made_at - old.made_at < OLDEST:
            answer.close()
            self._count("covered")
            if code != 503:  # closed on purpose
                logger.error("%s answers %d; readers get what it was.", question.key[2], code)
            old.number, old.until = number, made_at + RETRY
            return old.answer(environ, start_response, time())
        if not answer.may_be_kept:
            if code < 500:  # what stood there is over: it leads elsewhere, say
                self.pages.drop(question.key)
                self.minor.drop(question.key)
                if self.files:
                    self.files.drop(question.key)
            return answer.passed_on(environ, start_response)
        is_negative = code != 200
        headers = answer.headers
        if not any(name.lower() == "cache-control" for name, _value in headers):
            headers = [*headers, BROWSERS, CDN]
        if settings.BEHIND_PROXY:
            headers = [NGINX, *headers]  # before Cache-Control, or older versions pass it over
        entry = Entry(
            answer.status,
            headers,
            answer.chunks(),
            number=number,
            made_at=made_at,
            until=min(until, made_at + NEGATIVE_LIFE) if is_negative else until,
            vary=answer.vary,
        )
        kept, other = self.pages, self.minor
        if is_negative or question.query:
            kept, other = other, kept
        other.drop(question.key)
        kept.put(question.key, entry)
        if self.files:
            self._share(question, entry, is_negative)
        PAGE_BYTES.set(self.pages.size + self.minor.size)
        return entry.answer(environ, start_response, time())


class Answer:
    """What the application answers, before anybody is told."""

    def __init__(self, application, environ):
        self.status, self.headers = "", []
        self._body = application(environ, self._start)

    def _start(self, status, headers, _exc_info=None):
        self.status, self.headers = status, headers

    @property
    def may_be_kept(self) -> bool:
        """Whether it is the same for all: found or not found, without a cookie, not private."""
        told = {name.lower(): value for name, value in self.headers}
        control = told.get("cache-control", "")
        is_private = "private" in control or "no-store" in control
        depends = "cookie" in told.get("vary", "").lower() or "set-cookie" in told
        return self.status[:3] in {"200", "404", "410"} and not is_private and not depends

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
