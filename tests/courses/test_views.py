"""Over HTTP: evidence from the browser, and the screens of runs."""

from __future__ import annotations

import json
import uuid
from datetime import date

import pytest
import time_machine
from django.urls import reverse

from courses.models import CourseRun, Evidence, RunAddition
from tests.factories import make_account, make_course, make_module, make_run, make_scope

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("july")]


@pytest.fixture
def july():
    with time_machine.travel("2026-07-01 03:00:00Z", tick=False):
        yield


@pytest.fixture
def kh1(city):
    return make_module(make_course(), "KH1", lessons=2)


@pytest.fixture
def run(city, kh1):
    return make_run(kh1.course, units=[city.root], sectors=["education"])


def post_batch(client, learner_code, *events):
    return client.post(
        "/evidence/",
        json.dumps({"learner": learner_code, "events": list(events)}),
        content_type="application/json",
    )


def view_of(activity, **fields):
    return {"id": str(uuid.uuid4()), "activity": activity.pk, "kind": "viewed", **fields}


class TestEvidenceBatch:
    def test_records_and_says_so(self, client, run, kh1, learner):
        client.force_login(learner.user)
        event = view_of(kh1.activities.first(), happened_at="2026-06-30T21:00:00+07:00")
        response = post_batch(client, learner.code, event)
        assert response.json() == {"results": [{"id": event["id"], "result": "recorded"}]}
        assert Evidence.objects.get().happened_at.day == 30

    def test_sending_it_again_is_harmless(self, client, run, kh1, learner):
        client.force_login(learner.user)
        event = view_of(kh1.activities.first())
        post_batch(client, learner.code, event)
        response = post_batch(client, learner.code, event, event)
        assert {each["result"] for each in response.json()["results"]} == {"known"}
        assert Evidence.objects.count() == 1

    def test_a_queue_of_another_account_is_left_to_its_owner(
        self, client, run, kh1, learner, outsider
    ):
        client.force_login(outsider)
        response = post_batch(client, learner.code, view_of(kh1.activities.first()))
        assert response.status_code == 409
        assert Evidence.objects.count() == 0

    def test_nobody_can_send_a_score_or_a_completion(self, client, run, kh1, learner):
        client.force_login(learner.user)
        lesson = kh1.activities.first()
        response = post_batch(
            client,
            learner.code,
            view_of(lesson, kind="score", points=10, possible=10),
            view_of(lesson, kind="accepted"),
        )
        assert {each["result"] for each in response.json()["results"]} == {"refused"}

    def test_extra_fields_change_nothing(self, client, run, kh1, learner):
        client.force_login(learner.user)
        lesson = kh1.activities.first()
        post_batch(
            client,
            learner.code,
            view_of(lesson, points=10, possible=10, received_at="2020-01-01T00:00:00Z", person=1),
        )
        evidence = Evidence.objects.get()
        assert evidence.points is None
        assert evidence.received_at.year == 2026

    def test_with_no_run_open_says_so_for_that_event(self, client, kh1, learner):
        client.force_login(learner.user)
        response = post_batch(client, learner.code, view_of(kh1.activities.first()))
        assert response.json()["results"][0]["result"] == "no_open_run"

    @pytest.mark.parametrize(
        "body", ["", "[]", "{}", '{"learner": "x", "events": 3}', '{"learner": "x"}']
    )
    def test_nonsense_is_refused_with_a_message(self, client, learner, body):
        client.force_login(learner.user)
        response = client.post("/evidence/", body, content_type="application/json")
        assert response.status_code == 400
        assert "tải lại trang" in response.json()["message"]

    @pytest.mark.parametrize(
        "event",
        [
            None,
            3,
            {},
            {"id": "x", "activity": 1, "kind": "viewed"},
            {"id": 1, "activity": "a"},
            {"id": "00000000-0000-4000-8000-000000000000", "activity": 10**30, "kind": "viewed"},
            {"id": "00000000-0000-4000-8000-000000000000", "activity": 1e400, "kind": "viewed"},
        ],
    )
    def test_one_bad_event_does_not_take_the_others_down(self, client, run, kh1, learner, event):
        client.force_login(learner.user)
        response = post_batch(client, learner.code, event, view_of(kh1.activities.first()))
        results = [each["result"] for each in response.json()["results"]]
        assert results == ["refused", "recorded"]

    @pytest.mark.parametrize(
        "clock", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "soon", 5, "1970-01-01"]
    )
    def test_a_clock_that_makes_no_sense_is_left_out(self, client, run, kh1, learner, clock):
        client.force_login(learner.user)
        post_batch(client, learner.code, view_of(kh1.activities.first(), happened_at=clock))
        assert Evidence.objects.get().happened_at is None

    def test_a_nest_of_brackets_is_refused(self, client, learner):
        client.force_login(learner.user)
        response = client.post("/evidence/", "[" * 30_000, content_type="application/json")
        assert response.status_code == 400

    def test_signed_out_keeps_the_queue(self, client, kh1, learner):
        response = post_batch(client, learner.code, view_of(kh1.activities.first()))
        assert response.status_code == 401


