"""Of whom a module is required, as the module's page says it."""

from __future__ import annotations

from datetime import date

import pytest

from courses.queries import requirements_on
from courses.services.catalogue import set_requirement
from courses.wording import GROUPS, KINDS, POSITIONS, clause_in_words, required_in_words
from people.models import Position, StaffGroup, UnitKind
from tests.factories import make_course, make_module


@pytest.mark.parametrize(
    ("clauses", "words"),
    [
        ([{}], "Bắt buộc với mọi người."),
        ([{"groups": ["teacher"]}, {}], "Bắt buộc với mọi người."),
        ([], "Không bắt buộc với ai."),
        ([{"groups": ["manager", "teacher"]}], "Bắt buộc với: cán bộ quản lý, giáo viên."),
        (
            [
                {"groups": ["teacher"], "kinds": ["primary", "lower_secondary"]},
                {"positions": ["health_staff"]},
            ],
            "Bắt buộc với: giáo viên (tiểu học, trung học cơ sở); nhân viên y tế.",
        ),
        (
            [{"groups": ["teacher"], "positions": ["young_pioneers_leader"]}],
            "Bắt buộc với: Tổng phụ trách Đội thuộc nhóm giáo viên.",
        ),
        ([{"kinds": ["preschool"]}], "Bắt buộc với: mọi người (mầm non)."),
    ],
)
def test_requirements_are_said_in_a_sentence(clauses, words):
    assert required_in_words(clauses) == words


def test_every_group_position_and_kind_has_its_word():
    for labels, choices in ((GROUPS, StaffGroup), (POSITIONS, Position), (KINDS, UnitKind)):
        assert set(labels) == set(choices)
        for value in choices:
            assert str(labels[value])
    assert clause_in_words({"kinds": list(UnitKind.values)})


@pytest.mark.django_db
def test_those_in_force_on_the_day_count(django_assert_num_queries):
    module = make_module(make_course(), "KH1", lessons=1, pass_mark_tenths=50)
    module.requirements.model.objects.filter(module=module)._raw_delete("default")
    set_requirement(module, clauses=[{"groups": ["teacher"]}], started_on=date(2020, 1, 1))
    set_requirement(module, clauses=[{}], started_on=date(2024, 1, 1))
    assert requirements_on(date(2019, 12, 31), [module.key]) == {}
    assert requirements_on(date(2023, 12, 31), [module.key])[module.key] == [
        {"groups": ["teacher"]}
    ]
    with django_assert_num_queries(1):
        assert requirements_on(date(2024, 1, 1), [module.key]) == {module.key: [{}]}
