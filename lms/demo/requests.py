"""What waits for the principal of the demo's school: people not on her list, and a wrong date."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from lms.demo.accounts import SCHOOL
from people.dates import local_day
from people.models import Membership, Person, Unit
from people.services.requests import ask_for_correction, ask_to_be_listed

STRANGERS = [
    ("Phạm Thị Thanh Lan", date(1994, 3, 12), "female", "teacher", "Giáo viên", "0900000101"),
    ("Ngô Quốc Bảo", date(1988, 11, 2), "male", "support", "Nhân viên y tế", "0900000102"),
]


def write_requests(teacher: Person, *, at: datetime) -> None:
    """Two strangers, one colleague who is on the list all along, and the teacher's birth date."""
    school = Unit.objects.get(code=SCHOOL)
    for number, (name, birth_date, sex, group, title, phone) in enumerate(STRANGERS):
        ask_to_be_listed(
            school,
            key=_key(name),
            full_name=name,
            birth_date=birth_date,
            sex=sex,
            staff_group=group,
            position_title=title,
            phone=phone,
            note="Mới nhận công tác, chưa có mã nhân sự." if number == 0 else "",
            at=at - timedelta(days=4 - number),
        )
    known = _colleague_of(teacher, school, on=local_day(at))
    if known is not None and known.birth_date is not None:
        ask_to_be_listed(
            school,
            key=_key(known.code),
            full_name=known.full_name,
            birth_date=known.birth_date,
            sex=known.sex,
            staff_group="teacher",
            phone="0900000103",
            note="Không nhớ mã nhân sự.",
            at=at - timedelta(days=1),
        )
    ask_for_correction(
        teacher,
        key=_key("birth_date"),
        field="birth_date",
        value="17/05/1979",
        note="Theo căn cước công dân.",
        at=at - timedelta(days=2),
    )


def _colleague_of(teacher: Person, school: Unit, *, on: date) -> Person | None:
    here = Membership.objects.primary_on(on).filter(unit=school, position="teacher")
    row = here.exclude(person=teacher).select_related("person").order_by("pk").last()
    return row.person if row else None


def _key(name: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"demo-request:{name}")
