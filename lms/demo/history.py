"""Training held on paper since 2016, so that the plan's two thresholds were reached in time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from random import Random

from certificates.models import Certificate, CertificateModule
from certificates.wording import RESULT, titles_of
from courses.models import Course, Module
from lms.demo.staff import Someone, Staff
from people.models import Person

# At the end of each year, of the managers and teachers whom the plan counts.
GOALS = {
    2016: 0.46, 2017: 0.832, 2018: 0.89, 2019: 0.925, 2020: 0.958,
    2021: 0.955, 2022: 0.952, 2023: 0.955, 2024: 0.957, 2025: 0.954,
}  # fmt: skip
OTHERS_GOAL = 0.6  # support staff, carers, officers: beside the plan's figure
MODULES = {2016: ["KH1"], 2017: ["KH1", "KH6"], 2018: ["KH4", "KH6"], 2019: ["KH1", "KH5", "KH6"]}
MODULES_LATER = ["KH1", "KH2", "KH3", "KH4", "KH5", "KH6"]
ISSUERS = {
    "education": ("Phòng Giáo dục và Đào tạo", "PGDĐT"),
    "social": ("Phòng Lao động - Thương binh và Xã hội", "PLĐTBXH"),
}
LAST_PLAN_YEAR = 2020
AGAIN_SHARE = 0.06  # of those trained before, each year since
LAPSING_YEAR = 2018  # the social sector gave its certificates of that year a last day
LAPSED_ON = date(2020, 12, 31)
HELD_OFF_KINDS = {"upper_secondary"}


def write_history(
    staff: Staff, persons: dict[int, Person], course: Course, *, random: Random
) -> int:
    """One course each August; returns how many certificates were recorded."""
    modules = {module.code: module for module in course.modules.all()}
    trained: set[int] = set()
    certificates: list[Certificate] = []
    covers: list[tuple[Certificate, Module]] = []
    for year, goal in GOALS.items():
        held_on, year_end = date(year, 8, 15), date(year, 12, 31)
        codes = MODULES.get(year, MODULES_LATER)
        taught = [modules[code] for code in codes if code in modules]
        wave = _wave(staff, trained, goal, held_on=held_on, year_end=year_end, random=random)
        if year > LAST_PLAN_YEAR:
            wave += _again(staff, trained, held_on=held_on, random=random)
        for number, someone in enumerate(sorted(wave, key=lambda each: each.number), start=1):
            trained.add(someone.number)
            certificate = _certificate(
                staff, someone, persons[someone.number], course, taught, held_on, number
            )
            certificates.append(certificate)
            covers += [(certificate, module) for module in taught]
    Certificate.objects.bulk_create(certificates, batch_size=1000)
    CertificateModule.objects.bulk_create(
        (CertificateModule(certificate=each, module=module) for each, module in covers),
        batch_size=2000,
    )
    return len(certificates)


def is_counted(staff: Staff, someone: Someone, day: date) -> bool:
    """Whether the plan's headline counts the person that day."""
    stay = someone.stay_on(day)
    if stay is None or stay.group not in ("manager", "teacher"):
        return False
    unit = staff.units.get(stay.unit)
    return unit is not None and unit.sector == "education" and unit.kind not in HELD_OFF_KINDS


def _wave(
    staff: Staff,
    trained: set[int],
    goal: float,
    *,
    held_on: date,
    year_end: date,
    random: Random,
) -> list[Someone]:
    """Those to train this summer, so that the share at the end of the year meets the goal."""
    counted = [each for each in staff.people if is_counted(staff, each, year_end)]
    done = sum(each.number in trained for each in counted)
    untrained = [each for each in counted if each.number not in trained and each.stay_on(held_on)]
    missing = max(0, -int(-goal * len(counted) // 1) - done)
    wave = random.sample(untrained, min(missing, len(untrained)))
    others = [
        each
        for each in staff.people
        if each.stay_on(held_on)
        and each.number not in trained
        and not is_counted(staff, each, held_on)
        and not is_counted(staff, each, year_end)
    ]
    return wave + random.sample(others, round(len(others) * OTHERS_GOAL / 3))


def _again(staff: Staff, trained: set[int], *, held_on: date, random: Random) -> list[Someone]:
    """Retraining: a second certificate beside the first."""
    present = [each for each in staff.people if each.number in trained and each.stay_on(held_on)]
    return random.sample(present, round(len(present) * AGAIN_SHARE))


def _certificate(
    staff: Staff,
    someone: Someone,
    person: Person,
    course: Course,
    modules: Iterable[Module],
    held_on: date,
    number: int,
) -> Certificate:
    stay = someone.stay_on(held_on)
    unit = staff.units.get(stay.unit) if stay else None
    sector = unit.sector if unit else "social"
    issuer, short = ISSUERS[sector]
    titles = titles_of(modules)
    return Certificate(
        person=person,
        course=course,
        completed_on=held_on,
        issued_at=datetime(held_on.year, 9, 5, 2, tzinfo=UTC),
        valid_until=LAPSED_ON if sector == "social" and held_on.year == LAPSING_YEAR else None,
        number=f"{number:04d}/{held_on.year}/GCN-{short}",
        numbered_at=datetime(held_on.year, 9, 5, 2, tzinfo=UTC),
        periods=sum(title["periods"] for title in titles),
        person_name=person.full_name,
        birth_date=person.birth_date,
        unit_name=unit.name if unit else "",
        course_title=course.title,
        module_titles=titles,
        result=RESULT,
        issuer=issuer,
        is_recorded=True,
    )
