"""Lists of people as files: whose, of whom, what an import makes of them, and who is told."""

from __future__ import annotations

import csv
import io
from datetime import date

import openpyxl
import pytest
import time_machine
from django.utils import timezone

from people.models import AuditEntry, Membership
from people.services.roster_lists import import_roster
from people.sheets import read_sheet
from tests.factories import make_account, make_member, make_scope
from tests.people.requesting import make_correction, make_listing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_november")]
TODAY = date(2026, 11, 22)
BOM = "\ufeff"


@pytest.fixture
def in_november():
    with time_machine.travel("2026-11-22 10:00+07:00", tick=False):
        yield


@pytest.fixture
def staff(city, learner, principal):
    """Somebody of every sort that a list has to tell."""
    make_member(
        city.school,
        code="079085001234",
        email="ut@vi.du",
        phone="0912345678",
        group="support",
        position="health_staff",
        status="maternity_leave",
        started_on=date(2020, 9, 1),
        is_core_trainer=True,
    )
    titled = make_member(city.school, group="manager", position="vice_principal")
    Membership.objects.filter(person=titled).update(position_title="PHT chuyên môn")
    make_member(city.school, group="support", position="other", birth_date=None)
    make_member(city.school, ended_on=date(2026, 12, 31))
    make_member(city.school, ended_on=date(2026, 5, 31))


@pytest.fixture
def taken(client):
    """The file that somebody takes away."""

    def _taken(viewer, kind="csv", query="") -> bytes:
        client.force_login(viewer)
        response = client.get(f"/manage/people.{kind}?{query}")
        assert response.status_code == 200
        assert f".{kind}" in response["Content-Disposition"]
        return response.getvalue()

    return _taken


def table_of(content: bytes) -> list[dict[str, str]]:
    text = content.decode()
    assert text.startswith(BOM)
    return list(csv.DictReader(io.StringIO(text.removeprefix(BOM)), delimiter=";"))


@pytest.mark.usefixtures("staff")
class TestTheFile:
    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    @pytest.mark.parametrize("language", ["vi", "en"])
    def test_brought_in_again_the_same_day_changes_nobody(self, principal, taken, kind, language):
        principal.language = language
        principal.save()
        sheet = read_sheet(taken(principal, kind), name=f"ds.{kind}")
        outcome = import_roster(sheet, as_of=TODAY, applied_at=timezone.now())
        assert outcome.rejected == []
        assert dict(outcome.counts) == {"unchanged": 6}

    def test_of_leavers_changes_nobody_either(self, principal, taken):
        sheet = read_sheet(taken(principal, query="left=on"), name="ds.csv")
        outcome = import_roster(sheet, as_of=TODAY, applied_at=timezone.now(), is_partial=True)
        assert dict(outcome.counts) == {"unchanged": 1}

    def test_holds_who_is_on_the_page_in_its_order(self, client, principal, taken):
        names = [row["Họ và tên"] for row in table_of(taken(principal, query="sex=female"))]
        rows = client.get("/manage/people/?sex=female").context["rows"]
        assert names == [row.person.full_name for row in rows]
        assert 0 < len(names) < 6

    def test_keeps_zeros_and_days_in_a_workbook(self, principal, taken):
        sheet = openpyxl.load_workbook(io.BytesIO(taken(principal, "xlsx"))).active
        headings, *rows = sheet.iter_rows(values_only=True)
        found = dict(zip(headings, next(r for r in rows if r[0] == "000101"), strict=True))
        assert found["Từ ngày"].date() == date(2015, 1, 1)
        assert found["Mã đơn vị"] == "TH1"

    def test_holds_no_formula(self, city, principal, taken):
        names = {"family_name": "", "middle_name": "", "given_name": "=HYPERLINK(1)"}
        make_member(city.school, **names)
        assert "'=HYPERLINK(1)" in {row["Họ và tên"] for row in table_of(taken(principal))}

    def test_shows_national_numbers_whole_to_who_manages_and_masked_to_who_watches(
        self, city, principal, taken
    ):
        watcher = make_account()
        make_scope(watcher, city.root, "monitor")
        for viewer, code in ((principal, "079085001234"), (watcher, "079••••••234")):
            assert code in {row["Mã nhân sự"] for row in table_of(taken(viewer))}

    def test_is_logged_with_counts_and_filters(self, principal, taken):
        taken(principal, "xlsx", "sex=female&q=nguyễn&unit=TH1")
        entry = AuditEntry.objects.get(action="export")
        assert entry.actor == principal
        assert entry.detail == {
            "list": "people",
            "people": 4,
            "as_of": "2026-11-22",
            "filter": ["q", "sex", "unit"],
            "unit": ["TH1"],
            "kind": "xlsx",
        }


