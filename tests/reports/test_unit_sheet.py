"""The figures of a unit's page as a file: the same rows, the same rights, and a line in the log."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from people.models import AuditEntry, RosterList, UnitVersion
from tests.factories import make_member
from tests.reports.addresses import DAY

BOM = "\ufeff"


@pytest.fixture
def table(client):
    """Opens the sheet as somebody; gives its rows as dicts."""

    def _table(user, code, query=DAY):
        client.force_login(user)
        response = client.get(f"/manage/units/{code}/figures.csv?{query}")
        assert response.status_code == 200
        text = b"".join(response.streaming_content).decode()
        assert text.startswith(BOM)
        return list(csv.DictReader(io.StringIO(text.removeprefix(BOM)), delimiter=";"))

    return _table


@pytest.mark.usefixtures("staff")
class TestSheet:
    def test_begins_with_the_unit_as_a_whole(self, table, principal):
        first = table(principal, "TH1")[0]
        assert first["Chỉ tiêu"] == "CT-2027"
        assert first["Tính đến hết ngày"] == "21/11/2026"
        assert first["Đơn vị hoặc nhóm"] == "Trường Tiểu học Một"
        assert (first["Tổng số người"], first["Tổng số đã đạt"]) == ("11", "6")
        assert first["Tỷ lệ đạt (%)"] == "54,5"

    def test_holds_the_units_and_groups_of_the_page(self, client, table, city_manager):
        rows = table(city_manager, "XA1")
        page = client.get(f"/manage/units/XA1/?{DAY}").context["figures"]
        shown = [line.code for line in (*page.below, *page.groups, *page.others)]
        assert [row["Mã"] for row in rows] == ["XA1", *shown]

    def test_withholds_what_the_page_withholds(self, table, figures_only):
        rows = {row["Mã"]: row for row in table(figures_only, "XA1")}
        assert rows["XA1"]["Tổng số người"] == "20"
        for code in ("TH1", "THCS2"):
            numbers = list(rows[code].values())[5:]
            assert set(numbers) == {"được che"}

    def test_of_hidden_people_holds_no_number_at_all(self, table, figures_only):
        for row in table(figures_only, "TH1"):
            assert not {"10", "6", "4", "60,0"} & set(list(row.values())[5:])

    def test_is_in_one_language(self, client, figures_only):
        figures_only.language = "en"
        figures_only.save()
        client.force_login(figures_only)
        response = client.get(f"/manage/units/XA1/figures.csv?{DAY}")
        text = b"".join(response.streaming_content).decode()
        headings, whole, *rows = csv.reader(io.StringIO(text.removeprefix(BOM)), delimiter=";")
        assert [headings[0], headings[2], whole[2]] == ["Target", "Table", "Whole unit"]
        assert {row[2] for row in rows} >= {"Units below"}
        assert "được che" not in text

    def test_holds_no_formula(self, table, city, city_manager):
        UnitVersion.objects.filter(unit=city.school).update(name="=HYPERLINK(1)")
        names = [row["Đơn vị hoặc nhóm"] for row in table(city_manager, "XA1")]
        assert "'=HYPERLINK(1)" in names

    def test_is_logged(self, table, city, principal):
        table(principal, "TH1")
        entry = AuditEntry.objects.get()
        assert (entry.action, entry.actor) == ("export", principal)
        assert entry.subject == f"people.unit:{city.school.pk}"
        assert entry.detail == {"target": "CT-2027", "as_of": "2026-11-21", "kind": "csv"}

    def test_is_offered_on_the_page(self, see, principal):
        assert f"/manage/units/TH1/figures.csv?target=CT-2027&amp;{DAY}" in see(
            principal, f"/manage/units/TH1/?{DAY}"
        )

    def test_outsiders_find_nothing_and_nothing_is_logged(self, see, learner, outsider):
        see(outsider, f"/manage/units/TH1/figures.csv?{DAY}", 404)
        see(learner.user, f"/manage/units/TH1/figures.csv?{DAY}", 403)
        assert not AuditEntry.objects.filter(action="export").exists()


def test_before_the_first_list_there_is_no_sheet(see, city, target, principal):
    make_member(city.school)
    RosterList.objects.update(as_of=date(2026, 1, 1))
    see(principal, "/manage/units/TH1/figures.csv?as_of=2025-12-31", 404)


def test_without_a_target_there_is_no_sheet(see, principal):
    see(principal, "/manage/units/TH1/figures.csv", 404)
