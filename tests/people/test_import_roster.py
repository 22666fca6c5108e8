"""`import_roster`: a staff list as it stands on a day, clause by clause of the contract."""

from __future__ import annotations

import io
import unicodedata
from datetime import date

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from people.imports import flip
from people.models import (
    Membership,
    Person,
    RosterChange,
    RosterImport,
    RosterList,
    Unit,
    UnitVersion,
    User,
)
from people.services import roster_applying
from people.services import roster_lists as command
from people.signals import memberships_changed
from tests.factories import make_member, make_unit
from tests.people.importing import Importer, contents, counts, importer, rejections
from tests.people.sheet_builders import csv_of, ods_of, xlsx_of

__all__ = ["importer"]

FIELDS = (
    "person_code full_name sex birth_date unit_code staff_group position status started_on "
    "ended_on email phone"
)
HEADER = FIELDS.split()
SEPTEMBER, OCTOBER, NOVEMBER = date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)


def row(code: str, name: str = "Trần Ngọc Hạnh", **more) -> list:
    """A teacher of TH1; everything overridable by column."""
    cells = {"sex": "Nữ", "unit_code": "TH1", "staff_group": "teacher", **more}
    cells |= {"person_code": code, "full_name": name}
    return [cells.get(field, "") for field in HEADER]


HANH, BINH = row("000101"), row("000102", "Lê Văn Bình", sex="Nam", staff_group="manager")


def stays(code: str) -> list[tuple]:
    """(unit, first day, last day) of the primary memberships."""
    rows = Membership.objects.filter(person__code=code, is_primary=True).order_by("started_on")
    return list(rows.values_list("unit__code", "started_on", "ended_on"))


@pytest.fixture
def roster(importer, city) -> Importer:
    """`roster(rows, as_of=…)` imports a list with the usual header."""

    def bring(*rows: list, as_of: date | None = SEPTEMBER, **options) -> dict:
        if as_of is not None:
            options["as_of"] = as_of.isoformat()
        outcome = importer("import_roster", [HEADER, *rows], **options)
        bring.exit_code = importer.exit_code
        return outcome

    return bring


@pytest.fixture
def listed(roster):
    """The list of 1 September has been imported: Hạnh and Bình at TH1."""
    roster(HANH, BINH)
    return roster


class TestReading:
    def test_canonical_columns(self, roster):
        outcome = roster(
            row(
                "000101",
                birth_date="05/04/1985",
                position="Tổ trưởng",
                status="working",
                started_on="2019-08-15",
                email="hanh@vi.du",
                phone="0912.345.678",
            )
        )
        assert counts(outcome) == {"new": 1}
        person = Person.objects.get()
        assert (person.family_name, person.middle_name, person.given_name) == (
            "Trần",
            "Ngọc",
            "Hạnh",
        )
        assert (person.sex, person.birth_date) == ("female", date(1985, 4, 5))
        assert (person.email, person.phone) == ("hanh@vi.du", "0912345678")
        stay = person.memberships.get()
        assert (stay.staff_group, stay.position, stay.status) == (
            "teacher",
            "team_leader",
            "working",
        )
        assert stay.position_title == "Tổ trưởng"
        assert stays("000101") == [("TH1", date(2019, 8, 15), None)]

    def test_vietnamese_headers_and_values_by_synonym(self, importer, city):
        header = ["STT", "Mã nhân sự", "Họ và tên", "Giới tính", "Ngày sinh", "Mã đơn vị",
                  "Loại cán bộ", "Chức vụ", "Trạng thái", "Dân tộc"]  # fmt: skip
        rows = [
            [1, "01", "Trần Hạnh", "Nữ", "5/4/1985", "TH1", "Cán bộ quản lý", "Phó hiệu trưởng",
             "Nghỉ thai sản", "Kinh"],
            [2, "02", "Lê Bình", "NAM", "1985-04-05", "TH1", "Nhân viên", "NV Y tế",
             "Đang làm việc", "Kinh"],
        ]  # fmt: skip
        assert counts(importer("import_roster", [header, *rows])) == {"new": 2}
        fields = ("person__sex", "staff_group", "position", "status")
        assert list(Membership.objects.order_by("person__code").values_list(*fields)) == [
            ("female", "manager", "vice_principal", "maternity_leave"),
            ("male", "support", "health_staff", "working"),
        ]

    @pytest.mark.parametrize(("build", "name"), [(xlsx_of, "a.xlsx"), (ods_of, "a.ods")])
    def test_workbooks(self, importer, city, build, name):
        importer.file("import_roster", build([HEADER, HANH]), name)
        assert Person.objects.get().code == "000101"

    def test_days_as_spreadsheets_keep_them(self, importer, city):
        hanh = row("000101", birth_date=date(1985, 4, 5), started_on=43692)
        importer.file("import_roster", xlsx_of([HEADER, hanh]), "a.xlsx", as_of="01/09/2026")
        assert Person.objects.get().birth_date == date(1985, 4, 5)
        assert stays("000101") == [("TH1", date(2019, 8, 15), None)]

    def test_semicolons_and_a_byte_order_mark(self, importer, city):
        content = csv_of([HEADER, HANH], delimiter=";", bom=True)
        importer.file("import_roster", content, "a.csv")
        assert Person.objects.get().full_name == "Trần Ngọc Hạnh"

    def test_names_are_composed_and_blanks_single(self, roster):
        roster(row("000101", unicodedata.normalize("NFD", " Trần  Ngọc\u00a0Hạnh")))
        assert Person.objects.get().full_name == "Trần Ngọc Hạnh"

    def test_other_letters_are_kept_whole(self, roster):
        roster(row("000101", "Stéphane H’Hen Niê"))
        assert Person.objects.get().full_name == "Stéphane H’Hen Niê"

    def test_codes_keep_their_zeros_and_differ_by_them(self, roster):
        roster(row("00123"), row("123"))
        assert set(Person.objects.values_list("code", flat=True)) == {"00123", "123"}

    def test_a_phone_number_gets_back_the_zero_that_a_spreadsheet_dropped(self, importer, city):
        rows = [HEADER, row("000101", phone=912345678)]
        importer.file("import_roster", xlsx_of(rows), "a.xlsx")
        assert Person.objects.get().phone == "0912345678"

    def test_without_a_day_the_list_is_of_today(self, roster):
        with time_machine.travel("2026-09-30 18:00:00+00:00"):  # 1 October in Vietnam
            roster(HANH, as_of=None)
        assert stays("000101") == [("TH1", OCTOBER, None)]
        assert RosterList.objects.get(unit__code="TH1").as_of == OCTOBER

    def test_no_account_is_made(self, listed):
        assert not User.objects.exists()

    def test_search_and_order_work_for_those_brought_in_bulk(self, listed):
        assert [p.code for p in Person.objects.all()] == ["000102", "000101"]
        assert Person.objects.found_by("hanh tran").get().code == "000101"


