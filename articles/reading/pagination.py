"""Pages of a list, at addresses of their own: /tag/rafale/, /tag/rafale/page/2/."""

from dataclasses import dataclass

from django.http import Http404
from django.urls import reverse

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
            return reverse("home" if self.name == "latest" else self.name, kwargs=self.kwargs)
        return reverse(self.name, kwargs=self.kwargs | {"page": number})

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
        listing.articles = _rows(queryset, queryset, (page - 1) * PER_PAGE)
    return listing


def listing_by_month(articles, months, name, page=1, **kwargs):
    """Return a Listing whose last page costs what its first costs, as `listing_of` does.

    articles: returns the list, or what of it came out before a moment. months: how many each month
    holds (counts.py), by which a page is found: no more is passed over than a part of a month.
    """
    listing = _place(months.total, name, page, kwargs)
    if listing.total:
        before, passed = months.place((page - 1) * PER_PAGE)
        listing.articles = _rows(articles(None), articles(before), passed)
    return listing


def _place(total, name, page, kwargs) -> Listing:
    """Return a Listing without its articles."""
    pages = max(1, -(-total // PER_PAGE))
    if not 1 <= page <= pages:
        raise Http404
    return Listing([], page, pages, total, name, kwargs)


def _rows(queryset, part, passed) -> list:
    """Return the articles of a page; what lies before it is passed over in the index alone."""
    return list(queryset.filter(pk__in=part.values("pk")[passed : passed + PER_PAGE]))
