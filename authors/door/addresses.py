"""Where a request comes from."""

from ipaddress import ip_address

from django.conf import settings

UNKNOWN = str(ip_address(0))  # of a server that listens on a socket file


def client_address(request, _credentials=None) -> str:
    """Return the internet address of whoever asks.

    Behind our own proxy it is the last entry of X-Forwarded-For, which that proxy wrote itself;
    whatever stands before it may have been made up.
    """
    written = request.META.get("HTTP_X_FORWARDED_FOR") if settings.BEHIND_PROXY else None
    address = (written or request.META.get("REMOTE_ADDR", "")).rpartition(",")[2].strip()
    try:
        return str(ip_address(address))
    except ValueError:
        return UNKNOWN
