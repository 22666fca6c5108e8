import json
from datetime import UTC, date, datetime
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, transaction

from certificates.models import Certificate
from certificates.services import issuing
from certificates.services.issuing import issue_certificate
from courses.models import CourseCompletion
from courses.signals import course_completed
from people.models import UnitVersion
from tests.certificates.builders import COMPLETED_AT, COMPLETED_ON, complete, make_short_run
from tests.factories import make_member, make_unit


@pytest.fixture
def run(city):
    return make_short_run(city.root, title="Bảo vệ trẻ em", validity_months=36)


class TestIssuedCertificate:
    def test_copies_who_she_is_and_what_she_did(self, learner, run):
        certificate = issue_certificate(complete(learner, run), at=COMPLETED_AT)
        certificate.refresh_from_db()
        assert certificate.person_name == "Trần Ngọc Hạnh"
        assert certificate.birth_date == learner.birth_date
        assert certificate.unit_name == "Trường Tiểu học Một"
        assert certificate.course_title == "Bảo vệ trẻ em"
        assert certificate.run_title == run.title
        assert certificate.trained_from == date(2026, 6, 2)
        assert certificate.completed_on == COMPLETED_ON
        assert certificate.result == "Hoàn thành"

    def test_lists_the_modules_required_of_her_and_their_periods(self, learner, run):
        completion = complete(learner, run)
        completion.modules = ["KH6"]
        completion.save()
        certificate = issue_certificate(completion, at=COMPLETED_AT)
        assert certificate.module_titles == [
            {"code": "KH6", "title": "Chuyên đề KH6", "periods": 10}
        ]
        assert certificate.periods == 10
        assert [module.code for module in certificate.modules.all()] == ["KH6"]

    def test_lapses_after_the_courses_months(self, learner, run):
        certificate = issue_certificate(complete(learner, run), at=COMPLETED_AT)
        assert certificate.valid_until == date(2029, 7, 15)

    def test_counts_days_where_she_lives(self, learner, run):
        just_after_midnight = datetime(2026, 7, 14, 17, 30, tzinfo=UTC)
        completion = complete(learner, run, at=just_after_midnight)
        certificate = issue_certificate(completion, at=just_after_midnight)
        assert certificate.completed_on == COMPLETED_ON

    def test_keeps_the_name_that_the_unit_had_that_day(self, learner, run, city):
        version = city.school.versions.get()
        version.ended_on = COMPLETED_ON
        version.save()
        UnitVersion.objects.create(
            unit=city.school, started_on=date(2026, 7, 16), name="Tên mới", kind="primary",
            sector="education", parent=version.parent,
        )  # fmt: skip
        certificate = issue_certificate(complete(learner, run), at=COMPLETED_AT)
        assert certificate.unit_name == "Trường Tiểu học Một"

    def test_takes_its_issuer_from_the_settings(self, learner, run, settings):
        settings.CERTIFICATE_ISSUER = "Phòng Một"
        certificate = issue_certificate(complete(learner, run), at=COMPLETED_AT)
        settings.CERTIFICATE_ISSUER = "Phòng Hai"
        certificate.refresh_from_db()
        assert certificate.issuer == "Phòng Một"

    def test_does_not_follow_a_course_that_is_renamed(self, learner, run):
        certificate = issue_certificate(complete(learner, run), at=COMPLETED_AT)
        run.course.title = "Tên khác"
        run.course.save()
        certificate.refresh_from_db()
        assert certificate.course_title == "Bảo vệ trẻ em"


class TestOneCertificateForACompletion:
    def test_asking_twice_gives_the_same(self, learner, run):
        completion = complete(learner, run)
        first = issue_certificate(completion, at=COMPLETED_AT)
        assert issue_certificate(completion, at=COMPLETED_AT) == first
        assert Certificate.objects.count() == 1

    def test_losing_a_race_gives_the_winners(self, learner, run, monkeypatch):
        completion = complete(learner, run)
        winner = issue_certificate(completion, at=COMPLETED_AT)
        looks = iter([Certificate.objects.none()])  # the first look came before the winner's leap
        real = issuing._original_of
        monkeypatch.setattr(issuing, "_original_of", lambda c: next(looks, None) or real(c))
        assert issue_certificate(completion, at=COMPLETED_AT) == winner

    def test_the_database_refuses_a_second(self, learner, run):
        certificate = issue_certificate(complete(learner, run), at=COMPLETED_AT)
        second = Certificate.objects.get(pk=certificate.pk)
        second.pk = None
        second._state.adding = True
        second.id = "00000000-0000-4000-8000-000000000001"
        with pytest.raises(IntegrityError), transaction.atomic():
            second.save()


class TestWhenACourseIsCompleted:
    def completed(self, learner, run):
        completion = complete(learner, run)
        course_completed.send(sender=CourseCompletion, completion=completion)
        return completion

    def test_the_certificate_is_there_and_has_its_number(
        self, learner, run, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            self.completed(learner, run)
        assert Certificate.objects.get().number.endswith("/GCN")

    def test_a_busy_register_leaves_the_number_to_the_worker(
        self, learner, run, monkeypatch, django_capture_on_commit_callbacks
    ):
        def busy(*args, **kwargs):
            raise DatabaseError("database is locked")

        monkeypatch.setattr("certificates.receivers.number_waiting", busy)
        with django_capture_on_commit_callbacks(execute=True):
            self.completed(learner, run)
        assert Certificate.objects.get().number.endswith("/GCN")

    def test_nothing_that_fails_afterwards_reaches_the_learner(
        self, learner, run, monkeypatch, django_capture_on_commit_callbacks
    ):
        def broken(*args, **kwargs):
            raise DatabaseError("database is locked")

        monkeypatch.setattr("certificates.receivers.number_waiting", broken)
        worker = SimpleNamespace(enqueue=broken)
        monkeypatch.setattr("certificates.receivers.number_later", worker)
        with django_capture_on_commit_callbacks(execute=True):
            self.completed(learner, run)
        assert Certificate.objects.get().number == ""


class TestIssueCertificatesCommand:
    def run_command(self, *args):
        out = StringIO()
        call_command("issue_certificates", *args, "--json", stdout=out)
        return json.loads(out.getvalue())

    def test_catches_up_and_then_has_nothing_to_do(self, learner, run):
        complete(learner, run)
        assert self.run_command() == {"issued": 1, "numbered": 1}
        assert self.run_command() == {"issued": 0, "numbered": 0}

    def test_numbers_what_was_left_without(self, learner, run):
        issue_certificate(complete(learner, run), at=COMPLETED_AT)
        assert self.run_command() == {"issued": 0, "numbered": 1}

    def test_leaves_other_runs_alone(self, learner, run, city):
        other_school = make_unit("TH9", parent=city.commune)
        other = make_member(other_school, code="000900")
        complete(learner, run)
        elsewhere = run.course.runs.create(code="he-2027", title="Hè 2027")
        complete(other, elsewhere)
        assert self.run_command("--run", "he-2027") == {"issued": 1, "numbered": 1}
        assert Certificate.objects.get().person == other

    def test_names_a_run_it_does_not_know(self, db):
        with pytest.raises(CommandError, match="khong-co"):
            self.run_command("--run", "khong-co")
