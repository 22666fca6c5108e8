import json
from datetime import date
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command
from openpyxl import Workbook

from certificates.models import Certificate
from certificates.services import recording
from people.models import Person
from tests.certificates.builders import make_short_course
from tests.factories import PersonFactory

HEADER = "person_code,course_code,completed_on,number,issuer,hours,valid_until,modules"
ROW = "000101,BVTE,20/11/2016,15/2016/GCN,Phòng GDĐT,40,31/12/2026,KH1; KH6"


@pytest.fixture
def course(db):
    return make_short_course(title="Bảo vệ trẻ em", validity_months=12)


@pytest.fixture
def record(tmp_path):
    """Runs the command on lines of CSV, or on a file; returns its exit code and its JSON."""

    def run(*lines, file=None, options=(), header=HEADER):
        if file is None:
            file = tmp_path / "ghi-nhan.csv"
            file.write_text("\n".join([header, *lines]), encoding="utf-8-sig")
        out = StringIO()
        try:
            call_command("import_records", str(file), "--json", *options, stdout=out)
            code = 0
        except SystemExit as stop:
            code = stop.code
        return code, json.loads(out.getvalue())

    return run


def rejected_columns(report):
    return [(each["row"], each["column"]) for each in report["rejected"]]


@pytest.mark.usefixtures("course")
class TestRecordedTraining:
    def test_says_what_the_paper_says(self, record, learner):
        assert record(ROW) == (0, {"new": 1, "unchanged": 0, "rejected": []})
        certificate = Certificate.objects.get()
        assert certificate.person == learner
        assert certificate.person_name == "Trần Ngọc Hạnh"
        assert certificate.unit_name == "Trường Tiểu học Một"
        assert (certificate.number, certificate.issuer) == ("15/2016/GCN", "Phòng GDĐT")
        assert (certificate.periods, certificate.valid_until) == (40, date(2026, 12, 31))
        assert [module.code for module in certificate.modules.all()] == ["KH1", "KH6"]
        assert certificate.completion is None
        assert certificate.vouched_by is None

    def test_counts_like_our_own(self, record, learner):
        record(ROW)
        assert learner.certificates.valid_on(date(2016, 11, 20)).exists()
        assert not learner.certificates.valid_on(date(2016, 11, 19)).exists()

    def test_without_a_last_day_lapses_as_the_course_has_it(self, record, learner):
        record("000101,BVTE,2016-11-20,15,Phòng GDĐT,,,")
        assert Certificate.objects.get().valid_until == date(2017, 11, 20)

    def test_needs_neither_number_nor_hours_nor_modules(self, record, learner):
        header = "person_code,course_code,completed_on,issuer"
        code, _report = record("000101,BVTE,2016-11-20,Phòng GDĐT", header=header)
        assert code == 0
        assert Certificate.objects.get().periods == 0

    def test_met_again_is_left_as_it_is(self, record, learner):
        record(ROW)
        assert record(ROW) == (0, {"new": 0, "unchanged": 1, "rejected": []})
        assert Certificate.objects.count() == 1

    def test_twice_in_one_file_is_recorded_once(self, record, learner):
        assert record(ROW, ROW)[1] == {"new": 1, "unchanged": 1, "rejected": []}

    @pytest.mark.parametrize(
        "other",
        [
            ROW.replace("20/11/2016", "21/11/2016"),
            ROW.replace("15/2016/GCN", "16/2016/GCN"),
            ROW.replace("Phòng GDĐT", "Sở GDĐT"),
        ],
    )
    def test_on_another_day_or_paper_is_another(self, record, learner, other):
        record(ROW)
        assert record(other)[1]["new"] == 1

    def test_reads_vietnamese_headers(self, record, learner):
        header = "Mã cán bộ,Mã khóa,Ngày hoàn thành,Số vào sổ,Cơ quan cấp,Số tiết"
        code, _report = record("000101,bvte,20/11/2016,15,Phòng GDĐT,40", header=header)
        assert code == 0
        assert Certificate.objects.get().periods == 40

    def test_reads_a_workbook(self, record, learner, tmp_path):
        book = Workbook()
        book.active.append(HEADER.split(","))
        book.active.append(["000101", "BVTE", date(2016, 11, 20), 15, "Phòng GDĐT", 40])
        book.save(tmp_path / "a.xlsx")
        assert record(file=tmp_path / "a.xlsx")[1]["new"] == 1
        assert Certificate.objects.get().number == "15"

    def test_takes_names_for_text_whatever_they_begin_with(self, record, learner):
        record("000101,BVTE,20/11/2016,=1+1,@Phòng,40,,")
        assert Certificate.objects.get().number == "=1+1"

    def test_of_a_dry_run_is_only_counted(self, record, learner):
        assert record(ROW, options=["--dry-run"])[1]["new"] == 1
        assert not Certificate.objects.exists()


