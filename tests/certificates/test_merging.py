"""The certificates of two rows that are one person."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from certificates.models import Certificate
from certificates.services.issuing import issue_missing
from certificates.services.recording import record_training
from certificates.services.revoking import replace, revoke
from courses.models import CourseCompletion
from courses.services.rebuild import rebuild_completions
from people.models import Person, User
from people.services.merging import MergeError
from people.sheets import read_sheet
from reports.queries import coverage_by
from tests.certificates.builders import COMPLETED_AT, certify, make_short_course, make_short_run
from tests.factories import make_account, make_member
from tests.people.merging import everything, merge, undo
from tests.reports.builders import certify as record_elsewhere
from tests.reports.builders import make_target

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def administrator(city) -> User:
    return make_account(is_superuser=True)


@pytest.fixture
def double(city) -> Person:
    return make_member(city.school, code="000901")


def statuses(client) -> set[str]:
    return {
        client.get(f"/verify/{each.pk}/", headers={"accept": "application/json"}).json()["status"]
        for each in Certificate.objects.all()
    }


class TestCertificatesOfBoth:
    @pytest.fixture
    def both(self, city, learner, double):
        run = make_short_run(city.root)
        ours = certify(learner, run, at=COMPLETED_AT + timedelta(days=5))
        return run, ours, certify(double, run, at=COMPLETED_AT)

    def test_are_all_hers_and_valid(self, client, both, learner, double, principal):
        merge(learner, double, by=make_account(is_superuser=True))
        assert learner.certificates.count() == 2
        assert Certificate.objects.visible_to(principal, on=TODAY).count() == 2
        assert statuses(client) == {"valid"}

    def test_say_what_they_said(self, both, learner, double, administrator):
        said = list(Certificate.objects.order_by("pk").values("pk", "person_name", "completed_on"))
        merge(learner, double, by=administrator)
        now = Certificate.objects.order_by("pk").values("pk", "person_name", "completed_on")
        assert list(now) == said

    def test_the_run_is_complete_from_the_earlier_day(self, both, learner, double, administrator):
        merge(learner, double, by=administrator)
        mine = CourseCompletion.objects.get(enrolment__person=learner)
        assert mine.completed_at == COMPLETED_AT

    def test_each_keeps_the_completion_it_was_issued_for(
        self, both, learner, double, administrator
    ):
        pairs = set(Certificate.objects.values_list("pk", "completion"))
        merge(learner, double, by=administrator)
        assert set(Certificate.objects.values_list("pk", "completion")) == pairs
        assert issue_missing(at=timezone.now()).issued == 0

    def test_nothing_is_decided_of_what_was_left_behind(self, both, learner, double, administrator):
        merge(learner, double, by=administrator)
        report = rebuild_completions(at=timezone.now(), is_check=True)
        assert report.drift == []
        assert not any("000901" in line for line in report.standing)

    def test_her_own_page_shows_both(self, client, both, learner, double, administrator):
        merge(learner, double, by=administrator)
        client.force_login(learner.user)
        text = client.get("/my/").content.decode()
        for certificate in Certificate.objects.all():
            assert certificate.number in text

    def test_go_back_when_it_is_undone(self, both, learner, double, administrator):
        before = everything()
        undo(merge(learner, double, by=administrator), by=administrator)
        assert everything() == before


class TestTheSamePaperRecordedTwice:
    @pytest.fixture
    def both(self, learner, double):
        course = make_short_course()
        for person in (learner, double):
            certificate = record_elsewhere(person, course)
            Certificate.objects.filter(pk=certificate.pk).update(number="12/2026")
        return course

    def test_stays_twice_and_counts_once(self, client, city, both, learner, double, administrator):
        target = make_target(both)
        assert coverage_by(target, as_of=TODAY, unit=city.school).rows[0].coverage.complete == 2
        merge(learner, double, by=administrator)
        coverage = coverage_by(target, as_of=TODAY, unit=city.school).rows[0].coverage
        assert (coverage.required, coverage.complete) == (1, 1)
        assert learner.certificates.count() == 2
        assert statuses(client) == {"valid"}

    def test_goes_back_when_it_is_undone(self, both, learner, double, administrator):
        before = everything()
        undo(merge(learner, double, by=administrator), by=administrator)
        assert everything() == before


class TestRecordingLater:
    def test_by_the_code_that_went_is_recorded_for_her(self, learner, double, administrator):
        make_short_course()
        merge(learner, double, by=administrator)
        rows = "person_code,course_code,completed_on,issuer\n"
        rows += "".join(f"{code},BVTE,01/03/2026,Sở\n" for code in ("000901", "000101"))
        report = record_training(read_sheet(rows.encode(), name="a.csv"), at=timezone.now())
        assert (report.new, report.rejected) == (1, [])
        assert Certificate.objects.get().person == learner


class TestUndoing:
    def test_is_refused_once_one_was_replaced(self, city, learner, double, administrator):
        certificate = certify(double, make_short_run(city.root))
        merged = merge(learner, double, by=administrator)
        certificate.refresh_from_db()
        replace(certificate, by=administrator, at=timezone.now(), reason="Tên", person_name="Hân")
        with pytest.raises(MergeError, match="giấy chứng nhận cấp lại"):
            undo(merged, by=administrator)

    def test_a_revocation_stays_with_the_certificate(self, city, learner, double, administrator):
        certificate = certify(double, make_short_run(city.root))
        merged = merge(learner, double, by=administrator)
        revoke(
            certificate, on=date(2026, 8, 1), reason="Gian lận", by=administrator, at=timezone.now()
        )
        undo(merged, by=administrator)
        assert Certificate.objects.get(revocation__isnull=False).person == double
