"""The pages about a run's people: who may open them, what they show, what is taken away."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import openpyxl
import pytest
import time_machine
from django.contrib.auth.models import Group
from django.urls import reverse

from activities.quiz.models import Attempt, AttemptGrant
from courses.models import CourseCompletion, Enrolment
from people.audit import AuditAction
from people.models import Membership, Person
from people.models.audit import AuditEntry
from people.trainers import TRAINERS
from tests.activities.quiz.builders import make_quiz, make_single
from tests.factories import (
    make_account,
    make_course,
    make_member,
    make_module,
    make_run,
    make_scope,
)
from tests.reports.addresses import MAX_QUERIES

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
PAGES = ["run-progress", "run-results", "run-csv", "run-xlsx"]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def quiz(city):
    module = make_module(make_course(), "KH6", lessons=1, pass_mark_tenths=80)
    make_single("KH6-C01")
    quiz = module.activities.get(kind="quiz")
    make_quiz(quiz, "KH6-C01", attempt_limit=1)
    return quiz


@pytest.fixture
def run(city, quiz):
    return make_run(quiz.module.course, units=[city.root])


@pytest.fixture
def trainer(city):
    """Without any scope, and of another school."""
    user = make_account(make_member(city.other_school, code="000110"))
    user.groups.add(Group.objects.get_or_create(name=TRAINERS)[0])
    return user


@pytest.fixture
def stuck(learner, run, quiz) -> Enrolment:
    enrolment = Enrolment.objects.create(person=learner, run=run, began_at=NOW)
    Attempt.objects.create(
        enrolment=enrolment,
        activity=quiz,
        quiz_version=quiz.quiz_versions.get(),
        number=1,
        started_at=NOW,
        submitted_at=NOW,
        points=4,
        possible=10,
    )
    return enrolment


def page_of(name: str, run, *more: int, **query: str) -> str:
    return reverse(f"reports:{name}", args=[run.code, *more], query=query)


@pytest.fixture
def see(client):
    def seen(user, address: str):
        client.force_login(user)
        return client.get(address)

    return seen


class TestWhoMayLook:
    @pytest.mark.parametrize("name", PAGES)
    def test_principal_monitor_trainer_and_administrator_may(
        self, see, city, run, principal, trainer, name
    ):
        monitor = make_account()
        make_scope(monitor, city.root, "monitor")
        for user in (principal, monitor, trainer, make_account(is_superuser=True)):
            assert see(user, page_of(name, run)).status_code == 200

    @pytest.mark.parametrize("name", PAGES)
    def test_who_sees_figures_only_gets_no_names(self, see, city, run, name):
        viewer = make_account()
        make_scope(viewer, city.root, "aggregate_viewer")
        assert see(viewer, reverse("courses:run", args=[run.code])).status_code == 200
        assert see(viewer, page_of(name, run)).status_code == 404

    @pytest.mark.parametrize("name", PAGES)
    def test_a_learner_finds_no_such_page(self, see, run, learner, name):
        assert see(learner.user, page_of(name, run)).status_code == 404

    @pytest.mark.parametrize("name", PAGES)
    def test_a_run_of_another_school_does_not_exist(self, see, city, quiz, outsider, name):
        hers = make_run(quiz.module.course, "hers", units=[city.school])
        assert see(outsider, page_of(name, hers)).status_code == 404

    def test_a_principal_sees_her_own_people_only(self, see, run, learner, principal, outsider):
        assert learner.full_name in see(principal, page_of("run-progress", run)).text
        assert learner.full_name not in see(outsider, page_of("run-progress", run)).text

    def test_asking_for_another_school_gives_no_row(self, see, run, outsider):
        for name in ("TH1", "XA1", "không-có"):
            page = see(outsider, page_of("run-progress", run, unit=name)).context["page"]
            assert page.paginator.count == 0

    def test_a_scope_that_ended_closes_it_at_once(self, see, run, principal):
        principal.scopes.update(ended_on=NOW.date().replace(day=1))
        assert see(principal, page_of("run-progress", run)).status_code == 404

    def test_nothing_is_sent_by_post(self, client, run, principal):
        client.force_login(principal)
        for name in PAGES:
            assert client.post(page_of(name, run)).status_code == 405


class TestTheList:
    def test_every_count_is_a_filter_of_its_own(self, see, city, run, stuck, learner, principal):
        page = see(principal, page_of("run-progress", run, state="stuck"))
        assert [each.person for each, _person in page.context["rows"]] == [learner.pk]
        counts = {str(stage): count for stage, _label, count in page.context["stages"]}
        assert counts["stuck"] == 1
        assert sum(counts.values()) == page.context["total"] == 2

    def test_filters_are_kept_from_page_to_page(self, see, city, run, principal):
        for _number in range(60):
            make_member(city.school, sex="male")
        text = see(principal, page_of("run-progress", run, sex="male", state="not-started")).text
        assert "state=not-started&amp;sex=male&amp;page=2" in text

    def test_a_national_number_is_masked(self, see, city, run, principal):
        make_member(city.school, code="079085001234")
        text = see(principal, page_of("run-progress", run)).text
        assert "079••••••234" in text
        assert "079085001234" not in text

    def test_nobody_found_offers_a_way_back(self, see, run, principal):
        assert "Xóa bộ lọc" in see(principal, page_of("run-progress", run, q="khongcoai")).text

    @pytest.mark.parametrize("nonsense", [{"state": "x"}, {"sex": "x"}, {"page": "99"}])
    def test_nonsense_filters_nothing(self, see, run, learner, principal, nonsense):
        assert learner.full_name in see(principal, page_of("run-progress", run, **nonsense)).text

    def test_takes_the_same_few_queries_however_many_people(
        self, client, city, run, stuck, principal, django_assert_max_num_queries
    ):
        client.force_login(principal)
        address = page_of("run-progress", run)
        with django_assert_max_num_queries(MAX_QUERIES) as few:
            client.get(address)
        for _number in range(40):
            Enrolment.objects.create(person=make_member(city.school), run=run, began_at=NOW)
        with django_assert_max_num_queries(len(few)):
            client.get(address)


class TestOnePerson:
    def test_shows_why_and_every_attempt(self, see, run, stuck, learner, principal):
        text = see(principal, page_of("run-person", run, learner.pk)).text
        assert "Vì sao chưa hoàn thành?" in text
        assert "4,0" in text

    def test_leads_to_the_record_only_whom_it_is_open_to(
        self, see, run, stuck, learner, principal, trainer
    ):
        record = reverse("reports:person", args=[learner.pk])
        assert record in see(principal, page_of("run-person", run, learner.pk)).text
        page = see(trainer, page_of("run-person", run, learner.pk))
        assert page.status_code == 200
        assert record not in page.text

    def test_who_looked_is_logged(self, see, run, learner, trainer):
        see(trainer, page_of("run-person", run, learner.pk))
        entry = AuditEntry.objects.get(action=AuditAction.RECORD_VIEWED)
        assert (entry.actor, entry.detail) == (trainer, {"run": run.code})

    def test_somebody_outside_the_run_is_not_there(self, see, city, quiz, learner, trainer):
        elsewhere = make_run(quiz.module.course, "elsewhere", units=[city.other_school])
        assert see(trainer, page_of("run-person", elsewhere, learner.pk)).status_code == 404

    def test_an_outsider_finds_nothing(self, see, run, learner, outsider):
        assert see(outsider, page_of("run-person", run, learner.pk)).status_code == 404


class TestUnlocking:
    def test_the_page_of_someone_stuck_says_so_and_who_can_help(
        self, client, run, quiz, stuck, trainer
    ):
        client.force_login(trainer)
        address = reverse("reports:run-person", args=[run.code, stuck.person_id])
        text = client.get(address).content.decode()
        line = text.split(quiz.title)[1].split("</li>")[0]
        assert "Đã hết lượt làm bài" in line
        assert "Người học tự làm được" not in line

    def test_leads_to_the_grant_and_back_to_the_run(self, client, run, quiz, stuck, trainer):
        client.force_login(trainer)
        results = page_of("run-results", run)
        address = reverse("quiz:grant", args=[stuck.pk, quiz.pk]) + f"?next={results}"
        assert address in client.get(results).text
        reply = client.post(address, {"reason": "Mất mạng"})
        assert reply.url == results
        assert AttemptGrant.objects.get().granted_by == trainer
        assert address not in client.get(results).text

    def test_never_leads_to_a_foreign_site(self, client, quiz, stuck, principal):
        client.force_login(principal)
        address = reverse("quiz:grant", args=[stuck.pk, quiz.pk])
        reply = client.post(f"{address}?next=https://example.com/", {"reason": "Mất mạng"})
        assert reply.url == address

    def test_a_monitor_sees_who_waits_but_gets_no_button(self, see, city, run, quiz, stuck):
        monitor = make_account()
        make_scope(monitor, city.root, "monitor")
        text = see(monitor, page_of("run-results", run)).text
        assert stuck.person.full_name in text
        assert reverse("quiz:grant", args=[stuck.pk, quiz.pk]) not in text

    def test_nobody_is_offered_her_own(self, see, run, quiz, stuck, learner):
        learner.user.groups.add(Group.objects.get_or_create(name=TRAINERS)[0])
        text = see(learner.user, page_of("run-results", run)).text
        assert reverse("quiz:grant", args=[stuck.pk, quiz.pk]) not in text


class TestExport:
    def table(self, response) -> list[list[str]]:
        text = b"".join(response.streaming_content).decode("utf-8")
        assert text.startswith("\ufeff")
        return list(csv.reader(io.StringIO(text[1:]), delimiter=";"))

    def sheet(self, response) -> list[tuple]:
        content = b"".join(response.streaming_content)
        return list(openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows())

    def test_csv_holds_the_list_as_filtered(self, see, run, stuck, learner, principal):
        heading, *rows = self.table(see(principal, page_of("run-csv", run, state="stuck")))
        assert heading[:3] == ["Mã nhân sự", "Họ và tên", "Đơn vị"]
        assert rows == [
            [
                learner.code,
                learner.full_name,
                "Trường Tiểu học Một",
                "Giáo viên",
                "Hết lượt làm bài",
                "0",
                "1",
                "",
                "",
                "",
            ]
        ]

    def test_xlsx_holds_days_as_days(self, see, run, stuck, principal):
        CourseCompletion.objects.create(enrolment=stuck, completed_at=NOW, modules=["KH6"])
        _heading, row = self.sheet(see(principal, page_of("run-xlsx", run, state="complete")))
        assert row[8].value.date() == NOW.date()

    @pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r", "=="])
    def test_no_name_becomes_a_formula(self, see, city, run, principal, begins):
        make_member(city.school, family_name=f"{begins}1+1", given_name="Ác", sex="male")
        query = {"sex": "male", "q": "ac"}
        _heading, *rows = self.table(see(principal, page_of("run-csv", run, **query)))
        assert rows[0][1].startswith("'")
        _heading, *cells = self.sheet(see(principal, page_of("run-xlsx", run, **query)))
        assert cells[0][1].data_type == "s"
        assert cells[0][1].value.startswith("'")

    def test_a_national_number_is_masked(self, see, city, run, principal):
        make_member(city.school, code="079085001234", given_name="Riêng")
        rows = self.table(see(principal, page_of("run-csv", run, q="rieng")))
        assert rows[1][0] == "079••••••234"

    def test_is_in_one_language(self, see, run, stuck, principal):
        principal.language = "en"
        principal.save()
        table = self.table(see(principal, page_of("run-csv", run, state="stuck")))
        sheet = self.sheet(see(principal, page_of("run-xlsx", run, state="stuck")))
        for headings, row in (table, [[cell.value for cell in line] for line in sheet]):
            assert [headings[0], headings[3], headings[4]] == ["Staff code", "Group", "Status"]
            assert row[3:5] == ["Teacher", "No attempts left"]

    @pytest.mark.parametrize(
        ("name", "kind"),
        [
            ("run-csv", "text/csv; charset=utf-8"),
            ("run-xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ],
    )
    def test_is_a_file_that_no_proxy_keeps(self, see, run, principal, name, kind):
        response = see(principal, page_of(name, run))
        assert response.headers["Content-Type"] == kind
        assert response.headers["Content-Disposition"].startswith("attachment; filename=")
        assert response.headers["Cache-Control"] == "no-store"

    def test_an_empty_list_has_its_headings(self, see, run, principal):
        assert len(self.sheet(see(principal, page_of("run-xlsx", run, q="khongcoai")))) == 1

    def test_is_logged_with_who_and_how_many(self, see, run, principal):
        see(principal, page_of("run-csv", run))
        entry = AuditEntry.objects.get(action=AuditAction.EXPORT)
        assert entry.actor == principal
        assert entry.detail == {"run": run.code, "people": 1, "kind": "csv"}

    def test_holds_everybody_not_a_page(self, see, city, run, principal):
        for _number in range(60):
            make_member(city.school)
        assert len(self.table(see(principal, page_of("run-csv", run)))) == 62


def test_somebody_who_left_the_roster_is_still_shown_to_a_trainer(
    see, run, stuck, learner, trainer
):
    Membership.objects.filter(person=learner).update(ended_on=NOW.date().replace(day=1))
    page = see(trainer, page_of("run-progress", run))
    row = next(each for each, person in page.context["rows"] if person == learner)
    assert not row.is_due
    assert Person.objects.get(pk=learner.pk).full_name in page.text
