"""The people behind a figure as a file: the same rows, the same rights, and a line in the log."""

from __future__ import annotations

import csv
import io

import pytest

from people.models import AuditEntry
from tests.factories import make_member
from tests.reports.addresses import DAY, people_address

BOM = "\ufeff"


def sheet_address(code: str, query: str = DAY, kind: str = "csv") -> str:
    return f"/manage/units/{code}/people.{kind}?{query}"


@pytest.fixture
def table(client):
    """Opens the sheet as somebody; gives its rows as dicts."""

    def _table(user, code, query=DAY):
        client.force_login(user)
        response = client.get(sheet_address(code, query))
        assert response.status_code == 200
        text = response.getvalue().decode()
        assert text.startswith(BOM)
        return list(csv.DictReader(io.StringIO(text.removeprefix(BOM)), delimiter=";"))

    return _table


@pytest.mark.usefixtures("staff")
class TestSheet:
    @pytest.mark.parametrize("filters", ["", "&done=no", "&sex=female&done=yes"])
    def test_holds_whom_the_page_holds(self, client, table, principal, filters):
        names = [row["Họ và tên"] for row in table(principal, "TH1", DAY + filters)]
        page = client.get(people_address("TH1", DAY + filters)).context["page"]
        assert names == [member.person.full_name for member in page]

    def test_says_of_everyone_how_she_stands(self, table, principal):
        rows = table(principal, "TH1")
        done = [row for row in rows if row["Kết quả"] == "Đã đạt"]
        assert len(done) == 6
        assert all(row["Ngày hoàn thành"] and not row["Ghi chú"] for row in done)
        assert "Chưa bắt đầu học." in {row["Ghi chú"] for row in rows}

    def test_masks_a_national_number(self, city, table, principal):
        make_member(city.school, code="079085001234")
        assert "079••••••234" in {row["Mã nhân sự"] for row in table(principal, "TH1")}

    def test_comes_as_a_workbook_too(self, client, principal):
        client.force_login(principal)
        response = client.get(sheet_address("TH1", kind="xlsx"))
        assert response.getvalue().startswith(b"PK")

    def test_is_logged(self, city, table, principal):
        table(principal, "TH1", f"{DAY}&done=no")
        entry = AuditEntry.objects.get(action="export")
        assert entry.subject == f"people.unit:{city.school.pk}"
        assert entry.detail == {
            "target": "CT-2027",
            "as_of": "2026-11-21",
            "people": 5,
            "filter": ["done"],
            "kind": "csv",
        }

    def test_outsiders_and_who_sees_figures_find_nothing(self, see, outsider, figures_only):
        for kind in ("csv", "xlsx"):
            see(outsider, sheet_address("TH1", kind=kind), 404)
            see(figures_only, sheet_address("TH1", kind=kind), 404)
        assert not AuditEntry.objects.filter(action="export").exists()
