"""The whole demo, made once in one transaction."""

from __future__ import annotations

from datetime import datetime
from random import Random

from django.db import transaction

from courses.models import Course
from lms.demo.accounts import demo_people, write_accounts
from lms.demo.history import write_history
from lms.demo.requests import write_requests
from lms.demo.runs import write_open_run, write_summer_run
from lms.demo.staff import Staff
from lms.demo.verdicts import write_verdicts
from lms.demo.writing import write_people, write_roster_lists, write_units
from people.dates import local_day
from people.models import Unit


class OccupiedError(Exception):
    """The database has real units: the demo is not mixed with them."""


@transaction.atomic
def write_district(course: Course, *, at: datetime, people: int, seed: int) -> int:
    """Returns how many people it has today. Raises `OccupiedError` when units are there already."""
    if Unit.objects.exists():
        raise OccupiedError(
            "Cơ sở dữ liệu đã có đơn vị: dữ liệu thử nghiệm chỉ nạp vào cơ sở dữ liệu trống."
        )
    today = local_day(at)
    random = Random(seed)
    staff = Staff(random, until=today, people=people)
    units = write_units(staff.units.values())
    persons = write_people(staff.people, units)
    write_roster_lists(units, until=today)
    write_history(staff, persons, course, random=random)
    cast = demo_people(today)
    kept_out = {person.pk for person in cast.values()}
    write_summer_run(course, today, at, random=random, without=kept_out)
    write_open_run(course, today, at, random=random, teacher=cast["giaovien"], without=kept_out)
    users = write_accounts(today)
    write_requests(cast["giaovien"], at=at)
    write_verdicts(by=users["quantri"], at=at, without=kept_out)
    return sum(someone.stay_on(today) is not None for someone in staff.people)
