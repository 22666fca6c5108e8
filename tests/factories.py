"""Building blocks of the tests, in the domain's words; every default can be overridden."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from courses.models import (
    Activity,
    ActivityRule,
    Course,
    CourseRun,
    Module,
    ModuleRequirement,
    RunTerms,
)
from people.models import Membership, Person, RosterList, Scope, Unit, UnitVersion, User
from people.services.unit_timelines import timelines_of, write_timelines
from people.services.units import rebuild_closure

LONG_AGO = date(2015, 1, 1)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n:04d}")
    password = factory.django.Password("mat-khau-thu")


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person

    # Above the codes that the cast of conftest.py holds.
    code = factory.Sequence(lambda n: f"{n + 1000:06d}")
    family_name = "Nguyễn"
    middle_name = "Thị"
    given_name = factory.Sequence(lambda n: ["Ánh", "Bình", "Cúc", "Đào", "Em"][n % 5])
    sex = "female"
    birth_date = date(1985, 4, 5)


def make_unit(
    code: str,
    *,
    parent: Unit | None = None,
    kind: str = "primary",
    sector: str = "education",
    name: str = "",
    opened_on: date = LONG_AGO,
) -> Unit:
    """A unit with one version from its opening on; the closure is rebuilt."""
    unit = Unit.objects.create(code=code, opened_on=opened_on)
    UnitVersion.objects.create(
        unit=unit, started_on=opened_on, name=name or code, kind=kind, sector=sector, parent=parent
    )
    rebuild_closure()
    return unit


def change_unit(unit: Unit, *, on: date, **facts: Any) -> None:
    """From the day on these facts hold; the closure is rebuilt."""
    timeline = timelines_of([unit])[unit.pk]
    timeline.change(on=on, **facts)
    write_timelines([timeline])
    rebuild_closure()


def close_unit(unit: Unit, *, last_day: date) -> None:
    """Whoever still stands in it; the closure is rebuilt."""
    timeline = timelines_of([unit])[unit.pk]
    timeline.end(last_day)
    write_timelines([timeline])
    rebuild_closure()


def make_member(
    unit: Unit,
    *,
    group: str = "teacher",
    position: str = "teacher",
    status: str = "working",
    started_on: date = LONG_AGO,
    ended_on: date | None = None,
    **person: Any,
) -> Person:
    """A person with one primary membership in the unit."""
    someone = PersonFactory(**person)
    Membership.objects.create(
        person=someone,
        unit=unit,
        staff_group=group,
        position=position,
        status=status,
        started_on=started_on,
        ended_on=ended_on,
    )
    return someone


def make_account(person: Person | None = None, **fields: Any) -> User:
    """An account; its staff code is the person's."""
    if person is not None:
        fields.setdefault("username", person.code)
    return UserFactory(person=person, **fields)


def make_scope(
    user: User, unit: Unit, role: str = "unit_manager", *, sector: str = "", **fields: Any
) -> Scope:
    return Scope.objects.create(
        user=user, unit=unit, role=role, sector=sector, **{"started_on": LONG_AGO, **fields}
    )


def make_roster_list(unit: Unit, as_of: date = LONG_AGO) -> RosterList:
    """Someone applied a list that day: before the first one, coverage is "no roster"."""
    return RosterList.objects.create(
        unit=unit, as_of=as_of, applied_at=datetime(2015, 1, 1, tzinfo=UTC), content_hash=""
    )


EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


def make_course(code: str = "BVTE", **fields: Any) -> Course:
    return Course.objects.create(code=code, title=fields.pop("title", f"Khóa {code}"), **fields)


def make_module(
    course: Course,
    code: str,
    *,
    clauses: list[dict[str, list[str]]] | None = None,
    lessons: int = 1,
    pass_mark_tenths: int | None = None,
    effective_at: datetime = EPOCH,
) -> Module:
    """A module required of everyone (or by the given clauses), with lessons and maybe a quiz."""
    module = Module.objects.create(
        course=course,
        code=code,
        title=f"Chuyên đề {code}",
        position=course.modules.count(),
        periods=10,
    )
    ModuleRequirement.objects.create(
        module=module, started_on=LONG_AGO, clauses=[{}] if clauses is None else clauses
    )
    for number in range(1, lessons + 1):
        make_activity(module, f"{code}-B{number}", effective_at=effective_at)
    if pass_mark_tenths is not None:
        make_activity(
            module,
            f"{code}-KT",
            kind="quiz",
            rule="score",
            pass_mark_tenths=pass_mark_tenths,
            effective_at=effective_at,
        )
    return module


def make_activity(
    module: Module,
    code: str,
    *,
    kind: str = "lesson",
    rule: str = "viewed",
    pass_mark_tenths: int | None = None,
    is_required: bool = True,
    effective_at: datetime = EPOCH,
) -> Activity:
    activity = Activity.objects.create(
        page_key=uuid.uuid4(),
        module=module,
        kind=kind,
        code=code,
        title=code,
        position=module.activities.count(),
    )
    ActivityRule.objects.create(
        activity=activity,
        module=module,
        effective_at=effective_at,
        is_required=is_required,
        kind=rule,
        pass_mark_tenths=pass_mark_tenths,
    )
    return activity


def make_run(
    course: Course,
    code: str = "he-2026",
    *,
    units: list[Unit],
    modules: list[Module] | None = None,
    opens_on: date = date(2026, 6, 1),
    closes_on: date = date(2026, 12, 31),
    staff_groups: list[str] | None = None,
    unit_kinds: list[str] | None = None,
    sectors: list[str] | None = None,
    grace_days: int = 0,
    effective_at: datetime = EPOCH,
) -> CourseRun:
    """A run with one set of terms; all modules of the course unless told otherwise."""
    run = CourseRun.objects.create(course=course, code=code, title=f"Đợt {code}")
    terms = RunTerms.objects.create(
        run=run,
        effective_at=effective_at,
        opens_on=opens_on,
        closes_on=closes_on,
        grace_days=grace_days,
        staff_groups=staff_groups or [],
        unit_kinds=unit_kinds or [],
        sectors=sectors or [],
    )
    terms.modules.set(course.modules.all() if modules is None else modules)
    terms.units.set(units)
    return run
