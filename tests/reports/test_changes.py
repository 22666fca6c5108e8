"""When a unit ceased to stand as it stood on the day asked about."""

from __future__ import annotations

from datetime import date

import pytest

from people.dates import day_before
from people.models import Unit, UnitVersion
from reports.queries.changes import changed_on
from tests.factories import close_unit, make_unit

BEFORE, DAY, TODAY = date(2025, 6, 30), date(2025, 7, 1), date(2026, 11, 21)


def changed(unit: Unit) -> date | None:
    return changed_on(unit, since=BEFORE, today=TODAY)


def from_day(unit: Unit, day: date = DAY, **fields: object) -> None:
    """Another version of the unit from the day on, alike but for these fields."""
    version = unit.versions.get(ended_on=None)
    UnitVersion.objects.filter(pk=version.pk).update(ended_on=day_before(day))
    version.pk, version.started_on = None, day
    for name, value in fields.items():
        setattr(version, name, value)
    version.save()


@pytest.mark.usefixtures("city")
class TestUnchanged:
    def test_is_a_unit_that_stands_as_it_stood(self, city):
        for unit in (city.root, city.commune, city.school):
            assert changed(unit) is None

    def test_is_one_with_another_kind(self, city):
        for unit in (city.root, city.school):
            from_day(unit, kind="other")
            assert changed(unit) is None

    def test_is_one_above_whose_place_alone_things_change(self, city):
        from_day(city.school, name="Tên mới")
        assert changed(city.district) is None

    def test_is_one_that_has_its_name_back(self, city):
        from_day(city.school, name="Tên khác")
        from_day(city.school, date(2026, 1, 1), name="Trường Tiểu học Một")
        assert changed(city.school) is None

    def test_is_one_whose_change_is_to_come(self, city):
        from_day(city.school, date(2027, 1, 1), name="Tên mới")
        assert changed(city.school) is None
        assert changed(city.commune) is None


class TestChanged:
    def test_by_a_name_of_its_own(self, city):
        from_day(city.school, name="Tên mới")
        assert changed(city.school) == DAY

    def test_by_a_unit_below_with_another_name(self, city):
        from_day(city.school, name="Tên mới")
        assert changed(city.commune) == DAY

    def test_by_standing_elsewhere(self, city):
        from_day(city.school, parent=city.office)
        assert changed(city.school) == DAY

    def test_by_losing_a_unit_to_another_that_gains_it(self, city):
        from_day(city.school, parent=city.office)
        assert changed(city.commune) == DAY
        assert changed(city.office) == DAY

    def test_by_a_new_unit_below(self, city):
        make_unit("MOI", parent=city.commune, opened_on=DAY)
        assert changed(city.commune) == DAY

    def test_by_becoming_a_root(self, city):
        from_day(city.district, parent=None)
        assert changed(city.district) == DAY

    def test_by_ending(self, city):
        close_unit(city.school, last_day=BEFORE)
        assert changed(city.school) == DAY
        assert changed(city.commune) == DAY

    def test_on_the_first_of_several_days(self, city):
        from_day(city.school, date(2026, 3, 1), name="Tên mới")
        make_unit("MOI", parent=city.commune, opened_on=date(2026, 1, 1))
        assert changed(city.commune) == date(2026, 1, 1)

    def test_takes_one_query(self, city, django_assert_num_queries):
        make_unit("MOI", parent=city.commune, opened_on=DAY)
        with django_assert_num_queries(1):
            changed(city.commune)
