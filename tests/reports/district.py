"""A little district with ten years behind it: moves, a reform, expiries, revocations. By seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from certificates.models import Certificate, CertificateModule, Revocation
from courses.models import Course, Module, ModuleRequirement
from people.models import Membership, Person, Unit, UnitVersion
from people.services.units import rebuild_closure
from tests.factories import make_account, make_course, make_module, make_roster_list

OPENING = date(2015, 1, 1)
LAST_DAY_BEFORE = date(2025, 6, 30)
REFORM = date(2025, 7, 1)
TODAY = date(2026, 11, 21)

KINDS = ["preschool", "primary", "lower_secondary", "upper_secondary", "special_education"]
GROUPS = ["manager", "teacher", "teacher", "teacher", "support", "carer"]
POSITIONS = ["teacher", "health_staff", "principal", "other"]
STATUSES = ["working", "working", "working", "maternity_leave", "seconded"]


def build_district(seed: int = 7, *, people: int = 120) -> None:
    chance = random.Random(seed)
    _build_units()
    courses = _build_courses()
    _build_people(chance, people)
    _build_certificates(chance, courses)
    make_roster_list(Unit.objects.get(code="TP"), as_of=date(2016, 3, 1))


def _version(
    code: str, kind: str, parent: str | None, first: date, last: date | None, sector: str = ""
) -> None:
    unit, _ = Unit.objects.get_or_create(code=code, defaults={"opened_on": first})
    UnitVersion.objects.create(
        unit=unit,
        started_on=first,
        ended_on=last,
        name=f"Đơn vị {code}",
        kind=kind,
        sector=sector or "education",
        parent=Unit.objects.get(code=parent) if parent else None,
    )


def _build_units() -> None:
    """Six communes of a district become two under the city; schools move with them."""
    _version("TP", "city", None, OPENING, None)
    _version("H", "district", "TP", OPENING, LAST_DAY_BEFORE)
    _version("PGD", "office", "H", OPENING, LAST_DAY_BEFORE)
    for number in range(6):
        _version(f"X{number}", "commune", "H", OPENING, LAST_DAY_BEFORE)
    for number in range(2):
        _version(f"P{number}", "commune", "TP", REFORM, None)
    for number in range(12):
        kind, commune = KINDS[number % 5], f"X{number % 6}"
        _version(f"T{number:02d}", kind, commune, OPENING, LAST_DAY_BEFORE)
        if number in (3, 8):  # merged into the school before it
            continue
        later = "multi_level" if number == 5 else kind
        _version(f"T{number:02d}", later, f"P{number % 2}", REFORM, None)
    # Changes sector in mid-life; and one that never had anybody.
    _version("BT", "social_facility", "X0", OPENING, date(2021, 12, 31), "social")
    _version("BT", "social_facility", "X0", date(2022, 1, 1), LAST_DAY_BEFORE)
    _version("BT", "social_facility", "P0", REFORM, None, "social")
    _version("RONG", "primary", "P1", REFORM, None)
    Unit.objects.filter(code__in=["H", "PGD", "T03", "T08"]).update(closed_on=LAST_DAY_BEFORE)
    rebuild_closure()


def _build_courses() -> list[Course]:
    course = make_course("BVTE")
    make_module(course, "KH6")
    make_module(course, "KH2", clauses=[{"groups": ["teacher"]}])
    health = [
        {"groups": ["teacher"], "kinds": ["primary", "multi_level"]},
        {"positions": ["health_staff"]},
    ]
    late = make_module(course, "KH3", clauses=[])
    ModuleRequirement.objects.create(module=late, started_on=date(2019, 1, 1), clauses=health)
    withdrawn = make_module(course, "KH9", clauses=[{}])
    ModuleRequirement.objects.create(module=withdrawn, started_on=date(2017, 1, 1), clauses=[])
    other = make_course("KHAC")
    make_module(other, "K1")
    return [course, other]


def _build_people(chance: random.Random, count: int) -> None:
    workplaces = list(Unit.objects.exclude(code="RONG").order_by("code"))
    people = [
        Person(
            code=f"{number:06d}",
            given_name=f"Tên{number}",
            sex=chance.choice(["male", "female", "female"]),
        )
        for number in range(count)
    ]
    for person in people:
        person.derive()
    Person.objects.bulk_create(people)
    Membership.objects.bulk_create(
        row for person in people for row in _career(chance, person, workplaces)
    )


def _career(chance: random.Random, person: Person, workplaces: list[Unit]) -> Iterator[Membership]:
    day = OPENING + timedelta(days=chance.randrange(2500))
    while day < TODAY and chance.random() < 0.85:
        last = day + timedelta(days=chance.randrange(1, 1500))
        yield from _posts(chance, person, chance.choice(workplaces), day, last)
        day = last + timedelta(days=chance.choice([1, 1, 1, 200]))
    yield from _posts(chance, person, chance.choice(workplaces), day, None)


def _posts(
    chance: random.Random, person: Person, unit: Unit, first: date, last: date | None
) -> Iterator[Membership]:
    """Some hold a second post beside the primary one, which must never count."""
    for is_primary in [True, False] if chance.random() < 0.15 else [True]:
        yield Membership(
            person=person,
            unit=unit,
            staff_group=chance.choice(GROUPS),
            position=chance.choice(POSITIONS),
            status=chance.choice(STATUSES),
            started_on=first,
            ended_on=last,
            is_primary=is_primary,
        )


def _build_certificates(chance: random.Random, courses: list[Course]) -> None:
    modules = list(Module.objects.order_by("code"))
    certificates = [
        _certificate(chance, person, courses, number)
        for person in Person.objects.order_by("code")
        for number in range(chance.choice([0, 1, 1, 2, 3]))
    ]
    Certificate.objects.bulk_create(certificates)
    CertificateModule.objects.bulk_create(
        CertificateModule(certificate=certificate, module=module)
        for certificate in certificates
        for module in chance.sample(modules, chance.randrange(1, len(modules) + 1))
    )
    clerk = make_account()
    Revocation.objects.bulk_create(
        Revocation(
            certificate=certificate,
            effective_on=certificate.completed_on + timedelta(days=chance.choice([0, 100, 700])),
            reason="Thử",
            revoked_by=clerk,
            revoked_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
        for certificate in certificates
        if chance.random() < 0.15
    )


def _certificate(
    chance: random.Random, person: Person, courses: list[Course], number: int
) -> Certificate:
    day = date(2015, 6, 1) + timedelta(days=chance.randrange(4180))
    lasts = chance.choice([None, None, 400, 800])
    return Certificate(
        person=person,
        course=chance.choice([courses[0], courses[0], courses[0], courses[1]]),
        completed_on=day,
        valid_until=day + timedelta(days=lasts) if lasts else None,
        issued_at=datetime(day.year, day.month, day.day, tzinfo=UTC),
        number=f"{person.code}/{number}",
        person_name=person.full_name,
        course_title="Khóa",
        issuer="Trường thử",
        is_recorded=True,
    )