class TestArriving:
    def test_from_the_day_given(self, roster):
        roster(row("000101", started_on="15/08/2019"))
        assert stays("000101") == [("TH1", date(2019, 8, 15), None)]

    def test_from_the_day_of_the_list_when_none_is_given(self, listed):
        assert stays("000101") == [("TH1", SEPTEMBER, None)]

    def test_from_the_day_of_the_list_when_the_day_given_lies_after_it(self, roster):
        roster(row("000101", started_on="15/10/2026"))
        assert stays("000101") == [("TH1", SEPTEMBER, None)]

    def test_not_before_the_unit_opened(self, roster, city):
        make_unit("MOI", parent=city.commune, opened_on=date(2020, 1, 1))
        roster(row("000101", unit_code="MOI", started_on="15/08/2010"))
        assert stays("000101") == [("MOI", date(2020, 1, 1), None)]

    def test_until_the_day_given(self, roster):
        outcome = roster(row("000101", ended_on="31/12/2026"))
        assert counts(outcome) == {"new": 1}
        assert stays("000101") == [("TH1", SEPTEMBER, date(2026, 12, 31))]

    def test_only_until_the_day_before_a_later_membership(self, roster, city):
        make_member(city.other_school, code="000101", started_on=NOVEMBER)
        roster(HANH)
        assert stays("000101") == [
            ("TH1", SEPTEMBER, date(2026, 10, 31)),
            ("THCS2", NOVEMBER, None),
        ]

    def test_whoever_returns_gets_a_new_row(self, roster, city):
        make_member(city.school, code="000101", ended_on=date(2020, 6, 30))
        outcome = roster(row("000101", "Nguyễn Thị Ánh", started_on="01/08/2026"))
        assert counts(outcome) == {"new": 1}
        assert [stay[1:] for stay in stays("000101")] == [
            (date(2015, 1, 1), date(2020, 6, 30)),
            (date(2026, 8, 1), None),
        ]

    def test_a_start_inside_an_earlier_membership_counts_from_the_lists_day(self, roster, city):
        make_member(city.school, code="000101", ended_on=date(2020, 6, 30))
        roster(row("000101", started_on="01/09/2018"))
        assert stays("000101")[1] == ("TH1", SEPTEMBER, None)

    def test_a_past_told_whole_is_recorded(self, roster):
        outcome = roster(row("000101", started_on="01/09/2018", ended_on="30/06/2020"))
        assert counts(outcome) == {"new": 1}
        assert stays("000101") == [("TH1", date(2018, 9, 1), date(2020, 6, 30))]

    def test_a_stranger_listed_only_as_gone_is_not_recorded(self, roster):
        assert counts(roster(row("000101", status="Nghỉ hưu"), BINH)) == {"new": 1, "unchanged": 1}
        assert Person.objects.get().code == "000102"


