"""The pure rules: when is something complete."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from courses.rules import (
    EvidenceFact,
    Facts,
    MembershipFact,
    RequirementFact,
    RuleFact,
    TermsFact,
    decide,
    is_passed,
    is_required_of,
    ten_point_tenths,
)

T0 = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)
FOREVER = T0 + timedelta(days=3650)
LESSON, QUIZ, OTHER_LESSON = 1, 2, 3
KH1, KH6 = 10, 60
EVERYONE = ({},)


def at(hours: float) -> datetime:
    return T0 + timedelta(hours=hours)


def viewed(activity: int, hours: float, number: int = 0) -> EvidenceFact:
    return EvidenceFact(UUID(int=number), activity, "viewed", at(hours))


def scored(activity: int, points: int, hours: float, number: int = 0) -> EvidenceFact:
    return EvidenceFact(UUID(int=number), activity, "score", at(hours), points, 10)


def lesson_rule(activity: int, module: int = KH1, hours: float = -1, **kwargs) -> RuleFact:
    return RuleFact(
        activity, module, at(hours), kwargs.pop("is_required", True), "viewed", **kwargs
    )


def quiz_rule(
    activity: int = QUIZ, module: int = KH1, mark: int = 50, hours: float = -1
) -> RuleFact:
    return RuleFact(activity, module, at(hours), True, "score", mark, order=int(hours))


TEACHER = MembershipFact(date(2020, 1, 1), None, "teacher", "teacher", "primary")
TERMS = TermsFact(at(-1), frozenset({KH1}))
REQUIRED = RequirementFact(KH1, date(2016, 1, 1), EVERYONE)


def facts(evidence=(), rules=None, **kwargs) -> Facts:
    return Facts(
        evidence=list(evidence),
        rules=[lesson_rule(LESSON), quiz_rule()] if rules is None else rules,
        terms=kwargs.get("terms", [TERMS]),
        memberships=kwargs.get("memberships", [TEACHER]),
        requirements=kwargs.get("requirements", [REQUIRED]),
    )


class TestScores:
    def test_reaching_the_mark_exactly_passes(self):
        assert is_passed(5, 10, 50)
        assert not is_passed(4, 10, 50)

    def test_two_thirds_of_seven_and_a_half_is_compared_without_rounding(self):
        assert not is_passed(11, 15, 74)  # 7,33…
        assert is_passed(11, 15, 73)

    def test_shows_one_decimal_rounded_down(self):
        assert ten_point_tenths(2, 3) == 66
        assert ten_point_tenths(3, 3) == 100

    @given(st.integers(0, 500), st.integers(1, 500), st.integers(0, 100))
    def test_what_is_shown_never_contradicts_the_decision(self, points, possible, mark):
        points = min(points, possible)
        assert is_passed(points, possible, mark) == (ten_point_tenths(points, possible) >= mark)


class TestCompletion:
    def test_needs_every_required_activity(self):
        assert decide(facts([viewed(LESSON, 1)]), until=FOREVER).modules == {}

    def test_is_dated_at_the_last_piece_of_evidence(self):
        decisions = decide(facts([scored(QUIZ, 6, 1), viewed(LESSON, 2)]), until=FOREVER)
        assert decisions.modules == {KH1: at(2)}
        assert decisions.course == at(2)

    def test_ignores_what_comes_after_the_instant_asked_for(self):
        decisions = decide(facts([scored(QUIZ, 6, 1), viewed(LESSON, 2)]), until=at(1.5))
        assert decisions.course is None

    def test_failing_completes_nothing(self):
        decisions = decide(facts([viewed(LESSON, 1), scored(QUIZ, 4, 2)]), until=FOREVER)
        assert QUIZ not in decisions.activities

    def test_a_later_failure_takes_nothing_back(self):
        evidence = [viewed(LESSON, 1), scored(QUIZ, 9, 2), scored(QUIZ, 1, 3, 1)]
        assert decide(facts(evidence), until=FOREVER).course == at(2)

    def test_what_a_browser_reports_earns_nothing_by_itself(self):
        reported = EvidenceFact(UUID(int=9), LESSON, "viewed", at(1), is_reported=True)
        assert decide(facts([reported]), until=FOREVER).activities == {}
        accepted = [lesson_rule(LESSON, accepts_reported=True)]
        assert LESSON in decide(facts([reported], accepted), until=FOREVER).activities

    def test_a_module_with_nothing_required_is_not_complete(self):
        rules = [lesson_rule(LESSON, is_required=False)]
        assert decide(facts([viewed(LESSON, 1)], rules), until=FOREVER).modules == {}


class TestChangedContent:
    def test_a_lesson_added_later_leaves_the_completed_alone(self):
        rules = [lesson_rule(LESSON), lesson_rule(OTHER_LESSON, hours=5)]
        decisions = decide(facts([viewed(LESSON, 1)], rules), until=FOREVER)
        assert decisions.modules == {KH1: at(1)}

    def test_a_lesson_added_before_she_is_done_is_asked_of_her(self):
        rules = [lesson_rule(LESSON), quiz_rule(), lesson_rule(OTHER_LESSON, hours=2)]
        evidence = [viewed(LESSON, 1), scored(QUIZ, 9, 3)]
        assert decide(facts(evidence, rules), until=FOREVER).modules == {}

    def test_withdrawing_the_last_open_lesson_completes_at_that_instant(self):
        rules = [
            lesson_rule(LESSON),
            lesson_rule(OTHER_LESSON),
            lesson_rule(OTHER_LESSON, hours=5, is_required=False, order=1),
        ]
        assert decide(facts([viewed(LESSON, 1)], rules), until=FOREVER).modules == {KH1: at(5)}

    def test_lowering_the_pass_mark_completes_at_that_instant(self):
        rules = [lesson_rule(LESSON), quiz_rule(mark=80), quiz_rule(mark=50, hours=6)]
        evidence = [viewed(LESSON, 1), scored(QUIZ, 6, 2)]
        assert decide(facts(evidence, rules), until=FOREVER).course == at(6)

    def test_a_lesson_moved_to_another_module_counts_there(self):
        rules = [lesson_rule(LESSON), lesson_rule(LESSON, module=KH6, hours=5, order=1)]
        decisions = decide(facts([viewed(LESSON, 6)], rules), until=FOREVER)
        assert decisions.modules == {KH6: at(6)}


class TestRequirements:
    def test_someone_without_a_membership_completes_no_course(self):
        decisions = decide(
            facts([viewed(LESSON, 1), scored(QUIZ, 9, 2)], memberships=[]), until=FOREVER
        )
        assert decisions.modules == {KH1: at(2)}
        assert decisions.course is None

    def test_changing_group_re_decides_an_unfinished_run_that_day(self):
        as_teacher = MembershipFact(date(2020, 1, 1), date(2026, 6, 9), "teacher", "", "primary")
        as_support = MembershipFact(date(2026, 6, 10), None, "support", "", "primary")
        decisions = decide(
            facts(
                [viewed(LESSON, 1)],
                [lesson_rule(LESSON), lesson_rule(OTHER_LESSON, module=KH6)],
                terms=[TermsFact(at(-1), frozenset({KH1, KH6}))],
                memberships=[as_teacher, as_support],
                requirements=[
                    RequirementFact(KH1, date(2016, 1, 1), EVERYONE),
                    RequirementFact(KH6, date(2016, 1, 1), [{"groups": ["teacher"]}]),
                ],
            ),
            until=FOREVER,
        )
        assert decisions.course == datetime(
            2026, 6, 9, 17, tzinfo=UTC
        )  # midnight in Hồ Chí Minh City
        assert decisions.course_modules == {KH1}

    def test_any_clause_and_every_key_of_it(self):
        clauses = [{"groups": ["teacher"], "kinds": ["primary"]}, {"positions": ["health_staff"]}]
        nurse = MembershipFact(date(2020, 1, 1), None, "support", "health_staff", "preschool")
        preschool_teacher = MembershipFact(date(2020, 1, 1), None, "teacher", "", "preschool")
        assert is_required_of(TEACHER, clauses)
        assert is_required_of(nurse, clauses)
        assert not is_required_of(preschool_teacher, clauses)
        assert not is_required_of(TEACHER, [])


activities = st.sampled_from([LESSON, QUIZ, OTHER_LESSON])
pieces = st.lists(
    st.builds(
        lambda activity, hours, points: (
            scored(activity, points, hours) if activity == QUIZ else viewed(activity, hours)
        ),
        activities,
        st.integers(0, 20),
        st.integers(0, 10),
    ),
    max_size=12,
)


def numbered(evidence):
    return [
        EvidenceFact(UUID(int=i), e.activity, e.kind, e.received_at, e.points, e.possible)
        for i, e in enumerate(evidence)
    ]


class TestOrderAndRepetition:
    RULES = [lesson_rule(LESSON), quiz_rule(), lesson_rule(OTHER_LESSON, hours=4)]

    @given(pieces, st.randoms())
    def test_the_order_of_rows_makes_no_difference(self, evidence, random):
        rows = numbered(evidence)
        shuffled = rows[:]
        random.shuffle(shuffled)
        assert decide(facts(rows, self.RULES), until=FOREVER) == decide(
            facts(shuffled, self.RULES), until=FOREVER
        )

    @given(pieces)
    def test_repetition_makes_no_difference(self, evidence):
        rows = numbered(evidence)
        once = decide(facts(rows, self.RULES), until=FOREVER)
        assert decide(facts(rows + rows, self.RULES), until=FOREVER) == once

    @given(pieces, pieces)
    def test_more_evidence_never_takes_or_delays_a_completion(self, some, more):
        rows = numbered(some + more)
        before = decide(facts(rows[: len(some)], self.RULES), until=FOREVER)
        after = decide(facts(rows, self.RULES), until=FOREVER)
        for key, instant in before.modules.items():
            assert after.modules[key] <= instant
        if before.course:
            assert after.course <= before.course
