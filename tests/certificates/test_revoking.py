from datetime import date

import pytest

from certificates.models import Certificate
from certificates.queries import standing_of
from certificates.rules import Standing
from certificates.services.numbering import number_certificate
from certificates.services.revoking import RevocationError, replace, revoke
from tests.certificates.builders import COMPLETED_AT, COMPLETED_ON, certify, make_short_run

LATER = date(2026, 9, 1)


@pytest.fixture
def certificate(learner, city):
    return certify(learner, make_short_run(city.root))


def counts_on(day):
    return Certificate.objects.valid_on(day).exists()


class TestRevocation:
    def revoke(self, certificate, principal, **changes):
        fields = {"on": LATER, "reason": "Cấp nhầm", "by": principal, "at": COMPLETED_AT}
        return revoke(certificate, **{**fields, **changes})

    def test_counts_until_the_day_before(self, certificate, principal):
        self.revoke(certificate, principal)
        assert counts_on(date(2026, 8, 31))
        assert not counts_on(LATER)

    def test_for_fraud_it_never_counted(self, certificate, principal):
        self.revoke(certificate, principal, is_fraud=True)
        assert not counts_on(COMPLETED_ON)

    def test_keeps_who_and_why(self, certificate, principal):
        revocation = self.revoke(certificate, principal)
        assert (revocation.revoked_by, revocation.reason) == (principal, "Cấp nhầm")

    def test_needs_a_reason(self, certificate, principal):
        with pytest.raises(RevocationError):
            self.revoke(certificate, principal, reason="  ")

    def test_happens_once(self, certificate, principal):
        self.revoke(certificate, principal)
        with pytest.raises(RevocationError):
            self.revoke(certificate, principal)

    def test_cannot_precede_the_completion(self, certificate, principal):
        with pytest.raises(RevocationError):
            self.revoke(certificate, principal, on=date(2026, 7, 14))


class TestReplacement:
    def replace(self, certificate, principal, **corrections):
        return replace(certificate, by=principal, at=COMPLETED_AT, reason="Sai tên", **corrections)

    def test_says_what_was_corrected_and_the_rest_as_before(self, certificate, principal):
        successor = self.replace(certificate, principal, person_name="Trần Ngọc Hạnh A")
        assert successor.person_name == "Trần Ngọc Hạnh A"
        assert successor.module_titles == certificate.module_titles
        assert set(successor.modules.all()) == set(certificate.modules.all())

    def test_leaves_the_old_one_as_it_was(self, certificate, principal):
        self.replace(certificate, principal, person_name="Trần Ngọc Hạnh A")
        certificate.refresh_from_db()
        assert certificate.person_name == "Trần Ngọc Hạnh"

    def test_counts_alone_and_from_the_same_day(self, certificate, principal):
        successor = self.replace(certificate, principal)
        assert list(Certificate.objects.valid_on(COMPLETED_ON)) == [successor]

    def test_moves_the_day_when_that_was_wrong(self, certificate, principal):
        self.replace(certificate, principal, completed_on=LATER)
        assert not counts_on(COMPLETED_ON)
        assert counts_on(LATER)

    def test_gets_a_number_of_its_own(self, certificate, principal):
        successor = self.replace(certificate, principal)
        number_certificate(successor, at=COMPLETED_AT)
        assert (certificate.number, successor.number) == ("0001/2026/GCN", "0002/2026/GCN")

    def test_the_old_one_says_so(self, certificate, principal):
        self.replace(certificate, principal)
        certificate = Certificate.objects.get(pk=certificate.pk)
        assert standing_of(certificate, on=COMPLETED_ON) is Standing.REPLACED

    def test_reinstates_what_was_revoked_by_mistake(self, certificate, principal):
        revoke(certificate, on=LATER, reason="Nhầm", by=principal, at=COMPLETED_AT)
        self.replace(certificate, principal)
        assert counts_on(LATER)

    def test_happens_once(self, certificate, principal):
        self.replace(certificate, principal)
        with pytest.raises(RevocationError):
            self.replace(certificate, principal)

    @pytest.mark.parametrize("field", ["person", "number", "id", "completion", "is_recorded"])
    def test_cannot_make_it_somebody_elses_or_choose_its_number(
        self, certificate, principal, field
    ):
        with pytest.raises(RevocationError, match=field):
            self.replace(certificate, principal, **{field: "x"})
