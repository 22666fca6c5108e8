"""Evidence in, completions out: the service, in the database."""

from __future__ import annotations

import threading
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.facts import enrolment_facts, run_facts
from courses.models import (
    ActivityCompletion,
    CourseCompletion,
    Enrolment,
    Evidence,
    ModuleCompletion,
)
from courses.queries import due_runs, explain, explain_runs, open_runs
from courses.rules import decide
from courses.services.catalogue import set_activity_rule, withdraw_activity
from courses.services.decisions import (
    decide_all,
    decide_open_runs,
    decide_people,
    decide_runs,
)
from courses.services.evidence import ForeignEvidenceError, NoOpenRunError, record_evidence
from courses.services.rebuild import rebuild_completions
from courses.services.runs import add_person
from courses.services.storing import store
from people.models import Membership
from people.models.append_only import AppendOnlyError
from tests.factories import make_course, make_member, make_module, make_run

JULY = datetime(2026, 7, 1, 2, tzinfo=UTC)


@pytest.fixture
def kh1(city):
    return make_module(make_course(), "KH1", lessons=2, pass_mark_tenths=50)


@pytest.fixture
def run(city, kh1):
    return make_run(kh1.course, units=[city.root], closes_on=date(2026, 8, 31), grace_days=7)


def do(person, activity, *, at=JULY, points=None, key=None, **kwargs):
    return record_evidence(
        person,
        activity=activity,
        kind="score" if points is not None else "viewed",
        points=points,
        possible=None if points is None else 10,
        evidence_id=key or uuid.uuid4(),
        received_at=at,
        **kwargs,
    )


def do_all(person, module, *, at=JULY):
    for activity in module.activities.all():
        do(person, activity, at=at, points=10 if activity.kind == "quiz" else None)


class TestReceiving:
    def test_enrols_at_the_first_evidence(self, run, kh1, learner):
        do(learner, kh1.activities.first())
        assert Enrolment.objects.get(person=learner, run=run).began_at == JULY

    def test_the_same_id_again_changes_nothing_and_gives_the_same_receipt(self, run, kh1, learner):
        key = uuid.uuid4()
        first = do(learner, kh1.activities.first(), key=key)
        again = do(learner, kh1.activities.first(), key=key, at=JULY + timedelta(days=1))
        assert (again.evidence, again.is_new) == (first.evidence, False)
        assert Evidence.objects.count() == 1

    def test_reading_again_what_was_read_adds_nothing(self, run, kh1, learner):
        first = do(learner, kh1.activities.first())
        again = do(learner, kh1.activities.first(), at=JULY + timedelta(hours=1))
        assert (again.evidence, again.is_new) == (first.evidence, False)
        assert Evidence.objects.count() == 1

    def test_an_id_taken_by_somebody_else_is_refused(self, city, run, kh1, learner):
        key = uuid.uuid4()
        do(learner, kh1.activities.first(), key=key)
        with pytest.raises(ForeignEvidenceError):
            do(make_member(city.school), kh1.activities.first(), key=key)

    def test_with_no_run_open_nothing_is_recorded(self, run, kh1, learner):
        with pytest.raises(NoOpenRunError):
            do(learner, kh1.activities.first(), at=datetime(2026, 5, 31, 16, 59, tzinfo=UTC))
        assert Enrolment.objects.count() == 0

    def test_the_last_day_counts_to_midnight_in_ho_chi_minh_city(self, run, kh1, learner):
        do(learner, kh1.activities.first(), at=datetime(2026, 8, 31, 16, 59, tzinfo=UTC))
        stranger = make_member(run.terms.get().units.get())
        with pytest.raises(NoOpenRunError):
            do(stranger, kh1.activities.first(), at=datetime(2026, 8, 31, 17, 1, tzinfo=UTC))

    def test_what_was_begun_in_time_may_be_finished_within_the_grace_period(
        self, run, kh1, learner
    ):
        first, second, _quiz = kh1.activities.all()
        do(learner, first)
        do(learner, second, at=datetime(2026, 9, 7, 16, tzinfo=UTC))
        with pytest.raises(NoOpenRunError):
            do(learner, second, at=datetime(2026, 9, 7, 18, tzinfo=UTC))

    def test_goes_to_the_run_that_ends_first(self, city, run, kh1, learner):
        sooner = make_run(kh1.course, "som", units=[city.root], closes_on=date(2026, 7, 31))
        receipt = do(learner, kh1.activities.first())
        assert receipt.evidence.enrolment.run == sooner

    def test_goes_to_an_unfinished_run_before_a_finished_one(self, city, run, kh1, learner):
        do_all(learner, kh1)
        later = make_run(kh1.course, "sau", units=[city.root], closes_on=date(2026, 12, 31))
        receipt = do(learner, kh1.activities.first())
        assert (receipt.evidence.enrolment.run, receipt.is_new) == (later, True)

    def test_goes_to_the_run_that_holds_her_before_one_she_has_left(self, city, kh1, learner):
        left = make_run(kh1.course, "cu", units=[city.school], closes_on=date(2026, 7, 31))
        first, second, _quiz = kh1.activities.all()
        do(learner, first)
        Membership.objects.filter(person=learner).update(unit=city.other_school)
        joined = make_run(kh1.course, "moi", units=[city.other_school])
        assert left.enrolments.count() == 1
        assert do(learner, second).evidence.enrolment.run == joined

    def test_whoever_is_added_by_name_is_due_from_that_day(self, city, kh1, learner):
        run = make_run(kh1.course, units=[city.other_school])
        add_person(run, learner, at=JULY)
        terms = run.terms.get()
        assert learner not in terms.audience(on=date(2026, 6, 30))
        assert learner in terms.audience(on=date(2026, 7, 1))
        assert len(open_runs(learner, at=JULY)) == 1

    def test_people_outside_the_audience_are_not_held(self, city, kh1, learner):
        make_run(kh1.course, units=[city.other_school])
        make_run(kh1.course, "ql", units=[city.root], staff_groups=["manager"])
        make_run(kh1.course, "mn", units=[city.root], unit_kinds=["preschool"])
        assert open_runs(learner, at=JULY) == []

    def test_whoever_joins_tomorrow_is_due_tomorrow(self, city, run):
        newcomer = make_member(city.school, started_on=date(2026, 7, 2))
        assert open_runs(newcomer, at=JULY) == []
        assert len(open_runs(newcomer, at=JULY + timedelta(days=1))) == 1

    def test_evidence_is_never_changed(self, run, kh1, learner):
        evidence = do(learner, kh1.activities.first()).evidence
        with pytest.raises(AppendOnlyError):
            evidence.save()
        with pytest.raises(AppendOnlyError):
            evidence.delete()


