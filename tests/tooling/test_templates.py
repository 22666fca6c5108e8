from pathlib import Path

import pytest
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(
    str(path.relative_to(folder))
    for room in ROOT.iterdir()
    if (room / "__init__.py").exists() and room.name != "tests"
    for folder in room.rglob("templates")
    for path in folder.rglob("*")
    if path.suffix in {".html", ".svg", ".txt"}
)


def test_there_are_templates():
    assert TEMPLATES


@pytest.mark.parametrize("name", TEMPLATES)
def test_compiles(name):
    get_template(name)
