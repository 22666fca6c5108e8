"""The training of two rows that are one person."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.models import (
    Activity,
    ActivityCompletion,
    CourseCompletion,
    CourseRun,
    Enrolment,
    Evidence,
    ModuleCompletion,
    RunAddition,
)
from courses.queries import explain, people_complete, people_in_progress
from courses.services.evidence import MergedMeanwhileError, lock_enrolment, record_evidence
from courses.services.rebuild import rebuild_completions
from courses.services.runs import add_person
from people.models import Person, User
from people.services.merging import MergeError, plan_merge
from tests.factories import make_account, make_course, make_member, make_module, make_run
from tests.people.merging import everything, merge, undo

pytestmark = pytest.mark.django_db
JULY = datetime(2026, 7, 1, 2, tzinfo=UTC)


@pytest.fixture
def administrator(city) -> User:
    return make_account(is_superuser=True)


@pytest.fixture
def double(city) -> Person:
    return make_member(city.school, code="000901")


@pytest.fixture
def run(city) -> CourseRun:
    """KH1 of two lessons, KH2 of one."""
    course = make_course()
    make_module(course, "KH1", lessons=2)
    make_module(course, "KH2", lessons=1)
    return make_run(course, units=[city.root])


def lesson(code: str) -> Activity:
    return Activity.objects.get(code=code)


def read(person: Person, *codes: str, at: datetime = JULY) -> None:
    for code in codes:
        record_evidence(
            person,
            activity=lesson(code),
            kind="viewed",
            evidence_id=uuid.uuid4(),
            received_at=at,
        )


def done(person: Person) -> dict[str, datetime]:
    """What counts for her, by code, and when it was complete."""
    hers = {"enrolment__person": person}
    rows = [
        *ActivityCompletion.objects.filter(**hers).values_list("activity__code", "completed_at"),
        *ModuleCompletion.objects.filter(**hers).values_list("module__code", "completed_at"),
        *CourseCompletion.objects.filter(**hers).values_list(
            "enrolment__run__course__code", "completed_at"
        ),
    ]
    return dict(rows)


def is_clean() -> bool:
    report = rebuild_completions(at=timezone.now(), is_check=True)
    return not report.drift and not report.standing


class TestARunThatOnlyTheOtherBegan:
    def test_is_hers(self, run, learner, double, administrator):
        read(double, "KH1-B1", "KH1-B2")
        merge(learner, double, by=administrator)
        assert set(done(learner)) == {"KH1-B1", "KH1-B2", "KH1"}
        assert is_clean()

    def test_goes_back_when_it_is_undone(self, run, learner, double, administrator):
        read(double, "KH1-B1")
        before = everything()
        undo(merge(learner, double, by=administrator), by=administrator)
        assert everything() == before


class TestARunThatBothBegan:
    def test_counts_the_work_of_both(self, run, learner, double, administrator):
        read(learner, "KH1-B1")
        read(double, "KH1-B2", at=JULY + timedelta(days=1))
        merge(learner, double, by=administrator)
        assert done(learner)["KH1"] == JULY + timedelta(days=1)
        assert is_clean()

    def test_completions_are_of_the_earlier_day(self, run, learner, double, administrator):
        read(learner, "KH1-B1", "KH1-B2", at=JULY + timedelta(days=9))
        read(double, "KH1-B1", "KH1-B2", at=JULY)
        merge(learner, double, by=administrator)
        assert set(done(learner).values()) == {JULY}
        assert is_clean()

    def test_what_both_did_in_part_may_be_complete_before_either_had_it(
        self, run, learner, double, administrator
    ):
        read(learner, "KH1-B1", at=JULY)
        read(learner, "KH1-B2", at=JULY + timedelta(days=9))
        read(double, "KH1-B2", at=JULY + timedelta(days=1))
        merge(learner, double, by=administrator)
        assert done(learner)["KH1"] == JULY + timedelta(days=1)
        assert is_clean()

    def test_began_when_the_first_of_them_began(self, run, learner, double, administrator):
        read(learner, "KH1-B1", at=JULY + timedelta(days=9))
        read(double, "KH1-B1", at=JULY)
        merge(learner, double, by=administrator)
        assert Enrolment.objects.get(person=learner).began_at == JULY

    def test_progress_is_never_above_a_hundred(self, run, learner, double, administrator):
        read(learner, "KH1-B1", "KH1-B2")
        read(double, "KH1-B1", "KH1-B2")
        merge(learner, double, by=administrator)
        explanation = explain(learner, run, at=timezone.now())
        [kh1] = [state for state in explanation.modules if state.module.code == "KH1"]
        assert kh1.done == kh1.total == 2

    def test_counts_one_person(self, run, learner, double, administrator):
        for person in (learner, double):
            read(person, "KH1-B1", "KH1-B2")
        merge(learner, double, by=administrator)
        kh1, kh2 = run.course.modules.order_by("code")
        assert people_complete([kh1]) == 1
        assert people_in_progress([kh2], at=timezone.now()) == 1

    def test_evidence_that_arrives_meanwhile_is_sent_again(
        self, run, learner, double, administrator
    ):
        for person in (learner, double):
            read(person, "KH1-B1")
        merge(learner, double, by=administrator)
        left = Enrolment.objects.get(person=double)
        with pytest.raises(MergedMeanwhileError):
            record_evidence(
                double,
                activity=lesson("KH1-B2"),
                kind="viewed",
                evidence_id=uuid.uuid4(),
                received_at=JULY,
                enrolment=left,
            )
        with transaction.atomic(), pytest.raises(MergedMeanwhileError):
            lock_enrolment(left.pk)

    def test_a_queue_on_her_phone_under_the_other_code_is_hers(
        self, client, run, learner, double, administrator
    ):
        merge(learner, double, by=administrator)
        client.force_login(learner.user)
        event = {"id": str(uuid.uuid4()), "activity": lesson("KH1-B1").pk, "kind": "viewed"}
        batch = {"learner": "000901", "events": [event]}
        response = client.post("/evidence/", batch, content_type="application/json")
        assert response.json()["results"][0]["result"] == "recorded"


class TestWorkThatCompletesTheRunTogether:
    @pytest.fixture
    def halves(self, run, learner, double):
        read(learner, "KH1-B1", "KH1-B2")
        read(double, "KH2-B1", at=JULY + timedelta(days=1))

    def test_is_complete_from_the_last_piece_on(self, halves, learner, double, administrator):
        merge(learner, double, by=administrator)
        assert done(learner)["BVTE"] == JULY + timedelta(days=1)
        assert is_clean()

    def test_is_told_beforehand(self, halves, learner, double):
        plan = plan_merge(learner, double, choices={}, at=timezone.now())
        assert any("Giấy chứng nhận sẽ được cấp ngay" in each for each in plan.consequences)

    def test_can_not_be_undone_any_more(self, halves, learner, double, administrator):
        merged = merge(learner, double, by=administrator)
        with pytest.raises(MergeError, match="giấy chứng nhận"):
            undo(merged, by=administrator)

    def test_is_not_told_of_work_that_does_not(self, run, learner, double):
        read(learner, "KH1-B1")
        read(double, "KH2-B1")
        plan = plan_merge(learner, double, choices={}, at=timezone.now())
        assert not any("Giấy chứng nhận sẽ" in each for each in plan.consequences)


class TestAdditionsByName:
    def test_make_one_person_due(self, city, learner, double, administrator):
        course = make_course()
        make_module(course, "KH1")
        run = make_run(course, units=[city.facility])
        for person in (learner, double):
            add_person(run, person, at=JULY)
        before = everything()
        merged = merge(learner, double, by=administrator)
        terms = run.terms_at(timezone.now())
        assert list(terms.audience(on=date(2026, 7, 2))) == [learner]
        assert RunAddition.objects.count() == 1
        undo(merged, by=administrator)
        assert everything() == before


class TestUndoing:
    def test_is_refused_once_she_has_learned_on(self, run, learner, double, administrator):
        read(double, "KH1-B1")
        merged = merge(learner, double, by=administrator)
        read(learner, "KH1-B2")
        with pytest.raises(MergeError, match=r"kết quả học tập \(3\)"):
            undo(merged, by=administrator)

    def test_is_refused_once_she_began_a_run_by_the_others_account(
        self, city, run, double, administrator
    ):
        kept = make_member(city.school, code="000903")
        make_account(double)
        merged = merge(kept, double, by=administrator)
        read(kept, "KH1-B1")
        with pytest.raises(MergeError, match="đợt bồi dưỡng mới bắt đầu"):
            undo(merged, by=administrator)

    def test_leaves_with_her_what_she_began_by_her_own(self, run, learner, double, administrator):
        merged = merge(learner, double, by=administrator)
        read(learner, "KH1-B1")
        undo(merged, by=administrator)
        assert set(done(learner)) == {"KH1-B1"}

    def test_is_clean(self, run, learner, double, administrator):
        read(learner, "KH1-B1", at=JULY + timedelta(days=9))
        read(double, "KH1-B1", "KH1-B2", at=JULY)
        before = everything()
        undo(merge(learner, double, by=administrator), by=administrator)
        assert everything() == before
        assert is_clean()


PIECES = st.lists(
    st.tuples(
        st.sampled_from(["kept", "gone"]),
        st.sampled_from(["KH1-B1", "KH1-B2", "KH2-B1"]),
        st.integers(0, 20),
    ),
    max_size=10,
)


class TestOnePersonAllAlong:
    """However her work came to be divided between the two rows, and whichever of them is kept, she
    has what she would have had under one code."""

    @settings(
        max_examples=40,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(pieces=PIECES)
    def test_has_the_same_completions(self, run, learner, double, administrator, pieces):
        with transaction.atomic():
            single = make_member(learner.memberships.get().unit, code="000999")
            who = {"kept": learner, "gone": double}
            for side, code, days in sorted(pieces, key=lambda piece: piece[2]):
                read(who[side], code, at=JULY + timedelta(days=days))
                read(single, code, at=JULY + timedelta(days=days))
            before = everything()
            merged = merge(learner, double, by=administrator)
            assert done(learner) == done(single)
            assert is_clean()
            assert Evidence.objects.filter(enrolment__person=double).count() == 0
            try:
                undo(merged, by=administrator)
            except MergeError:
                assert "BVTE" in done(learner)  # a certificate came of it
            else:
                assert everything() == before
            transaction.set_rollback(True)
