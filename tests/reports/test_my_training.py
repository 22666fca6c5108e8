"""A learner's home says one sentence, offers one button, and lists nothing she can't act on."""

from __future__ import annotations

import html
import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from activities.quiz.services.attempts import start_attempt, submit_attempt
from certificates.models import Certificate
from certificates.services.issuing import issue_certificate
from certificates.services.numbering import number_certificate
from certificates.services.revoking import revoke
from courses.models import Course, CourseCompletion, Enrolment, Module
from people.models import Person
from reports.views.my import in_words, short_day
from tests.activities.quiz.builders import make_quiz, make_single
from tests.factories import make_account, make_course, make_module, make_run

TODAY = date(2026, 7, 1)
NOW = datetime(2026, 7, 1, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


@pytest.fixture(autouse=True)
def _on_that_day():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def course(db) -> Course:
    return make_course()


@pytest.fixture
def module(course) -> Module:
    """A lesson of 12 minutes and a quiz of one attempt."""
    module = make_module(course, "KH1", pass_mark_tenths=50)
    module.activities.filter(kind="lesson").update(minutes=12)
    make_single()
    make_quiz(module.activities.get(kind="quiz"), "KH1-C01", attempt_limit=1)
    return module


def look(person: Person) -> str:
    """The text of the page, as read."""
    client = Client()
    client.force_login(person.user)
    page = client.get("/my/").content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def complete(person: Person, run) -> CourseCompletion:
    enrolment = Enrolment.objects.create(person=person, run=run, began_at=NOW)
    return CourseCompletion.objects.create(enrolment=enrolment, completed_at=NOW, modules=["KH1"])


def enrol(person: Person, run) -> Enrolment:
    return Enrolment.objects.create(person=person, run=run, began_at=NOW - timedelta(days=9))


def record(person: Person, course: Course, number: str) -> Certificate:
    """Training held elsewhere."""
    return Certificate.objects.create(
        person=person,
        course=course,
        is_recorded=True,
        completed_on=TODAY - timedelta(days=400),
        issued_at=NOW,
        number=number,
        issuer="Phòng Giáo dục và Đào tạo",
        person_name=person.full_name,
        course_title=course.title,
    )


class TestARunThatIsOpen:
    def test_says_what_is_left_how_long_it_takes_and_until_when(self, city, module, learner):
        make_run(module.course, units=[city.root], closes_on=date(2026, 8, 31))
        said = look(learner)
        assert "Còn 1 chuyên đề, khoảng 15 phút, hạn 31/8" in said
        assert "Bắt đầu học: KH1 – KH1-B1" in said

    def test_is_overdue_in_its_days_of_grace(self, city, module, learner):
        make_run(
            module.course, units=[city.root], closes_on=TODAY - timedelta(days=1), grace_days=7
        )
        assert "Hiện không có việc gì phải học" in look(learner)  # never begun: shut to her
        Enrolment.objects.create(
            person=learner, run=module.course.runs.get(), began_at=NOW - timedelta(days=9)
        )
        said = look(learner)
        assert "quá hạn từ 30/6" in said
        assert "đến hết ngày 7/7" in said

    def test_names_modules_that_are_not_required_of_her_as_elective(self, city, module, learner):
        make_module(module.course, "KH3", clauses=[{"groups": ["manager"]}])
        make_run(module.course, units=[city.root])
        said = look(learner)
        assert "Còn 1 chuyên đề" in said
        assert "1 chuyên đề tự chọn" in said

    def test_says_so_when_nothing_is_required_of_her(self, city, course, learner):
        make_module(course, "KH3", clauses=[{"groups": ["manager"]}])
        make_run(course, units=[city.root])
        assert "Không có chuyên đề bắt buộc" in look(learner)

    def test_stands_beside_another_one_with_a_button_each(self, city, module, learner):
        make_run(module.course, "he-2026", units=[city.root])
        make_run(module.course, "dot-2026", units=[city.root])
        said = look(learner)
        assert said.count("Còn 1 chuyên đề") == said.count("Bắt đầu học:") == 2


class TestWaitingForAnotherAttempt:
    @pytest.fixture
    def quiz(self, city, module, learner):
        make_run(module.course, units=[city.root])
        quiz = module.activities.get(kind="quiz")
        submit_attempt(start_attempt(learner, quiz, at=NOW), at=NOW)
        return quiz

    def test_says_who_sees_it_and_leads_to_what_can_be_done(self, quiz, learner):
        said = look(learner)
        assert f"{quiz.title}: đang chờ cấp thêm lượt" in said
        assert "KH1-B1" in said

    def test_offers_no_button_when_nothing_else_is_left(self, quiz, module, learner):
        module.activities.get(kind="lesson").rules.create(
            module=module, effective_at=NOW - timedelta(days=1), is_required=False, kind="viewed"
        )
        said = look(learner)
        assert "đang chờ cấp thêm lượt" in said
        assert "học:" not in said
        assert "Học tiếp" not in said


class TestARunThatIsComplete:
    @pytest.fixture
    def completion(self, city, module, learner) -> CourseCompletion:
        return complete(learner, make_run(module.course, units=[city.root]))

    def test_is_congratulated_and_leads_to_the_certificate(self, completion, learner):
        certificate = number_certificate(issue_certificate(completion, at=NOW), at=NOW)
        said = look(learner)
        assert "Chúc mừng!" in said
        assert "Tải giấy chứng nhận" in said
        assert certificate.number in said

    def test_says_that_the_certificate_is_being_prepared(self, completion, learner):
        said = look(learner)
        assert "đang được chuẩn bị" in said
        assert "Tải giấy chứng nhận" not in said

    def test_says_that_the_certificate_was_revoked(self, completion, learner):
        certificate = number_certificate(issue_certificate(completion, at=NOW), at=NOW)
        revoke(certificate, on=TODAY, reason="Nhầm", by=make_account(), at=NOW)
        said = look(learner)
        assert "Đã thu hồi" in said
        assert "Giấy chứng nhận đã sẵn sàng" not in said


class TestNothingToLearn:
    def test_without_an_open_run(self, learner):
        assert "Hiện không có việc gì phải học" in look(learner)

    def test_without_a_person(self, db):
        client = Client()
        client.force_login(make_account())
        assert "chưa gắn với danh sách nhân sự" in client.get("/my/").content.decode()

    def test_shows_training_recorded_elsewhere_without_a_download(self, course, learner):
        record(learner, course, "12/2025")
        said = look(learner)
        assert "Ghi nhận từ nơi khác: Phòng Giáo dục và Đào tạo" in said
        assert "Tải giấy chứng nhận" not in said

    def test_lists_runs_that_are_over(self, city, module, learner):
        run = make_run(module.course, units=[city.root], closes_on=TODAY - timedelta(days=1))
        Enrolment.objects.create(person=learner, run=run, began_at=NOW - timedelta(days=9))
        assert "Không hoàn thành; đã đóng ngày 30/06/2026" in look(learner)


def test_more_certificates_need_no_more_queries(course, learner, django_assert_num_queries):
    client = Client()
    client.force_login(learner.user)
    record(learner, course, "1")
    client.get("/my/")
    with CaptureQueriesContext(connection) as with_one:
        client.get("/my/")
    for number in "234":
        record(learner, course, number)
    with django_assert_num_queries(len(with_one)):
        client.get("/my/")


def test_runs_need_no_more_queries_than_one(
    city, module, learner, client, django_assert_num_queries
):
    client.force_login(learner.user)
    enrol(learner, make_run(module.course, "he", units=[city.root]))
    with django_assert_num_queries(16):
        client.get("/my/")
    for code in ("thu", "dong"):
        enrol(learner, make_run(module.course, code, units=[city.root]))
    enrol(learner, make_run(module.course, "qua", units=[city.root], closes_on=date(2026, 6, 30)))
    with CaptureQueriesContext(connection) as with_more:
        page = client.get("/my/")
    assert len(page.context["open_cards"]) == 3
    assert len(page.context["past_cards"]) == 1
    asked_of_each_open_run = 3  # whether its audience still holds her, once there is a choice
    assert len(with_more) == 16 + asked_of_each_open_run


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "5 phút"),
        (11, "15 phút"),
        (55, "55 phút"),
        (60, "1 giờ"),
        (61, "1 giờ rưỡi"),
        (95, "2 giờ"),
        (180, "3 giờ"),
    ],
)
def test_time_is_told_roughly_and_never_too_short(minutes, words):
    assert in_words(minutes) == words


def test_a_day_of_another_year_bears_its_year():
    assert short_day(date(2026, 8, 31), today=TODAY) == "31/8"
    assert short_day(date(2027, 1, 2), today=TODAY) == "02/01/2027"
