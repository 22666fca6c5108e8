"""What is written for spreadsheet programs."""

from __future__ import annotations

import csv
import io
from datetime import date

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.sheets.writing import csv_lines, harmless, write_xlsx

DANGEROUS = "=+-@＝＋－＠|\t\r\n"


class TestHarmless:
    @given(st.text(max_size=20))
    def test_never_begins_like_a_formula(self, text):
        assert not str(harmless(text)).lstrip(" \u00a0").startswith(tuple(DANGEROUS))

    @pytest.mark.parametrize("text", ["Nguyễn Thị Ánh", "0912", "1-2", "a=b", ""])
    def test_leaves_other_text_alone(self, text):
        assert harmless(text) == text

    def test_leaves_numbers_and_days_alone(self):
        assert (harmless(-3), harmless(date(2026, 1, 2))) == (-3, date(2026, 1, 2))


def reopened(rows) -> list[list]:
    file = io.BytesIO()
    write_xlsx(["Mã", "Tên"], rows, to=file, sheet="Danh sách")
    sheet = openpyxl.load_workbook(io.BytesIO(file.getvalue())).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


class TestXlsx:
    def test_keeps_leading_zeros(self):
        assert reopened([["000101", "Hạnh"]]) == [["Mã", "Tên"], ["000101", "Hạnh"]]

    def test_without_rows_has_its_headings(self):
        assert reopened([]) == [["Mã", "Tên"]]

    def test_takes_rows_one_at_a_time(self):
        rows = ([str(number), "x"] for number in range(3))
        assert len(reopened(rows)) == 4


class TestCsv:
    def test_quotes_what_holds_the_delimiter(self):
        lines = list(csv_lines(["Mã", "Tên"], [["1", "a;b"], ["2", None]]))
        assert lines == ["\ufeffMã;Tên\r\n", '1;"a;b"\r\n', "2;\r\n"]

    def test_writes_days_as_in_vietnam(self):
        assert list(csv_lines(["Ngày"], [[date(2026, 4, 5)]]))[1] == "05/04/2026\r\n"

    @pytest.mark.parametrize("separator", [",", ";", "|", "\t"])
    def test_no_cell_is_a_formula_whatever_the_reader_takes_for_the_separator(self, separator):
        line = list(csv_lines(["Tên"], [['Nguyễn, =HYPERLINK("x");@a|+b\t-c An']]))[1]
        for cell in next(csv.reader([line], delimiter=separator)):
            assert not cell.lstrip(" \u00a0").startswith(tuple(DANGEROUS))
