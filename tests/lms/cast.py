"""Whom the permission matrix asks about, and what: every role, and an object of each kind."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from activities.quiz.services.attempts import start_attempt
from certificates.services.issuing import issue_certificate
from courses.models import CourseCompletion
from courses.services.evidence import record_evidence
from people.models import (
    ImportState,
    Membership,
    Person,
    PersonMerge,
    RosterChange,
    RosterImport,
    RosterRejection,
    Unit,
    UnitVersion,
    User,
)
from reports.models import Report, Target
from reports.queries.filing import Term
from reports.services.filing import draft_report, submit_report
from reports.services.targets import ensure_targets
from tests.activities.quiz.builders import make_quiz, make_single
from tests.factories import (
    make_account,
    make_course,
    make_member,
    make_module,
    make_run,
    make_scope,
    make_unit,
)
from tests.people.requesting import make_correction, make_listing
from tests.reports.sharing import make_shared_file, make_token

TODAY = timezone.localdate()
DAY = timedelta(days=1)


@pytest.fixture
def accounts(city, learner, principal, outsider) -> dict[str, User | None]:
    """By role. The learner works in the school; `sibling` is the principal of the one beside it."""
    # As in a real city: only schools and facilities are of a sector.
    shared = [city.root, city.district, city.commune]
    UnitVersion.objects.filter(unit__in=shared).update(sector="")
    other_commune = make_unit("XA2", parent=city.district, kind="commune", sector="")
    for unit in (other_commune, city.facility):  # nobody manages nobody
        make_member(unit)
    return {
        "signed-out": None,
        "closed": _holding(city.school, is_active=False),
        "herself": learner.user,
        "colleague": make_account(make_member(city.school)),
        "trainer": _trainer(),
        "revoked": _holding(city.school, ended_on=TODAY - DAY),
        "future": _holding(city.school, started_on=TODAY + DAY),
        "sibling": outsider,
        "foreign": _holding(other_commune),
        "other-sector": _holding(city.root, "sector_manager", sector="social"),
        "aggregate": _holding(city.commune, "aggregate_viewer"),
        "monitor": _holding(city.commune, "monitor"),
        "principal": principal,
        "parent": _holding(city.commune),
        "sector": _holding(city.root, "sector_manager", sector="education"),
        "superuser": make_account(is_superuser=True),
    }


def _holding(unit, role: str = "unit_manager", *, is_active: bool = True, **fields) -> User:
    account = make_account(is_active=is_active)
    make_scope(account, unit, role, **fields)
    return account


def _trainer() -> User:
    from django.contrib.auth.models import Group

    from people.trainers import TRAINERS

    account = make_account()
    account.groups.add(Group.objects.get_or_create(name=TRAINERS)[0])
    return account


@pytest.fixture
def hers(city, learner, principal, accounts) -> SimpleNamespace:
    """What the learner did in a run of her school, and what was done about her, by the arguments
    that addresses take."""
    module = make_module(make_course(), "KH1", lessons=1, pass_mark_tenths=50)
    lesson, quiz = module.activities.all()
    make_single()
    make_quiz(quiz, "KH1-C01")
    ensure_targets(module.course)
    run = make_run(module.course, units=[city.school], opens_on=TODAY, closes_on=TODAY)
    enrolment = record_evidence(
        learner,
        activity=lesson,
        kind="viewed",
        evidence_id=uuid.uuid4(),
        received_at=timezone.now(),
    ).evidence.enrolment
    completion = CourseCompletion.objects.create(
        enrolment=enrolment, completed_at=timezone.now(), modules=["KH1"]
    )
    make_scope(learner.user, city.school, "monitor", ended_on=TODAY - DAY)  # once
    deputy = make_account(make_member(city.school))
    twin = make_member(city.school, **_called_like(learner))
    uploaded = _import(principal, learner)
    token, _secret = make_token(city.school, sector="education")
    shared = make_shared_file(token)
    return SimpleNamespace(
        run=run.code,
        attempt=start_attempt(learner, quiz, at=timezone.now()).pk,
        position=1,
        enrolment=enrolment.pk,
        quiz=quiz.pk,
        lesson=lesson.pk,
        certificate=issue_certificate(completion, at=timezone.now()).pk,
        unit=city.school.code,
        unit_key=city.school.pk,
        sibling_unit=city.other_school.code,
        parent_unit=city.commune.code,
        top_unit=city.root.code,
        facility=city.facility.code,
        version=city.school.versions.get().pk,
        person=learner.pk,
        twin=twin.pk,
        merge=_merge(city.school).pk,
        account=deputy.pk,
        membership=Membership.objects.get(person=learner).pk,
        request=make_listing(city.school).pk,
        correction=make_correction(learner).pk,
        scope=make_scope(deputy, city.school, "monitor", granted_by=principal).pk,
        roster_import=uploaded.pk,
        token=token.pk,
        schedule=shared.schedule_id,
        shared_file=shared.pk,
        report=_report(city.school, principal, year=TODAY.year - 1).pk,
        draft=draft_report(
            city.school, Term.of_year(TODAY.year), by=principal, at=timezone.now()
        ).pk,
        verdict="new",
        target="CT-2030",
    )


def _called_like(person: Person) -> dict[str, object]:
    names = ("family_name", "middle_name", "given_name", "sex", "birth_date")
    return {name: getattr(person, name) for name in names}


def _merge(unit: Unit) -> PersonMerge:
    kept, gone = make_member(unit), make_member(unit)
    return PersonMerge.objects.create(
        kept=kept,
        gone=gone,
        merged_by=make_account(is_superuser=True),
        merged_at=timezone.now(),
        reason="Một người, hai mã",
        units=[unit.pk],
    )


def _report(unit: Unit, by: User, *, year: int) -> Report:
    """Sent; of a year without a target of its own the first one tells."""
    now = timezone.now()
    Target.objects.update(started_on=date(2016, 1, 1))
    draft = draft_report(unit, Term.of_year(year), by=by, at=now)
    return submit_report(draft, by=by, at=now)


def _import(by: User, person: Person) -> RosterImport:
    """A list on its way in, by the principal, that says something of the learner."""
    uploaded = RosterImport.objects.create(
        as_of=TODAY,
        file_name="danh-sach.xlsx",
        file_hash="0" * 64,
        state=ImportState.CHECKED,
        counts={"new": 1, "rejected": 1},
        uploaded_by=by,
        uploaded_at=timezone.now(),
    )
    RosterChange.objects.create(
        roster_import=uploaded,
        verdict="new",
        person=person,
        code=person.code,
        given_name=person.given_name,
        sex=person.sex,
        birth_date=date(1985, 4, 5),
        sort_key=person.sort_key,
        search_text=person.search_text,
    )
    RosterRejection.objects.create(roster_import=uploaded, row=3, message="Thiếu mã")
    return uploaded
