"""The screens of reports: a principal writes and sends, the office answers and consolidates."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from people.models import AuditEntry
from reports.models import Report
from reports.queries.filing import Term
from reports.services.filing import draft_report, submit_report
from tests.factories import make_account, make_scope

TODAY = timezone.localdate()
YEAR = TODAY.year
TERM = Term.of_year(YEAR)


@pytest.fixture
def chief(city):
    user = make_account(username="truongphong")
    make_scope(user, city.office)
    return user


@pytest.fixture
def draft(staff, city, principal):
    report = draft_report(city.school, TERM, by=principal, at=timezone.now())
    Report.objects.update(as_of=min(date(YEAR, 10, 31), TODAY))
    return report


@pytest.fixture
def send(client):
    """Send something as somebody; gives the response after all redirects."""

    def _send(user, address, status=200, **said):
        client.force_login(user)
        response = client.post(address, said, follow=True)
        assert response.status_code == status, (address, response.status_code)
        return response

    return _send


def page_of(report) -> str:
    return f"/manage/reports/{report.pk}/"


class TestTheWay:
    def test_from_a_draft_over_a_return_to_the_consolidated_report(
        self, staff, city, principal, chief, send, see
    ):
        said = send(
            principal, "/manage/reports/new/", unit="TH1", kind="annual", year=str(YEAR)
        ).content.decode()
        report = Report.objects.get()
        assert "Bảng 1. Kết quả theo nhóm nhân sự" in said
        send(principal, f"{page_of(report)}edit/", **filled(report, plans="Bồi dưỡng tiếp"))
        assert "Bồi dưỡng tiếp" in see(principal, page_of(report))
        send(principal, page_of(report), action="submit")
        see(chief, page_of(report))
        send(chief, page_of(report), action="return", comment="Thiếu mục III")
        assert "Thiếu mục III" in see(principal, page_of(report))
        send(principal, page_of(report), action="amend")
        again = Report.objects.get(version=2)
        send(principal, page_of(again), action="submit")
        send(chief, page_of(again), action="accept")
        send(chief, "/manage/reports/new/", unit="PGD", kind="annual", year=str(YEAR))
        office = Report.objects.get(unit=city.office)
        send(chief, page_of(office), action="consolidate")
        send(chief, page_of(office), action="submit")
        states = Report.objects.order_by("pk").values_list("unit__code", "version", "state")
        assert list(states) == [
            ("TH1", 1, "returned"),
            ("TH1", 2, "accepted"),
            ("PGD", 1, "submitted"),
        ]
        acts = AuditEntry.objects.filter(action__startswith="report.").order_by("pk")
        assert [each.action for each in acts] == [
            "report.submitted",
            "report.returned",
            "report.amended",
            "report.submitted",
            "report.accepted",
            "report.consolidated",
            "report.submitted",
        ]


class TestEditing:
    def test_keeps_units_outside_and_says_what_is_wrong_with_them(self, draft, principal, send):
        address = f"{page_of(draft)}edit/"
        row = {"outside-0-name": "Nhóm trẻ Hoa", "outside-0-required_female": "4"}
        wrong = send(principal, address, **filled(draft), **row, **{"outside-0-complete_female": 5})
        assert "Không thể nhiều hơn tổng số" in wrong.content.decode()
        assert not draft.outside_rows.exists()
        send(principal, address, **filled(draft), **row)
        assert draft.outside_rows.get().required_female == 4
        send(principal, address, **filled(draft, **{"outside-INITIAL_FORMS": "1"}),
             **{"outside-0-name": ""})  # fmt: skip
        assert not draft.outside_rows.exists()

    def test_of_a_sent_one_leads_back(self, draft, principal, send):
        submit_report(draft, by=principal, at=timezone.now())
        said = send(principal, f"{page_of(draft)}edit/", **filled(draft, plans="Đổi"))
        assert "không sửa được nữa" in said.content.decode()
        draft.refresh_from_db()
        assert draft.sections == {}

    def test_is_not_the_receivers(self, draft, principal, chief, send):
        send(chief, f"{page_of(draft)}edit/", status=404, **filled(draft))
        submit_report(draft, by=principal, at=timezone.now())
        send(chief, f"{page_of(draft)}edit/", status=404, **filled(draft))

    @pytest.mark.parametrize(
        ("said", "message"),
        [
            ({"unit": "THCS2"}, "Không có đơn vị nào mang mã này"),
            ({"year": str(YEAR + 1)}, "Năm này chưa đến"),
            ({"kind": "period"}, "Hãy ghi năm đầu"),
        ],
    )
    def test_begins_with_a_unit_and_a_year_of_hers(self, staff, principal, send, said, message):
        asked = {"unit": "TH1", "kind": "annual", "year": str(YEAR), **said}
        assert message in send(principal, "/manage/reports/new/", **asked).content.decode()
        assert not Report.objects.exists()

    def test_begins_a_report_of_several_years(self, staff, principal, send):
        send(principal, "/manage/reports/new/", unit="TH1", kind="period", first_year="2016",
             year=str(YEAR))  # fmt: skip
        assert Report.objects.get().started_on == date(2016, 1, 1)


class TestList:
    def test_says_how_many_and_who(self, draft, principal, chief, see):
        submit_report(draft, by=principal, at=timezone.now())
        said = see(chief, f"/manage/reports/?year={YEAR}")
        assert f"<h1>Báo cáo năm {YEAR}</h1>" in said
        assert f"/manage/reports/new/?year={YEAR}" in said
        assert "Đã gửi 1/4" in said
        assert "Chờ tiếp nhận" in said
        assert "Trường THCS Hai" not in see(chief, "/manage/reports/?standing=submitted")

    def test_holds_only_what_is_in_reach(self, draft, principal, outsider, see, figures_only):
        assert "Trường Tiểu học Một" not in see(outsider, "/manage/reports/")
        see(figures_only, "/manage/reports/", 403)

    def test_costs_a_fixed_number_of_queries(
        self, draft, city_manager, client, django_assert_max_num_queries
    ):
        client.force_login(city_manager)
        with django_assert_max_num_queries(11):
            client.get("/manage/reports/")


class TestFiles:
    @pytest.mark.parametrize("kind", ["docx", "pdf", "xlsx"])
    def test_are_taken_along_and_logged(self, draft, principal, client, kind):
        client.force_login(principal)
        response = client.get(f"{page_of(draft)}report.{kind}")
        assert response["Content-Disposition"] == (
            f'attachment; filename="bao-cao-TH1-{YEAR}-lan-1.{kind}"'
        )
        entry = AuditEntry.objects.get(action="export")
        assert entry.detail == {"kind": kind, "version": 1}

    def test_are_not_an_outsiders(self, draft, principal, outsider, figures_only, client):
        submit_report(draft, by=principal, at=timezone.now())
        for stranger, status in ((outsider, 404), (figures_only, 403)):
            client.force_login(stranger)
            assert client.get(f"{page_of(draft)}report.docx").status_code == status


def filled(report, **said) -> dict[str, str]:
    return {
        "target": str(report.target_id),
        "as_of": f"{min(date(YEAR, 10, 31), TODAY):%d/%m/%Y}",
        "outside-TOTAL_FORMS": "3",
        "outside-INITIAL_FORMS": "0",
        **said,
    }
