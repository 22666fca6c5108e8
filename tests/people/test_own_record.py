"""One's own record: seen, taken away, and the ways to sign in changed."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people.audit import record
from people.models import CorrectionRequest, User
from people.services.requests import Answer, accept_as_known
from people.signals import personal_record_asked
from tests.certificates.builders import certify, make_short_run
from tests.factories import make_account, make_course, make_member, make_run, make_scope
from tests.people.requesting import make_correction, make_listing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_was_counted_before")]
ACCOUNT = "/my/record/account/"
CORRECTION = "/my/record/correction/"
PASSWORD = "mat-khau-thu"


@pytest.fixture
def mine(client, learner):
    client.force_login(learner.user)
    return client


class TestSeeing:
    def test_says_who_she_is_where_she_was_and_what_is_not_kept(self, mine, learner):
        text = mine.get("/my/record/").content.decode()
        for words in (learner.full_name, learner.code, "Trường Tiểu học Một", "Dân tộc"):
            assert words in text

    def test_an_account_without_a_person_sees_the_account_alone(self, client):
        client.force_login(make_account(username="quantri"))
        assert "quantri" in client.get("/my/record/").content.decode()
        assert client.get(CORRECTION).status_code == 404

    def test_shows_what_became_of_her_requests(self, mine, learner):
        make_correction(learner)
        assert "Đang chờ trả lời" in mine.get("/my/record/").content.decode()


class TestTakingAway:
    def test_holds_person_memberships_account_and_no_password(self, mine, learner):
        response = mine.get("/my/record.json")
        taken = response.json()
        assert taken["person"]["full_name"] == learner.full_name
        assert taken["memberships"][0]["unit_code"] == "TH1"
        assert taken["account"]["username"] == learner.code
        assert "password" not in response.content.decode()
        assert "attachment" in response.headers["Content-Disposition"]

    def test_holds_what_else_is_known_of_her(self, mine, city, learner, principal):
        make_scope(learner.user, city.school, "monitor", reason="Giám sát")
        User.objects.filter(person=learner).update(language="en")
        record("record.viewed", actor=principal, subject=learner, detail={"run": "he-2026"})
        asked = make_listing(city.school, note="Vừa chuyển về")
        accept_as_known(asked, learner, answer=Answer(principal, timezone.now()))
        make_listing(city.other_school)  # somebody else's
        taken = mine.get("/my/record.json").json()
        assert taken["account"]["language"] == "en"
        assert [(each["unit_code"], each["role"]) for each in taken["scopes"]] == [
            ("TH1", "monitor")
        ]
        assert [each["note"] for each in taken["listing_requests"]] == ["Vừa chuyển về"]
        acts = [(each["action"], each["by"]) for each in taken["log"]]
        assert acts == [("request.decided", "Lê Văn Đức"), ("record.viewed", "Lê Văn Đức")]

    def test_holds_what_she_learnt_and_was_given(self, mine, city, learner, outsider):
        run = make_short_run(city.school)
        certificate = certify(learner, run)
        certify(outsider.person, make_run(make_course("K2"), "khac", units=[city.other_school]))
        taken = mine.get("/my/record.json").json()
        assert [each["number"] for each in taken["certificates"]] == [certificate.number]
        enrolment = taken["enrolments"][0]
        assert (enrolment["run"], len(taken["enrolments"])) == (run.code, 1)
        assert enrolment["completed_at"] is not None

    def test_takes_as_many_queries_for_a_long_record(self, mine, city, learner, principal):
        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                mine.get("/my/record.json")
            return len(captured)

        def grow(number: int) -> None:
            make_scope(learner.user, city.school, "monitor")
            record("record.viewed", actor=principal, subject=learner)
            certify(learner, make_run(make_course(f"K{number}"), f"r{number}", units=[city.school]))

        grow(0)
        before = queries()
        for number in range(1, 4):
            grow(number)
        assert queries() == before

    def test_rooms_above_add_their_part(self, mine, learner):
        def part(person, **kwargs):
            return "more", [person.code]

        personal_record_asked.connect(part)
        taken = mine.get("/my/record.json").json()
        personal_record_asked.disconnect(part)
        assert taken["more"] == [learner.code]


class TestWaysToSignIn:
    def change(self, client, **fields: str):
        return client.post(ACCOUNT, {"password": PASSWORD, **fields})

    def test_are_changed_at_once_with_the_password(self, mine, learner):
        assert self.change(mine, email="moi@vi.du", phone="+84 912 345 678").status_code == 302
        account = User.objects.get(person=learner)
        assert (account.email, account.phone) == ("moi@vi.du", "0912345678")

    def test_not_without_it(self, mine, learner):
        response = self.change(mine, email="moi@vi.du", password="sai")
        assert "Mật khẩu hiện tại chưa đúng" in response.content.decode()
        assert User.objects.get(person=learner).email == ""

    @pytest.mark.parametrize("email", ["ban@vi.du", "BAN@vi.du"])
    def test_nobody_elses_and_the_reason_does_not_tell_whose(self, mine, city, learner, email):
        make_account(make_member(city.school), email="ban@vi.du")
        text = self.change(mine, email=email).content.decode()
        assert "Chưa dùng được thư điện tử hoặc số điện thoại này" in text
        assert User.objects.get(person=learner).email == ""

    def test_not_a_number_that_is_anothers_staff_code(self, mine, city, learner):
        make_account(make_member(city.school, code="0912345678"))
        self.change(mine, phone="0912345678")
        assert User.objects.get(person=learner).phone == ""

    def test_ones_own_may_be_kept_or_emptied(self, mine, learner):
        User.objects.filter(person=learner).update(email="toi@vi.du", phone="0912345678")
        assert self.change(mine, email="toi@vi.du", phone="").status_code == 302
        assert User.objects.get(person=learner).phone == ""

    def test_tries_are_counted(self, mine, learner):
        for _ in range(10):
            self.change(mine, email="moi@vi.du", password="sai")
        assert self.change(mine, email="moi@vi.du").status_code == 429
        assert User.objects.get(person=learner).email == ""

    def test_tries_of_others_are_not_hers_and_hers_are_forgotten(self, mine, client, principal):
        now = timezone.now()
        for _ in range(11):
            self.change(mine, email="moi@vi.du", password="sai")
        with time_machine.travel(now + timedelta(minutes=61)):
            assert self.change(mine, email="moi@vi.du").status_code == 302
        client.force_login(principal)
        assert self.change(client, email="thay@vi.du").status_code == 302


class TestAskingForACorrection:
    def ask(self, client, **fields: str):
        form = {"key": str(uuid.uuid4()), "field": "birth_date", "value": "17/05/1990", **fields}
        return client.post(CORRECTION, form)

    def test_is_kept_under_her_own_name(self, mine, learner, principal):
        self.ask(mine, person=str(principal.person_id))
        assert CorrectionRequest.objects.get().person == learner

    def test_twice_is_once(self, mine):
        key = str(uuid.uuid4())
        for _ in range(2):
            self.ask(mine, key=key)
        self.ask(mine)
        assert CorrectionRequest.objects.count() == 1

    @pytest.mark.parametrize("fields", [{"field": "code"}, {"field": ""}, {"value": ""}])
    def test_only_of_what_can_be_corrected(self, mine, fields):
        assert self.ask(mine, **fields).status_code == 200
        assert not CorrectionRequest.objects.exists()

    def test_not_without_end(self, mine):
        for number in range(21):
            response = self.ask(mine, value=f"giá trị {number}")
        assert response.status_code == 429
        assert CorrectionRequest.objects.count() == 20
        assert "Hãy gửi tiếp vào ngày mai" in response.content.decode()

    def test_what_is_wrong_in_the_form_is_not_counted(self, mine):
        for _ in range(21):
            self.ask(mine, value="")
        assert self.ask(mine).status_code == 302

    def test_tomorrow_and_from_others_again(self, mine, client, principal):
        now = timezone.now()
        for number in range(21):
            self.ask(mine, value=f"giá trị {number}")
        with time_machine.travel(now + timedelta(hours=25)):
            assert self.ask(mine, value="hôm sau").status_code == 302
        client.force_login(principal)
        assert self.ask(client).status_code == 302
