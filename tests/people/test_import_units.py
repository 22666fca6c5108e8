"""`import_units`: units as they stand on a day."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from people.models import Unit, UnitClosure
from people.services.unit_lists import UnitsOutcome, import_units
from people.sheets import read_sheet
from people.signals import memberships_changed
from tests.blocking import LONGEST, ROW_LOCKS, blocked
from tests.factories import make_member
from tests.people.importing import Importer, contents, counts, importer, rejections
from tests.people.sheet_builders import csv_of, ods_of, xlsx_of

__all__ = ["importer"]

HEADER = ["code", "name", "kind", "parent_code", "sector", "opened_on", "closed_on"]
CITY = ["TP", "Thành phố", "city", "", "education", "01/01/2010", ""]
COMMUNE = ["XA1", "Xã Một", "commune", "TP", "education", "01/01/2010", ""]
SCHOOL = ["079001", "Trường Tiểu học Một", "primary", "XA1", "education", "05/09/2012", ""]
LIST = [HEADER, CITY, COMMUNE, SCHOOL]
FIRST_OF_JULY = date(2025, 7, 1)
TODAY = date(2026, 11, 22)


def but(row: list, **changes) -> list:
    return [changes.get(name, value) for name, value in zip(HEADER, row, strict=True)]


@pytest.fixture
def known(db, importer) -> Importer:
    """The list without a day has been imported."""
    importer("import_units", LIST)
    return importer


def names(code: str) -> list[tuple[str, date, date | None]]:
    versions = Unit.objects.get(code=code).versions.order_by("started_on")
    return list(versions.values_list("name", "started_on", "ended_on"))


def codes_below(unit: Unit, day: date) -> set[str]:
    return set(Unit.objects.below(unit, on=day).values_list("code", flat=True))


class TestFirstList:
    def test_makes_units_and_their_tree(self, db, importer):
        outcome = importer("import_units", LIST)
        assert counts(outcome) == {"new": 3}
        assert outcome["rejected"] == []
        assert importer.exit_code == 0
        root = Unit.objects.get(code="TP")
        below = Unit.objects.below(root, on=date(2020, 1, 1))
        assert set(below.values_list("code", flat=True)) == {"TP", "XA1", "079001"}

    def test_without_a_day_facts_hold_from_the_opening(self, known):
        assert names("079001") == [("Trường Tiểu học Một", date(2012, 9, 5), None)]

    def test_with_a_day_facts_hold_from_that_day(self, db, importer):
        importer("import_units", LIST, as_of="2025-07-01")
        assert names("079001") == [("Trường Tiểu học Một", FIRST_OF_JULY, None)]
        assert Unit.objects.get(code="079001").opened_on == date(2012, 9, 5)

    def test_with_a_day_the_opening_may_be_unknown(self, db, importer):
        importer("import_units", [HEADER, but(CITY, opened_on="")], as_of="01/07/2025")
        assert Unit.objects.get().opened_on == FIRST_OF_JULY

    def test_parents_may_stand_below_their_children(self, db, importer):
        assert counts(importer("import_units", [HEADER, SCHOOL, COMMUNE, CITY])) == {"new": 3}

    def test_vietnamese_headers_and_values_are_understood(self, db, importer):
        header = ["Mã đơn vị", "Tên đơn vị", "Loại", "Mã đơn vị cấp trên", "Ngành",
                  "Ngày thành lập", "Ngày cuối cùng"]  # fmt: skip
        rows = [
            header,
            but(CITY, kind="Thành phố", sector="Giáo dục"),
            but(SCHOOL, kind="THCS", sector="GIÁO DỤC", parent_code="TP"),
            but(SCHOOL, code="BT", kind="Cơ sở bảo trợ xã hội", sector="Lao động - xã hội",
                parent_code="TP"),
        ]  # fmt: skip
        assert counts(importer("import_units", rows)) == {"new": 3}
        versions = [Unit.objects.get(code=c).versions.get() for c in ("TP", "079001", "BT")]
        assert [(v.kind, v.sector) for v in versions] == [
            ("city", "education"),
            ("lower_secondary", "education"),
            ("social_facility", "social"),
        ]

    @pytest.mark.parametrize(("build", "name"), [(xlsx_of, "a.xlsx"), (ods_of, "a.ods")])
    def test_workbooks_are_read_and_codes_keep_their_zeros(self, db, importer, build, name):
        importer.file("import_units", build(LIST), name)
        assert Unit.objects.filter(code="079001").exists()

    def test_a_blank_sector_follows_from_the_kind_of_school_and_else_is_of_both(self, db, importer):
        rows = [
            HEADER,
            but(CITY, sector=""),
            but(SCHOOL, code="A", parent_code="TP", sector=""),
            but(SCHOOL, code="B", parent_code="TP", kind="social_facility", sector=""),
            but(SCHOOL, code="C", parent_code="TP", kind="office", sector=""),
        ]
        importer("import_units", rows)
        assert [unit.versions.get().sector for unit in Unit.objects.order_by("code")] == [
            "education",
            "social",
            "",
            "",
        ]

    def test_a_unit_that_is_no_more_keeps_its_past(self, db, importer):
        closed = but(COMMUNE, code="CU", closed_on="30/06/2025")
        importer("import_units", [*LIST, closed], as_of="2026-01-01")
        assert names("CU") == [("Xã Một", date(2010, 1, 1), date(2025, 6, 30))]


class TestNextList:
    def test_the_same_again_changes_nothing(self, known):
        before = contents()
        assert counts(known("import_units", LIST)) == {"unchanged": 3}
        assert contents() == before

    def test_what_differs_becomes_a_new_version_from_that_day(self, known):
        row = but(SCHOOL, name="Trường Tiểu học Mới")
        assert counts(known("import_units", [HEADER, row], as_of="2025-07-01")) == {"changed": 1}
        assert names("079001") == [
            ("Trường Tiểu học Một", date(2012, 9, 5), date(2025, 6, 30)),
            ("Trường Tiểu học Mới", FIRST_OF_JULY, None),
        ]

    def test_the_same_again_for_that_day_changes_nothing(self, known):
        rows = [HEADER, but(SCHOOL, name="Trường Tiểu học Mới")]
        known("import_units", rows, as_of="2025-07-01")
        before = contents()
        assert counts(known("import_units", rows, as_of="2025-07-01")) == {"unchanged": 1}
        assert contents() == before

    def test_without_a_day_what_differs_is_put_right_from_the_opening(self, known):
        known("import_units", [HEADER, but(SCHOOL, name="Trường Tiểu học Mới")])
        assert names("079001") == [("Trường Tiểu học Mới", date(2012, 9, 5), None)]

    def test_units_left_out_stay(self, known):
        known("import_units", [HEADER, CITY])
        assert Unit.objects.filter(closed_on__isnull=True).count() == 3

    def test_blank_sector_and_days_say_nothing(self, known):
        before = contents()
        row = but(SCHOOL, sector="", opened_on="")
        assert counts(known("import_units", [HEADER, row])) == {"unchanged": 1}
        assert contents() == before

    def test_an_earlier_opening_is_taken(self, known):
        row = but(SCHOOL, opened_on="05/09/2011")
        assert counts(known("import_units", [HEADER, row])) == {"changed": 1}
        assert Unit.objects.get(code="079001").opened_on == date(2011, 9, 5)

    @pytest.mark.parametrize("as_of", ["2025-07-01", None])
    def test_what_held_from_the_opening_holds_from_an_earlier_one(self, known, as_of):
        row = but(SCHOOL, opened_on="05/09/2011")
        known("import_units", [HEADER, row], **({"as_of": as_of} if as_of else {}))
        assert names("079001") == [("Trường Tiểu học Một", date(2011, 9, 5), None)]
        commune = Unit.objects.get(code="XA1")
        assert "079001" in codes_below(commune, date(2011, 9, 5))

    def test_what_was_not_known_of_the_opening_is_not_known_of_an_earlier_one(self, db, importer):
        importer("import_units", LIST, as_of="2025-07-01")
        row = but(SCHOOL, opened_on="05/09/2011")
        importer("import_units", [HEADER, row], as_of="2025-07-01")
        assert names("079001") == [("Trường Tiểu học Một", FIRST_OF_JULY, None)]

    def test_a_move_counts_below_the_new_parent_from_that_day(self, known):
        other = but(COMMUNE, code="XA2")
        moved = but(SCHOOL, parent_code="XA2")
        known("import_units", [HEADER, other, moved], as_of="2025-07-01")
        school, one, two = (Unit.objects.get(code=c) for c in ("079001", "XA1", "XA2"))
        june = Unit.objects.below(one, on=date(2025, 6, 30))
        assert school in june
        assert school not in Unit.objects.below(one, on=FIRST_OF_JULY)
        assert school in Unit.objects.below(two, on=FIRST_OF_JULY)


class TestMerger:
    """1 July 2025: two communes become one."""

    SUCCESSOR = but(COMMUNE, code="XAM", name="Xã Mới", opened_on="01/07/2025")
    MOVED = but(SCHOOL, parent_code="XAM")
    ENDED = but(COMMUNE, closed_on="30/06/2025")

    def test_one_file_closes_what_it_empties(self, known):
        make_member(Unit.objects.get(code="079001"))
        rows = [HEADER, self.ENDED, self.SUCCESSOR, self.MOVED]
        outcome = known("import_units", rows, as_of="2025-07-01")
        assert counts(outcome) == {"new": 1, "changed": 1, "closed": 1}
        assert Unit.objects.get(code="XA1").closed_on == date(2025, 6, 30)
        closure = UnitClosure.objects.filter(ancestor__code="XA1", unit__code="079001").get()
        assert closure.ended_on == date(2025, 6, 30)

    def test_the_same_file_again_changes_nothing(self, known):
        rows = [HEADER, self.ENDED, self.SUCCESSOR, self.MOVED]
        known("import_units", rows, as_of="2025-07-01")
        before = contents()
        assert counts(known("import_units", rows, as_of="2025-07-01")) == {"unchanged": 3}
        assert contents() == before

    def test_closing_is_refused_while_units_stay(self, known):
        outcome = known("import_units", [HEADER, self.SUCCESSOR, self.ENDED], as_of="2025-07-01")
        assert rejections(outcome) == [(3, "closed_on")]
        assert "trực thuộc" in outcome["rejected"][0]["message"]

    def test_closing_is_refused_while_people_stay(self, known):
        make_member(Unit.objects.get(code="XA1"))
        rows = [HEADER, self.SUCCESSOR, self.MOVED, self.ENDED]
        outcome = known("import_units", rows, as_of="2025-07-01")
        assert rejections(outcome) == [(4, "closed_on")]
        assert "còn 1 người" in outcome["rejected"][0]["message"]
        assert not Unit.objects.filter(code="XAM").exists()

    def test_a_closed_unit_that_stands_changed_in_a_later_list_is_refused(self, known):
        rows = [HEADER, self.ENDED, self.SUCCESSOR, self.MOVED]
        known("import_units", rows, as_of="2025-07-01")
        again = but(COMMUNE, name="Xã Một mới")
        outcome = known("import_units", [HEADER, again], as_of="2026-01-01")
        assert rejections(outcome) == [(2, "closed_on")]


REJECTED = {
    "unknown kind": (but(SCHOOL, kind="lâu đài"), "kind", "lâu đài"),
    "unknown sector": (but(SCHOOL, sector="y tế"), "sector", "y tế"),
    "bad day": (but(SCHOOL, opened_on="31/02/2020"), "opened_on", "31/02/2020"),
    "no name": (but(SCHOOL, name=" "), "name", "trống"),
    "no code": (but(SCHOOL, code=""), "code", "trống"),
    "code too long": (but(SCHOOL, code="x" * 41), "code", "40"),
    "code made a number": (but(SCHOOL, code="7,9E+10"), "code", "Văn bản"),
    "unknown parent": (but(SCHOOL, parent_code="XA9"), "parent_code", "XA9"),
    "its own parent": (but(SCHOOL, parent_code="079001"), "parent_code", "chính mình"),
    "closed before it opened": (but(SCHOOL, closed_on="01/01/2000"), "closed_on", "trước"),
    "new without a day": (but(SCHOOL, code="MOI", opened_on=""), "opened_on", "ngày thành lập"),
    "opened later than known": (but(SCHOOL, opened_on="01/01/2020"), "opened_on", "05/09/2012"),
    "closed before it was known": (
        but(SCHOOL, opened_on="", closed_on="01/01/2011"),
        "closed_on",
        "05/09/2012",
    ),
    "second root": (but(SCHOOL, parent_code=""), "parent_code", "079001, TP"),
    "circle": (but(COMMUNE, parent_code="079001"), "parent_code", "vòng"),
}


class TestRejections:
    @pytest.mark.parametrize("kind", REJECTED)
    def test_names_row_and_column_and_applies_nothing(self, known, kind):
        row, column, words = REJECTED[kind]
        before = contents()
        outcome = known("import_units", [HEADER, but(CITY, name="Tên mới"), row])
        assert known.exit_code == 1
        assert (3, column) in rejections(outcome)
        assert any(words in each["message"] for each in outcome["rejected"])
        assert counts(outcome) == {}
        assert contents() == before

    def test_all_of_them_are_told_at_once(self, known):
        rows = [HEADER, but(CITY, kind="?", opened_on="?"), but(SCHOOL, parent_code="XA9")]
        outcome = known("import_units", rows)
        assert rejections(outcome) == [(2, "kind"), (2, "opened_on"), (3, "parent_code")]

    def test_a_code_twice_is_refused_at_both_rows(self, known):
        outcome = known("import_units", [HEADER, SCHOOL, CITY, SCHOOL])
        assert rejections(outcome) == [(2, "code"), (4, "code")]

    def test_a_parent_closed_before(self, known):
        known("import_units", [*LIST[:2], but(COMMUNE, code="CU", closed_on="31/12/2014")])
        row = but(SCHOOL, parent_code="CU")
        outcome = known("import_units", [HEADER, row], as_of="2025-07-01")
        assert rejections(outcome) == [(2, "parent_code")]
        assert "31/12/2014" in outcome["rejected"][0]["message"]

    def test_a_parent_not_yet_open_on_the_day(self, known):
        new = but(COMMUNE, code="XAM", opened_on="01/07/2026")
        rows = [HEADER, new, but(SCHOOL, parent_code="XAM")]
        outcome = known("import_units", rows, as_of="2025-07-01")
        assert rejections(outcome) == [(3, "parent_code")]

    def test_no_root_at_all(self, db, importer):
        rows = [HEADER, but(CITY, parent_code="XA1"), COMMUNE]
        outcome = importer("import_units", rows)
        assert importer.exit_code == 1
        assert (0, "parent_code") in rejections(outcome)
        assert not Unit.objects.exists()

    def test_a_missing_column_is_named(self, db, importer):
        outcome = importer("import_units", [HEADER[:3], CITY[:3]])
        assert rejections(outcome) == [(1, "parent_code")]

    def test_what_is_no_table(self, db, importer):
        outcome = importer.file("import_units", b"<html></html>", "a.xlsx")
        assert importer.exit_code == 1
        assert outcome == {
            "new": 0, "changed": 0, "unchanged": 0, "closed": 0, "rejected": outcome["rejected"],
        }  # fmt: skip
        assert rejections(outcome) == [(0, "")]


class TestDryRun:
    def test_says_the_same_and_changes_nothing(self, known):
        rows = [HEADER, but(SCHOOL, name="Mới"), but(COMMUNE, code="XA2")]
        before = contents()
        dry = known("import_units", rows, as_of="2025-07-01", dry_run=True)
        assert contents() == before
        wet = known("import_units", rows, as_of="2025-07-01")
        assert counts(dry) == counts(wet) == {"new": 1, "changed": 1}

    def test_says_the_same_of_rejected_rows(self, known):
        rows = [HEADER, but(SCHOOL, parent_code="")]
        dry = known("import_units", rows, dry_run=True)
        assert known.exit_code == 1
        assert dry["rejected"] == known("import_units", rows)["rejected"] != []


class TestTelling:
    """Whoever decides runs hears of people from whom something else may now be asked."""

    @pytest.fixture
    def told(self, known) -> list[set[int]]:
        heard: list[set[int]] = []

        def listen(person_ids, **kwargs):
            heard.append(set(person_ids))

        memberships_changed.connect(listen, weak=False)
        yield heard
        memberships_changed.disconnect(listen)

    def test_people_of_a_unit_of_another_kind(self, known, told):
        person = make_member(Unit.objects.get(code="079001"))
        make_member(Unit.objects.get(code="XA1"))
        row = but(SCHOOL, kind="multi_level")
        known("import_units", [HEADER, row], as_of="2025-07-01")
        assert told == [{person.pk}]

    def test_people_below_a_unit_that_moved(self, known, told):
        person = make_member(Unit.objects.get(code="079001"))
        known("import_units", [HEADER, but(COMMUNE, code="XA2")])
        known("import_units", [HEADER, but(COMMUNE, parent_code="XA2")], as_of="2025-07-01")
        assert told == [{person.pk}]

    def test_not_of_a_mere_renaming_nor_of_a_dry_run(self, known, told):
        make_member(Unit.objects.get(code="079001"))
        known("import_units", [HEADER, but(SCHOOL, name="Mới")], as_of="2025-07-01")
        row = but(SCHOOL, kind="multi_level")
        known("import_units", [HEADER, row], as_of="2025-07-01", dry_run=True)
        assert told == []


class TestWords:
    def test_without_json_a_summary_in_vietnamese(self, db, tmp_path):
        path = tmp_path / "a.csv"
        path.write_bytes(csv_of(LIST))
        stdout = io.StringIO()
        call_command("import_units", str(path), stdout=stdout)
        assert "Thêm mới: 3" in stdout.getvalue()

    def test_without_json_rejected_rows_in_vietnamese(self, db, tmp_path):
        path = tmp_path / "a.csv"
        path.write_bytes(csv_of([HEADER, CITY, but(SCHOOL, kind="?")]))
        with pytest.raises(CommandError, match=r"Dòng 3, cột kind: Không hiểu “\?”"):
            call_command("import_units", str(path))


class TestWhatWasSeen:
    """The outcome that was shown is the one that is kept, or none."""

    ROWS = [HEADER, but(SCHOOL, name="Trường Tiểu học Mới")]

    def brought(self, **options) -> UnitsOutcome:
        sheet = read_sheet(csv_of(self.ROWS), name="ds.csv")
        return import_units(sheet, today=TODAY, as_of=FIRST_OF_JULY, **options)

    def test_is_done(self, known):
        outcome = self.brought(seen=self.brought(is_dry_run=True).fingerprint)
        assert not outcome.has_changed
        assert names("079001")[-1] == ("Trường Tiểu học Mới", FIRST_OF_JULY, None)

    def test_is_not_done_once_it_comes_to_something_else(self, known):
        seen = self.brought(is_dry_run=True).fingerprint
        known("import_units", [HEADER, but(SCHOOL, name="Tên khác")], as_of="2025-07-01")
        before = contents()
        assert self.brought(seen=seen).has_changed
        assert contents() == before


@ROW_LOCKS
@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_a_list_takes_its_turn_as_every_other_act_on_units_does(city):
    """While it waits for the first unit it holds no later one; codes stand in another order."""
    sheet = read_sheet(csv_of([HEADER]), name="ds.csv")
    with transaction.atomic():
        Unit.objects.select_for_update().get(pk=city.root.pk)
        other = blocked(lambda: import_units(sheet, today=TODAY))
        assert Unit.objects.select_for_update(nowait=True).get(pk=city.facility.pk)
    assert other.result(timeout=LONGEST).rejected
