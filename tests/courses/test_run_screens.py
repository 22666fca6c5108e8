"""What the screens of runs say and offer: figures, the tree of units, the preview, defaults."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.models import CourseRun, Enrolment, RunTerms
from courses.services.runs import usual_terms
from people.dates import start_of_day
from people.models import Unit
from people.signals import units_closing_asked
from people.trainers import TRAINERS
from tests.factories import (
    make_account,
    make_course,
    make_member,
    make_module,
    make_run,
    make_scope,
    make_unit,
)

TODAY = date(2026, 7, 1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def july():
    with time_machine.travel("2026-07-01 03:00:00Z", tick=False):
        yield


@pytest.fixture
def kh1(city):
    return make_module(make_course(), "KH1", lessons=2)


@pytest.fixture
def run(city, kh1):
    return make_run(kh1.course, units=[city.root], sectors=["education"])


@pytest.fixture
def city_manager(city):
    user = make_account()
    make_scope(user, city.root, "sector_manager", sector="education")
    return user


@pytest.fixture
def new_run(city, kh1):
    return {
        "title": "Đợt thu",
        "code": "thu-2026",
        "opens_on": "2026-07-01",
        "closes_on": "2026-09-30",
        "grace_days": "7",
        "sectors": ["education"],
        "modules": [kh1.pk],
        "units": [city.commune.pk],
    }


class TestFigures:
    def test_are_of_the_people_whom_the_viewer_sees(self, client, city, run, learner, principal):
        make_member(city.other_school)
        client.force_login(principal)
        figures = client.get(f"/manage/runs/{run.code}/").context["figures"]
        assert (figures.total, figures.begun) == (2, 0)

    def test_count_whoever_left_after_beginning(self, client, city, run, principal):
        person = make_member(city.school)
        Enrolment.objects.create(person=person, run=run, began_at=start_of_day(TODAY))
        RunTerms.objects.filter(run=run).update(staff_groups=["manager"])
        client.force_login(principal)
        figures = client.get(f"/manage/runs/{run.code}/").context["figures"]
        assert (figures.total, figures.in_progress, figures.not_started) == (2, 1, 1)

    def test_parts_of_the_bar_add_up_to_everybody(self, client, city, run, principal):
        client.force_login(principal)
        figures = client.get(f"/manage/runs/{run.code}/").context["figures"]
        assert sum(count for _name, _label, count in figures.parts) == figures.total

    def test_who_sees_figures_only_gets_no_counts_of_single_people(self, client, city, run):
        viewer = make_account()
        make_scope(viewer, city.school, "aggregate_viewer")
        client.force_login(viewer)
        assert client.get(f"/manage/runs/{run.code}/").context["figures"] is None

    def test_the_list_takes_the_same_queries_for_one_run_and_for_ten(
        self, client, city, kh1, run, principal, django_assert_num_queries
    ):
        client.force_login(principal)
        with CaptureQueriesContext(connection) as few:
            client.get("/manage/runs/")
        for number in range(9):
            make_run(kh1.course, f"dot-{number}", units=[city.school])
        with django_assert_num_queries(len(few)):
            client.get("/manage/runs/")


class TestTrainer:
    def test_without_a_scope_finds_the_runs_but_changes_none(self, client, city, run):
        trainer = make_account(make_member(city.school))
        trainer.groups.add(Group.objects.get_or_create(name=TRAINERS)[0])
        client.force_login(trainer)
        assert run.title in client.get("/manage/runs/").text
        assert client.get(f"/manage/runs/{run.code}/").status_code == 200
        for act in ("edit", "extend", "people"):
            assert client.get(f"/manage/runs/{run.code}/{act}/").status_code == 404
        assert client.get("/manage/runs/new/").status_code == 404


class TestUnitTree:
    def test_nests_units_under_the_ones_above_them(self, client, city, kh1, city_manager):
        client.force_login(city_manager)
        (root,) = client.get("/manage/runs/new/").context["form"].unit_tree
        assert root.code == "TP"
        assert [node.code for node in root.children] == ["HCC", "PGD"]
        assert root.count == 6

    def test_holds_the_viewers_units_only(self, client, city, kh1, principal):
        client.force_login(principal)
        text = client.get("/manage/runs/new/").text
        assert "Trường Tiểu học Một" in text
        assert "Trường THCS Hai" not in text

    def test_the_only_unit_is_ticked_from_the_start(self, client, city, kh1, principal):
        client.force_login(principal)
        form = client.get("/manage/runs/new/").context["form"]
        assert form.ticked_units == {city.school.pk}

    def test_what_was_ticked_stays_ticked_and_in_sight(self, client, city, kh1, city_manager):
        client.force_login(city_manager)
        form = client.post("/manage/runs/new/", {"units": [city.school.pk]}).context["form"]
        assert form.ticked_units == {city.school.pk}
        assert form.opened_units == {city.root.pk, city.district.pk, city.commune.pk}

    def test_editing_opens_on_what_the_run_has(self, client, city, kh1, city_manager):
        run = make_run(kh1.course, units=[city.school], sectors=["education"])
        client.force_login(city_manager)
        form = client.get(f"/manage/runs/{run.code}/edit/").context["form"]
        assert form.ticked_units == {city.school.pk}

    def test_costs_no_query_for_each_unit(
        self, client, city, kh1, city_manager, django_assert_num_queries
    ):
        client.force_login(city_manager)
        with CaptureQueriesContext(connection) as few:
            client.get("/manage/runs/new/")
        for number in range(5):
            make_unit(f"MN{number}", parent=city.commune, kind="preschool")
        with django_assert_num_queries(len(few)):
            client.get("/manage/runs/new/")


class TestPreview:
    def test_says_how_many_and_saves_nothing(self, client, city, new_run, city_manager):
        make_member(city.school)
        make_member(city.other_school, group="support")
        make_member(city.office)
        client.force_login(city_manager)
        page = client.post("/manage/runs/new/", {**new_run, "preview": "1"})
        assert page.context["preview"].total == 2
        assert "Đợt này sẽ gồm 2 người" in page.text
        assert not CourseRun.objects.exists()

    def test_is_what_the_run_then_holds(self, client, city, new_run, city_manager):
        for group in ("teacher", "teacher", "manager", "support"):
            make_member(city.school, group=group)
        asked = {**new_run, "staff_groups": ["teacher", "manager"], "unit_kinds": ["primary"]}
        client.force_login(city_manager)
        preview = client.post("/manage/runs/new/", {**asked, "preview": "1"}).context["preview"]
        client.post("/manage/runs/new/", asked)
        terms = RunTerms.objects.get(run__code="thu-2026")
        assert preview.total == terms.audience(on=TODAY).count() == 3

    def test_of_nobody_says_what_to_change(self, client, new_run, city_manager):
        client.force_login(city_manager)
        text = client.post("/manage/runs/new/", {**new_run, "preview": "1"}).text
        assert "Chưa có ai thuộc diện" in text

    def test_of_a_form_with_errors_shows_the_errors(self, client, new_run, city_manager):
        client.force_login(city_manager)
        page = client.post("/manage/runs/new/", {**new_run, "units": [], "preview": "1"})
        assert page.context["preview"] is None
        assert "Hãy chọn ít nhất một đơn vị." in page.text

    def test_of_foreign_units_tells_nothing(self, client, city, new_run, principal):
        make_member(city.other_school)
        client.force_login(principal)
        asked = {**new_run, "units": [city.other_school.pk], "preview": "1"}
        assert client.post("/manage/runs/new/", asked).context["preview"] is None

    def test_of_a_change_leaves_the_terms_alone(self, client, run, new_run, city_manager):
        client.force_login(city_manager)
        client.post(f"/manage/runs/{run.code}/edit/", {**new_run, "preview": "1"})
        assert run.terms.count() == 1


class TestNewRun:
    def test_begins_with_sensible_terms(self, client, kh1, city_manager):
        client.force_login(city_manager)
        form = client.get("/manage/runs/new/").context["form"]
        assert form["opens_on"].value() == TODAY
        assert form["closes_on"].value() == date(2026, 9, 30)
        assert form["code"].value() == "dot-2026-07"

    def test_offers_the_next_free_code(self, city, kh1):
        for code in ("dot-2026-07", "dot-2026-07-2"):
            make_run(kh1.course, code, units=[city.root])
        assert usual_terms(TODAY)["code"] == "dot-2026-07-3"

    @pytest.mark.parametrize("month", range(1, 13))
    def test_closes_at_the_end_of_the_second_month_after(self, month):
        closes_on = usual_terms(date(2026, month, 28))["closes_on"]
        assert (closes_on.month - month) % 12 == 2
        assert date.fromordinal(closes_on.toordinal() + 1).day == 1

    def test_asks_of_which_course_when_there_are_several(self, client, kh1, city_manager):
        make_module(make_course("KHAC"), "K1")
        client.force_login(city_manager)
        assert "Mở đợt của khóa nào?" in client.get("/manage/runs/new/").text
        form = client.get("/manage/runs/new/?course=KHAC").context["form"]
        assert [module.code for module in form.fields["modules"].queryset] == ["K1"]

    def test_says_in_words_who_takes_part(self, client, kh1, new_run, city_manager):
        client.force_login(city_manager)
        fresh = client.get("/manage/runs/new/").context["form"]
        assert fresh.audience_in_words == "Giáo dục; mọi nhóm nhân sự; mọi loại đơn vị"
        asked = {**new_run, "staff_groups": ["teacher"], "unit_kinds": ["preschool", "primary"]}
        form = client.post("/manage/runs/new/", {**asked, "preview": "1"}).context["form"]
        assert form.audience_in_words == "Giáo dục; Giáo viên; Mầm non, Tiểu học"


class TestAUnitThatCloses:
    """People who go on in another unit are due in a run that names the old one no more."""

    def told(self, *units, on: date = TODAY) -> list[str]:
        keys = {unit.pk for unit in units}
        answers = units_closing_asked.send(sender=Unit, unit_ids=keys, on=on)
        return [sentence for _receiver, sentences in answers for sentence in sentences]

    def test_is_told_how_many_runs_name_it(self, city, kh1):
        make_run(kh1.course, "mot", units=[city.school, city.other_school])
        make_run(kh1.course, "hai", units=[city.other_school])
        [sentence] = self.told(city.school)
        assert sentence.startswith("1 đợt")
        assert self.told(city.school, city.other_school)[0].startswith("2 đợt")

    def test_is_told_nothing_of_runs_that_are_over_or_name_its_parent(self, city, kh1):
        make_run(kh1.course, "mot", units=[city.school], closes_on=date(2026, 6, 30))
        make_run(kh1.course, "hai", units=[city.commune])
        assert self.told(city.school) == []