class TestReadingWithoutScript:
    def test_the_button_records_and_goes_on(self, client, run, kh1, learner):
        client.force_login(learner.user)
        lesson = kh1.activities.first()
        response = client.post(
            reverse("courses:lesson-read", args=[lesson.pk]),
            {"id": str(uuid.uuid4()), "next": "/my/"},
        )
        assert response.url == "/my/"
        assert Evidence.objects.count() == 1

    def test_does_not_lead_to_a_foreign_site(self, client, run, kh1, learner):
        client.force_login(learner.user)
        lesson = kh1.activities.first()
        response = client.post(
            reverse("courses:lesson-read", args=[lesson.pk]),
            {"id": str(uuid.uuid4()), "next": "https://example.com/"},
        )
        assert response.url == lesson.get_absolute_url()

    def test_a_quiz_is_not_read_but_answered(self, client, city, learner):
        module = make_module(make_course(), "KH6", lessons=0, pass_mark_tenths=80)
        make_run(module.course, units=[city.root])
        client.force_login(learner.user)
        quiz = module.activities.get()
        url = reverse("courses:lesson-read", args=[quiz.pk])
        assert client.post(url, {"id": str(uuid.uuid4())}).status_code == 404


@pytest.fixture
def city_manager(city):
    user = make_account()
    make_scope(user, city.root, "sector_manager", sector="education")
    return user


NEW_RUN = {
    "title": "Đợt thu",
    "code": "thu-2026",
    "opens_on": "2026-07-01",
    "closes_on": "2026-09-30",
    "grace_days": "7",
    "sectors": ["education"],
}


