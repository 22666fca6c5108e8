"""One person on the roster changed by hand, while others change what it depends on."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from people.models import Membership, Unit
from people.services import people as acts
from people.services import roster
from people.services.people import Act, change_memberships
from people.services.roster import NewMember, RosterError, add_member, change_membership
from people.stays import Restated
from tests.factories import make_account

pytestmark = pytest.mark.django_db
TODAY, YESTERDAY = date(2026, 11, 22), date(2026, 11, 21)


@pytest.fixture
def closing(city, monkeypatch):
    """The other school closes between the last look and what is written, by whatever is named."""

    def _closing(module, name):
        original = getattr(module, name)

        def raced(*args, **kwargs):
            Unit.objects.filter(pk=city.other_school.pk).update(closed_on=YESTERDAY)
            return original(*args, **kwargs)

        monkeypatch.setattr(module, name, raced)

    return _closing


class TestAUnitThatClosesMeanwhile:
    def test_takes_nobody_whom_a_manager_moves(self, city, learner, closing):
        root = make_account(username="root", is_superuser=True)
        act = Act(by=root, at=datetime(2026, 11, 22, 3, tzinfo=UTC), reason="Chuyển")
        closing(acts, "write_stays")
        with pytest.raises(RosterError, match="chỉ hoạt động đến hết ngày 21/11/2026"):
            change_memberships(learner, Restated(TODAY, {"unit": "THCS2"}), act=act)

    def test_takes_nobody_whom_a_request_moves(self, city, learner, closing):
        closing(roster, "write_stays")
        with pytest.raises(RosterError, match="chỉ hoạt động đến hết ngày 21/11/2026"):
            change_membership(learner, on=TODAY, unit=city.other_school)

    def test_takes_nobody_new(self, city, closing):
        """The unit was read before it closed."""
        new = NewMember(
            code="000201", full_name="Phạm Thị Mai", sex="female", birth_date=None,
            staff_group="teacher",
        )  # fmt: skip
        read_before = Unit.objects.get(pk=city.other_school.pk)
        Unit.objects.filter(pk=city.other_school.pk).update(closed_on=YESTERDAY)
        with pytest.raises(RosterError, match="chỉ hoạt động đến hết ngày 21/11/2026"):
            add_member(new, unit=read_before, started_on=TODAY)

    @pytest.fixture(autouse=True)
    def _nobody_came(self, city):
        yield
        assert not Membership.objects.filter(unit=city.other_school).exists()
