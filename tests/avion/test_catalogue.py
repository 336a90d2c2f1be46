"""The French catalogue: complete, without a doubtful entry, and compiled."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = "locale/fr/LC_MESSAGES"
SOURCES = ["articles", "authors", "avion", "templates", "static", "locale"]


def entries(path):
    """Return {msgid: msgstr} of a catalogue, its header left out; plural forms joined."""
    found = {}
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        fields = re.findall(r'^(msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?) "(.*)"$', block, re.M)
        names = dict(fields)
        if names.get("msgid"):
            strings = [text for name, text in fields if name.startswith("msgstr")]
            found[names.get("msgctxt", "") + names["msgid"]] = strings
    return found


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """The catalogue made anew from the sources, in a copy of them."""
    copy = tmp_path_factory.mktemp("catalogue")
    shutil.copy(ROOT / "manage.py", copy)
    for source in SOURCES:
        shutil.copytree(ROOT / source, copy / source, ignore=shutil.ignore_patterns("*.pyc"))
    options = ["-l", "fr", "--no-wrap", "--no-location", "--no-obsolete", "-v0"]
    for domain in ("django", "djangojs"):
        subprocess.run(
            [sys.executable, "manage.py", "makemessages", "-d", domain, *options],
            cwd=copy,
            check=True,
        )
    return copy


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_every_text_is_translated(fresh, domain):
    committed = ROOT / FOLDER / f"{domain}.po"
    said, wanted = entries(committed), entries(fresh / FOLDER / f"{domain}.po")
    assert said.keys() == wanted.keys()
    assert [msgid for msgid, strings in said.items() if not all(strings)] == []
    assert "fuzzy" not in committed.read_text(encoding="utf-8")


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_the_compiled_catalogue_is_that_of_the_texts(tmp_path, domain):
    compiled = tmp_path / f"{domain}.mo"
    source = ROOT / FOLDER / f"{domain}.po"
    subprocess.run(["msgfmt", "--check", "-o", compiled, source], check=True)
    assert compiled.read_bytes() == (ROOT / FOLDER / f"{domain}.mo").read_bytes()
