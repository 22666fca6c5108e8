"""Accounts to try the demo with. Their passwords are public: production settings refuse them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from activities.quiz.access import TRAINERS
from lms.demo.geography import ROOT
from people.models import Membership, Person, Scope, ScopeRole, Sector, Unit, User

DEMO_PASSWORD = "thu-nghiem-2026"  # noqa: S105  (public on purpose)
SCHOOL = "TH01"
SINCE = date(2016, 1, 1)


@dataclass(frozen=True, slots=True)
class DemoAccount:
    username: str
    role: str


ACCOUNTS = [
    DemoAccount("giaovien", "Giáo viên, còn một chuyên đề"),
    DemoAccount("giangvien", "Giảng viên nguồn: biên soạn tại /admin/"),
    DemoAccount("hieutruong", "Hiệu trưởng của giáo viên ấy"),
    DemoAccount("quanly.gd", "Quản trị ngành giáo dục, cấp thành phố"),
    DemoAccount("quanly.xh", "Quản trị ngành lao động - xã hội"),
    DemoAccount("quantri", "Quản trị hệ thống"),
]


def demo_people(today: date) -> dict[str, Person]:
    """Who of the district plays the teacher, the principal and the trainer."""
    here = Membership.objects.primary_on(today).select_related("person").order_by("pk")
    school = here.filter(unit__code=SCHOOL)
    return {
        "giaovien": school.filter(position="teacher", person__sex="female", started_on__lte=SINCE)[
            0
        ].person,
        "hieutruong": school.filter(position="principal")[0].person,
        "giangvien": here.filter(unit__code="TH02", position="team_leader")[0].person,
    }


def write_accounts(today: date) -> None:
    people = demo_people(today)
    hashed = make_password(DEMO_PASSWORD)
    users = {
        account.username: User.objects.create(
            username=account.username,
            password=hashed,
            email=f"{account.username}@demo.invalid",
            person=people.get(account.username),
            is_demo=True,
        )
        for account in ACCOUNTS
    }
    trainer = people["giangvien"]
    trainer.is_core_trainer = True
    trainer.save(update_fields=["is_core_trainer"])
    users["giangvien"].groups.add(Group.objects.get(name=TRAINERS))
    User.objects.filter(username="quantri").update(is_superuser=True, is_staff=True)
    root, school = (Unit.objects.get(code=code) for code in (ROOT, SCHOOL))
    _grant(users["hieutruong"], school, ScopeRole.UNIT_MANAGER)
    _grant(users["quanly.gd"], root, ScopeRole.SECTOR_MANAGER, Sector.EDUCATION)
    _grant(users["quanly.xh"], root, ScopeRole.SECTOR_MANAGER, Sector.SOCIAL)


def _grant(user: User, unit: Unit, role: ScopeRole, sector: str = "") -> None:
    Scope.objects.create(
        user=user, unit=unit, role=role, sector=sector, started_on=SINCE, reason="Bản thử nghiệm"
    )