class TestMoving:
    def test_listed_in_b_active_in_a_moved_on_that_day(self, listed):
        outcome = listed(row("000101", unit_code="THCS2"), as_of=OCTOBER)
        assert counts(outcome) == {"moved": 1}
        assert stays("000101") == [("TH1", SEPTEMBER, date(2026, 9, 30)), ("THCS2", OCTOBER, None)]

    def test_the_unit_left_is_not_reconciled_by_it(self, listed):
        listed(row("000101", unit_code="THCS2"), as_of=OCTOBER)
        assert stays("000102") == [("TH1", SEPTEMBER, None)]

    def test_a_start_inside_the_earlier_membership_counts_from_the_lists_day(self, listed):
        listed(row("000101", unit_code="THCS2", started_on="15/09/2026"), as_of=OCTOBER)
        assert stays("000101") == [("TH1", SEPTEMBER, date(2026, 9, 30)), ("THCS2", OCTOBER, None)]

    def test_between_units_of_one_file_is_not_leaving(self, listed):
        rows = [row("000101", unit_code="THCS2"), BINH]
        assert counts(listed(*rows, as_of=OCTOBER)) == {"moved": 1, "unchanged": 1}

    def test_two_people_may_change_places(self, listed):
        listed(HANH, row("000102", "Lê Văn Bình", sex="Nam", unit_code="THCS2"), as_of=OCTOBER)
        swapped = [row("000101", unit_code="THCS2"), row("000102", "Lê Văn Bình", sex="Nam")]
        assert counts(listed(*swapped, as_of=NOVEMBER)) == {"moved": 2}

    def test_on_the_very_day_she_began_is_a_correction(self, listed):
        outcome = listed(row("000101", unit_code="THCS2"))
        assert counts(outcome) == {"moved": 1}
        assert stays("000101") == [("THCS2", SEPTEMBER, None)]

    def test_out_of_a_unit_whose_later_list_has_her_is_refused(self, listed):
        listed(HANH, BINH, as_of=NOVEMBER)
        outcome = listed(row("000101", unit_code="THCS2"), as_of=OCTOBER)
        assert rejections(outcome) == [(2, "unit_code")]
        assert "01/11/2026" in outcome["rejected"][0]["message"]

    def test_a_second_place_that_is_not_primary_is_left_alone(self, listed, city):
        second = Membership.objects.create(
            person=Person.objects.get(code="000101"), unit=city.facility, staff_group="carer",
            started_on=SEPTEMBER, is_primary=False,
        )  # fmt: skip
        listed(row("000101", unit_code="THCS2"), BINH, as_of=OCTOBER)
        second.refresh_from_db()
        assert second.ended_on is None


