"""An install next year gives what it gives today, from whatever mirror a machine is set to."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PINNED = re.compile(r"[\w.-]+(\[[\w,]+\])?==[\w.!+]+(; .+)?")


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
class TestRequirements:
    def test_pin_every_package_exactly(self, name):
        lines = (ROOT / name).read_text().splitlines()
        packages = [line for line in lines if line and not line.startswith(("#", "-r "))]

        assert packages
        assert [line for line in packages if not PINNED.fullmatch(line)] == []

    def test_name_a_package_once(self, name):
        lines = (ROOT / name).read_text().splitlines()
        names = [re.split(r"[=\[;]", line)[0].lower() for line in lines if "==" in line]

        assert len(names) == len(set(names))


class TestNpmLockFile:
    def test_says_what_but_not_from_where(self):
        packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
        installed = {name: package for name, package in packages.items() if name}

        assert installed
        assert [name for name, package in installed.items() if "resolved" in package] == []
        assert [name for name, package in installed.items() if "integrity" not in package] == []

    def test_pins_what_package_json_names(self):
        manifest = json.loads((ROOT / "package.json").read_text())["dependencies"]
        packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]

        for name, version in manifest.items():
            assert packages[f"node_modules/{name}"]["version"] == version
