"""Codes by e-mail: one a person, to an address of hers alone, and readable nowhere but there."""

from __future__ import annotations

import re
from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from people.codes import ALPHABET, LENGTH, code_from
from people.models import AccessCode, AuditEntry, CodeMail, MailProblem, MailState, Person
from people.services import mailing_codes
from people.services.code_mails import CodeMailError, ask_to_mail, send_what_is_due
from people.services.codes import check_code, issue_code
from people.services.mailing_codes import send_waiting
from tests.blocking import LONGEST, ROW_LOCKS, blocked
from tests.factories import make_account, make_member, make_scope

pytestmark = pytest.mark.django_db
NOW = timezone.now()
CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b")


@pytest.fixture
def mai(city) -> Person:
    """On the school's roster with an address of her own, without an account."""
    return make_member(city.school, code="000777", given_name="Mai", email="mai@vi.du")


@pytest.fixture
def manager(client, principal):
    client.force_login(principal)
    return client


@pytest.fixture
def later(settings):
    """Tasks wait for their worker, as they do in the office."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def ask(people, city, principal, at=NOW):
    return ask_to_mail(people, unit=city.school, by=principal, at=at)


def code_in(message) -> str:
    return CODE.search(message.body).group()


class TestTheMail:
    def test_bears_a_code_that_opens_her_account(self, city, mai, principal):
        ask([mai], city, principal)
        (message,) = mail.outbox
        assert message.to == ["mai@vi.du"]
        assert check_code(mai, code_in(message), at=timezone.now()) is not None

    def test_leads_to_the_page_with_her_name_and_without_the_code(
        self, client, city, mai, principal, settings
    ):
        settings.BASE_URL = "https://lms.vi.du"
        ask([mai], city, principal)
        address = "https://lms.vi.du/accounts/activate/?username=000777"
        assert address in mail.outbox[0].body
        assert f'href="{address}"' in mail.outbox[0].alternatives[0].content
        page = client.get("/accounts/activate/?username=000777").content.decode()
        assert 'value="000777"' in page

    def test_is_in_vietnamese_as_text_and_as_html(self, city, mai, principal):
        ask([mai], city, principal)
        (message,) = mail.outbox
        html = message.alternatives[0]
        assert html.mimetype == "text/html"
        assert code_in(message) in html.content
        for text in (message.body, html.content):
            assert "Kính gửi Nguyễn Thị Mai" in text
            assert "Không chuyển thư này cho ai" in text

    def test_escapes_names_in_html_and_not_in_text(self, city, mai, principal):
        Person.objects.filter(pk=mai.pk).update(given_name="<b>Mai")
        ask([Person.objects.get(pk=mai.pk)], city, principal)
        assert "<b>Mai" in mail.outbox[0].body
        assert "&lt;b&gt;Mai" in mail.outbox[0].alternatives[0].content

    def test_is_logged_without_the_code(self, city, mai, principal):
        ask([mai], city, principal)
        entries = AuditEntry.objects.filter(action__in=["code.issued", "code.mailed"])
        assert {entry.actor for entry in entries} == {principal}
        assert len(entries) == 2
        assert not any(CODE.search(str(entry.detail)) for entry in entries)


class TestTheCode:
    def test_is_stored_nowhere(self, city, mai, principal, later, caplog):
        ask([mai], city, principal)
        task = DBTaskResult.objects.get()
        key = CodeMail.objects.get().pk
        assert task.args_kwargs == {"args": [key], "kwargs": {}}
        send_waiting(key, at=NOW)
        code = code_in(mail.outbox[0])
        rows = [*CodeMail.objects.values(), *AccessCode.objects.values()]
        stored = f"{rows} {caplog.text}"
        assert code not in stored
        assert code.replace("-", "") not in stored

    def test_looks_like_any_other_and_is_the_keys_alone(self, settings):
        codes = {code_from(str(number)) for number in range(500)}
        assert len(codes) == 500
        assert all(len(code) == LENGTH and set(code) <= set(ALPHABET) for code in codes)
        before = code_from("1")
        settings.SECRET_KEY = "another"
        assert code_from("1") != before


class TestAWorkerThatDies:
    def test_after_sending_sends_the_same_code_again(
        self, city, mai, principal, later, monkeypatch
    ):
        (waiting,) = ask([mai], city, principal).mails
        with monkeypatch.context() as dying:
            dying.setattr(mailing_codes, "_sent", lambda *args, **kwargs: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                send_waiting(waiting.pk, at=NOW)
        send_waiting(waiting.pk, at=NOW + timedelta(minutes=15))
        first, second = mail.outbox
        assert code_in(first) == code_in(second)
        assert first.extra_headers == second.extra_headers  # a mail server may see it is one
        assert check_code(mai, code_in(second), at=NOW) is not None
        assert AccessCode.objects.count() == 1

    def test_before_sending_loses_nothing(self, city, mai, principal, later):
        ask([mai], city, principal)
        assert send_what_is_due(at=NOW + timedelta(minutes=14)) == 0
        assert send_what_is_due(at=NOW + timedelta(minutes=15)) == 1
        assert send_what_is_due(at=NOW + timedelta(minutes=16)) == 0  # it was given out again
        assert DBTaskResult.objects.count() == 2

    def test_a_mail_that_went_out_is_sent_no_more(self, city, mai, principal):
        (sent,) = ask([mai], city, principal).mails
        send_waiting(sent.pk, at=NOW + timedelta(minutes=15))
        assert len(mail.outbox) == 1


class TestAServer:
    @pytest.fixture
    def answers(self, monkeypatch):
        """What the mail server answers, from now on."""

        def answer(error: Exception | None) -> None:
            def send(message, fail_silently=False):
                if error:
                    raise error
                return 1

            monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", send)

        return answer

    @pytest.mark.parametrize(
        "silence", [SMTPServerDisconnected("x"), ConnectionRefusedError(), TimeoutError()]
    )
    def test_that_keeps_silent_is_tried_again_later(
        self, city, mai, principal, later, answers, silence
    ):
        (waiting,) = ask([mai], city, principal).mails
        answers(silence)
        send_waiting(waiting.pk, at=NOW)
        waiting.refresh_from_db()
        assert (waiting.state, waiting.next_try_at) == ("waiting", NOW + timedelta(minutes=2))
        answers(None)
        assert send_what_is_due(at=NOW + timedelta(minutes=2)) == 1
        send_waiting(waiting.pk, at=NOW + timedelta(minutes=2))
        waiting.refresh_from_db()
        assert (waiting.state, waiting.problem) == (MailState.SENT, "")

    def test_that_keeps_silent_for_good_is_given_up(self, city, mai, principal, later, answers):
        (waiting,) = ask([mai], city, principal).mails
        answers(ConnectionRefusedError())
        for _ in range(5):
            send_waiting(waiting.pk, at=NOW)
        waiting.refresh_from_db()
        assert (waiting.state, waiting.problem) == (MailState.FAILED, MailProblem.NO_SERVER)
        assert AccessCode.objects.count() == 1

    @pytest.mark.parametrize(
        "refusal",
        [SMTPRecipientsRefused({"mai@vi.du": (550, b"no")}), SMTPDataError(554, b"CFGH-2345")],
    )
    def test_that_refuses_the_address_is_believed(
        self, city, mai, principal, later, answers, refusal, caplog
    ):
        (waiting,) = ask([mai], city, principal).mails
        answers(refusal)
        send_waiting(waiting.pk, at=NOW)
        waiting.refresh_from_db()
        assert (waiting.state, waiting.problem) == (MailState.FAILED, MailProblem.REFUSED)
        assert "CFGH" not in caplog.text
        assert not AuditEntry.objects.filter(action="code.mailed").exists()

    def test_that_is_not_there_is_said(self, manager, city, mai, settings):
        settings.SENDS_EMAIL = False
        text = manager.get(f"/manage/units/{city.school.code}/slips/").content.decode()
        assert "chưa có máy chủ thư" in text
        manager.post(f"/manage/units/{city.school.code}/slips/", {"person": [mai.pk], "as": "mail"})
        assert not CodeMail.objects.exists()


class TestWhatChangedMeanwhile:
    @pytest.fixture
    def waiting(self, city, mai, principal, later) -> CodeMail:
        return ask([mai], city, principal).mails[0]

    def ending(self, waiting: CodeMail) -> tuple[str, str]:
        send_waiting(waiting.pk, at=timezone.now())
        waiting.refresh_from_db()
        assert mail.outbox == []
        return waiting.state, waiting.problem

    def test_whoever_asked_manages_her_no_more(self, waiting, principal):
        principal.scopes.update(ended_on=timezone.localdate() - timedelta(days=1))
        assert self.ending(waiting) == (MailState.FAILED, MailProblem.NO_RIGHT)
        assert not AccessCode.objects.exists()

    def test_she_was_given_more_rights(self, waiting, city, mai):
        account = make_account(mai)
        account.set_unusable_password()
        account.save()
        make_scope(account, city.root, "monitor")
        assert self.ending(waiting) == (MailState.FAILED, MailProblem.NO_RIGHT)

    def test_a_slip_was_printed_since(self, waiting, mai, principal):
        slip = issue_code(mai, issued_by=principal, at=NOW + timedelta(seconds=1))
        assert self.ending(waiting) == (MailState.FAILED, MailProblem.REPLACED)
        assert check_code(mai, slip.code, at=timezone.now()) is not None

    def test_her_address_is_a_colleagues_too(self, waiting, city):
        make_member(city.other_school, email="MAI@vi.du")
        assert self.ending(waiting) == (MailState.FAILED, MailProblem.NO_ADDRESS)


class TestWhoIsSentOne:
    def test_nobody_whose_address_is_shared_or_missing(self, city, mai, principal):
        shared = [make_member(city.school, email=f"{at}ruong@vi.du") for at in "tT"]
        none = make_member(city.school)
        asked = ask([mai, *shared, none], city, principal)
        assert [each.person for each in asked.mails] == [mai]
        assert asked.without_address == [*shared, none]

    def test_nobody_twice_within_an_hour(self, city, mai, principal):
        ask([mai], city, principal)
        again = ask([mai], city, principal, at=NOW + timedelta(minutes=59))
        assert (again.mails, again.too_soon) == ([], [mai])
        assert len(ask([mai], city, principal, at=NOW + timedelta(minutes=61)).mails) == 1

    def test_nobody_who_waits_for_one_already(self, city, mai, principal, later):
        ask([mai], city, principal)
        assert ask([mai], city, principal, at=NOW + timedelta(hours=5)).too_soon == [mai]

    def test_the_database_itself_holds_one_waiting_mail_a_person(self, city, mai, principal, later):
        (waiting,) = ask([mai], city, principal).mails
        waiting.pk = None
        with pytest.raises(IntegrityError):
            waiting.save()

    def test_no_more_in_an_hour_than_the_limit(self, city, mai, principal, settings):
        settings.CODE_MAILS_AN_HOUR = 2
        others = [make_member(city.school, email=f"gv{number}@vi.du") for number in range(2)]
        ask([mai], city, principal)
        with pytest.raises(CodeMailError, match="còn 1 thư"):
            ask(others, city, principal, at=NOW + timedelta(minutes=5))
        assert len(mail.outbox) == 1
        assert len(ask(others, city, principal, at=NOW + timedelta(minutes=61)).mails) == 2


class TestTheScreen:
    def path(self, city) -> str:
        return f"/manage/units/{city.school.code}/slips/"

    def test_says_how_many_have_an_address(self, manager, city, mai):
        make_member(city.school)
        text = manager.get(self.path(city)).content.decode()
        assert "Gửi qua thư điện tử cho 1 người có địa chỉ" in text

    def test_sends_to_those_chosen_of_the_units_people(self, manager, city, mai, learner):
        elsewhere = make_member(city.other_school, email="khac@vi.du")
        form = {"person": [mai.pk, elsewhere.pk, learner.pk], "as": "mail"}
        assert manager.post(self.path(city), form).url == f"{self.path(city)}mail/"
        assert [message.to for message in mail.outbox] == [["mai@vi.du"]]

    def test_says_what_was_sent_and_what_failed(self, manager, city, mai, principal):
        other = make_member(city.school, email="binh@vi.du", given_name="Bình")
        ask([mai], city, principal)
        CodeMail.objects.create(
            person=other,
            unit=city.school,
            asked_by=principal,
            asked_at=NOW,
            next_try_at=NOW,
            state=MailState.FAILED,
            problem=MailProblem.REFUSED,
        )
        response = manager.get(f"{self.path(city)}mail/")
        assert response.context["counts"] == {"waiting": 0, "sent": 1, "failed": 1}
        text = response.content.decode()
        assert "Địa chỉ không nhận thư" in text
        assert "Gửi lại cho 1 người" in text
        manager.post(f"{self.path(city)}mail/")
        assert mail.outbox[-1].to == ["binh@vi.du"]

    def test_takes_as_many_queries_for_thirty_as_for_one(
        self, manager, city, mai, principal, django_assert_num_queries
    ):
        ask([mai], city, principal)
        manager.get(f"{self.path(city)}mail/")
        with django_assert_num_queries(QUERIES):
            manager.get(f"{self.path(city)}mail/")
        people = [make_member(city.school, email=f"gv{number}@vi.du") for number in range(30)]
        ask(people, city, principal)
        with django_assert_num_queries(QUERIES):
            manager.get(f"{self.path(city)}mail/")

    def test_shows_and_sends_nothing_to_the_principal_of_another_school(
        self, client, city, mai, outsider
    ):
        client.force_login(outsider)
        for path in (self.path(city), f"{self.path(city)}mail/"):
            assert client.get(path).status_code == 404
            assert client.post(path, {"person": [mai.pk], "as": "mail"}).status_code == 404
        assert mail.outbox == []


QUERIES = 11


@ROW_LOCKS
@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_two_managers_at_the_same_moment_ask_for_one_mail(city, mai, principal, later):
    other = make_account(username="khac")
    make_scope(other, city.school)
    with transaction.atomic():
        ask([mai], city, principal)
        second = blocked(lambda: ask([mai], city, other))
    assert second.result(timeout=LONGEST).too_soon == [mai]
    assert CodeMail.objects.get().asked_by == principal