class TestChanging:
    @pytest.mark.parametrize(
        "change",
        [
            {"staff_group": "manager"},
            {"position": "Tổng phụ trách Đội"},
            {"position": "Kế toán"},
            {"status": "Biệt phái"},
        ],
    )
    def test_another_group_position_or_status_opens_another_row(self, listed, change):
        outcome = listed(row("000101", **change), BINH, as_of=OCTOBER)
        assert counts(outcome) == {"changed": 1, "unchanged": 1}
        assert stays("000101") == [("TH1", SEPTEMBER, date(2026, 9, 30)), ("TH1", OCTOBER, None)]

    def test_on_the_very_day_the_row_began_it_is_corrected(self, listed):
        listed(row("000101", staff_group="manager"), BINH)
        assert Membership.objects.get(person__code="000101").staff_group == "manager"

    @pytest.mark.parametrize(
        ("column", "value", "field", "stored"),
        [
            ("full_name", "Trần Ngọc Hân", "given_name", "Hân"),
            ("birth_date", "06/04/1985", "birth_date", date(1985, 4, 6)),
            ("email", "moi@vi.du", "email", "moi@vi.du"),
            ("phone", "+84 987 654 321", "phone", "0987654321"),
            ("sex", "Nam", "sex", "male"),
        ],
    )
    def test_corrections_of_the_person_open_no_row(self, listed, column, value, field, stored):
        changed = (
            row("000101", **{column: value}) if column != "full_name" else row("000101", value)
        )
        outcome = listed(changed, BINH, as_of=OCTOBER)
        assert counts(outcome) == {"changed": 1, "unchanged": 1}
        assert getattr(Person.objects.get(code="000101"), field) == stored
        assert stays("000101") == [("TH1", SEPTEMBER, None)]

    def test_a_corrected_name_is_found_and_sorted_by(self, listed):
        listed(row("000101", "Trần Ngọc Ân"), BINH, as_of=OCTOBER)
        assert Person.objects.first().code == "000101"
        assert Person.objects.found_by("ngoc an").get().code == "000101"

    def test_a_split_of_the_name_mended_by_hand_stays(self, listed):
        parts = {"family_name": "Trần Ngọc", "middle_name": "", "given_name": "Hạnh"}
        Person.objects.filter(code="000101").update(**parts)
        assert counts(listed(HANH, BINH, as_of=OCTOBER)) == {"unchanged": 2}

    def test_blanks_say_nothing(self, roster):
        whole = row(
            "000101", birth_date="05/04/1985", position="Tổ trưởng", status="Biệt phái",
            started_on="15/08/2019", ended_on="31/12/2026", email="hanh@vi.du", phone="0912345678",
        )  # fmt: skip
        roster(whole)
        before = contents()[:2]
        assert counts(roster(HANH, as_of=OCTOBER)) == {"unchanged": 1}
        assert contents()[:2] == before

    @pytest.mark.parametrize(
        ("group", "known", "title"),
        [("support", "", "Nhân viên"), ("support", "Văn thư", "NHÂN VIÊN"),
         ("manager", "", "Cán bộ quản lý")],
    )  # fmt: skip
    def test_a_position_that_only_names_the_group_says_nothing(self, roster, group, known, title):
        roster(row("000101", staff_group=group, position=known), as_of=SEPTEMBER)
        outcome = roster(row("000101", staff_group=group, position=title), as_of=OCTOBER)
        assert counts(outcome) == {"unchanged": 1}

    def test_a_team_leader_listed_as_a_teacher_leads_no_more(self, roster):
        roster(row("000101", position="Tổ trưởng"), as_of=SEPTEMBER)
        outcome = roster(row("000101", position="Giáo viên"), as_of=OCTOBER)
        assert counts(outcome) == {"changed": 1}

    def test_another_wording_of_the_same_position_opens_no_row(self, roster):
        roster(row("000101", position="Tổ trưởng"))
        outcome = roster(row("000101", position="Tổ trưởng chuyên môn"), as_of=OCTOBER)
        assert counts(outcome) == {"changed": 1}
        assert stays("000101") == [("TH1", SEPTEMBER, None)]

    def test_a_start_known_better_is_put_back(self, listed):
        outcome = listed(row("000101", started_on="15/08/2019"), BINH, as_of=OCTOBER)
        assert counts(outcome) == {"changed": 1, "unchanged": 1}
        assert stays("000101") == [("TH1", date(2019, 8, 15), None)]

    def test_but_not_across_another_membership(self, roster, city):
        make_member(city.other_school, code="000101", ended_on=date(2020, 6, 30))
        roster(HANH)
        assert counts(roster(row("000101", started_on="01/01/2014"), as_of=OCTOBER)) == {
            "unchanged": 1
        }

    def test_a_later_start_lies_inside_the_membership_and_changes_nothing(self, listed):
        assert counts(listed(row("000101", started_on="15/09/2026"), BINH, as_of=OCTOBER)) == {
            "unchanged": 2
        }

    def test_a_last_day_to_come_is_noted(self, listed):
        outcome = listed(row("000101", ended_on="31/12/2026"), BINH, as_of=OCTOBER)
        assert counts(outcome) == {"changed": 1, "unchanged": 1}
        assert stays("000101") == [("TH1", SEPTEMBER, date(2026, 12, 31))]

    def test_of_group_keeps_the_planned_last_day(self, roster):
        roster(row("000101", ended_on="31/12/2026"))
        roster(row("000101", staff_group="manager"), as_of=OCTOBER)
        assert stays("000101")[1] == ("TH1", OCTOBER, date(2026, 12, 31))


