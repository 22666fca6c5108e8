"""Targets: who reads and who sets them, what a change moves, and that its reason is kept."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from people.models import AuditEntry
from reports.coverage import Coverage
from reports.models import Target, TargetChange
from reports.queries.coverage import coverage_by
from reports.services import targets as services
from reports.services.targets import definition_of
from tests.factories import make_account, make_course, make_member, make_scope
from tests.reports.addresses import unit_address
from tests.reports.builders import certify, make_target

REASON = "Theo Kế hoạch số 12/KH-UBND"


@pytest.fixture
def administrator(db):
    return make_account(username="quantri", is_superuser=True)


@pytest.fixture
def root_manager(city):
    user = make_account(username="goc")
    make_scope(user, city.root)
    return user


@pytest.fixture
def asked(target):
    """The form as it comes for the target, with what a test changes."""

    def _asked(**changes):
        return {
            "title": target.title,
            "percent": 80,
            "started_on": "01/01/2026",
            "due_on": "31/12/2027",
            "ended_on": "",
            "cut_off_on": "",
            "courses": [course.pk for course in target.courses.all()],
            "staff_groups": ["manager", "teacher"],
            "sectors": ["education"],
            "unit_kinds": [],
            "excluded_unit_kinds": ["upper_secondary"],
            "excluded_statuses": [],
            "shows_strict": "on",
            "reason": REASON,
            **changes,
        }

    return _asked


@pytest.fixture
def send(client, administrator):
    """Preview, then confirm exactly what was shown; gives both answers."""
    client.force_login(administrator)

    def _send(where, form):
        preview = client.post(where, form)
        assert preview.status_code == 200
        seen = preview.context.get("seen", "")
        return preview, client.post(where, {**form, "seen": seen, "step": "confirm"})

    return _send


class TestWhoSets:
    @pytest.mark.usefixtures("target")
    def test_whoever_manages_the_root_of_every_sector(self, see, root_manager):
        assert "Đặt chỉ tiêu mới" in see(root_manager, "/manage/targets/")
        see(root_manager, "/manage/targets/CT-2027/edit/")

    @pytest.mark.usefixtures("target")
    def test_others_of_a_scope_read(self, see, principal, city_manager, figures_only, city):
        of_sector = make_account(username="nganh")
        make_scope(of_sector, city.root, "sector_manager", sector="education")
        for user in (principal, city_manager, figures_only, of_sector):
            assert "Đặt chỉ tiêu mới" not in see(user, "/manage/targets/")
            assert "80" in see(user, "/manage/targets/CT-2027/")
            for page in ("new/", "CT-2027/edit/", "CT-2027/end/"):
                see(user, f"/manage/targets/{page}", 404)

    @pytest.mark.usefixtures("target")
    def test_a_learner_does_not_even_read(self, see, learner):
        see(learner.user, "/manage/targets/", 403)

    def test_an_unknown_target_is_none(self, see, administrator):
        see(administrator, "/manage/targets/KHONG/", 404)


class TestPreview:
    @pytest.fixture
    def people(self, city, course):
        """Two teachers, one certified; two support staff, both certified."""
        certify(make_member(city.school), course, on=date(2026, 6, 15))
        make_member(city.school)
        for _ in range(2):
            certify(make_member(city.school, group="support"), course, on=date(2026, 6, 15))

    @pytest.mark.usefixtures("people")
    def test_shows_which_figures_move_before_anything_is_written(self, send, asked, target):
        form = asked(staff_groups=["manager", "teacher", "support"], due_on="31/12/2026")
        preview, _done = send("/manage/targets/CT-2027/edit/", form)
        today = preview.context["effects"].days[0]
        assert (today.whole.before, today.whole.after) == (Coverage(2, 1), Coverage(4, 3))
        assert [move.label for move in preview.context["effects"].units] == ["Huyện"]

    @pytest.mark.usefixtures("people")
    def test_what_it_shows_is_what_comes(self, send, asked, target):
        form = asked(staff_groups=["manager", "teacher", "support"])
        preview, done = send("/manage/targets/CT-2027/edit/", form)
        assert done.status_code == 302
        after = preview.context["effects"].days[0]
        stored = Target.objects.get(code="CT-2027")
        assert coverage_by(stored, as_of=after.day).total == after.whole.after

    @pytest.mark.usefixtures("people")
    def test_counts_other_courses_before_they_are_written(self, send, asked, target):
        other = make_course(code="KH-KHAC")
        preview, done = send("/manage/targets/CT-2027/edit/", asked(courses=[other.pk]))
        assert preview.context["effects"].days[0].whole.after == Coverage(2, 0)
        assert done.status_code == 302
        assert [course.code for course in target.courses.all()] == ["KH-KHAC"]

    @pytest.mark.usefixtures("people")
    def test_looks_at_past_due_and_cut_off_days_before_and_after(self, send, asked, course):
        make_target(course, "CT-CU", due_on=date(2026, 10, 1))
        form = asked(due_on="31/10/2026", cut_off_on="30/09/2026")
        preview, _done = send("/manage/targets/CT-CU/edit/", form)
        days = [each.day for each in preview.context["effects"].days]
        assert days[1:] == [date(2026, 10, 31), date(2026, 10, 1), date(2026, 9, 30)]

    @pytest.mark.usefixtures("people")
    def test_says_when_no_figure_moves(self, send, asked, target):
        preview, _done = send("/manage/targets/CT-2027/edit/", asked(title="Tên khác"))
        assert not preview.context["effects"].moves
        assert "Không số liệu nào dưới đây thay đổi." in preview.content.decode()

    @pytest.mark.usefixtures("people")
    def test_a_lower_percentage_is_a_move_where_it_is_reached(self, send, asked, target):
        preview, _done = send("/manage/targets/CT-2027/edit/", asked(percent=50))
        today = preview.context["effects"].days[0]
        assert (today.was_reached, today.is_reached, today.is_one) == (False, True, True)

    @pytest.mark.usefixtures("people")
    def test_of_other_figures_than_were_seen_nothing_is_written(
        self, client, send, asked, target, city, course
    ):
        where, form = "/manage/targets/CT-2027/edit/", asked(percent=50)
        seen = client.post(where, form).context["seen"]
        certify(make_member(city.school), course)
        again = client.post(where, {**form, "seen": seen, "step": "confirm"})
        assert again.status_code == 200
        assert Target.objects.get(code="CT-2027").percent == 80

    def test_of_another_definition_than_was_seen_nothing_is_written(
        self, client, administrator, asked, target
    ):
        client.force_login(administrator)
        where = "/manage/targets/CT-2027/edit/"
        seen = client.post(where, asked(percent=50)).context["seen"]
        client.post(where, {**asked(percent=60), "seen": seen, "step": "confirm"})
        assert Target.objects.get(code="CT-2027").percent == 80


class TestChange:
    def test_is_kept_with_its_reason_and_logged(self, send, asked, target, administrator):
        before = definition_of(target)
        send("/manage/targets/CT-2027/edit/", asked(percent=85, cut_off_on="31/10/2027"))
        change = TargetChange.objects.get()
        assert change.before == before
        assert change.after == {**before, "percent": 85, "cut_off_on": "2027-10-31"}
        assert (change.reason, change.changed_by) == (REASON, administrator)
        entry = AuditEntry.objects.get(action="target.changed")
        assert entry.detail == {
            "target": "CT-2027",
            "changed": ["percent", "cut_off_on"],
            "reason": REASON,
        }

    def test_is_told_on_the_page_of_the_target(self, send, asked, target, client):
        send("/manage/targets/CT-2027/edit/", asked(percent=85))
        page = client.get("/manage/targets/CT-2027/").content.decode()
        assert REASON in page
        assert "tỷ lệ cần đạt (%)" in page

    def test_without_a_reason_is_refused(self, client, administrator, asked, target):
        client.force_login(administrator)
        page = client.post("/manage/targets/CT-2027/edit/", asked(percent=85, reason=""))
        assert "effects" not in page.context
        assert "Hãy ghi lý do." in page.content.decode()

    def test_of_nothing_is_refused(self, send, asked, target):
        _preview, done = send("/manage/targets/CT-2027/edit/", asked())
        assert "Chưa thay đổi gì" in done.content.decode()
        assert not TargetChange.objects.exists()

    def test_is_refused_where_a_report_stands_on_the_definition(
        self, send, client, administrator, asked, target, monkeypatch
    ):
        where, form = "/manage/targets/CT-2027/edit/", asked(percent=85)
        client.force_login(administrator)
        seen = client.post(where, form).context["seen"]
        monkeypatch.setattr(services, "refusal_to_change", lambda target: "Đã gửi báo cáo.")
        done = client.post(where, {**form, "seen": seen, "step": "confirm"})
        assert "Đã gửi báo cáo." in done.content.decode()
        assert Target.objects.get(code="CT-2027").percent == 80

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"due_on": "31/12/2025"}, "Phải từ ngày bắt đầu tính trở đi."),
            ({"cut_off_on": "01/01/2028"}, "Không được sau hạn đạt."),
            ({"unit_kinds": ["upper_secondary"]}, "Có loại vừa được chọn vừa bị trừ."),
            ({"courses": []}, "Hãy chọn ít nhất một khóa."),
            ({"percent": "101"}, "100"),
            ({"staff_groups": ["pupil"]}, "pupil"),
        ],
    )
    def test_says_what_is_wrong(self, client, administrator, asked, target, changes, words):
        client.force_login(administrator)
        page = client.post("/manage/targets/CT-2027/edit/", asked(**changes))
        assert "effects" not in page.context
        assert words in page.content.decode()


class TestNew:
    def test_may_begin_as_a_copy(self, client, administrator, target, course):
        client.force_login(administrator)
        form = client.get("/manage/targets/new/?like=CT-2027").context["form"]
        assert form["staff_groups"].value() == ["manager", "teacher"]
        assert form["courses"].value() == [course.pk]
        assert not form["code"].value()

    def test_is_measured_once_it_is_set(self, send, client, asked, target, city, course):
        certify(make_member(city.school), course)
        preview, done = send("/manage/targets/new/", asked(code="ct-2035", percent=100))
        assert done["Location"] == reverse("reports:target", args=["CT-2035"])
        assert preview.context["effects"].days[0].whole.after == Coverage(1, 1)
        assert client.get(unit_address("TP", "target=CT-2035")).status_code == 200
        assert AuditEntry.objects.get(action="target.added").detail["target"] == "CT-2035"
        assert TargetChange.objects.get().before == {}

    @pytest.mark.parametrize("code", ["CT-2027", "ct-2027", "chỉ tiêu", "a/b", ""])
    def test_has_a_code_of_its_own(self, client, administrator, asked, target, code):
        client.force_login(administrator)
        page = client.post("/manage/targets/new/", asked(code=code))
        assert page.context["form"].errors["code"]


class TestEnd:
    @pytest.fixture
    def ended(self, client, administrator, target):
        client.force_login(administrator)
        form = {"last_used_on": "01/02/2026", "reason": REASON}
        assert client.post("/manage/targets/CT-2027/end/", form).status_code == 302

    @pytest.mark.usefixtures("ended")
    def test_is_offered_no_more_and_still_opens_by_its_address(self, client, city, course):
        make_target(course, "CT-MOI")
        page = client.get(unit_address("TP", ""))
        assert [each.code for each in page.context["asked"].targets] == ["CT-MOI"]
        kept = client.get(unit_address("TP", "target=CT-2027"))
        assert kept.context["asked"].target.code == "CT-2027"

    @pytest.mark.usefixtures("ended")
    def test_is_logged_and_can_be_taken_back(self, client):
        assert AuditEntry.objects.get(action="target.ended").detail["until"] == "2026-02-01"
        client.post("/manage/targets/CT-2027/end/", {"last_used_on": "", "reason": REASON})
        assert Target.objects.get().last_used_on is None
        assert TargetChange.objects.count() == 2


class TestWhatATargetShows:
    def test_a_past_cut_off_day_is_the_day_it_is_asked_at(
        self, client, city, administrator, course
    ):
        make_target(course, "CT-CU", due_on=date(2026, 10, 31), cut_off_on=date(2026, 9, 30))
        client.force_login(administrator)
        make_member(city.school)
        page = client.get(unit_address("TP", "target=CT-CU"))
        assert page.context["asked"].as_of == date(2026, 9, 30)
        assert "Ngày chốt số liệu đã qua" in page.content.decode()

    @pytest.mark.usefixtures("staff")
    def test_the_strict_figure_is_left_out_where_the_target_says_so(self, see, city_manager):
        assert "Tính chặt" in see(city_manager, unit_address("TP"))
        Target.objects.update(shows_strict=False)
        assert "Tính chặt" not in see(city_manager, unit_address("TP"))


@pytest.mark.usefixtures("staff")
class TestYears:
    def test_are_views_of_a_calendar_year_and_of_a_school_year(self, client, city_manager):
        client.force_login(city_manager)
        asked = client.get(unit_address("TP", "")).context["asked"]
        queries = {year.span: query for year, query in asked.year_queries}
        assert queries["2026"].startswith("target=CT-2027")
        assert {"2025 - 2026", "2026 - 2027"} <= set(queries)
        page = client.get(unit_address("TP", queries["2025 - 2026"]))
        assert page.context["asked"].as_of == date(2026, 8, 31)
        assert page.context["curve"].period.first == date(2025, 9, 1)
        assert page.context["curve"].period.last == date(2026, 8, 31)
        days = [point.day for point in page.context["curve"].points]
        assert date(2026, 2, 28) in days
        assert date(2026, 6, 30) in days
