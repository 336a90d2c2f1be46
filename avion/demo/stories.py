"""Reading the demonstration's stories: header lines, an empty line, a body of HTML."""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from articles.slugs import slugify

FOLDER = Path(__file__).parent
PICTURE = re.compile(r"<!-- picture: (?P<drawing>[^|]+) \| (?P<alt>[^|]+) \| (?P<caption>.+?) -->")


@dataclass(frozen=True)
class Story:
    """One file: `header` holds the lines `key: value`, `body` is HTML."""

    slug: str
    header: dict[str, str]
    body: str

    @property
    def published_at(self) -> datetime | None:
        """The moment of publication in the site's time zone; None for what is not published."""
        if "published" not in self.header:
            return None
        naive = datetime.fromisoformat(self.header["published"])
        return naive.replace(tzinfo=timezone.get_default_timezone())

    def listed(self, key: str) -> list[str]:
        """Return the values of a header line that commas part."""
        return [word.strip() for word in self.header.get(key, "").split(",") if word.strip()]


def read(folder: str) -> list[Story]:
    """Return the stories of `stories` or `pages`, in the order of their file names."""
    return [_parse(path) for path in sorted((FOLDER / folder).glob("*.html"))]


def _parse(path: Path) -> Story:
    head, _empty, body = path.read_text(encoding="utf-8").partition("\n\n")
    header = dict(line.split(": ", 1) for line in head.splitlines())
    return Story(slugify(path.stem), header, body.strip())
