"""`manage.py coverage`: the contract that others call."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from people.models import RosterList
from tests.factories import make_member
from tests.reports.builders import certify


@pytest.fixture
def staff(city, course, target):
    certify(make_member(city.school, sex="female"), course, modules=course.modules.all())
    make_member(city.school, sex="male")
    make_member(city.other_school, sex="female", group="manager")


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("coverage", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.usefixtures("staff")
class TestCoverageCommand:
    def test_json_has_the_keys_of_the_contract(self):
        answer = json.loads(
            run("--target", "CT-2027", "--as-of", "21/11/2026", "--unit", "XA1", "--by", "unit")
        )
        assert answer == {
            "target": "CT-2027",
            "as_of": "2026-11-21",
            "unit": "XA1",
            "by": ["unit"],
            "rows": [
                {"unit": "BTXH", "required": 0, "complete": 0, "ratio": None},
                {"unit": "TH1", "required": 2, "complete": 1, "ratio": 0.5},
                {"unit": "THCS2", "required": 1, "complete": 0, "ratio": 0.0},
            ],
            "total": {"required": 3, "complete": 1, "ratio": pytest.approx(1 / 3)},
        }

    def test_by_may_be_repeated_and_the_root_is_the_default(self):
        answer = json.loads(
            run("--target", "CT-2027", "--as-of", "2026-11-21", "--by", "sex", "--by", "group")
        )
        assert answer["unit"] == "TP"
        assert answer["by"] == ["sex", "group"]
        assert answer["rows"] == [
            {"sex": "male", "group": "teacher", "required": 1, "complete": 0, "ratio": 0.0},
            {"sex": "female", "group": "manager", "required": 1, "complete": 0, "ratio": 0.0},
            {"sex": "female", "group": "teacher", "required": 1, "complete": 1, "ratio": 1.0},
        ]

    def test_without_a_breakdown_one_row_is_the_total(self):
        answer = json.loads(run("--target", "CT-2027", "--as-of", "2026-11-21", "--strict"))
        assert answer["rows"] == [answer["total"]]
        assert answer["total"]["complete"] == 1

    def test_the_day_defaults_to_today(self):
        answer = json.loads(run("--target", "CT-2027"))
        assert answer["as_of"] == timezone.localdate().isoformat()

    def test_no_roster_is_a_note_and_no_percentage(self):
        RosterList.objects.update(as_of=date(2026, 1, 1))
        answer = json.loads(run("--target", "CT-2027", "--as-of", "2025-12-31", "--by", "sex"))
        assert answer["note"] == "no roster"
        assert answer["rows"] == []
        assert answer["total"] == {"required": 0, "complete": 0, "ratio": None}

    def test_csv_has_a_header_and_the_same_rows(self):
        text = run(
            *["--target", "CT-2027", "--as-of", "2026-11-21", "--by", "kind", "--format", "csv"]
        )
        rows = list(csv.DictReader(io.StringIO(text)))
        assert [(row["kind"], row["required"], row["ratio"]) for row in rows] == [
            ("primary", "2", "0.5"),
            ("lower_secondary", "1", "0.0"),
        ]
        assert {row["as_of"] for row in rows} == {"2026-11-21"}

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["--target", "CT-1"], "Không có chỉ tiêu “CT-1”. Có thể chọn: CT-2027."),
            (["--target", "CT-2027", "--unit", "??"], "Không có đơn vị nào mang mã “??”"),
            (["--target", "CT-2027", "--as-of", "31/02/2026"], "Không đọc được ngày “31/02/2026”"),
            (["--target", "CT-2027", "--by", "age"], "Không có cách chia “age”"),
            (["--target", "CT-2027", "--format", "xml"], "Không có dạng tệp “xml”"),
        ],
    )
    def test_what_it_does_not_know_is_said_in_vietnamese(self, arguments, message):
        with pytest.raises(CommandError, match="Không") as error:
            run(*arguments)
        assert message in str(error.value)
        assert error.value.returncode == 1