class TestDeciding:
    def test_completes_module_and_run_in_the_same_transaction(self, run, kh1, learner):
        do_all(learner, kh1)
        completion = CourseCompletion.objects.get(enrolment__person=learner)
        assert completion.completed_at == JULY
        assert completion.modules == ["KH1"]

    def test_a_backdated_change_of_group_takes_nothing(self, city, run, kh1, learner):
        do_all(learner, kh1)
        Membership.objects.filter(person=learner).update(started_on=date(2026, 8, 1))
        report = rebuild_completions(at=JULY + timedelta(days=60))
        assert CourseCompletion.objects.filter(enrolment__person=learner).exists()
        assert report.drift == []
        assert len(report.standing) == 1

    def test_a_finished_course_stays_as_it_is_when_the_past_is_corrected(
        self, city, run, kh1, learner
    ):
        """It was required of her then; had she been known as support staff, less was."""
        kh6 = make_module(kh1.course, "KH6", clauses=[{"groups": ["teacher"]}])
        run.terms.get().modules.add(kh6)
        do_all(learner, kh1, at=JULY)
        do_all(learner, kh6, at=JULY + timedelta(days=5))
        before = CourseCompletion.objects.get()
        Membership.objects.filter(person=learner).update(staff_group="support")
        decide_people([learner.pk], at=JULY + timedelta(days=6))
        rebuild_completions(at=JULY + timedelta(days=6))
        after = CourseCompletion.objects.get()
        assert (after.completed_at, after.modules) == (before.completed_at, ["KH1", "KH6"])
        report = rebuild_completions(at=JULY + timedelta(days=6), is_check=True)
        assert (report.drift, len(report.standing)) == ([], 1)

    def test_a_module_completed_by_a_new_rule_is_stored_for_the_finished_too(
        self, city, run, kh1, learner
    ):
        kh6 = make_module(kh1.course, "KH6", clauses=[], lessons=2)
        run.terms.get().modules.add(kh6)
        do_all(learner, kh1)
        read, unread = kh6.activities.all()
        do(learner, read)
        at = JULY + timedelta(days=1)
        withdraw_activity(unread, effective_at=at)
        decide_runs([run], at=at)
        assert ModuleCompletion.objects.get(module=kh6).completed_at == at
        assert rebuild_completions(at=at, is_check=True).drift == []

    def test_nothing_is_completed_after_the_run_is_over(self, city, run, kh1, learner):
        first, second, quiz = kh1.activities.all()
        do(learner, first)
        do(learner, quiz, points=9)
        withdraw_activity(second, effective_at=JULY + timedelta(days=365))
        decide_runs([run], at=JULY + timedelta(days=366))
        assert not CourseCompletion.objects.exists()

    def test_a_change_entered_beforehand_is_stored_on_its_day(self, city, run, kh1, learner):
        kh6 = make_module(kh1.course, "KH6", clauses=[{"groups": ["teacher"]}])
        run.terms.get().modules.add(kh6)
        do_all(learner, kh1)
        Membership.objects.filter(person=learner).update(ended_on=date(2026, 7, 9))
        Membership.objects.create(
            person=learner, unit=city.school, staff_group="support", started_on=date(2026, 7, 10)
        )
        decide_open_runs(at=JULY + timedelta(days=15))
        completed_at = CourseCompletion.objects.get().completed_at
        assert completed_at == datetime(2026, 7, 9, 17, tzinfo=UTC)

    def test_a_correction_can_add_a_completion(self, city, run, kh1):
        person = make_member(city.school, started_on=date(2020, 1, 1))
        do(person, kh1.activities.first())
        Membership.objects.filter(person=person).update(ended_on=date(2026, 6, 30))
        for activity in kh1.activities.all()[1:]:
            do(
                person,
                activity,
                points=10 if activity.kind == "quiz" else None,
            )
        assert not CourseCompletion.objects.exists()
        Membership.objects.filter(person=person).update(ended_on=None)
        decide_people([person.pk], at=JULY)
        assert CourseCompletion.objects.get().completed_at == JULY

    def test_rebuilding_mends_a_lost_completion_and_then_is_clean(self, run, kh1, learner):
        do_all(learner, kh1)
        ModuleCompletion.objects.all().delete()
        assert len(rebuild_completions(at=JULY, is_check=True).drift) == 1
        assert ModuleCompletion.objects.count() == 0
        rebuild_completions(at=JULY)
        assert rebuild_completions(at=JULY, is_check=True).drift == []

    @settings(
        max_examples=25,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(order=st.permutations(range(5)), repeats=st.integers(1, 2))
    def test_any_order_of_insertion_gives_the_same_state(self, city, run, kh1, order, repeats):
        """Rows written in any order, some twice, each followed by a decision."""
        first, second, quiz = kh1.activities.all()
        rows = [
            (first, JULY, None),
            (second, JULY + timedelta(hours=1), None),
            (quiz, JULY + timedelta(hours=2), 4),
            (quiz, JULY + timedelta(hours=3), 6),
            (quiz, JULY + timedelta(hours=4), 9),
        ]
        learner = make_member(city.school)  # a fresh one for each example
        until = JULY + timedelta(days=1)
        enrolment = Enrolment.objects.create(person=learner, run=run, began_at=JULY)
        for number in list(order) * repeats:
            activity, at, points = rows[number]
            Evidence.objects.get_or_create(
                id=uuid.uuid5(uuid.NAMESPACE_OID, f"{learner.pk}/{number}"),
                defaults={
                    "enrolment": enrolment,
                    "activity": activity,
                    "kind": "viewed" if points is None else "score",
                    "points": points,
                    "possible": None if points is None else 10,
                    "received_at": at,
                },
            )
            store(decide_all(run_facts(run), [enrolment], at=until), evidence_at=at)
        expected = decide(enrolment_facts(enrolment), until=until)
        assert expected.course == JULY + timedelta(hours=3)
        assert CourseCompletion.objects.get(enrolment=enrolment).completed_at == expected.course
        assert (
            dict(enrolment.activity_completions.values_list("activity_id", "completed_at"))
            == expected.activities
        )
        assert rebuild_completions(at=until, is_check=True).drift == []


class TestWhatIsDoneStaysDone:
    """Whatever happens to content, group or roster, in any order."""

    ACTS = ("read", "read other", "pass", "withdraw", "restore", "support", "teacher", "backdate")

    @settings(
        max_examples=40,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(acts=st.lists(st.sampled_from(ACTS), min_size=3, max_size=12))
    def test_no_act_takes_a_completion_or_passes_a_hundred(self, city, acts):
        person = make_member(city.school)
        course = make_course(f"C{person.pk}")
        everyone = make_module(course, f"A{person.pk}", lessons=2, pass_mark_tenths=50)
        teachers = make_module(course, f"B{person.pk}", clauses=[{"groups": ["teacher"]}])
        run = make_run(course, f"r{person.pk}", units=[city.root], closes_on=date(2026, 8, 31))
        known: dict[tuple[str, int], datetime] = {}
        for hours, act in enumerate(acts):
            at = JULY + timedelta(hours=hours)
            self.happen(act, person, everyone, teachers, at)
            decide_runs([run], at=at)
            found = self.completions(person)
            assert known.items() <= found.items()
            known = found
            explanation = explain(person, run, at=at)
            assert explanation.percent <= 100
            assert all(state.done <= state.total for state in explanation.modules)
        until = JULY + timedelta(days=1)
        assert rebuild_completions(at=until, is_check=True).drift == []

    def happen(self, act, person, everyone, teachers, at):
        first, second, quiz = everyone.activities.all()
        members = Membership.objects.filter(person=person)
        if act == "read":
            do(person, first, at=at)
        elif act == "read other":
            do(person, second, at=at)
            do(person, teachers.activities.get(), at=at)
        elif act == "pass":
            do(person, quiz, at=at, points=8)
        elif act == "withdraw":
            withdraw_activity(second, effective_at=at)
        elif act == "restore":
            set_activity_rule(second, kind="viewed", effective_at=at)
        elif act == "backdate":
            members.update(started_on=at.date())
        else:
            members.update(staff_group=act)

    def completions(self, person):
        sources = {
            "activity": ActivityCompletion.objects.values_list("activity_id", "completed_at"),
            "module": ModuleCompletion.objects.values_list("module_id", "completed_at"),
            "course": CourseCompletion.objects.values_list("pk", "completed_at"),
        }
        return {
            (kind, key): instant
            for kind, rows in sources.items()
            for key, instant in rows.filter(enrolment__person=person)
        }


class TestExplaining:
    def test_names_what_is_unmet_and_what_was_seen_last(self, run, kh1, learner):
        first, second, quiz = kh1.activities.all()
        do(learner, first)
        do(learner, quiz, points=3)
        (state,) = explain(learner, run, at=JULY).modules
        assert [unmet.activity for unmet in state.unmet] == [second, quiz]
        assert state.unmet[1].last_evidence.points == 3
        assert (state.done, state.total, state.percent) == (1, 3, 33)

    def test_is_a_hundred_only_when_complete_and_never_more(self, run, kh1, learner):
        do_all(learner, kh1)
        explanation = explain(learner, run, at=JULY)
        assert explanation.percent == 100
        assert explanation.unfinished == []

    def test_says_the_same_of_many_runs_as_of_each(
        self, city, run, kh1, learner, django_assert_num_queries
    ):
        do(learner, kh1.activities.first())
        make_run(kh1.course, "khac", units=[city.root], closes_on=run.terms_at(JULY).closes_on)
        runs = due_runs(learner, at=JULY)
        with django_assert_num_queries(7):
            explained = explain_runs(learner, runs, at=JULY)
        assert len(explained) == 2
        assert explained == [explain(learner, each.run, at=JULY) for each in runs]

    def test_says_what_is_required_of_someone_who_never_began(self, run, kh1, learner):
        explanation = explain(learner, run, at=JULY)
        assert [state.is_required for state in explanation.modules] == [True]
        assert explanation.percent == 0


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
class TestTogether:
    """Real threads, each with a connection of its own."""

    def at_once(self, *acts):
        failures = []

        def run(act):
            try:
                act()
            except Exception as error:
                failures.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=run, args=[act]) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []

    def test_the_last_two_activities_at_once_complete_the_run(self, city):
        module = make_module(make_course(), "KH1", lessons=2)
        make_run(module.course, units=[city.root], closes_on=date(2026, 8, 31))
        for person in [make_member(city.school) for _ in range(4)]:
            self.at_once(
                *[lambda a=activity, p=person: do(p, a) for activity in module.activities.all()]
            )
            assert CourseCompletion.objects.filter(enrolment__person=person).count() == 1
        assert rebuild_completions(at=JULY, is_check=True).drift == []

    def test_one_event_sent_by_many_at_once_is_one_row(self, city):
        module = make_module(make_course(), "KH1", lessons=2)
        make_run(module.course, units=[city.root], closes_on=date(2026, 8, 31))
        person, lesson = make_member(city.school), module.activities.first()
        keys = [uuid.uuid4()] * 4 + [uuid.uuid4() for _ in range(4)]
        self.at_once(*[lambda k=key: do(person, lesson, key=k) for key in keys])
        assert Evidence.objects.count() == 1
