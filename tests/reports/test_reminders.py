"""One click reminds whoever is left: a line on her page, a mail, at most once a week."""

from __future__ import annotations

from datetime import date
from smtplib import SMTPServerDisconnected

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction

from people.models import AuditEntry, Person
from reports.models import Reminder, ReminderMail
from reports.services.reminders import send_reminder_mail
from tests.factories import make_account, make_member, make_scope
from tests.people.merging import merge
from tests.reports.builders import certify

WHERE = "/manage/units/TH1/remind/?target=CT-2027"
MONDAY = "2026-11-23 03:00:00Z"


@pytest.fixture
def click(client, principal):
    """As the principal of the school."""
    client.force_login(principal)
    return lambda where=WHERE: client.post(where, follow=True).content.decode()


def reminded():
    return set(Reminder.objects.values_list("person", flat=True))


@pytest.mark.usefixtures("target")
class TestClick:
    def test_reminds_whoever_is_not_complete_and_nobody_else(
        self, click, city, course, learner, principal
    ):
        certify(make_member(city.school), course)
        make_member(city.other_school)
        text = click()
        assert reminded() == {learner.pk, principal.person_id}
        assert "Đã nhắc 2 người." in text

    def test_reminds_nobody_twice_within_a_week(self, click, learner):
        with time_machine.travel(MONDAY, tick=False):
            click()
            count = Reminder.objects.count()
            assert "đã được nhắc trong tuần" in click()
        with time_machine.travel("2026-11-29 03:00:00Z", tick=False):
            click()
            assert Reminder.objects.count() == count
        with time_machine.travel("2026-11-30 03:00:00Z", tick=False):
            click()
            assert Reminder.objects.count() == 2 * count

    def test_keeps_seven_days_also_over_a_sunday(self, click, learner):
        for day, times in (("2026-11-29", 1), ("2026-11-30", 1), ("2026-12-06", 2)):
            with time_machine.travel(f"{day} 03:00:00Z", tick=False):
                click()
            assert Reminder.objects.filter(person=learner).count() == times, day

    def test_is_logged_about_each_person(self, click, learner):
        click()
        entry = AuditEntry.objects.about(learner).get()
        assert entry.action == "people.reminded"
        assert entry.detail == {"target": "CT-2027", "unit": "TH1"}

    def test_the_database_too_holds_it_to_one_a_week(self, click, learner):
        click()
        again = Reminder.objects.get(person=learner)
        again.pk, again._state.adding = None, True
        with pytest.raises(IntegrityError), transaction.atomic():
            again.save()


@pytest.mark.usefixtures("target", "learner")
class TestWhoMay:
    def test_not_whoever_only_watches(self, see, client, city_manager, figures_only, outsider):
        for user in (city_manager, figures_only, outsider):
            see(user, WHERE, 404)
            client.force_login(user)
            assert client.post(WHERE).status_code == 404
        assert not Reminder.objects.exists()

    def test_the_button_stands_beside_the_figure_of_today(self, see, principal, city_manager):
        assert "Nhắc người chưa đạt" in see(principal, "/manage/units/TH1/")
        assert "Nhắc người chưa đạt" not in see(principal, "/manage/units/TH1/?as_of=2026-05-01")
        assert "Nhắc người chưa đạt" not in see(city_manager, "/manage/units/TH1/")

    def test_the_list_is_of_people_whom_the_viewer_manages(self, see, click, city, learner):
        click()
        above = make_account(username="xa")
        make_scope(above, city.commune)
        assert learner.full_name in see(above, WHERE)


@pytest.mark.usefixtures("target")
class TestMail:
    def test_goes_to_an_address_of_her_own(self, click, learner):
        Person.objects.filter(pk=learner.pk).update(email="hanh@truong.example")
        click()
        [message] = mail.outbox
        assert message.to == ["hanh@truong.example"]
        assert "Chỉ tiêu CT-2027" in message.body
        assert "/my/" in message.body
        assert Reminder.objects.get(person=learner).mail == ReminderMail.SENT

    def test_goes_to_nobody_whose_address_is_a_schools(self, click, learner, principal):
        Person.objects.update(email="truong@truong.example")
        click()
        assert mail.outbox == []
        assert set(Reminder.objects.values_list("mail", flat=True)) == {ReminderMail.NONE}

    def test_goes_out_once_however_often_the_task_runs(self, click, learner):
        Person.objects.filter(pk=learner.pk).update(email="hanh@truong.example")
        click()
        send_reminder_mail(Reminder.objects.get(person=learner).pk)
        assert len(mail.outbox) == 1

    def test_that_no_server_takes_is_said_to_have_failed(self, click, learner, monkeypatch):
        def refuse(*_args, **_kwargs):
            raise SMTPServerDisconnected

        monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
        Person.objects.filter(pk=learner.pk).update(email="hanh@truong.example")
        assert "Không gửi được" in click()


@pytest.mark.usefixtures("target")
class TestHerPage:
    def test_says_who_reminded_her_of_what(self, see, click, learner, principal):
        click()
        text = see(learner.user, "/my/")
        assert f"{principal} nhắc ngày" in text
        assert "Chỉ tiêu CT-2027" in text

    def test_says_so_no_more_once_she_is_complete(self, see, click, course, learner):
        click()
        certify(learner, course)
        assert "nhắc ngày" not in see(learner.user, "/my/")

    def test_says_so_no_more_after_a_month(self, see, click, learner):
        with time_machine.travel(MONDAY, tick=False):
            click()
        with time_machine.travel("2026-12-24 03:00:00Z", tick=False):
            assert "nhắc ngày" not in see(learner.user, "/my/")


@pytest.mark.usefixtures("target")
class TestTwoRowsOfOnePerson:
    def test_all_reminders_are_hers_save_a_second_of_a_week(self, click, city, learner):
        twin = make_member(city.school, code="000901")
        with time_machine.travel(MONDAY, tick=False):
            click()
        Reminder.objects.filter(person=learner).update(
            week=date(2026, 11, 16), reminded_on=date(2026, 11, 16)
        )
        merge(learner, twin, by=make_account(username="quantri", is_superuser=True))
        assert Reminder.objects.filter(person=learner).count() == 2
