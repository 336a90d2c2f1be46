"""What an import did, one line for each entry: JSON for programs, HTML for people."""

import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

SUMMARY = "summary.json"  # how many of each, in words
WORDS = {  # what people read for the codes in report.json
    "new": _("new"),
    "updated": _("brought up to date"),
    "unchanged": _("unchanged"),
    "conflict": _("conflict: changed there and here"),
    "kept": _("kept as it is here"),
    "deleted here": _("deleted here"),
    "left out": _("set aside"),
    "missing": _("not found"),
    "failed": _("failed"),
    "post": _("article"),
    "page": _("page"),
    "file": _("file"),
    "nav_menu_item": _("menu entry"),
    "revision": _("revision"),
    "picture": _("picture"),
    "shortcode": _("shortcode"),
    "block": _("block"),
    "element": _("element"),
    "standfirst": _("standfirst"),
    "title": _("title"),
    "address": _("address"),
    "text": _("text"),
    "draft": _("draft"),
    "password": _("password"),
    "error": _("error"),
    "status": _("state"),
    # WordPress's states
    "publish": _("published"),
    "future": _("scheduled"),
    "pending": _("to review"),
    "private": _("private"),
    "trash": _("withdrawn"),
}
REMARKS = {  # how many articles and pages have such a remark
    "standfirst": _("standfirst made of the first paragraph, or too long"),
    "title": _("title made of the first words, or too long"),
    "text": _("without a text"),
    "address": _("address taken here: another one was given"),
    "draft": _("not published, something was missing"),
    "password": _("not public, behind a password"),
    "picture": _("pictures that were not found"),
    "file": _("files that were not found"),
    "shortcode": _("shortcodes without an equivalent"),
    "block": _("blocks without an equivalent"),
    "element": _("elements without an equivalent"),
}


@dataclass
class Line:
    """An entry of the old site and what became of it.

    outcome: "new", "updated", "unchanged", "conflict", "kept", "deleted here", "left out",
    "missing" (a file) or "failed". remarks: (kind, what) pairs: see content.py and posts.py.
    """

    kind: str
    key: str
    title: str
    old: str = ""
    new: str = ""
    state: str = ""
    outcome: str = ""
    remarks: list[tuple[str, str]] = field(default_factory=list)

    def became(self, outcome, remarks=()):
        """Say what became of the entry, and return the line."""
        self.outcome = outcome
        self.remarks += remarks
        return self


class Report:
    """Lines as they come, counted, and written to `folder` if there is one, without being kept."""

    def __init__(self, folder=None):
        self.outcomes: Counter = Counter()
        self.remarks: Counter = Counter()
        self._parts = []
        if folder:
            folder = Path(folder)
            folder.mkdir(parents=True, exist_ok=True)
            for name, head in (("report.json", "[\n"), ("report.html", _page("head"))):
                part = (folder / f"{name}.part").open("w", encoding="utf-8")
                part.write(head)
                self._parts.append((part, folder / name))
        self._is_first = True

    def add(self, line: Line):
        self.outcomes[line.kind, line.outcome] += 1
        self.remarks.update(kind for kind, _what in line.remarks)
        for part, path in self._parts:
            if path.suffix == ".json":
                part.write("" if self._is_first else ",\n")
                part.write(json.dumps(asdict(line), ensure_ascii=False))
            else:
                remarks = [(word(kind), what) for kind, what in line.remarks]
                said = {"kind": word(line.kind), "outcome": word(line.outcome), "remarks": remarks}
                said["state"] = word(line.state)
                part.write(_page("row", line=line, **said))
        self._is_first = False

    def count_left_out(self, kinds):
        """Count entries of kinds that no newsroom needs: menus, templates, orders of a shop."""
        self.outcomes.update({(kind, "left out"): count for kind, count in kinds.items()})

    def close(self):
        """Put the files in their places, whole, and the counts beside them."""
        summary = {
            "totals": [
                (word(kind), word(outcome), count)
                for (kind, outcome), count in sorted(self.outcomes.items())
            ],
            "remarks": [
                (str(REMARKS.get(kind, word(kind))), count)
                for kind, count in sorted(self.remarks.items())
            ],
        }
        for part, path in self._parts:
            foot = _page("foot", totals=summary["totals"])
            part.write("\n]\n" if path.suffix == ".json" else foot)
            part.close()
            Path(part.name).replace(path)
        if self._parts:
            beside = self._parts[0][1].with_name(SUMMARY)
            beside.write_text(json.dumps(summary), encoding="utf-8")
        self._parts = []


def word(code) -> str:
    """Return what people read for a code; the code itself of a plugin's own kinds."""
    return str(WORDS.get(code, code))


def _page(part, **context) -> str:
    return render_to_string(f"admin/wordpress/report_{part}.html", context)
