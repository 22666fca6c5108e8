from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.rules import Standing, expires_on, register_number, standing_on

days = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 12, 31))
months = st.integers(min_value=0, max_value=600)


class TestLastDayOfACertificate:
    def test_never_comes_without_a_validity(self):
        assert expires_on(date(2026, 7, 15), None) is None

    @pytest.mark.parametrize(
        ("completed_on", "validity", "last"),
        [
            (date(2026, 7, 15), 36, date(2029, 7, 15)),
            (date(2026, 1, 31), 1, date(2026, 2, 28)),
            (date(2028, 1, 31), 1, date(2028, 2, 29)),
            (date(2028, 2, 29), 12, date(2029, 2, 28)),
            (date(2026, 12, 1), 1, date(2027, 1, 1)),
        ],
    )
    def test_falls_on_the_same_day_or_on_the_month_end(self, completed_on, validity, last):
        assert expires_on(completed_on, validity) == last

    @given(days, months)
    def test_is_as_many_months_later_as_asked(self, completed_on, validity):
        last = expires_on(completed_on, validity)
        assert (last.year - completed_on.year) * 12 + last.month - completed_on.month == validity

    @given(days, months)
    def test_is_the_same_day_unless_the_month_is_too_short(self, completed_on, validity):
        last = expires_on(completed_on, validity)
        assert last.day == min(completed_on.day, monthrange(last.year, last.month)[1])

    @given(days, months)
    def test_never_comes_earlier_for_whoever_completed_later(self, completed_on, validity):
        later = completed_on + timedelta(days=1)
        assert expires_on(completed_on, validity) <= expires_on(later, validity)


class TestStanding:
    TODAY = date(2026, 7, 15)

    def standing(self, *, valid_until=None, revoked_from=None, is_replaced=False):
        return standing_on(
            self.TODAY,
            valid_until=valid_until,
            revoked_from=revoked_from,
            is_replaced=is_replaced,
        )

    def test_is_valid_through_its_last_day(self):
        assert self.standing(valid_until=self.TODAY) is Standing.VALID

    def test_is_expired_the_day_after(self):
        assert self.standing(valid_until=self.TODAY - timedelta(days=1)) is Standing.EXPIRED

    def test_is_revoked_from_the_effective_day_on(self):
        assert self.standing(revoked_from=self.TODAY) is Standing.REVOKED

    def test_is_not_yet_revoked_before_the_effective_day(self):
        assert self.standing(revoked_from=self.TODAY + timedelta(days=1)) is Standing.VALID

    def test_says_replaced_of_what_was_revoked_in_favour_of_another(self):
        assert self.standing(revoked_from=self.TODAY, is_replaced=True) is Standing.REPLACED


def test_register_numbers_have_four_digits_or_more():
    assert register_number(1, year=2026) == "0001/2026/GCN"
    assert register_number(12345, year=2026) == "12345/2026/GCN"
