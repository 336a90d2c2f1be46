"""Pages of a list, at addresses of their own: /tag/rafale/, /tag/rafale/page/2/."""

from dataclasses import dataclass

from django.core.paginator import EmptyPage, Paginator
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

    What lies before a page is passed over in the index alone; only the rows of the page are read.

    name, kwargs: the URL pattern of the list. Raises Http404 for a page that does not exist.
    """
    paginator = Paginator(queryset.values("pk"), PER_PAGE)
    try:
        pks = paginator.page(page).object_list
    except EmptyPage as error:
        raise Http404 from error
    rows = list(queryset.filter(pk__in=pks))
    return Listing(rows, page, paginator.num_pages, paginator.count, name, kwargs)
