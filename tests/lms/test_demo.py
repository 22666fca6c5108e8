"""The invented district: the same for the same seed, and true to the plan's two thresholds."""

from __future__ import annotations

import io
import json
from datetime import date
from itertools import pairwise
from random import Random

import pytest
from django.core.management import CommandError, call_command

from lms.demo.geography import REORGANISED_ON, planned_units
from lms.demo.staff import Staff
from people.models import Person, Unit
from tests.factories import make_unit

TODAY = date(2026, 11, 21)


def staff(seed: int) -> list[tuple]:
    return [
        (each.family, each.given, each.birth_date, [(s.unit, s.started_on) for s in each.stays])
        for each in Staff(Random(seed), until=TODAY, people=200).people
    ]


class TestStaff:
    def test_is_the_same_for_the_same_seed(self):
        assert staff(7) == staff(7)
        assert staff(7) != staff(8)

    def test_nobody_is_in_two_places_on_one_day(self):
        for someone in Staff(Random(7), until=TODAY, people=200).people:
            stays = sorted(someone.stays, key=lambda stay: stay.started_on)
            for earlier, later in pairwise(stays):
                assert earlier.ended_on is not None
                assert earlier.ended_on < later.started_on

    def test_there_are_some_hundred_and_twenty_units(self):
        assert 90 <= len(planned_units()) <= 130


@pytest.mark.django_db
class TestLoading:
    def coverage(self, target: str, day: str) -> float:
        out = io.StringIO()
        arguments = ["--target", target, "--as-of", day, "--format", "json"]
        call_command("coverage", *arguments, stdout=out)
        return json.loads(out.getvalue())["total"]["ratio"]

    def test_reaches_the_thresholds_in_time_and_loads_once(self):
        call_command("load_demo", people=260, stdout=io.StringIO())
        assert self.coverage("CT-2017", "2017-12-31") >= 0.80
        assert self.coverage("CT-2020", "2020-12-31") >= 0.95
        assert Unit.objects.get(code="783").closed_on < REORGANISED_ON
        before = Person.objects.count()
        call_command("load_demo", people=260, stdout=io.StringIO())
        assert Person.objects.count() == before

    def test_is_not_mixed_with_real_units(self):
        make_unit("THAT", kind="city")
        with pytest.raises(CommandError, match="cơ sở dữ liệu trống"):
            call_command("load_demo", people=260, stdout=io.StringIO())
        assert Person.objects.count() == 0

    def test_is_refused_by_a_real_server(self, settings):
        settings.DEMO = False
        with pytest.raises(CommandError):
            call_command("load_demo", stdout=io.StringIO())
