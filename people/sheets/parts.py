"""Which part of an XLSX file holds a sheet. The reader knows, but doesn't say."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Callable
from io import BytesIO

from people.sheets.unsafe import guarded_parser, parse

WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"


def part_of_sheet(content: bytes, name: str) -> str:
    """Of a workbook that the guards let pass. Blank if the file doesn't say where it is."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        if not {WORKBOOK, RELATIONS} <= set(archive.namelist()):
            return ""
        sheets: dict[str, str] = {}
        targets: dict[str, str] = {}

        def note(element: str, attributes: dict[str, str]) -> None:
            if element.endswith("sheet"):
                relation = next((v for k, v in attributes.items() if k.endswith(" id")), "")
                sheets[attributes.get("name", "")] = relation
            elif element.endswith("Relationship"):
                targets[attributes.get("Id", "")] = attributes.get("Target", "")

        for part in (WORKBOOK, RELATIONS):
            _each_element(archive.read(part), note)
    target = targets.get(sheets.get(name, ""), "")
    return posixpath.normpath(posixpath.join("xl", target)).lstrip("/") if target else ""


def _each_element(content: bytes, note: Callable[[str, dict[str, str]], None]) -> None:
    parser = guarded_parser(namespaces=True)
    parser.StartElementHandler = note
    parse(parser, content, is_last=True)
