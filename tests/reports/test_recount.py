"""Twenty random questions, each answered twice: by the query, and by hand over the raw rows."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from courses.models import Course
from people.models import Membership, Unit
from reports.coverage import total
from reports.models import Target
from reports.queries import coverage_by
from reports.services.targets import ensure_targets
from tests.reports.builders import make_target
from tests.reports.district import LAST_DAY_BEFORE, REFORM, TODAY, build_district
from tests.reports.recount import recount

BREAKDOWNS = [
    (),
    ("unit",),
    ("sex",),
    ("group",),
    ("kind",),
    ("sector",),
    ("unit", "sex"),
    ("group", "sex"),
    ("sector", "kind", "unit"),
]


def as_counts(table):
    """The rows with somebody in them."""
    return {
        row.keys: (row.coverage.required, row.coverage.complete)
        for row in table.rows
        if row.coverage.required
    }


def build_targets():
    course = Course.objects.get(code="BVTE")
    ensure_targets(course)
    everyone = make_target(
        course,
        "MOI-NGUOI",
        started_on=date(2016, 1, 1),
        staff_groups=[],
        sectors=[],
        excluded_unit_kinds=[],
    )
    everyone.courses.add(Course.objects.get(code="KHAC"))
    make_target(
        course,
        "HEP",
        started_on=date(2016, 6, 1),
        ended_on=date(2022, 12, 31),
        unit_kinds=["primary", "lower_secondary", "office", "multi_level"],
        excluded_unit_kinds=["lower_secondary"],
        excluded_statuses=["maternity_leave"],
    )


@pytest.fixture
def district(db):
    build_district()
    build_targets()


@pytest.mark.database
@pytest.mark.usefixtures("district")
class TestCoverageRecounted:
    @pytest.mark.parametrize("seed", range(20))
    def test_equals_a_count_by_hand_over_the_dated_rows(self, seed, monkeypatch):
        """With both plans of the query: for few people and for many."""
        chance = random.Random(f"coverage {seed}")
        monkeypatch.setattr("reports.queries.coverage.FEW", [0, 3000][seed % 2])
        day = chance.choice(
            [
                LAST_DAY_BEFORE,
                REFORM,
                TODAY,
                date(2017, 1, 1) + timedelta(days=chance.randrange(3600)),
            ]
        )
        unit = chance.choice(["TP", "TP", "H", "X1", "P0", "P1", "T05", "BT"])
        target = chance.choice(list(Target.objects.order_by("code")))
        is_strict, is_others = chance.random() < 0.4, chance.random() < 0.2
        for by in chance.sample(BREAKDOWNS, 4):
            table = coverage_by(
                target,
                as_of=day,
                unit=Unit.objects.get(code=unit),
                by=by,
                is_strict=is_strict,
                audience="others" if is_others else "target",
            )
            by_hand = recount(target, day, unit, by, is_strict=is_strict, is_others=is_others)
            assert as_counts(table) == by_hand, (target.code, day, unit, by)

    def test_the_questions_asked_have_people_in_them(self):
        """Else the equality above would compare nothing with nothing."""
        target = Target.objects.get(code="MOI-NGUOI")
        for day in [LAST_DAY_BEFORE, REFORM, TODAY]:
            normal = coverage_by(target, as_of=day).total
            strict = coverage_by(target, as_of=day, is_strict=True).total
            assert normal.required > 40
            assert normal.required > normal.complete > strict.complete > 0

    def test_parts_add_up_to_the_whole_however_it_is_broken_down(self):
        target = Target.objects.get(code="CT-2020")
        for day in [date(2019, 5, 1), LAST_DAY_BEFORE, REFORM, TODAY]:
            whole = coverage_by(target, as_of=day).total
            for by in BREAKDOWNS:
                assert coverage_by(target, as_of=day, by=by).total == whole

    def test_a_unit_equals_the_sum_of_its_children_and_its_own_people(self):
        target = Target.objects.get(code="CT-2020")
        rows = coverage_by(target, as_of=LAST_DAY_BEFORE, by=("unit",)).rows
        assert {row.keys[0] for row in rows} == {"TP", "H"}
        for row in rows:
            if row.keys[0] != "TP":
                unit = Unit.objects.get(code=row.keys[0])
                assert coverage_by(target, as_of=LAST_DAY_BEFORE, unit=unit).total == row.coverage

    def test_the_reform_changes_the_units_and_not_the_people_who_stayed(self):
        target = Target.objects.get(code="CT-2020")
        before = coverage_by(target, as_of=LAST_DAY_BEFORE, by=("unit",))
        after = coverage_by(target, as_of=REFORM, by=("unit",))
        assert {"H", "TP"} >= {row.keys[0] for row in before.rows}
        assert {"P0", "P1"} <= {row.keys[0] for row in after.rows}
        assert before == coverage_by(target, as_of=LAST_DAY_BEFORE, by=("unit",))

    def test_both_targets_and_others_together_are_everyone(self):
        target = Target.objects.get(code="CT-2027")
        both = [
            coverage_by(target, as_of=TODAY, audience=audience).total
            for audience in ("target", "others")
        ]
        target.staff_groups = []
        assert total(both) == coverage_by(target, as_of=TODAY).total
        assert Membership.objects.primary_on(TODAY).count() >= total(both).required