class TestLeaving:
    def test_whoever_is_missing_has_left_on_that_day(self, listed):
        outcome = listed(BINH, as_of=OCTOBER)
        assert counts(outcome) == {"left": 1, "unchanged": 1}
        assert stays("000101") == [("TH1", SEPTEMBER, date(2026, 9, 30))]

    def test_with_partial_absence_says_nothing(self, listed):
        outcome = listed(BINH, as_of=OCTOBER, partial=True)
        assert counts(outcome) == {"unchanged": 1}
        assert stays("000101") == [("TH1", SEPTEMBER, None)]
        assert RosterList.objects.get(as_of=OCTOBER).is_partial

    def test_units_that_the_file_does_not_mention_are_left_alone(self, listed):
        listed(row("000103", unit_code="THCS2"), as_of=OCTOBER)
        assert stays("000101") == stays("000102") == [("TH1", SEPTEMBER, None)]

    @pytest.mark.parametrize("status", ["Nghỉ hưu", "Thôi việc", "Chuyển đi"])
    def test_a_status_that_says_gone(self, listed, status):
        outcome = listed(row("000101", status=status), BINH, as_of=OCTOBER)
        assert counts(outcome) == {"left": 1, "unchanged": 1}
        assert stays("000101") == [("TH1", SEPTEMBER, date(2026, 9, 30))]

    def test_a_last_day_before_the_list(self, listed):
        outcome = listed(
            row("000101", status="Nghỉ hưu", ended_on="15/09/2026"), BINH, as_of=OCTOBER
        )
        assert counts(outcome) == {"left": 1, "unchanged": 1}
        assert stays("000101") == [("TH1", SEPTEMBER, date(2026, 9, 15))]

    def test_gone_from_here_does_not_end_what_she_does_elsewhere(self, listed):
        listed(row("000101", unit_code="THCS2"), as_of=OCTOBER)
        outcome = listed(row("000101", status="Chuyển đi"), BINH, as_of=NOVEMBER)
        assert counts(outcome) == {"unchanged": 2}
        assert stays("000101")[-1] == ("THCS2", OCTOBER, None)

    def test_on_the_very_day_she_began_she_never_was_there(self, listed):
        outcome = listed(BINH)
        assert counts(outcome) == {"left": 1, "unchanged": 1}
        assert stays("000101") == []
        assert Person.objects.filter(code="000101").exists()

    def test_who_comes_only_later_is_not_missing(self, listed, city):
        make_member(city.school, code="000103", started_on=NOVEMBER)
        assert counts(listed(HANH, BINH, as_of=OCTOBER)) == {"unchanged": 2}

    def test_the_last_day_may_be_put_right(self, listed):
        listed(BINH, as_of=OCTOBER)
        outcome = listed(row("000101", ended_on="20/09/2026"), BINH, as_of=NOVEMBER)
        assert counts(outcome) == {"changed": 1, "unchanged": 1}
        assert stays("000101") == [("TH1", SEPTEMBER, date(2026, 9, 20))]

    def test_people_of_a_whole_unit_may_leave_when_one_is_named_as_gone(self, listed):
        assert counts(listed(row("000101", status="Thôi việc"), as_of=OCTOBER)) == {"left": 2}

    def test_who_leaves_under_one_code_and_comes_under_another_is_pointed_out(self, roster):
        roster(row("000101", birth_date="05/04/1985"))
        outcome = roster(row("79101", "TRẦN NGỌC HẠNH", birth_date="05/04/1985"), as_of=OCTOBER)
        assert counts(outcome) == {"new": 1, "left": 1}
        assert outcome["possible_duplicates"] == [{"row": 2, "known_code": "000101"}]


class TestAgain:
    def test_the_same_list_changes_nothing(self, listed):
        before = contents()
        assert counts(listed(HANH, BINH)) == {"unchanged": 2}
        assert contents() == before

    def test_in_another_order_it_is_the_same_list(self, listed):
        listed(BINH, HANH)
        assert RosterList.objects.filter(as_of=SEPTEMBER).count() == 1

    def test_on_a_later_day_it_confirms_what_stands(self, listed):
        assert counts(listed(HANH, BINH, as_of=OCTOBER)) == {"unchanged": 2}
        assert RosterList.objects.filter(unit__code="TH1").count() == 2

    @pytest.mark.parametrize("as_of", [SEPTEMBER, OCTOBER])
    def test_every_kind_of_row_is_at_rest_after_one_import(self, roster, city, as_of):
        make_member(city.other_school, code="moved")
        make_member(city.school, code="absent")
        make_member(city.school, code="retired")
        make_member(city.school, code="ended")
        make_member(city.school, code="promoted")
        make_member(city.school, code="returning", ended_on=date(2020, 6, 30))
        make_member(city.facility, code="later", started_on=NOVEMBER)
        rows = [
            row("moved", started_on="01/09/2018"),
            row("retired", status="Nghỉ hưu"),
            row("ended", ended_on="15/08/2026", started_on="01/01/2010"),
            row("promoted", staff_group="manager", position="Hiệu trưởng", ended_on="31/12/2026"),
            row("returning", started_on="01/09/2018"),
            row("later", ended_on="31/12/2026"),
            row("new", started_on="01/09/2030"),
            row("past", started_on="01/09/2018", ended_on="30/06/2020"),
            row("unknown", status="Thôi việc"),
        ]
        first = roster(*rows)
        assert counts(first) == {"new": 4, "moved": 1, "changed": 1, "left": 3, "unchanged": 1}
        before = contents()[:2]
        assert counts(roster(*rows, as_of=as_of)) == {"unchanged": 9}
        assert contents()[:2] == before


class TestLists:
    def test_one_is_noted_for_every_unit_mentioned(self, roster):
        roster(HANH, row("000103", unit_code="THCS2"))
        noted = RosterList.objects.filter(as_of=SEPTEMBER).order_by("unit__code")
        assert [each.unit.code for each in noted] == ["TH1", "THCS2"]
        assert len({each.content_hash for each in noted}) == 2

    def test_one_older_than_the_last_of_that_unit_is_refused(self, listed):
        before = contents()
        outcome = listed(HANH, row("000103", unit_code="THCS2"), as_of=date(2026, 8, 31))
        assert rejections(outcome) == [(2, "unit_code")]
        assert "01/09/2026" in outcome["rejected"][0]["message"]
        assert contents() == before

    def test_an_older_one_of_another_unit_is_welcome(self, listed):
        outcome = listed(row("000103", unit_code="THCS2"), as_of=date(2026, 8, 31))
        assert counts(outcome) == {"new": 1}


