"""Which days of whose past a decider may put right, in which units, and what is kept of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone, translation

from people.models import CorrectionDecision, CorrectionRequest, Membership, Person
from people.services.requests import Answer, accept_correction
from people.services.roster import NewMember, RosterError, add_member, change_membership
from tests.factories import close_unit, make_account, make_member, make_scope, make_unit
from tests.people.requesting import make_correction

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_july")]
TODAY = date(2026, 7, 15)
CAME_ON = date(2025, 9, 1)


@pytest.fixture
def in_july():
    with time_machine.travel("2026-07-15 10:00+07:00", tick=False):
        yield


@pytest.fixture
def newcomer(city) -> Person:
    """Nine years in the other school, since last September in this one."""
    person = make_member(
        city.other_school, started_on=date(2016, 9, 1), ended_on=CAME_ON - timedelta(days=1)
    )
    Membership.objects.create(
        person=person, unit=city.school, staff_group="teacher", started_on=CAME_ON
    )
    return person


def posts(person: Person) -> list[tuple]:
    rows = Membership.objects.filter(person=person).order_by("started_on")
    return list(rows.values_list("unit__code", "position", "started_on", "ended_on"))


def accept(asked: CorrectionRequest, value, *, on: date, by) -> CorrectionDecision:
    accept_correction(asked, value, on=on, answer=Answer(by, timezone.now()))
    return CorrectionDecision.objects.get(request=asked)


class TestThePast:
    """Managing somebody today does not open the units where she was before."""

    @pytest.mark.parametrize("field", ["unit", "position"])
    def test_in_a_school_that_was_never_hers_stays(self, city, principal, newcomer, field):
        asked, before = make_correction(newcomer, field, "x"), posts(newcomer)
        value = {"unit": city.school, "position": "Tổ trưởng"}[field]
        with pytest.raises(RosterError, match="nhờ cấp trên"):
            accept(asked, value, on=date(2018, 9, 1), by=principal)
        assert posts(newcomer) == before
        assert CorrectionRequest.objects.open().get() == asked

    def test_is_refused_in_words_on_the_page(self, client, city, principal, newcomer):
        asked, before = make_correction(newcomer, "unit", "TH1"), posts(newcomer)
        client.force_login(principal)
        form = {"action": "accept", "value": "TH1", "on": "01/09/2016"}
        text = client.post(f"/manage/corrections/{asked.pk}/", form).content.decode()
        assert "ngoài phạm vi quản lý" in text
        assert posts(newcomer) == before

    def test_of_her_own_school_is_hers(self, principal, newcomer):
        asked = make_correction(newcomer, "position", "Tổ trưởng")
        accept(asked, "Tổ trưởng", on=CAME_ON, by=principal)
        assert posts(newcomer)[1][1] == "team_leader"

    def test_is_open_to_the_office_above_and_to_administrators(self, city, newcomer):
        chief = make_account()
        make_scope(chief, city.commune)
        for number, decider in enumerate([chief, make_account(is_superuser=True)], start=1):
            asked = make_correction(newcomer, "position", f"Tổ trưởng {number}")
            accept(asked, "Tổ trưởng", on=date(2018 + number, 9, 1), by=decider)
        assert posts(newcomer)[1][1] == "team_leader"


class TestUnitsThatAreNotThere:
    @pytest.fixture
    def administrator(self, city):
        return make_account(is_superuser=True)

    def test_before_they_opened(self, city, learner, administrator):
        unit = make_unit("MOI", parent=city.commune, opened_on=date(2026, 1, 1))
        asked = make_correction(learner, "unit", "MOI")
        with pytest.raises(RosterError, match="không hoạt động ngày 31/12/2025"):
            accept(asked, unit, on=date(2025, 12, 31), by=administrator)
        accept(asked, unit, on=date(2026, 1, 1), by=administrator)

    def test_after_they_closed(self, city, learner, administrator):
        unit = make_unit("CU", parent=city.commune)
        close_unit(unit, last_day=date(2020, 12, 31))
        with pytest.raises(RosterError, match="không hoạt động ngày 01/01/2021"):
            change_membership(learner, on=date(2021, 1, 1), unit=unit)

    def test_that_close_while_she_would_be_in_them(self, city, learner):
        unit = make_unit("CU", parent=city.commune)
        close_unit(unit, last_day=date(2020, 12, 31))
        before = posts(learner)
        with pytest.raises(RosterError, match="đến hết ngày 31/12/2020"):
            change_membership(learner, on=date(2019, 9, 1), unit=unit)
        assert posts(learner) == before

    def test_nor_is_anybody_added_to_them(self, city):
        unit = make_unit("CU", parent=city.commune)
        close_unit(unit, last_day=TODAY + timedelta(days=30))
        member = NewMember(
            code="9", full_name="Lê Lan", sex="female", birth_date=None, staff_group="teacher"
        )
        with pytest.raises(RosterError, match="đến hết ngày"):
            add_member(member, unit=unit, started_on=TODAY)

    def test_one_that_was_open_then_is_offered_though_it_is_closed_now(
        self, client, city, newcomer, administrator
    ):
        unit = make_unit("CU", parent=city.commune)
        close_unit(unit, last_day=CAME_ON)
        asked = make_correction(newcomer, "unit", "CU")
        client.force_login(administrator)
        form = {"action": "accept", "value": "CU", "on": "01/09/2016"}
        assert client.post(f"/manage/corrections/{asked.pk}/", form).status_code == 302
        assert posts(newcomer)[0][0] == "CU"


class TestWhatIsKept:
    @pytest.mark.parametrize(
        ("field", "value", "before", "after", "holds_from"),
        [
            ("full_name", "Trần Ngọc Hân", "Trần Ngọc Hạnh", "Trần Ngọc Hân", None),
            ("birth_date", date(1990, 5, 17), "1985-04-05", "1990-05-17", None),
            ("sex", "male", "female", "male", None),
            ("status", "study_leave", "working", "study_leave", TODAY),
            ("position", "Tổ trưởng", "teacher", "Tổ trưởng", TODAY),
        ],
    )
    def test_is_what_stood_before_and_what_stands_now(
        self, principal, learner, field, value, before, after, holds_from
    ):
        decision = accept(make_correction(learner, field, "x"), value, on=TODAY, by=principal)
        assert (decision.before, decision.value, decision.holds_from) == (before, after, holds_from)

    def test_of_a_move_names_both_units(self, city, learner):
        chief = make_account()
        make_scope(chief, city.commune)
        asked = make_correction(learner, "unit", "Hai")
        decision = accept(asked, city.other_school, on=TODAY, by=chief)
        assert decision.before == "TH1 · Trường Tiểu học Một"
        assert decision.value == "THCS2 · Trường THCS Hai"

    def test_is_shown_to_both_in_the_words_of_the_reader(self, client, principal, learner):
        asked = make_correction(learner, "status", "Đi học")
        accept(asked, "study_leave", on=TODAY, by=principal)
        for account, path in [
            (principal, f"/manage/corrections/{asked.pk}/"),
            (learner.user, "/my/record/"),
        ]:
            client.force_login(account)
            text = " ".join(client.get(path).content.decode().split())
            assert "<s>Đang làm việc</s> → Đi học" in text
            assert "từ 15/07/2026" in text

    def test_a_day_is_written_as_days_are(self, principal, learner):
        asked = make_correction(learner)
        decision = accept(asked, date(1990, 5, 17), on=TODAY, by=principal)
        assert decision.before_in_words == "05/04/1985"
        with translation.override("en"):
            assert decision.value_in_words == "17 May 1990"

    def test_what_changed_meanwhile_is_not_written_over(self, principal, learner):
        asked = make_correction(learner, "full_name", "Trần Ngọc Hân")
        assert asked.person.email == ""
        Person.objects.filter(pk=learner.pk).update(email="moi@vi.du", sex="male")
        accept(asked, "Trần Ngọc Hân", on=TODAY, by=principal)
        kept = Person.objects.get(pk=learner.pk)
        assert (kept.full_name, kept.email, kept.sex) == ("Trần Ngọc Hân", "moi@vi.du", "male")
        assert "han" in kept.search_text.split()


class TestTwoAtOnce:
    def test_a_code_given_a_moment_before_is_refused_in_words(self, city, monkeypatch):
        make_member(city.school, code="000888")
        nobody = Person.objects.none()
        monkeypatch.setattr(Person.objects, "filter", lambda **_asked: nobody)
        member = NewMember(
            code="000888", full_name="Lê Lan", sex="female", birth_date=None, staff_group="teacher"
        )
        with pytest.raises(RosterError, match="000888 đã có trong danh sách"):
            add_member(member, unit=city.school, started_on=TODAY)


class TestManyCorrections:
    def test_every_one_can_be_reached(self, client, city, principal):
        for number in range(51):
            make_correction(make_member(city.school), value=f"{number % 28 + 1:02d}/05/1990")
        client.force_login(principal)
        seen = set()
        for page in (1, 2):
            shown = client.get(f"/manage/requests/?corrections={page}")
            seen |= {asked.pk for asked in shown.context["corrections"]}
        assert len(seen) == 51
        assert "?corrections=1" in shown.content.decode()
        assert '<span class="count">51</span>' in shown.content.decode()
