"""What views declare to the page cache (avion/pagecache): that their answers may be kept."""

from typing import NamedTuple


class Caching(NamedTuple):
    """query: the parameters that make a difference; all others are never seen by the view.

    by_accept: whether browsers get another answer than programs do.
    """

    query: tuple[str, ...] = ()
    by_accept: bool = False


def cached(*query, by_accept=False):
    """Declare that a view's answer is the same for all readers.

    It may depend on the path, on these parameters of the query, on what SEEN names in
    avion/pagecache/generation.py, and on the time as clock.py knows it; on nothing else.
    """

    def declare(view):
        view.caching = Caching(query, by_accept)
        return view

    return declare
