"""What becomes of categories and authors: proposed by us, decided by the newsroom, in a TOML file.

[authors]                      # login = the name that signs
admin = "admin"

[categories]                   # slug = "section: Name", "tag: Name" or "nothing"
defense = "section: Défense"
rafale = "tag: Rafale"
"""

import json
import tomllib
from dataclasses import dataclass, field

SECTION, TAG, NOTHING = "section", "tag", "nothing"
HEAD = """\
# What becomes of WordPress's authors and categories. Change what follows, then run again with
# --mapping and the name of this file.

"""


class MappingError(Exception):
    """A mapping that cannot be used; the message says which line, and why."""


@dataclass
class Mapping:
    """authors: login → name. categories: slug → (SECTION, TAG or NOTHING; name)."""

    authors: dict[str, str] = field(default_factory=dict)
    categories: dict[str, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def propose(cls, authors, categories):
        """Return what we would do: categories at the top become sections, those below tags.

        authors: login → name. categories: slug → (name, slug of the one above or "").
        """
        return cls(
            dict(authors),
            {
                slug: (TAG if parent in categories and parent != slug else SECTION, name)
                for slug, (name, parent) in categories.items()
            },
        )

    @classmethod
    def read(cls, path):
        """Return what a file says. Raises MappingError; OSError."""
        try:
            with path.open("rb") as file:
                data = tomllib.load(file)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise MappingError(f"{path}: {error}") from error
        categories = {}
        for slug, said in data.get("categories", {}).items():
            kind, _colon, name = (part.strip() for part in str(said).partition(":"))
            if kind not in {SECTION, TAG, NOTHING} or (kind != NOTHING and not name):
                raise MappingError(
                    f'{path}: {slug} = "{said}" is none of "section: Name", "tag: Name", "nothing".'
                )
            categories[slug] = (kind, name)
        authors = {login: str(name).strip() for login, name in data.get("authors", {}).items()}
        return cls(authors, categories)

    def over(self, proposed):
        """Return this mapping, filled up with what is proposed for all that it does not name."""
        return Mapping(proposed.authors | self.authors, proposed.categories | self.categories)

    def text(self) -> str:
        """Return the mapping as a file."""
        lines = [HEAD, "[authors]\n"]
        lines += [f"{_quoted(login)} = {_quoted(name)}\n" for login, name in self.authors.items()]
        lines.append("\n[categories]\n")
        lines += [
            f"{_quoted(slug)} = {_quoted(f'{kind}: {name}' if kind != NOTHING else kind)}\n"
            for slug, (kind, name) in self.categories.items()
        ]
        return "".join(lines)


def _quoted(text: str) -> str:
    """Return a text as TOML: a string of JSON is one, but for DEL and for halves of characters."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