@pytest.mark.usefixtures("staff")
class TestWhoseFile:
    def test_an_outsider_takes_her_own_people_only(self, outsider, taken):
        assert [row["Mã nhân sự"] for row in table_of(taken(outsider))] == ["000103"]

    @pytest.mark.parametrize("unit", ["TH1", "XA1", "TP", "không có"])
    def test_no_parameter_widens_it(self, client, outsider, unit):
        client.force_login(outsider)
        for kind in ("csv", "xlsx"):
            assert client.get(f"/manage/people.{kind}?unit={unit}").status_code == 404
        assert not AuditEntry.objects.filter(action="export").exists()

    def test_of_another_day_it_holds_who_was_in_scope_that_day(
        self, city, principal, outsider, taken
    ):
        last_day = date(2025, 8, 31)
        mover = make_member(city.other_school, code="999", ended_on=last_day)
        Membership.objects.create(
            person=mover, unit=city.school, staff_group="teacher", started_on=date(2025, 9, 1)
        )
        for viewer, query, is_there in [
            (outsider, "as_of=2025-08-31", True),
            (outsider, "", False),
            (outsider, "left=on", False),
            (principal, "as_of=2025-08-31", False),
        ]:
            codes = {row["Mã nhân sự"] for row in table_of(taken(viewer, query=query))}
            assert ("999" in codes) == is_there

    def test_it_is_only_read(self, client, principal):
        client.force_login(principal)
        assert client.post("/manage/people.csv").status_code == 405

    def test_learners_take_nothing(self, client, learner):
        client.force_login(learner.user)
        assert client.get("/manage/people.csv").status_code == 403


def test_rows_are_fetched_in_batches_however_many(
    client, city, principal, django_assert_max_num_queries
):
    client.force_login(principal)

    def count() -> int:
        with django_assert_max_num_queries(12) as captured:
            client.get("/manage/people.csv")
        return len(captured)

    before = count()
    for _ in range(30):
        make_member(city.school)
    assert count() == before


class TestRequests:
    def test_of_both_kinds_are_taken_by_who_answers_them(self, client, city, learner, principal):
        make_listing(city.school, full_name="Phạm Thị Lan", note="=1+1")
        make_correction(learner, value="17/05/1990")
        client.force_login(principal)
        listing, correction = table_of(client.get("/manage/requests.csv").getvalue())
        assert (listing["Họ và tên"], listing["Ghi chú"]) == ("Phạm Thị Lan", "'=1+1")
        assert (correction["Họ và tên"], correction["Mục cần sửa"]) == (
            "Trần Ngọc Hạnh",
            "Ngày sinh",
        )
        detail = AuditEntry.objects.get(action="export").detail
        assert detail == {"list": "requests", "entries": 2, "kind": "csv"}

    def test_of_another_school_are_not_in_the_file(self, client, city, learner, outsider):
        make_listing(city.school)
        make_correction(learner)
        client.force_login(outsider)
        assert table_of(client.get("/manage/requests.csv").getvalue()) == []