REJECTED = {
    "neither code nor birth date": (row(""), "birth_date", "ngày sinh"),
    "new and without a code": (row("", birth_date="05/04/1985"), "person_code", "CSDL ngành"),
    "no name": (row("000103", " "), "full_name", "trống"),
    "no sex": (row("000103", sex=""), "sex", "Nam, Nữ"),
    "unknown sex": (row("000103", sex="1"), "sex", "Nam, Nữ"),
    "unknown group": (row("000103", staff_group="thợ"), "staff_group", "Giáo viên"),
    "no group": (row("000103", staff_group=""), "staff_group", "Giáo viên"),
    "unknown status": (row("000103", status="bay"), "status", "Đang làm việc"),
    "no unit": (row("000103", unit_code=""), "unit_code", "trống"),
    "unknown unit": (row("000103", unit_code="TH9"), "unit_code", "Chưa có đơn vị TH9"),
    "no such day": (row("000103", birth_date="31/02/1985"), "birth_date", "31/02/1985"),
    "a year is no day": (row("000103", birth_date="1985"), "birth_date", "1985"),
    "two-digit year": (row("000103", birth_date="05/04/85"), "birth_date", "05/04/85"),
    "American day": (row("000103", birth_date="04/25/1985"), "birth_date", "04/25/1985"),
    "born after the list": (row("000103", birth_date="05/04/2027"), "birth_date", "năm"),
    "ends before it begins": (
        row("000103", started_on="02/09/2026", ended_on="01/09/2026"),
        "ended_on",
        "trước ngày bắt đầu",
    ),
    "bad e-mail": (row("000103", email="hanh@"), "email", "hanh@"),
    "bad phone": (row("000103", phone="hỏi văn thư"), "phone", "hỏi văn thư"),
    "code made a number": (row("7.9123E+10"), "person_code", "Văn bản"),
    "code too long": (row("x" * 41), "person_code", "40"),
    "name too long": (row("000103", "x " * 100), "full_name", "120"),
    "word too long": (row("000103", "Trần " + "x" * 61), "full_name", "dấu cách"),
    "control character": (row("000103", "Trần\x07 Hạnh"), "full_name", "ký tự"),
    "another letter case": (row("gv1"), "person_code", "GV1"),
}


