"""The answers, as `/api/openapi.json` describes them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Generic, TypeVar

from ninja import Field, Schema

Item = TypeVar("Item")


class ErrorBody(Schema):
    code: str
    message: str


class Error(Schema):
    error: ErrorBody


class Page(Schema, Generic[Item]):
    """`count` items on `pages` pages, of which this is number `page`."""

    items: list[Item]
    count: int
    page: int
    pages: int


class Figures(Schema):
    """Null and `withheld` where the figure would tell of recognisable people."""

    required: int | None
    complete: int | None
    ratio: float | None
    withheld: bool | None = None


class CoverageRow(Figures):
    """With the code of each axis that was asked for."""

    unit: str | None = None
    sex: str | None = None
    group: str | None = None
    kind: str | None = None
    sector: str | None = None


class Coverage(Schema):
    """As `manage.py coverage --format json` gives it. `note` says why there is no figure."""

    target: str
    as_of: date
    unit: str | None
    by: list[str]
    rows: list[CoverageRow]
    total: Figures
    note: str | None = None


class Unit(Schema):
    code: str
    name: str | None
    kind: str | None
    sector: str | None
    parent: str | None
    opened_on: date
    closed_on: date | None


class Target(Schema):
    """Empty lists mean all; what is excluded is taken away from that."""

    code: str
    title: str
    percent: int
    due_on: date
    started_on: date
    ended_on: date | None
    courses: list[str]
    staff_groups: list[str]
    sectors: list[str]
    unit_kinds: list[str]
    excluded_unit_kinds: list[str]
    excluded_statuses: list[str]


class Indicator(Schema):
    code: str
    name: str
    definition: str
    formula: str
    source: str
    unit_of_measure: str
    disaggregation: list[str]
    endpoint: str


class Code(Schema):
    code: str
    meaning: str


class DictionaryField(Schema):
    name: str
    kind: str
    meaning: str
    codes: list[Code]


class Catalogue(Page[Indicator]):
    dictionary: list[DictionaryField]


class File(Schema):
    """To be had under `/api/files/{id}`."""

    id: int
    name: str
    target: str
    by: list[str]
    as_of: date
    made_at: datetime


class RunProgress(Schema):
    """`stages` counts everybody once; null and `withheld` where a count would be too small."""

    run: str
    title: str
    opens_on: date
    closes_on: date
    as_of: date
    required: int | None
    complete: int | None
    stages: dict[str, int] | None = Field(None)
    withheld: bool | None = None
