"""What stands elsewhere and is shown here: a still card that loads nothing before a click.

The players' addresses are those that the services document for embedding, in the form that
sets no cookie before playing where there is one (YouTube's youtube-nocookie.com, Vimeo's dnt).
Their hosts stand in the policy of what a page may frame (SECURE_CSP in avion/settings.py).
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Embed:
    """Where an embed comes from, what it is, and the address of its player ("" if it has none).

    kind: "video", "post", "document" or "page".
    """

    address: str
    provider: str
    kind: str
    player: str = ""


def describe(address: str) -> Embed:
    """Return what is known of an address from its own words; nothing is fetched."""
    try:
        url = urlsplit(address)
        host = (url.hostname or "").removeprefix("www.").removeprefix("m.")
    except ValueError:
        return Embed(address, address, "page")
    path = url.path.rstrip("/")
    for provider, kind, hosts, pattern, player in SERVICES:
        found = host in hosts and re.fullmatch(pattern, path)
        if found:
            return Embed(address, provider, kind, player % found[1] if player else "")
    if host in {"youtube.com", "youtube-nocookie.com"} and path == "/watch":
        video = parse_qs(url.query).get("v", [""])[0]
        if re.fullmatch(r"[\w-]{6,20}", video):
            return Embed(address, "YouTube", "video", YOUTUBE % video)
    if path.lower().endswith(".pdf"):
        return Embed(address, host, "document")
    if re.fullmatch(r"/@[\w.@-]+/\d{6,}", path):
        return Embed(address, f"Mastodon ({host})", "post")
    return Embed(address, host, "page")


YOUTUBE = "https://www.youtube-nocookie.com/embed/%s?autoplay=1"
DAILYMOTION = "https://geo.dailymotion.com/player.html?video=%s"
X = "https://platform.twitter.com/embed/Tweet.html?dnt=true&id=%s"
# (name, kind, hosts, the path with the id as its group, the player)
SERVICES = [
    (
        "YouTube",
        "video",
        {"youtube.com", "youtube-nocookie.com"},
        r"/(?:shorts|embed|live)/([\w-]{6,20})",
        YOUTUBE,
    ),
    ("YouTube", "video", {"youtu.be"}, r"/([\w-]{6,20})", YOUTUBE),
    (
        "Vimeo",
        "video",
        {"vimeo.com", "player.vimeo.com"},
        r"(?:/video)?/(\d{4,15})",
        "https://player.vimeo.com/video/%s?dnt=1&autoplay=1",
    ),
    (
        "Dailymotion",
        "video",
        {"dailymotion.com"},
        r"/video/(\w{4,15})",
        DAILYMOTION,
    ),
    ("Dailymotion", "video", {"dai.ly"}, r"/(\w{4,15})", DAILYMOTION),
    ("X", "post", {"x.com", "twitter.com"}, r"/\w{1,20}/status/(\d{5,25})", X),
    ("Bluesky", "post", {"bsky.app"}, r"/profile/[\w.:-]+/post/(\w+)", ""),
]