class TestRejections:
    @pytest.mark.parametrize("kind", REJECTED)
    def test_names_row_and_column_and_applies_nothing(self, listed, city, kind):
        bad, column, words = REJECTED[kind]
        make_member(city.facility, code="GV1")
        before = contents()
        outcome = listed(HANH, row("000109"), bad, as_of=OCTOBER)
        assert listed.exit_code == 1
        assert rejections(outcome) == [(4, column)]
        assert words in outcome["rejected"][0]["message"]
        assert counts(outcome) == {}
        assert contents() == before

    def test_all_of_them_are_told_at_once(self, listed):
        outcome = listed(
            row("1", sex="?", birth_date="?"), row("2", unit_code="?"), row("3", staff_group="?")
        )
        assert rejections(outcome) == [
            (2, "birth_date"),
            (2, "sex"),
            (3, "unit_code"),
            (4, "staff_group"),
        ]

    def test_a_code_twice_is_refused_at_both_rows(self, listed):
        before = contents()
        outcome = listed(HANH, BINH, row("000101", "Người Khác"))
        assert rejections(outcome) == [(2, "person_code"), (4, "person_code")]
        assert "4" in outcome["rejected"][0]["message"]
        assert contents() == before

    def test_a_code_twice_in_two_units_is_refused_too(self, listed):
        outcome = listed(HANH, row("000101", unit_code="THCS2"))
        assert rejections(outcome) == [(2, "person_code"), (3, "person_code")]

    def test_the_column_is_called_as_the_file_calls_it(self, importer, city):
        header = ["Mã nhân sự", "Họ và tên", "Giới tính", "Mã đơn vị", "Nhóm"]
        rows = [header, ["01", "Trần Hạnh", "?", "TH1", "Giáo viên"]]
        assert rejections(importer("import_roster", rows)) == [(2, "Giới tính")]

    def test_a_code_that_lost_its_zeros_in_a_number_cell(self, listed, importer):
        rows = [HEADER, row(101)]
        outcome = importer.file("import_roster", xlsx_of(rows), "a.xlsx", as_of="2026-10-01")
        assert rejections(outcome) == [(2, "person_code")]
        assert "000101" in outcome["rejected"][0]["message"]

    def test_a_number_of_more_digits_than_a_cell_keeps(self, importer, city):
        content = xlsx_of([HEADER, row(12345678901234567)])
        outcome = importer.file("import_roster", content, "a.xlsx")
        assert rejections(outcome) == [(2, "person_code")]

    def test_a_unit_not_open_that_day(self, roster, city):
        make_unit("MOI", parent=city.commune, opened_on=OCTOBER)
        Unit.objects.filter(code="THCS2").update(closed_on=date(2026, 6, 30))
        outcome = roster(row("1", unit_code="MOI"), row("2", unit_code="THCS2"))
        assert rejections(outcome) == [(2, "unit_code"), (3, "unit_code")]
        assert "01/09/2026" in outcome["rejected"][0]["message"]

    def test_a_unit_of_which_nothing_is_known_that_day(self, roster, city):
        UnitVersion.objects.filter(unit=city.school).update(started_on=OCTOBER)
        assert rejections(roster(HANH)) == [(2, "unit_code")]

    def test_a_last_day_before_the_first_on_record(self, listed):
        outcome = listed(row("000101", ended_on="31/08/2026"), BINH, as_of=OCTOBER)
        assert rejections(outcome) == [(2, "ended_on")]

    def test_missing_columns_are_named(self, importer, city):
        outcome = importer("import_roster", [["person_code", "full_name"], ["1", "Trần Hạnh"]])
        assert rejections(outcome) == [(1, "sex"), (1, "staff_group"), (1, "unit_code")]

    def test_two_columns_of_one_meaning(self, importer, city):
        outcome = importer("import_roster", [[*HEADER, "Họ tên"], [*HANH, "Lê Bình"]])
        assert rejections(outcome) == [(1, "Họ tên")]

    def test_a_list_without_rows_empties_nothing(self, listed):
        before = contents()
        outcome = listed(as_of=OCTOBER)
        assert (listed.exit_code, rejections(outcome)) == (1, [(0, "")])
        assert contents() == before

    def test_a_row_cut_short(self, importer, city):
        content = csv_of([HEADER, HANH]) + b"000102,Tr\xe1\xba\xa7n"
        assert rejections(importer.file("import_roster", content, "a.csv")) == [(3, "")]

    def test_a_delimiter_inside_a_name(self, importer, city):
        content = csv_of([HEADER]) + ",".join(["000102", "Trần", *HANH[1:]]).encode()
        content += b"x"
        assert rejections(importer.file("import_roster", content, "a.csv")) == [(2, "")]

    @pytest.mark.parametrize(
        ("content", "name"),
        [
            (b"<html><table></table></html>", "a.xlsx"),
            (xlsx_of([HEADER, HANH])[:-200], "a.xlsx"),
            (csv_of([HEADER, HANH]).decode().encode("cp1252", "replace") + b"\xff", "a.csv"),
            (b"", "a.csv"),
        ],
    )
    def test_what_is_no_table_changes_nothing(self, listed, importer, content, name):
        before = contents()
        outcome = importer.file("import_roster", content, name)
        assert importer.exit_code == 1
        assert counts(outcome) == {}
        assert rejections(outcome) == [(0, "")]
        assert outcome["rejected"][0]["message"].endswith(".")
        assert contents() == before


class TestAllOrNothing:
    @pytest.mark.parametrize("statement", ["CREATE", "OPEN", "NOTE"])
    def test_a_failure_in_the_middle_leaves_nothing_behind(self, listed, monkeypatch, statement):
        before = contents()
        monkeypatch.setattr(flip, statement, "INSERT INTO nowhere")
        with pytest.raises(DatabaseError):
            listed(HANH, row("000103"), as_of=OCTOBER)
        monkeypatch.undo()
        assert contents() == before

    def test_a_listener_that_fails_takes_nothing_back(self, listed, caplog):
        """The list counts; the worker tells again, and the daily chore finds what is left."""

        def fail(**kwargs):
            raise RuntimeError("cannot decide")

        memberships_changed.connect(fail)
        try:
            assert counts(listed(HANH, BINH, row("000103"), as_of=OCTOBER))["new"] == 1
        finally:
            memberships_changed.disconnect(fail)
        assert stays("000103") == [("TH1", OCTOBER, None)]
        assert RosterImport.objects.get(as_of=OCTOBER).told_at is None

    def test_what_another_import_changed_meanwhile_is_refused_in_words(
        self, listed, city, monkeypatch
    ):
        """Known when the list was compared: nobody of that code. Then somebody else creates her."""

        def raced(*args, **kwargs):
            make_member(city.facility, code="000103")
            return original(*args, **kwargs)

        original = command.apply_checked
        monkeypatch.setattr(command, "apply_checked", raced)
        outcome = listed(HANH, BINH, row("000103"), as_of=OCTOBER)
        assert rejections(outcome) == [(0, "")]
        assert not RosterList.objects.filter(as_of=OCTOBER).exists()

    @pytest.mark.parametrize("code", ["000101", "000102", "000103"])
    def test_so_is_what_changes_in_the_very_last_moment(self, listed, city, monkeypatch, code):
        """Somebody is created, moved or renamed between the last look and the first statement."""

        def raced(*args, **kwargs):
            if code == "000103":
                make_member(city.facility, code=code)
            elif code == "000102":
                Membership.objects.filter(person__code=code).update(unit=city.facility)
            else:
                Person.objects.filter(code=code).update(given_name="Ân")
            return original(*args, **kwargs)

        original = roster_applying.put_in_force
        monkeypatch.setattr(roster_applying, "put_in_force", raced)
        outcome = listed(row("000101", "Trần Ngọc Hân"), row("000103"), as_of=OCTOBER)
        assert rejections(outcome) == [(0, "")]
        assert not RosterList.objects.filter(as_of=OCTOBER).exists()
        assert not RosterImport.objects.filter(as_of=OCTOBER).exists()

    def test_rejected_rows_leave_nothing_of_the_list_behind(self, listed):
        listed(HANH, row("000103", sex="?"), as_of=OCTOBER)
        assert not RosterImport.objects.filter(as_of=OCTOBER).exists()
        assert not RosterChange.objects.filter(roster_import__as_of=OCTOBER).exists()


