"""Asking to be listed or corrected, and what the manager answers."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from people.models import (
    AuditEntry,
    CorrectionRequest,
    Membership,
    Person,
    RosterDecision,
    RosterRequest,
)
from people.models.append_only import AppendOnlyError
from people.queries.matching import find_units, possible_matches
from people.queries.requests import open_requests
from people.services.codes import CodeRefusedError
from people.services.requests import Answer, DecidedError, refuse_listing
from people.signals import memberships_changed
from tests.factories import make_account, make_member, make_scope
from tests.people.requesting import make_correction, make_listing

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("nobody_was_counted_before", "on_a_day_in_july"),
]
TODAY = date(2026, 7, 15)


@pytest.fixture
def on_a_day_in_july():
    """A quarter past midnight here, still the 14th in Greenwich."""
    with time_machine.travel(datetime(2026, 7, 14, 17, 15, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def manager(client, principal):
    client.force_login(principal)
    return client


def sheet(**fields: str) -> dict[str, str]:
    """The form as somebody fills it in."""
    return {
        "key": str(uuid.uuid4()),
        "full_name": "  Phạm  Thị Lan ",
        "birth_date": "17/05/1990",
        "sex": "female",
        "staff_group": "teacher",
        "phone": "0900 000 001",
        **fields,
    }


def as_new(asked: RosterRequest, **fields: str) -> dict[str, str]:
    return {
        "action": "new",
        "code": "000888",
        "full_name": asked.full_name,
        "birth_date": "17/05/1990",
        "sex": "female",
        "staff_group": "teacher",
        "position_title": "Tổ trưởng",
        "started_on": f"{TODAY:%d/%m/%Y}",
        "phone": asked.phone,
        **fields,
    }


class TestFindingTheUnit:
    @pytest.mark.parametrize("words", ["tieu hoc mot", "MỘT tiểu", "th1"])
    def test_by_part_of_its_name_or_code_without_marks(self, city, words):
        assert find_units(words, on=TODAY) == [city.school]

    @pytest.mark.parametrize("words", ["", "t", "khong co dau"])
    def test_too_little_or_nothing_like_it_finds_none(self, city, words):
        assert find_units(words, on=TODAY) == []

    def test_closed_units_are_not_offered(self, city):
        city.school.closed_on = TODAY - timedelta(days=1)
        city.school.save()
        assert find_units("th1", on=TODAY) == []

    def test_leads_to_the_form_without_any_script(self, client, city):
        text = client.get("/accounts/not-listed/?q=tieu hoc").content.decode()
        assert f'href="/accounts/not-listed/{city.school.code}/"' in text


class TestAskingToBeListed:
    def path(self, city) -> str:
        return f"/accounts/not-listed/{city.school.code}/"

    def test_keeps_what_was_written(self, client, city):
        assert client.post(self.path(city), sheet()).url == "/accounts/not-listed/sent/"
        asked = RosterRequest.objects.get()
        assert (asked.unit, asked.full_name, asked.phone) == (
            city.school,
            "Phạm Thị Lan",
            "0900000001",
        )

    def test_the_same_form_twice_is_one_request(self, client, city):
        form = sheet()
        for _ in range(2):
            client.post(self.path(city), form)
        assert RosterRequest.objects.count() == 1

    def test_the_same_person_again_is_the_same_request_while_it_is_open(self, client, city):
        for name in ("Phạm Thị Lan", "PHAM THI LAN"):
            client.post(self.path(city), sheet(full_name=name))
        assert RosterRequest.objects.count() == 1

    def test_the_answer_does_not_tell_who_is_on_the_roster(self, client, city, learner):
        known = sheet(full_name=learner.full_name, staff_code=learner.code)
        assert client.post(self.path(city), known).url == "/accounts/not-listed/sent/"

    def test_too_many_from_one_place_are_refused_in_words(self, client, city):
        for number in range(11):
            response = client.post(self.path(city), sheet(birth_date=f"{number + 1:02d}/05/1990"))
        assert response.status_code == 429
        assert "chưa gửi" in response.content.decode()
        assert RosterRequest.objects.count() == 10

    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [
            ("birth_date", "31/02/1990", "Ngày chưa đúng"),
            ("birth_date", "17/05/2024", "kiểm tra năm"),
            ("full_name", "Lan 2", "chỉ gồm chữ"),
            ("phone", "không có", "Số điện thoại chưa đúng"),
            ("phone", "", "để nhận trả lời"),
            ("sex", "", "Hãy chọn"),
            ("email", "lan@", "Thư điện tử chưa đúng"),
        ],
    )
    def test_what_is_wrong_is_said_beside_it(self, client, city, field, value, words):
        text = client.post(self.path(city), sheet(**{field: value})).content.decode()
        assert words in text
        assert not RosterRequest.objects.exists()

    def test_the_database_itself_wants_a_way_to_answer(self, city):
        with pytest.raises(IntegrityError), transaction.atomic():
            RosterRequest.objects.create(
                key=uuid.uuid4(), unit=city.school, birth_date=TODAY, sent_at=timezone.now()
            )


class TestWhoAnswers:
    def test_the_manager_of_the_unit_and_those_above(self, city, principal):
        make_listing(city.school)
        chief = make_account()
        make_scope(chief, city.root, "sector_manager", sector="education")
        for viewer in (principal, chief, make_account(is_superuser=True)):
            assert open_requests(viewer, on=TODAY) == 1

    def test_nobody_else(self, city, learner, outsider):
        make_listing(city.school)
        make_correction(learner)
        other_sector, monitor = make_account(), make_account()
        make_scope(other_sector, city.root, "sector_manager", sector="social")
        make_scope(monitor, city.root, "monitor")
        for viewer in (learner.user, outsider, other_sector, monitor):
            assert open_requests(viewer, on=TODAY) == 0

    def test_nobody_answers_her_own_correction(self, city, principal, manager):
        asked = make_correction(principal.person)
        assert open_requests(principal, on=TODAY) == 0
        assert manager.get(f"/manage/corrections/{asked.pk}/").status_code == 404

    def test_the_list_takes_as_many_queries_for_many_as_for_one(
        self, manager, city, learner, django_assert_max_num_queries
    ):
        def count() -> int:
            with django_assert_max_num_queries(30) as captured:
                manager.get("/manage/requests/")
            return len(captured)

        make_listing(city.school)
        make_correction(learner)
        before = count()
        for number in range(10):
            make_listing(city.school, birth_date=date(1980, 1, number + 1))
            make_correction(learner, value=f"{number + 1:02d}/05/1990")
        assert count() == before

    def test_the_unit_page_says_how_many_wait(self, manager, city):
        make_listing(city.school)
        text = manager.get(f"/manage/units/{city.school.code}/").content.decode()
        assert "/manage/requests/" in text
        assert "đang chờ" in text


class TestMatching:
    def test_the_likeliest_first_and_only_people_she_manages(self, city, principal):
        asked = make_listing(city.school, staff_code="A-1")
        by_date = make_member(city.school, birth_date=asked.birth_date)
        lan = {"family_name": "PHẠM", "middle_name": "THỊ", "given_name": "LAN"}
        by_name = make_member(city.school, **lan)
        by_code = make_member(city.school, code="a-1")
        make_member(city.other_school, **lan)
        make_member(city.school, **{**lan, "given_name": "Lan Anh"})
        found = [match.person for match in possible_matches(asked, principal, on=TODAY)]
        assert found == [by_code, by_name, by_date]


class TestAccepting:
    def test_puts_a_new_person_on_the_roster_and_shows_her_slip(self, manager, city, principal):
        asked = make_listing(city.school)
        heard = []

        def listen(person_ids, **kwargs):
            heard.append(person_ids)

        memberships_changed.connect(listen)
        response = manager.post(f"/manage/requests/{asked.pk}/", as_new(asked))
        memberships_changed.disconnect(listen)
        person = Person.objects.get(code="000888")
        membership = person.memberships.get()
        assert (membership.unit, membership.started_on) == (city.school, TODAY)
        assert (membership.position, membership.position_title) == ("team_leader", "Tổ trưởng")
        assert heard == [{person.pk}]
        assert [slip.person for slip in response.context["slips"]] == [person]
        assert asked.decision.person == person
        assert asked.decision.decided_by == principal

    def test_stands_though_no_slip_may_be_made_any_more(self, manager, city, monkeypatch):
        def refuse(*args, **kwargs):
            raise CodeRefusedError("Tài khoản đã khóa")

        monkeypatch.setattr("people.views.requests.issue_code", refuse)
        asked = make_listing(city.school)
        response = manager.post(f"/manage/requests/{asked.pk}/", as_new(asked))
        assert response.url == f"/manage/requests/{asked.pk}/"
        assert Person.objects.filter(code="000888").exists()

    def test_pressed_twice_it_is_done_once(self, manager, city):
        asked = make_listing(city.school)
        manager.post(f"/manage/requests/{asked.pk}/", as_new(asked))
        again = manager.post(f"/manage/requests/{asked.pk}/", as_new(asked, code="000889"))
        assert again.url == f"/manage/requests/{asked.pk}/"
        assert not Person.objects.filter(code="000889").exists()

    @pytest.mark.parametrize("code", ["000101", "000103"], ids=["of-hers", "of-another-school"])
    def test_a_code_that_is_taken_is_refused_and_nothing_is_kept(
        self, manager, city, learner, outsider, code
    ):
        asked = make_listing(city.school)
        response = manager.post(f"/manage/requests/{asked.pk}/", as_new(asked, code=code))
        assert "đã có trong danh sách" in response.content.decode()
        assert RosterRequest.objects.open().count() == 1

    def test_a_day_before_the_unit_existed_is_refused(self, manager, city):
        asked = make_listing(city.school)
        response = manager.post(
            f"/manage/requests/{asked.pk}/", as_new(asked, started_on="01/01/2001")
        )
        assert "không hoạt động" in response.content.decode()
        assert not Person.objects.filter(code="000888").exists()

    def test_somebody_known_is_linked_and_can_get_a_slip(self, manager, city):
        asked = make_listing(city.school)
        known = make_member(city.school, birth_date=asked.birth_date)
        response = manager.post(
            f"/manage/requests/{asked.pk}/", {"action": "known", "person": known.pk}
        )
        assert response.url == f"/manage/people/{known.pk}/code/"
        assert RosterDecision.objects.get().person == known

    def test_nobody_but_the_people_shown_can_be_linked(self, manager, city, outsider):
        asked = make_listing(city.school, birth_date=outsider.person.birth_date)
        response = manager.post(
            f"/manage/requests/{asked.pk}/", {"action": "known", "person": outsider.person_id}
        )
        assert response.status_code == 200
        assert not RosterDecision.objects.exists()


class TestRefusing:
    def test_takes_a_reason_and_is_logged(self, manager, city):
        asked = make_listing(city.school)
        path = f"/manage/requests/{asked.pk}/"
        assert "Hãy ghi lý do" in manager.post(path, {"action": "refuse"}).content.decode()
        manager.post(path, {"action": "refuse", "reason": "Không công tác tại trường"})
        assert RosterDecision.objects.get().outcome == "refused"
        assert AuditEntry.objects.filter(action="request.decided").count() == 1

    def test_a_second_answer_is_refused_by_service_and_database(self, city, principal):
        asked = make_listing(city.school)
        answer = Answer(principal, timezone.now(), reason="Không có")
        refuse_listing(asked, answer=answer)
        with pytest.raises(DecidedError):
            refuse_listing(asked, answer=answer)
        with pytest.raises(IntegrityError), transaction.atomic():
            RosterDecision.objects.create(
                request=asked,
                outcome="refused",
                reason="x",
                decided_by=principal,
                decided_at=timezone.now(),
            )

    def test_neither_request_nor_answer_can_be_rewritten(self, city):
        asked = make_listing(city.school)
        asked.full_name = "Ai khác"
        with pytest.raises(AppendOnlyError):
            asked.save()


class TestCorrecting:
    def answer(self, manager, asked: CorrectionRequest, **fields: str):
        return manager.post(f"/manage/corrections/{asked.pk}/", {"action": "accept", **fields})

    @pytest.mark.parametrize(
        ("field", "typed", "attribute", "expected"),
        [
            ("full_name", "Trần Ngọc Hân", "full_name", "Trần Ngọc Hân"),
            ("birth_date", "17/05/1990", "birth_date", date(1990, 5, 17)),
            ("sex", "male", "sex", "male"),
        ],
    )
    def test_of_the_person_holds_for_good(
        self, manager, learner, field, typed, attribute, expected
    ):
        self.answer(manager, make_correction(learner, field, typed), value=typed)
        assert getattr(Person.objects.get(pk=learner.pk), attribute) == expected

    def test_the_form_is_filled_with_what_she_wrote(self, manager, learner):
        asked = make_correction(learner, "status", "Nghỉ thai sản")
        page = manager.get(f"/manage/corrections/{asked.pk}/")
        assert page.context["accept"]["value"].value() == "maternity_leave"

    def test_of_a_membership_holds_from_a_day_and_the_past_stays(self, manager, learner):
        asked = make_correction(learner, "status", "Nghỉ thai sản")
        day = TODAY - timedelta(days=10)
        self.answer(manager, asked, value="maternity_leave", on=f"{day:%d/%m/%Y}")
        before, after = Membership.objects.filter(person=learner).order_by("started_on")
        assert (before.status, before.ended_on) == ("working", day - timedelta(days=1))
        assert (after.status, after.started_on, after.ended_on) == ("maternity_leave", day, None)

    def test_on_the_day_a_membership_began_it_is_put_right_in_place(self, manager, learner):
        Membership.objects.update(started_on=TODAY)
        asked = make_correction(learner, "position", "Tổ trưởng")
        self.answer(manager, asked, value="Tổ trưởng", on=f"{TODAY:%d/%m/%Y}")
        only = Membership.objects.get(person=learner)
        assert only.position == "team_leader"

    def test_a_move_needs_a_manager_of_both_units(self, client, manager, city, learner):
        asked = make_correction(learner, "unit", "Trường THCS Hai")
        day = f"{TODAY:%d/%m/%Y}"
        response = self.answer(manager, asked, value="THCS2", on=day)
        assert "người quản lý cả hai đơn vị" in response.content.decode()
        chief = make_account()
        make_scope(chief, city.commune)
        client.force_login(chief)
        self.answer(client, asked, value="THCS2", on=day)
        now = Membership.objects.primary_on(TODAY).get(person=learner)
        assert now.unit == city.other_school

    def test_a_day_on_which_she_was_nowhere_is_refused(self, manager, learner):
        asked = make_correction(learner, "status", "Đi học")
        response = self.answer(manager, asked, value="study_leave", on="01/01/2001")
        assert "không thuộc đơn vị nào" in response.content.decode()
        assert CorrectionRequest.objects.open().exists()

    def test_pressed_twice_it_is_done_once(self, manager, learner):
        asked = make_correction(learner, "full_name", "Trần Ngọc Hân")
        for name in ("Trần Ngọc Hân", "Trần Ngọc Khác"):
            self.answer(manager, asked, value=name)
        assert Person.objects.get(pk=learner.pk).full_name == "Trần Ngọc Hân"
        assert AuditEntry.objects.filter(action="person.corrected").count() == 1

    def test_refused_with_a_reason_that_she_reads(self, manager, client, learner):
        asked = make_correction(learner)
        manager.post(
            f"/manage/corrections/{asked.pk}/",
            {"action": "refuse", "reason": "Giấy khai sinh ghi khác"},
        )
        client.force_login(learner.user)
        text = client.get("/my/record/").content.decode()
        assert "Giấy khai sinh ghi khác" in text
        assert "Đã từ chối" in text
