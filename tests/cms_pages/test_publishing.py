"""The catalogue follows the pages; where it can't, the page lives on and the command tells."""

from __future__ import annotations

import logging
import uuid

import pytest
from django.core.management import call_command
from django.utils import timezone

from cms_pages.models import LessonPage, QuizPage
from cms_pages.publishing import find_drift, published_tree, sync_catalogue
from courses.models import Activity, ActivityCompletion, ActivityRule, Course, Module
from courses.services.evidence import record_evidence
from tests.cms_pages.conftest import do, fresh


def sync():
    return sync_catalogue(at=timezone.now())


class TestSyncing:
    def test_again_changes_nothing(self, pages):
        before = ActivityRule.objects.count()
        assert not sync()
        assert ActivityRule.objects.count() == before

    def test_reads_the_whole_tree_in_few_queries(self, pages, django_assert_max_num_queries):
        with django_assert_max_num_queries(20):
            find_drift(published_tree())

    def test_finds_what_no_signal_told(self, pages):
        LessonPage.objects.filter(pk=pages.b2.pk).update(live=False)
        assert "KH8-B2: hoạt động không còn trang đang đăng" in find_drift(published_tree()).lines()
        sync()
        assert not Activity.objects.get(code="KH8-B2").is_published

    def test_a_new_pass_mark_is_another_rule_and_takes_no_completion(self, pages, graduate):
        QuizPage.objects.filter(pk=pages.quiz.pk).update(pass_mark_tenths=90)
        sync()
        rules = ActivityRule.objects.filter(activity__code="KH8-KT").order_by("pk")
        assert [rule.pass_mark_tenths for rule in rules] == [50, 90]
        assert ActivityCompletion.objects.filter(activity__code="KH8-KT").count() == 1

    def test_a_lower_pass_mark_completes_whoever_now_meets_it(self, pages, run, learner, acting):
        do(learner, "KH8-B1")
        do(learner, "KH8-B2")
        quiz = Activity.objects.get(code="KH8-KT")
        record_evidence(
            learner,
            activity=quiz,
            kind="score",
            points=4,
            possible=10,
            evidence_id=uuid.uuid4(),
            received_at=timezone.now(),
        )
        page = fresh(pages.quiz)
        page.pass_mark_tenths = 40
        with acting():
            page.save_revision().publish()
        assert learner.enrolments.get().module_completions.filter(module__code="KH8").exists()

    def test_titles_and_order_follow_without_a_rule(self, pages, acting):
        rules = ActivityRule.objects.count()
        page = fresh(pages.b1)
        page.title = "Tên khác"
        with acting():
            page.save_revision().publish()
        assert Activity.objects.get(code="KH8-B1").title == "Tên khác"
        assert ActivityRule.objects.count() == rules

    def test_the_courses_validity_follows(self, pages, acting):
        page = fresh(pages.kh8).get_parent().specific
        page.validity_months = 36
        with acting():
            page.save_revision().publish()
        assert Course.objects.get().validity_months == 36


class TestRefusing:
    def test_a_taken_code_leaves_what_is_registered_alone(self, pages):
        LessonPage.objects.filter(pk=pages.b2.pk).update(code="KH8-B1")
        tree = published_tree()
        sync()
        assert len(tree.waiting) == 1
        assert Activity.objects.get(code="KH8-B2").is_published

    def test_a_quiz_that_lost_its_questions_stays_required(self, pages):
        QuizPage.objects.filter(pk=pages.quiz.pk).update(question_codes=["KH8-C99"])
        sync()
        assert Activity.objects.get(code="KH8-KT").is_published
        assert "chưa có câu hỏi" in published_tree().waiting[0]

    def test_a_module_without_a_code_keeps_its_lessons(self, pages):
        type(pages.kh8).objects.filter(pk=pages.kh8.pk).update(code="")
        sync()
        assert Module.objects.get(code="KH8").is_published
        assert Activity.objects.filter(module__code="KH8", is_published=True).count() == 3


class TestFailing:
    @pytest.fixture
    def broken(self, monkeypatch):
        def fail(**_kwargs):
            raise RuntimeError("no catalogue today")

        monkeypatch.setattr("cms_pages.receivers.sync_catalogue", fail)

    def test_the_page_is_published_all_the_same_and_the_command_tells(
        self, pages, acting, broken, caplog
    ):
        page = fresh(pages.b1)
        page.title = "Tên khác"
        with acting(), caplog.at_level(logging.ERROR):
            page.save_revision().publish()
        assert fresh(pages.b1).title == "Tên khác"
        assert "sync_catalogue" in caplog.text
        with pytest.raises(SystemExit) as exit_of:
            call_command("sync_catalogue", check=True)
        assert exit_of.value.code == 1

    def test_the_command_mends_it(self, pages, acting, broken):
        with acting():
            pages.b1.unpublish()
        call_command("sync_catalogue")
        call_command("sync_catalogue", check=True)
        assert not Activity.objects.get(code="KH8-B1").is_published