@pytest.mark.usefixtures("course")
class TestTwoAtOnce:
    def test_the_second_ends_in_a_message(self, record, learner, monkeypatch):
        """It looked before the first had written."""
        write = recording._write

        def overtaken(drafts):
            write(drafts)
            for certificate, _modules in drafts:
                certificate.pk = uuid4()  # as the other import made its own
            write(drafts)

        monkeypatch.setattr(recording, "_write", overtaken)
        exit_code, report = record(ROW)
        assert exit_code == 1
        assert rejected_columns(report) == [(0, "")]
        assert "nhập lại" in report["rejected"][0]["message"]
        assert not Certificate.objects.exists()


@pytest.mark.usefixtures("course")
class TestRejectedRecords:
    def test_one_bad_row_keeps_all_out(self, record, learner):
        code, report = record(ROW, ROW.replace("000101", "999999"))
        assert code == 1
        assert (report["new"], rejected_columns(report)) == (0, [(3, "person_code")])
        assert "999999" in report["rejected"][0]["message"]
        assert not Certificate.objects.exists()

    @pytest.mark.parametrize(
        ("was", "becomes", "column"),
        [
            ("000101", "101", "person_code"),
            ("BVTE", "KHAC", "course_code"),
            ("20/11/2016", "31/02/2016", "completed_on"),
            ("20/11/2016", "", "completed_on"),
            ("20/11/2016", "20/11/2999", "completed_on"),
            ("Phòng GDĐT", "", "issuer"),
            ("40", "nhiều", "hours"),
            ("31/12/2026", "31/12/2015", "valid_until"),
            ("KH6", "KH7", "modules"),
        ],
    )
    def test_each_fault_names_its_row_and_column(self, record, learner, was, becomes, column):
        if column == "completed_on" and "2999" in becomes:
            becomes = f"20/11/{date.today().year + 1}"
        code, report = record(ROW.replace(was, becomes))
        assert code == 1
        assert (2, column) in rejected_columns(report)
        assert not Certificate.objects.exists()

    def test_the_column_is_called_as_in_the_file(self, record, learner):
        header = "Mã cán bộ,Mã khóa,Ngày hoàn thành,Cơ quan cấp"
        _code, report = record("999999,BVTE,20/11/2016,Phòng", header=header)
        assert rejected_columns(report) == [(2, "Mã cán bộ")]

    def test_a_missing_column_is_named(self, record, learner):
        code, report = record("000101,BVTE", header="person_code,course_code")
        assert code == 1
        assert {column for _row, column in rejected_columns(report)} >= {"completed_on", "issuer"}

    def test_a_file_that_is_no_sheet_is_refused(self, record, tmp_path):
        (tmp_path / "a.xlsx").write_bytes(b"%PDF-1.7 ...")
        code, report = record(file=tmp_path / "a.xlsx")
        assert code == 1
        assert report["rejected"][0]["message"]

    def test_without_json_the_rows_go_to_standard_error(self, learner, tmp_path, course):
        (tmp_path / "a.csv").write_text(f"{HEADER}\n{ROW.replace('000101', '9')}")
        err = StringIO()
        with pytest.raises(SystemExit):
            call_command("import_records", str(tmp_path / "a.csv"), stderr=err)
        assert "Dòng 2" in err.getvalue()


@pytest.mark.usefixtures("course")
def test_a_long_file_takes_few_queries(record, city, django_assert_max_num_queries):
    people = PersonFactory.create_batch(120)
    assert Person.objects.count() == 120
    lines = [ROW.replace("000101", person.code) for person in people]
    with django_assert_max_num_queries(12):
        assert record(*lines)[1]["new"] == 120
