import threading
from datetime import UTC, datetime

import pytest
from django.db import connection, connections

from certificates.models import Certificate, Register
from certificates.services.issuing import issue_certificate
from certificates.services.numbering import number_certificate, number_waiting
from tests.certificates.builders import COMPLETED_AT, complete, make_short_run
from tests.factories import PersonFactory, make_member, make_unit


@pytest.fixture
def run(city):
    return make_short_run(city.root)


class TestRegisterNumber:
    def issued(self, person, run, *, at=COMPLETED_AT):
        return issue_certificate(complete(person, run), at=at)

    def test_starts_at_one_in_the_year_of_issue(self, learner, run):
        certificate = number_certificate(self.issued(learner, run), at=COMPLETED_AT)
        assert certificate.number == "0001/2026/GCN"

    def test_goes_on_by_one(self, learner, run, city):
        colleague = make_member(city.school, code="000901")
        number_certificate(self.issued(learner, run), at=COMPLETED_AT)
        certificate = number_certificate(self.issued(colleague, run), at=COMPLETED_AT)
        assert certificate.number == "0002/2026/GCN"

    def test_is_given_once(self, learner, run):
        certificate = self.issued(learner, run)
        number_certificate(certificate, at=COMPLETED_AT)
        stale = Certificate.objects.get()
        stale.number = ""
        number_certificate(stale, at=COMPLETED_AT)
        assert stale.number == "0001/2026/GCN"
        assert Register.objects.get().last_number == 1

    def test_belongs_to_the_local_year_of_issue_however_late_it_is_given(self, learner, run):
        new_years_eve = datetime(2026, 12, 31, 16, 59, tzinfo=UTC)  # 23:59 in Ho Chi Minh City
        certificate = self.issued(learner, run, at=new_years_eve)
        number_certificate(certificate, at=datetime(2027, 1, 2, tzinfo=UTC))
        assert certificate.number == "0001/2026/GCN"

    def test_of_training_held_elsewhere_stays_as_it_was_written(self, learner, run):
        recorded = Certificate.objects.create(
            person=learner, course=run.course, completed_on=COMPLETED_AT.date(), is_recorded=True,
            issued_at=COMPLETED_AT, number="", issuer="Trường bồi dưỡng", person_name="x",
        )  # fmt: skip
        assert number_certificate(recorded, at=COMPLETED_AT).number == ""
        assert not Register.objects.exists()


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
class TestManyAtOnce:
    THREADS = 8

    def at_once(self, work):
        """Each thread calls `work(number)` at the same moment; failures fail the test."""
        gate, failures = threading.Barrier(self.THREADS), []

        def one(number):
            try:
                gate.wait()
                work(number)
            except Exception as error:
                failures.append(error)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=one, args=[n]) for n in range(self.THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []

    def test_numbers_have_no_gap_and_none_is_given_twice(self):
        run = make_short_run(make_unit("TP", kind="city"))
        waiting = [
            issue_certificate(complete(PersonFactory(), run), at=COMPLETED_AT)
            for _ in range(self.THREADS * 3)
        ]
        # Every certificate is numbered by two threads.
        self.at_once(
            lambda n: [
                number_certificate(Certificate.objects.get(pk=each.pk), at=COMPLETED_AT)
                for index, each in enumerate(waiting)
                if n in {index % self.THREADS, (index + 1) % self.THREADS}
            ]
        )
        numbers = Certificate.objects.order_by("number").values_list("number", flat=True)
        assert list(numbers) == [f"{n:04d}/2026/GCN" for n in range(1, len(waiting) + 1)]

    def test_batches_numbered_by_all_of_them_leave_no_gap_either(self):
        run = make_short_run(make_unit("TP", kind="city"))
        count = self.THREADS * 3
        for _ in range(count):
            issue_certificate(complete(PersonFactory(), run), at=COMPLETED_AT)
        self.at_once(lambda n: number_waiting(at=COMPLETED_AT))
        numbers = Certificate.objects.order_by("number").values_list("number", flat=True)
        assert list(numbers) == [f"{n:04d}/2026/GCN" for n in range(1, count + 1)]

    def test_one_completion_issued_by_all_of_them_gives_one_certificate(self):
        run = make_short_run(make_unit("TP", kind="city"))
        completion = complete(PersonFactory(), run)
        self.at_once(lambda n: issue_certificate(completion, at=COMPLETED_AT))
        assert Certificate.objects.count() == 1

    def test_the_database_is_a_real_one(self):
        if connection.vendor == "sqlite":
            assert "memory" not in str(connection.settings_dict["NAME"])
