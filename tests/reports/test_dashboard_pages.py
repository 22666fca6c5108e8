"""What stands behind a unit's page: forecast, breakdown, modules, every place of work."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.models import Enrolment, ModuleCompletion
from people.models import AuditEntry, RosterList, Unit
from reports.coverage import Coverage
from reports.models import Target
from tests.factories import make_account, make_member, make_run, make_scope, make_unit
from tests.reports.builders import at_work_on, certify, make_target
from tests.reports.district import build_district
from tests.reports.recount import recount
from tests.reports.test_recount import build_targets

DAY = "as_of=2026-11-21"


def address(code: str, page: str, query: str = DAY) -> str:
    return f"/manage/units/{code}/{page}/?{query}"


@pytest.fixture
def ask(client):
    """The context of a page as somebody sees it."""

    def _ask(user, where):
        client.force_login(user)
        response = client.get(where)
        assert response.status_code == 200, where
        return response

    return _ask


@pytest.mark.usefixtures("target")
class TestForecast:
    @pytest.fixture
    def course_of_late(self, city, course):
        """Of ten, two were complete eight weeks ago; four more since."""
        for number in range(10):
            person = make_member(city.school)
            if number < 6:
                certify(person, course, on=date(2026, 6, 15) if number < 2 else date(2026, 11, 2))

    def test_goes_on_at_the_pace_of_the_weeks_asked(self, ask, city_manager, course_of_late):
        page = ask(city_manager, address("TH1", "forecast", f"{DAY}&weeks=8"))
        found = page.context["outlooks"].unit.forecast
        assert (found.missing, found.rate_tenths) == (2, 5)
        assert found.expected_on == date(2026, 12, 19)
        assert found.short_by == 0
        assert "đạt 80&nbsp;% vào khoảng 19/12/2026" in page.content.decode()

    def test_of_fewer_weeks_the_pace_is_another(self, ask, city_manager, course_of_late):
        page = ask(city_manager, address("TH1", "forecast", f"{DAY}&weeks=2"))
        found = page.context["outlooks"].unit.forecast
        assert found.expected_on is None
        assert found.short_by == 2
        assert "sẽ không đạt 80&nbsp;%" in page.content.decode()

    def test_names_the_units_that_will_miss_and_by_how_many(
        self, ask, city, city_manager, course_of_late
    ):
        for _ in range(5):
            make_member(city.other_school)
        outlooks = ask(city_manager, address("XA1", "forecast")).context["outlooks"]
        assert [(each.line.code, each.short_by) for each in outlooks.missing_units] == [
            ("THCS2", 4)
        ]

    def test_of_a_unit_that_had_nobody_before_says_nothing(self, ask, city, city_manager):
        make_member(city.school, started_on=date(2026, 11, 1))
        page = ask(city_manager, address("TH1", "forecast"))
        assert page.context["outlooks"].unit.forecast is None
        assert "chưa có số liệu để tính nhịp độ" in page.content.decode()

    @pytest.mark.parametrize("weeks", ["0", "53", "-1", "tám", "8.5"])
    def test_weeks_that_make_no_sense_fall_back(self, ask, city, city_manager, weeks):
        make_member(city.school)
        page = ask(city_manager, address("TH1", "forecast", f"{DAY}&weeks={weeks}"))
        assert page.context["weeks"] == 8
        if weeks != "0":
            assert "Hãy ghi số tuần từ 1 đến 52." in page.content.decode()

    @pytest.mark.usefixtures("staff")
    def test_tells_whoever_sees_figures_only_nothing_of_few_people(self, ask, figures_only):
        page = ask(figures_only, address("XA1", "forecast"))
        assert not page.context["outlooks"].unit.line.everyone.is_withheld
        below = page.context["outlooks"].below
        assert {"TH1", "THCS2"} <= {each.line.code for each in below}
        assert [each.forecast for each in below] == [None] * len(below)
        assert "/people/" not in page.content.decode()


class TestBreakdown:
    @pytest.mark.parametrize(
        "by", [("group",), ("kind",), ("sector",), ("group", "kind", "sector")]
    )
    @pytest.mark.parametrize("day", [date(2025, 6, 30), date(2025, 7, 1), date(2026, 6, 1)])
    def test_equals_a_count_by_hand_on_both_sides_of_the_reform(self, db, ask, day, by):
        build_district()
        build_targets()
        query = f"target=MOI-NGUOI&as_of={day}" + "".join(f"&by={axis}" for axis in by)
        page = ask(make_account(is_superuser=True), address("TP", "breakdown", query))
        shown = page.context["breakdown"]
        target = Target.objects.get(code="MOI-NGUOI")
        expected = recount(target, day, "TP", (*by, "sex"))
        found = {}
        for each in shown.lines:
            keys = tuple(
                "" if each.filters[axis] == "shared" else each.filters[axis] for axis in by
            )
            for sex, cell in each.line.cells[1:]:
                if cell.coverage.required:
                    found[(*keys, sex)] = (cell.coverage.required, cell.coverage.complete)
        assert found == expected
        assert sum(required for required, _ in expected.values()) == (
            shown.headline.everyone.coverage.required
        )

    @pytest.mark.usefixtures("staff")
    def test_every_figure_is_as_many_people_as_its_link_lists(self, client, city_manager):
        client.force_login(city_manager)
        page = client.get(address("TP", "breakdown", f"{DAY}&by=group&by=kind&by=sector"))
        for line, filters in page.context["lines"]:
            for sex, cell in line.cells:
                people = client.get(f"/manage/units/TP/people/?{DAY}&{filters}&sex={sex}")
                assert people.context["page"].paginator.count == cell.coverage.required

    @pytest.mark.usefixtures("staff")
    def test_whoever_sees_figures_only_breaks_it_down_by_group_alone(self, ask, figures_only):
        page = ask(figures_only, address("TP", "breakdown", f"{DAY}&by=kind&by=sector"))
        assert page.context["breakdown"].by == ("group",)
        assert "/people/" not in page.content.decode()

    def test_an_unknown_axis_falls_back_to_groups(self, ask, city_manager, target):
        page = ask(city_manager, address("TP", "breakdown", f"{DAY}&by=age"))
        assert page.context["breakdown"].by == ("group",)


class TestModules:
    @pytest.fixture
    def lines(self, ask, city_manager):
        def _lines(code="TH1", query=DAY):
            page = ask(city_manager, address(code, "modules", query))
            return {line.module.code: line for line in page.context["lines"]}

        return _lines

    def test_counts_completions_and_certificates_once(self, city, course, target, lines):
        _kh2, kh6 = course.modules.order_by("code")
        both, covered, done, _none = (make_member(city.school) for _ in range(4))
        run = make_run(course, units=[city.root])
        for person in (both, done):
            enrolment = Enrolment.objects.create(
                person=person, run=run, began_at=at_work_on(date(2026, 6, 1))
            )
            ModuleCompletion.objects.create(
                enrolment=enrolment, module=kh6, completed_at=at_work_on(date(2026, 6, 2))
            )
        for person in (both, covered):
            certify(person, course, modules=[kh6])
        found = lines()
        assert found["KH6"].everyone == Coverage(4, 3)
        assert found["KH2"].everyone == Coverage(4, 0)

    def test_counts_up_to_the_end_of_the_day(self, city, course, target, lines):
        kh6 = course.modules.get(code="KH6")
        enrolment = Enrolment.objects.create(
            person=make_member(city.school),
            run=make_run(course, units=[city.root]),
            began_at=at_work_on(date(2026, 6, 1)),
        )
        ModuleCompletion.objects.create(
            enrolment=enrolment, module=kh6, completed_at=at_work_on(date(2026, 6, 2))
        )
        assert lines(query="as_of=2026-06-01")["KH6"].everyone.complete == 0
        assert lines(query="as_of=2026-06-02")["KH6"].everyone.complete == 1

    def test_leaves_out_what_was_done_before_the_target_counts(self, city, course, target, lines):
        kh6 = course.modules.get(code="KH6")
        certify(make_member(city.school), course, on=date(2025, 12, 31), modules=[kh6])
        assert lines()["KH6"].everyone == Coverage(1, 0)

    def test_says_apart_of_whom_the_module_is_required(self, city, course, target, lines):
        kh2 = course.modules.get(code="KH2")  # of teachers
        certify(make_member(city.school), course, modules=[kh2])
        make_member(city.school)
        certify(
            make_member(city.school, group="manager", position="principal"), course, modules=[kh2]
        )
        assert lines()["KH2"].everyone == Coverage(3, 2)
        assert lines()["KH2"].required == Coverage(2, 1)

    @pytest.mark.usefixtures("staff")
    def test_links_to_those_who_have_it_and_those_who_do_not(self, client, city_manager):
        client.force_login(city_manager)
        people = f"/manage/units/TP/people/?{DAY}"
        assert client.get(f"{people}&module=KH6").context["page"].paginator.count == 12
        assert client.get(f"{people}&without=KH6").context["page"].paginator.count == 8
        page = client.get(address("TP", "modules")).content.decode()
        assert "module=KH6" in page
        assert "without=KH6" in page

    @pytest.mark.usefixtures("staff")
    def test_is_not_for_whoever_sees_figures_only(self, see, figures_only):
        see(figures_only, address("TH1", "modules"), 404)


@pytest.mark.usefixtures("staff")
class TestWorkplaces:
    def test_lists_those_at_a_hundred_per_cent(self, ask, city, course, city_manager):
        full = make_unit("TH9", parent=city.commune, name="Trường Chín")
        certify(make_member(full), course)
        page = ask(city_manager, address("TP", "workplaces", f"{DAY}&standing=full"))
        assert [each.line.code for each in page.context["page"]] == ["TH9"]
        assert page.context["counts"] == {"full": 1, "behind": 2, "reached": 0}

    def test_those_behind_are_overdue_once_the_day_is_past(self, ask, course, city_manager):
        make_target(course, "CT-CU", due_on=date(2026, 11, 20))
        text = ask(city_manager, address("TP", "workplaces", f"target=CT-CU&{DAY}"))
        assert "Quá hạn" in text.content.decode()
        before = ask(city_manager, address("TP", "workplaces"))
        assert "Quá hạn" not in before.content.decode()

    def test_are_those_of_the_sector_of_whoever_asks(self, ask, social_manager, city, course):
        make_target(course, "CT-XH", sectors=[], staff_groups=[])
        page = ask(social_manager, address("TP", "workplaces", f"target=CT-XH&{DAY}"))
        assert [each.line.code for each in page.context["page"]] == ["BTXH"]

    def test_are_not_for_whoever_sees_figures_only(self, see, figures_only):
        see(figures_only, address("TP", "workplaces"), 404)
        see(figures_only, f"/manage/units/TP/workplaces.csv?{DAY}", 404)

    def test_of_a_unit_with_units_below_have_no_link_to_more_people_than_they_are(
        self, ask, city, city_manager
    ):
        make_member(city.commune)
        text = ask(city_manager, address("TP", "workplaces")).content.decode()
        assert "/manage/units/TH1/people/" in text
        assert "/manage/units/XA1/people/" not in text

    def test_are_taken_away_as_shown_and_that_is_logged(self, client, city_manager):
        client.force_login(city_manager)
        response = client.get(f"/manage/units/TP/workplaces.csv?{DAY}&standing=behind")
        lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
        assert [line.split(";")[0] for line in lines[1:]] == ["THCS2", "TH1"]
        entry = AuditEntry.objects.get(action="export")
        assert entry.detail["units"] == 2
        assert entry.subject_label.startswith("TP")


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize(
    ("page", "most"), [("forecast", 17), ("breakdown", 11), ("modules", 14), ("workplaces", 12)]
)
def test_ask_a_fixed_number_of_queries(client, city, city_manager, page, most):
    def count():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address("TP", page)).status_code == 200
        return len(queries)

    client.force_login(city_manager)
    first = count()
    for number in range(3):
        make_member(make_unit(f"T{number}", parent=city.commune))
        make_member(city.school)
    assert count() == first <= most


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize("page", ["forecast", "breakdown", "modules", "workplaces"])
class TestDoors:
    def test_an_outsider_finds_nothing(self, see, outsider, page):
        see(outsider, address("TH1", page), 404)

    def test_no_roster_is_said_and_no_percentage(self, see, city_manager, page):
        RosterList.objects.update(as_of=date(2026, 1, 1))
        text = see(city_manager, address("TP", page, "as_of=2025-12-31"))
        assert "Chưa có danh sách nhân sự" in text

    def test_no_target_is_said(self, see, city_manager, page):
        Target.objects.get().courses.clear()
        Target.objects.all().delete()
        assert "Chưa có chỉ tiêu nào" in see(city_manager, address("TP", page))

    def test_a_new_scope_opens_it(self, see, outsider, page):
        make_scope(outsider, Unit.objects.get(code="TH1"))
        see(outsider, address("TH1", page))
