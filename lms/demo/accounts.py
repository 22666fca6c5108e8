"""Accounts to try the demo with. Their passwords are public: production settings refuse them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db.models import QuerySet

from lms.demo.geography import ROOT
from people.models import Membership, Person, Scope, ScopeRole, Sector, Unit, User
from people.trainers import TRAINERS

DEMO_PASSWORD = "thu-nghiem-2026"  # noqa: S105  (public on purpose)
SCHOOL, OTHER_SCHOOL = "TH01", "TH02"
SECONDARY, FACILITIES = "CS", "BT"  # how the codes of such units begin
SINCE = date(2016, 1, 1)
REVIEWERS = "Người duyệt"  # approves what is submitted for review


@dataclass(frozen=True, slots=True)
class DemoAccount:
    username: str
    role: str


ACCOUNTS = [
    DemoAccount("giaovien", "Giáo viên, còn một chuyên đề"),
    DemoAccount("giaovien2", "Giáo viên THCS, chưa học gì"),
    DemoAccount("giangvien", "Giảng viên nguồn: biên soạn tại /admin/"),
    DemoAccount("giangvien.xh", "Giảng viên nguồn ngành lao động - xã hội: biên soạn và duyệt"),
    DemoAccount("hieutruong", "Hiệu trưởng của giáo viên thứ nhất"),
    DemoAccount("quanly.gd", "Quản trị ngành giáo dục, cấp thành phố"),
    DemoAccount("quanly.xh", "Quản trị ngành lao động - xã hội"),
    DemoAccount("thanhtra", "Giám sát: xem, không sửa"),
    DemoAccount("giamsat", "Chỉ xem số liệu tổng hợp, không xem từng người"),
    DemoAccount("quantri", "Quản trị hệ thống"),
]


def demo_people(today: date) -> dict[str, Person]:
    """Who of the district plays whom, by the account's name."""
    # A few posts are vacant on any day: the first of several units that has somebody.
    here = Membership.objects.primary_on(today).filter(status="working")
    school = here.filter(unit__code=SCHOOL)
    return {
        "giaovien": _first(
            school.filter(position="teacher", person__sex="female", started_on__lte=SINCE)
        ),
        "giaovien2": _first(here.filter(unit__code__startswith=SECONDARY, position="teacher")),
        "hieutruong": _first(school.filter(position="principal")),
        "giangvien": _first(here.filter(unit__code=OTHER_SCHOOL, position="team_leader")),
        "giangvien.xh": _first(
            here.filter(unit__code__startswith=FACILITIES, staff_group="manager")
        ),
    }


def write_accounts(today: date) -> dict[str, User]:
    """The accounts with what they may do, by name."""
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
    _make_trainers(users["giangvien"], users["giangvien.xh"])
    users["giangvien.xh"].groups.add(Group.objects.get(name=REVIEWERS))
    User.objects.filter(username="quantri").update(is_superuser=True, is_staff=True)
    root, school = (Unit.objects.get(code=code) for code in (ROOT, SCHOOL))
    _grant(users["hieutruong"], school, ScopeRole.UNIT_MANAGER)
    _grant(users["quanly.gd"], root, ScopeRole.SECTOR_MANAGER, Sector.EDUCATION)
    _grant(users["quanly.xh"], root, ScopeRole.SECTOR_MANAGER, Sector.SOCIAL)
    _grant(users["thanhtra"], root, ScopeRole.MONITOR)
    _grant(users["giamsat"], root, ScopeRole.AGGREGATE_VIEWER)
    return users


def _first(members: QuerySet[Membership]) -> Person:
    return members.select_related("person").order_by("pk")[0].person


def _make_trainers(*users: User) -> None:
    group = Group.objects.get(name=TRAINERS)
    for user in users:
        user.groups.add(group)
        if user.person is not None:
            user.person.is_core_trainer = True
            user.person.save(update_fields=["is_core_trainer"])


def _grant(user: User, unit: Unit, role: ScopeRole, sector: str = "") -> None:
    Scope.objects.create(
        user=user, unit=unit, role=role, sector=sector, started_on=SINCE, reason="Bản thử nghiệm"
    )
