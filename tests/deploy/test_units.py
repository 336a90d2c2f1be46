"""deploy/systemd: the units are whole and give the site no more than it needs."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.servers import ROOT

UNITS = sorted((ROOT / "deploy" / "systemd").iterdir())
SERVICES = [path.name for path in UNITS if path.suffix == ".service"]
EXPOSED = 20  # of 100, by systemd's own measure: at most


@pytest.fixture
def folder(tmp_path):
    """The units, with a command that is on this machine."""
    for path in UNITS:
        text = path.read_text()
        for command in ("granian", "python"):
            text = text.replace(f"/srv/avion/.venv/bin/{command}", "/bin/true")
        (tmp_path / path.name).write_text(text)
    return tmp_path


def test_the_units_are_whole(folder):
    command = ["systemd-analyze", "verify", "--man=no", *sorted(map(str, folder.iterdir()))]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stderr) == (0, "")


@pytest.mark.parametrize("name", SERVICES)
def test_services_may_do_little(folder, name):
    command = ["systemd-analyze", "security", "--offline=true", f"--threshold={EXPOSED}"]
    said = subprocess.run(
        [*command, str(folder / name)], capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stdout


def test_units_name_what_is_there():
    for unit in UNITS:
        text = unit.read_text()
        for found in re.findall(r"manage\.py (\w+)", text):
            path = Path("management") / "commands" / f"{found}.py"
            assert any((ROOT / app / path).exists() for app in ("avion", "articles", "authors"))