class TestRuns:
    def test_a_manager_opens_one_for_her_units(self, client, city, kh1, city_manager):
        client.force_login(city_manager)
        data = {**NEW_RUN, "modules": [kh1.pk], "units": [city.school.pk]}
        response = client.post("/manage/runs/new/", data)
        assert response.status_code == 302
        terms = CourseRun.objects.get(code="thu-2026").terms.get()
        assert terms.decided_by == city_manager
        assert list(terms.units.all()) == [city.school]
        assert client.get("/manage/runs/thu-2026/").status_code == 200

    def test_a_principal_cannot_open_one_for_another_school(self, client, city, kh1, principal):
        client.force_login(principal)
        data = {**NEW_RUN, "modules": [kh1.pk], "units": [city.other_school.pk]}
        response = client.post("/manage/runs/new/", data)
        assert response.status_code == 200
        assert not CourseRun.objects.exists()

    def test_an_impossible_window_is_refused_in_words(self, client, city, kh1, city_manager):
        client.force_login(city_manager)
        data = {**NEW_RUN, "modules": [kh1.pk], "units": [city.school.pk]}
        response = client.post("/manage/runs/new/", {**data, "closes_on": "2026-06-01"})
        assert "Ngày kết thúc phải từ ngày mở trở đi" in response.content.decode()
        assert not CourseRun.objects.exists()

    def test_extending_adds_terms_and_keeps_the_old(self, client, run, city_manager):
        client.force_login(city_manager)
        client.post(
            f"/manage/runs/{run.code}/extend/", {"closes_on": "2027-01-31", "reason": "Bão"}
        )
        assert [str(terms.closes_on) for terms in run.terms.all()] == ["2026-12-31", "2027-01-31"]
        assert run.terms.last().modules.count() == 1

    def test_extending_backwards_is_refused_in_words(self, client, run, city_manager):
        client.force_login(city_manager)
        response = client.post(
            f"/manage/runs/{run.code}/extend/", {"closes_on": "2026-10-01", "reason": "?"}
        )
        assert "Hạn mới phải sau ngày 31/12/2026" in response.content.decode()
        assert run.terms.count() == 1

    def test_adds_a_person_by_name(self, client, city, kh1, city_manager, learner):
        run = make_run(kh1.course, units=[city.other_school], sectors=["education"])
        client.force_login(city_manager)
        client.post(
            f"/manage/runs/{run.code}/people/",
            {"person_code": learner.code, "reason": "Học bù"},
        )
        assert RunAddition.objects.get().person == learner
        assert learner in run.terms.get().audience(on=date(2026, 7, 1))

    def test_a_principal_sees_a_run_above_her_but_cannot_change_it(self, client, run, principal):
        client.force_login(principal)
        assert client.get(f"/manage/runs/{run.code}/").status_code == 200
        for act in ("edit", "extend", "people"):
            assert client.get(f"/manage/runs/{run.code}/{act}/").status_code == 404
            assert client.post(f"/manage/runs/{run.code}/{act}/").status_code == 404

    def test_the_manager_of_a_sector_cannot_touch_a_run_of_the_other(self, client, city, run):
        social = make_account()
        make_scope(social, city.root, "sector_manager", sector="social")
        client.force_login(social)
        for act in ("edit", "extend", "people"):
            assert client.get(f"/manage/runs/{run.code}/{act}/").status_code == 404

    def test_nor_a_run_of_both_sectors(self, client, city, kh1, city_manager):
        joint = make_run(kh1.course, "lien-nganh", units=[city.root])
        client.force_login(city_manager)
        assert client.get(f"/manage/runs/{joint.code}/").status_code == 200
        assert client.get(f"/manage/runs/{joint.code}/extend/").status_code == 404

    def test_the_manager_of_a_sector_cannot_open_one_for_the_other(
        self, client, city, kh1, city_manager
    ):
        client.force_login(city_manager)
        data = {**NEW_RUN, "modules": [kh1.pk], "units": [city.school.pk], "sectors": ["social"]}
        assert client.post("/manage/runs/new/", data).status_code == 200
        assert not CourseRun.objects.exists()

    def test_two_scopes_are_not_mixed(self, client, city, kh1):
        """She manages the facility whole, and the social sector of the city."""
        user = make_account()
        make_scope(user, city.root, "sector_manager", sector="social")
        make_scope(user, city.facility)
        client.force_login(user)
        data = {
            **NEW_RUN,
            "modules": [kh1.pk],
            "units": [city.school.pk],
            "sectors": ["education", "social"],
        }
        response = client.post("/manage/runs/new/", data)
        assert "phạm vi quản lý" in response.content.decode()
        assert not CourseRun.objects.exists()

    @pytest.mark.parametrize(
        "nonsense",
        [{"closes_on": "9999-12-31"}, {"opens_on": "0001-01-01"}, {"units": ["9" * 30]}],
    )
    def test_nonsense_is_refused_in_words(self, client, city, kh1, city_manager, nonsense):
        client.force_login(city_manager)
        data = {**NEW_RUN, "modules": [kh1.pk], "units": [city.school.pk], **nonsense}
        assert client.post("/manage/runs/new/", data).status_code == 200
        assert not CourseRun.objects.exists()

    def test_editing_keeps_a_module_that_is_taken_down_for_now(
        self, client, city, kh1, run, city_manager
    ):
        kh1.is_published = False
        kh1.save()
        client.force_login(city_manager)
        page = client.get(f"/manage/runs/{run.code}/edit/").content.decode()
        assert f'name="modules" value="{kh1.pk}"' in page

    def test_an_outsider_finds_nothing(self, client, city, kh1, outsider, learner):
        run = make_run(kh1.course, units=[city.school])
        for user in (outsider, learner.user):
            client.force_login(user)
            for path in ("", "edit/", "extend/", "people/"):
                assert client.get(f"/manage/runs/{run.code}/{path}").status_code == 404

    def test_a_learner_without_scope_finds_no_run_pages(self, client, run, learner):
        client.force_login(learner.user)
        for path in ("/manage/runs/", "/manage/runs/new/", f"/manage/runs/{run.code}/"):
            assert client.get(path).status_code == 404

    def test_signed_out_is_asked_to_sign_in(self, client, run):
        response = client.get(f"/manage/runs/{run.code}/")
        assert response.url.startswith("/accounts/login/")

    def test_revoking_a_scope_works_on_the_next_request(self, client, run, city_manager):
        client.force_login(city_manager)
        assert client.get(f"/manage/runs/{run.code}/extend/").status_code == 200
        city_manager.scopes.update(ended_on=date(2026, 6, 30))
        assert client.get(f"/manage/runs/{run.code}/extend/").status_code == 404
