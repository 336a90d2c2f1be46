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


def listing_of(queryset, name, page=1, *, months=None, **kwargs):
    """Return a Listing of a queryset in 2 queries and its prefetches: the count, the rows.

    What lies before a page is passed over in the index alone; only the rows of the page are read.
    months: how many each month holds (see counts.py), so that nothing is counted and no more is
    passed over than a part of a month; for lists that grow with the site. name, kwargs: the URL
    pattern of the list. Raises Http404 for a page that does not exist.
    """
    first = (page - 1) * PER_PAGE
    total = months.total if months else queryset.count()
    pages = max(1, -(-total // PER_PAGE))
    if not 1 <= page <= pages:
        raise Http404
    wanted = queryset
    if months:
        end, first = months.place(first)
        wanted = queryset.filter(listed_at__lt=end) if end else queryset
    pks = wanted.values("pk")[first : first + PER_PAGE]
    rows = list(queryset.filter(pk__in=pks)) if total else []
    return Listing(rows, page, pages, total, name, kwargs)