class TestDryRun:
    def test_says_the_same_and_changes_nothing(self, listed):
        rows = [
            row("000101", staff_group="manager"),
            row("000103"),
            row("000104", unit_code="THCS2"),
        ]
        before = contents()
        dry = listed(*rows, as_of=OCTOBER, dry_run=True)
        assert contents() == before
        wet = listed(*rows, as_of=OCTOBER)
        assert counts(dry) == counts(wet) == {"new": 2, "changed": 1, "left": 1}

    def test_says_the_same_of_rejected_rows(self, listed):
        dry = listed(row("000103", sex="?"), dry_run=True)
        assert listed.exit_code == 1
        assert dry["rejected"] == listed(row("000103", sex="?"))["rejected"] != []


class TestTelling:
    @pytest.fixture
    def told(self, listed) -> list[set[str]]:
        heard: list[set[str]] = []

        def listen(person_ids, **kwargs):
            people = Person.objects.filter(pk__in=person_ids)
            heard.append(set(people.values_list("code", flat=True)))

        memberships_changed.connect(listen, weak=False)
        yield heard
        memberships_changed.disconnect(listen)

    def test_names_those_whose_memberships_changed(self, listed, told):
        listed(row("000101", staff_group="manager"), row("000103"), as_of=OCTOBER)
        assert told == [{"000101", "000102", "000103"}]

    def test_not_those_who_only_got_another_name(self, listed, told):
        listed(row("000101", "Trần Ngọc Hân"), BINH, as_of=OCTOBER)
        assert told == []

    def test_a_dry_run_stores_nothing(self, listed):
        before = RosterImport.objects.count()
        listed(row("000103"), as_of=OCTOBER, dry_run=True)
        assert RosterImport.objects.count() == before

    def test_nobody_in_a_dry_run(self, listed, told):
        listed(row("000103"), as_of=OCTOBER, dry_run=True)
        assert told == []


class TestMany:
    def test_a_list_of_thousands_takes_a_fixed_number_of_queries_a_thousand_rows(
        self, roster, django_assert_max_num_queries
    ):
        names = ["Trần Văn " + "abcdefghij"[n % 10] * (n // 10 % 50 + 1) for n in range(3000)]
        rows = [row(f"{n:06d}", name) for n, name in enumerate(names)]
        with django_assert_max_num_queries(120):
            assert counts(roster(*rows)) == {"new": 3000}
        with django_assert_max_num_queries(120):
            assert counts(roster(*rows[:10], as_of=OCTOBER)) == {"unchanged": 10, "left": 2990}


class TestWords:
    def run(self, folder, *rows, **options) -> str:
        path = folder / "a.csv"
        path.write_bytes(csv_of([HEADER, *rows]))
        stdout = io.StringIO()
        call_command("import_roster", str(path), stdout=stdout, **options)
        return stdout.getvalue()

    def test_without_json_a_summary_in_vietnamese(self, city, tmp_path):
        assert "Thêm mới: 1\nChuyển đơn vị: 0" in self.run(tmp_path, HANH)

    def test_a_dry_run_says_that_nothing_is_written(self, city, tmp_path):
        assert "không ghi gì" in self.run(tmp_path, HANH, dry_run=True)

    def test_without_json_rejected_rows_in_vietnamese(self, city, tmp_path):
        with pytest.raises(CommandError, match="Dòng 2, cột unit_code: Chưa có đơn vị TH9"):
            self.run(tmp_path, row("000101", unit_code="TH9"))

    def test_a_day_that_is_none_is_refused(self, city, tmp_path):
        path = tmp_path / "a.csv"
        path.write_bytes(csv_of([HEADER, HANH]))
        with pytest.raises(CommandError, match="31/02/2026"):
            call_command("import_roster", str(path), "--as-of", "31/02/2026")

    def test_sheets_that_were_not_read_are_named(self, city, tmp_path):
        path = tmp_path / "a.xlsx"
        path.write_bytes(xlsx_of([HEADER, HANH], more_sheets=["Tổ 2"]))
        stdout = io.StringIO()
        call_command("import_roster", str(path), stdout=stdout)
        assert "Tổ 2" in stdout.getvalue()
