"""Running the import commands as people do: a file on disk, JSON on standard output."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from people.models import Membership, Person, RosterList, Unit, UnitClosure, UnitVersion
from tests.people.sheet_builders import csv_of

TABLES = [Person, Membership, RosterList, Unit, UnitVersion, UnitClosure]


class Importer:
    """`outcome = importer("import_roster", rows, as_of="2026-09-01")`; rows include the header."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.exit_code = 0

    def __call__(self, command: str, rows: Sequence[Sequence[Any]], **options: Any) -> dict:
        return self.file(command, csv_of(rows), "tệp.csv", **options)

    def file(self, command: str, content: bytes, name: str, **options: Any) -> dict:
        path = self.folder / name
        path.write_bytes(content)
        arguments = [command, str(path), "--json"]
        for option, value in options.items():
            flag = "--" + option.replace("_", "-")
            arguments += [flag] if value is True else [flag, str(value)]
        stdout = io.StringIO()
        self.exit_code = 0
        try:
            call_command(*arguments, stdout=stdout)
        except CommandError as error:
            self.exit_code = error.returncode
        return json.loads(stdout.getvalue())  # one object and nothing else, or this raises


@pytest.fixture
def importer(tmp_path) -> Importer:
    return Importer(tmp_path)


def contents() -> list[list[tuple]]:
    """Every row of the room, to compare before and after."""
    return [sorted(map(repr, table.objects.values_list())) for table in TABLES]


def counts(outcome: dict) -> dict[str, int]:
    """The counts that are not 0."""
    numbers = {key: value for key, value in outcome.items() if type(value) is int}
    return {key: value for key, value in numbers.items() if value}


def rejections(outcome: dict) -> list[tuple[int, str]]:
    return [(each["row"], each["column"]) for each in outcome["rejected"]]
