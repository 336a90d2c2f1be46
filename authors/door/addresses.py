"""Where a request comes from."""

from django.conf import settings

UNKNOWN = "0.0.0.0"  # noqa: S104 - no address to listen at; a server on a socket file knows none


def client_address(request, _credentials=None) -> str:
    """Return the internet address of whoever asks.

    Behind our own proxy it is the last entry of X-Forwarded-For, which that proxy wrote itself;
    whatever stands before it may have been made up.
    """
    if settings.BEHIND_PROXY and (chain := request.META.get("HTTP_X_FORWARDED_FOR")):
        return chain.rpartition(",")[2].strip() or UNKNOWN
    return request.META.get("REMOTE_ADDR") or UNKNOWN
