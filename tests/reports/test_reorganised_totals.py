"""Coverage of the city before and after its units are reorganised: the same people, once each."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from people.models import Unit
from people.services.reorganising import NewUnit, merge_units, move_unit, split_unit
from reports.coverage import Coverage
from reports.queries import coverage_by
from tests.factories import make_account, make_unit
from tests.reports.builders import TODAY

YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def order():
    return {
        "on": TODAY,
        "deciding_document": "QĐ 12",
        "by": make_account(is_superuser=True),
        "at": datetime(2026, 11, 21, 3, tzinfo=UTC),
    }


def total(target, day: date, unit: Unit | None = None) -> Coverage:
    return coverage_by(target, as_of=day, unit=unit).total


def by_unit(target, day: date, unit: Unit) -> dict[str, Coverage]:
    table = coverage_by(target, as_of=day, unit=unit, by=["unit"])
    return {row.keys[0]: row.coverage for row in table.rows}


class TestTheCity:
    def test_counts_the_same_after_a_merger(self, city, staff, target, order):
        merge_units([city.school], city.other_school, **order)
        assert total(target, YESTERDAY) == total(target, TODAY) == Coverage(20, 12)
        assert total(target, TODAY, city.other_school) == Coverage(20, 12)
        assert total(target, YESTERDAY, city.other_school) == Coverage(10, 6)
        assert total(target, YESTERDAY, city.school) == Coverage(10, 6)

    def test_counts_the_same_after_a_split(self, city, staff, target, order):
        new = NewUnit(
            code="MOI", name="Mới", kind="primary", sector="education", parent=city.commune
        )
        people = list(city.school.memberships.values_list("person", flat=True))[:4]
        split_unit(city.school, new, people=people, **order)
        assert total(target, YESTERDAY) == total(target, TODAY) == Coverage(20, 12)
        after = by_unit(target, TODAY, city.commune)
        assert after["TH1"].required + after["MOI"].required == 10
        assert by_unit(target, YESTERDAY, city.commune)["TH1"] == Coverage(10, 6)

    def test_counts_the_same_after_a_move_and_a_merger_of_communes(
        self, city, staff, target, order
    ):
        other = make_unit("XA2", parent=city.district, kind="commune")
        move_unit(other, parent=city.root, **order)
        merge_units([city.commune], other, **order)
        assert total(target, YESTERDAY) == total(target, TODAY) == Coverage(20, 12)
        assert total(target, YESTERDAY, city.district) == Coverage(20, 12)
        assert total(target, TODAY, city.district).required == 0
        assert sum(each.required for each in by_unit(target, TODAY, city.root).values()) == 20
