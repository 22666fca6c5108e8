"""No room forgets a row of the person that goes; and two managers at once merge once."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from courses.access import sight_of
from courses.models import Enrolment
from courses.queries import run_figures
from courses.services.evidence import record_evidence
from people.models import Person, PersonMerge
from people.services.merging import AlreadyMergedError, MergeError, plan_merge
from reports.queries.run_people import ProgressFilter, run_people
from tests.factories import (
    make_account,
    make_course,
    make_member,
    make_module,
    make_run,
    make_scope,
)
from tests.people.merging import merge

JULY = datetime(2026, 7, 1, 2, tzinfo=UTC)


def relations_to(*wanted: type) -> set[str]:
    return {
        f"{model._meta.label}.{field.name}".lower()
        for model in apps.get_models()
        if not model._meta.proxy
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model in wanted
    }


@pytest.mark.django_db
class TestEveryRowThatRefersToAPerson:
    def test_is_thought_of_by_its_room(self, learner, principal):
        plan = plan_merge(learner, principal.person, choices={}, at=timezone.now())
        assert plan.handled == relations_to(Person, Enrolment)


@pytest.mark.django_db
class TestFigures:
    def test_of_a_run_count_her_once_for_everybody_who_looks(self, city, learner):
        double = make_member(city.school, code="000901")
        course = make_course()
        make_module(course, "KH1", lessons=2)
        run = make_run(course, units=[city.root])
        lesson = course.modules.get().activities.first()
        for person in (learner, double):
            record_evidence(
                person, activity=lesson, kind="viewed", evidence_id=uuid.uuid4(), received_at=JULY
            )
        administrator = make_account(is_superuser=True)
        officer = make_account()
        make_scope(officer, city.commune)
        merge(learner, double, by=administrator)
        terms, today = run.terms_at(timezone.now()), timezone.localdate()
        for viewer in (administrator, officer):
            people = sight_of(viewer, on=today).people
            [figures] = run_figures([terms], people=people, on=today).values()
            assert (figures.total, figures.begun) == (1, 1)
            shown = run_people(terms, among=people, chosen=ProgressFilter(), today=today)
            assert list(shown) == [learner]


@pytest.mark.django_db(transaction=True)
@pytest.mark.database
class TestTwoManagersAtOnce:
    @pytest.mark.parametrize("is_crosswise", [False, True])
    def test_merge_once(self, city, learner, is_crosswise):
        double = make_member(city.school, code="000901")
        administrator = make_account(is_superuser=True)
        barrier = Barrier(4)

        def act(number: int):
            pair = (double, learner) if is_crosswise and number % 2 else (learner, double)
            try:
                barrier.wait(timeout=30)
                return merge(*pair, by=administrator)
            except MergeError as error:
                return error
            finally:
                connection.close()

        with ThreadPoolExecutor(4) as pool:
            results = list(pool.map(act, range(4)))
        assert sum(isinstance(each, PersonMerge) for each in results) == 1
        assert sum(isinstance(each, AlreadyMergedError) for each in results) == 3
        assert Person.objects.unmerged().filter(pk__in=[learner.pk, double.pk]).count() == 1
