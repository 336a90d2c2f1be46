"""Pages of a list, at addresses of their own: /tag/rafale/, /tag/rafale/page/2/."""

from dataclasses import dataclass

from django.http import Http404
from django.utils import timezone

from articles.reading.addresses import address_of
from articles.reading.prepared import After, Prepared

PER_PAGE = 20


@dataclass
class Listing:
    """One page of a list and the addresses around it. `number` and `pages` count from 1."""

    articles: list
    number: int
    pages: int
    total: int
    name: str
    kwargs: dict

    def address(self, number) -> str:
        if number == 1:
            return address_of("home" if self.name == "latest" else self.name, *self.kwargs.values())
        return address_of(self.name, *self.kwargs.values(), number)

    @property
    def previous(self) -> str:
        return self.address(self.number - 1) if self.number > 1 else ""

    @property
    def next(self) -> str:
        return self.address(self.number + 1) if self.number < self.pages else ""

    @property
    def links(self) -> list[tuple[int, str]]:
        """(number, address) of the first, the last and the pages near this one."""
        near = {1, self.pages, *range(self.number - 2, self.number + 3)}
        return [(n, self.address(n)) for n in sorted(near) if 1 <= n <= self.pages]


def listing_of(queryset, name, page=1, **kwargs):
    """Return a Listing of a queryset in 2 queries and its prefetches: the count, the rows.

    For lists that stay short; of others see `listing_by_month`. name, kwargs: the URL pattern of
    the list. Raises Http404 for a page that does not exist.
    """
    listing = _place(queryset.count(), name, page, kwargs)
    if listing.total:
        passed = (page - 1) * PER_PAGE
        part = queryset.values("pk")[passed : passed + PER_PAGE]
        listing.articles = list(queryset.filter(pk__in=part))
    return listing


def paged(articles) -> Prepared:
    """Return the question for a page of a long list, as `listing_by_month` asks it.

    articles: returns the list of a key (of a section, a tag…) that readers have at a moment, or
    what of it came out before another. What lies before the page is passed over in the index alone.
    """

    def page_of(key, now, before, passed):
        part = articles(key, now, before).values("pk")[:PER_PAGE]
        return articles(key, now, None).for_cards().filter(pk__in=After(part, passed))

    return Prepared(page_of)


def listing_by_month(rows, key, months, name, page=1, **kwargs):
    """Return a Listing whose last page costs what its first costs, as `listing_of` does.

    rows: the question of `paged`. key: what it asks for. months: how many articles each month holds
    (counts.py), by which a page is found: no more is passed over than a part of a month.
    """
    listing = _place(months.total, name, page, kwargs)
    if listing.total:
        before, passed = months.place((page - 1) * PER_PAGE)
        listing.articles = rows(key=key, now=timezone.now(), before=before, passed=passed)
    return listing


def _place(total, name, page, kwargs) -> Listing:
    """Return a Listing without its articles."""
    pages = max(1, -(-total // PER_PAGE))
    if not 1 <= page <= pages:
        raise Http404
    return Listing([], page, pages, total, name, kwargs)
