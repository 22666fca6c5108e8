"""Whatever authors do to pages, what people did stays, and the catalogue follows."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.utils import timezone
from wagtail.actions.copy_for_translation import CopyPageForTranslationAction
from wagtail.models import Locale

from cms_pages.models import LessonPage
from courses.models import Activity, ActivityRule, Module, ModuleCompletion
from courses.queries import explain
from tests.cms_pages.conftest import do, fresh, records

pytestmark = pytest.mark.usefixtures("whole_records")


def activity(page) -> Activity:
    return Activity.objects.get(page_key=page.translation_key)


def rule_of(page) -> ActivityRule:
    return activity(page).rules.order_by("effective_at", "pk").last()


class TestCopying:
    def test_a_copy_is_another_page_without_a_code_and_not_in_the_course(self, pages, acting):
        with acting():
            copy = pages.b1.copy(update_attrs={"slug": "ban-sao"}, keep_live=False)
        assert (copy.code, copy.live) == ("", False)
        assert not Activity.objects.filter(page_key=copy.translation_key).exists()

    def test_a_copy_that_stays_live_waits_for_a_code_of_its_own(self, pages, acting, capsys):
        with acting():
            copy = pages.b1.copy(update_attrs={"slug": "ban-sao"}, keep_live=True)
        assert not Activity.objects.filter(page_key=copy.translation_key).exists()
        call_command("sync_catalogue", check=True)
        assert "trang chưa có mã riêng" in capsys.readouterr().out

    def test_a_copy_with_a_code_of_its_own_joins_the_course(self, pages, acting):
        copy = pages.b1.copy(update_attrs={"slug": "ban-sao"}, keep_live=False)
        copy.code = "KH8-B3"
        with acting():
            copy.save_revision().publish()
        assert rule_of(copy).is_required
        assert activity(copy).pk != activity(pages.b1).pk

    def test_a_module_copied_whole_brings_no_codes(self, pages, acting):
        with acting():
            copy = pages.kh8.copy(recursive=True, update_attrs={"slug": "kh8-moi"}, keep_live=True)
        codes = LessonPage.objects.child_of(copy).values_list("code", flat=True)
        assert set(codes) == {""}
        assert Activity.objects.filter(is_published=True).count() == 6

    def test_a_copy_keeps_the_ids_of_its_blocks(self, pages):
        copy = pages.b1.copy(update_attrs={"slug": "ban-sao"}, keep_live=False)
        assert [block.id for block in copy.body] == [block.id for block in pages.b1.body]


class TestMoving:
    def test_a_lesson_moved_to_another_module_counts_there(self, pages, acting, beginner, run):
        with acting():
            pages.b2.move(pages.kh9, pos="last-child")
        assert activity(pages.b2).module.code == "KH9"
        assert rule_of(pages.b2).module.code == "KH9"
        states = {
            state.module.code: state for state in explain(beginner, run, at=timezone.now()).modules
        }
        assert (states["KH8"].total, states["KH9"].total) == (2, 4)

    def test_a_module_moved_elsewhere_among_its_sisters_keeps_its_lessons(self, pages, acting):
        with acting():
            pages.kh9.move(pages.kh8, pos="left")
        assert list(Module.objects.order_by("position").values_list("code", flat=True)) == [
            "KH9",
            "KH8",
        ]


class TestReordering:
    def test_changes_positions_and_no_rule(self, pages, acting):
        rules = ActivityRule.objects.count()
        with acting():
            pages.b2.move(pages.b1, pos="left")
        assert activity(pages.b2).position < activity(pages.b1).position
        assert ActivityRule.objects.count() == rules


class TestTranslating:
    def translated(self, page):
        action = CopyPageForTranslationAction(
            page, Locale.objects.get(language_code="en"), copy_parents=True
        )
        return action.execute(skip_permission_checks=True)

    def test_a_translation_is_the_same_activity(self, pages, acting):
        with acting():
            english = self.translated(pages.b1)
            english.title = "Lesson one"
            english.save_revision().publish()
        assert english.translation_key == pages.b1.translation_key
        assert Activity.objects.filter(page_key=english.translation_key).count() == 1
        assert activity(pages.b1).title == "Bài thứ nhất"

    def test_taking_down_a_translation_takes_nothing_down(self, pages, acting):
        english = self.translated(pages.b1)
        english.save_revision().publish()
        with acting():
            fresh(english).unpublish()
        assert activity(pages.b1).is_published


class TestAliases:
    def test_an_alias_is_never_registered(self, pages, acting):
        with acting():
            alias = pages.b1.create_alias(parent=pages.kh9, update_slug="b1-bis")
        assert not Activity.objects.filter(page_key=alias.translation_key).exists()

    def test_publishing_the_original_again_changes_nothing(self, pages, acting):
        pages.b1.create_alias(parent=pages.kh9, update_slug="b1-bis")
        with acting():
            pages.b1.save_revision().publish()
        assert Activity.objects.filter(is_published=True).count() == 6


class TestTakingDown:
    def test_an_unpublished_lesson_is_asked_of_nobody(self, pages, acting):
        with acting():
            pages.b2.unpublish()
        assert not activity(pages.b2).is_published
        assert not rule_of(pages.b2).is_required

    def test_who_lacked_only_that_lesson_is_complete_at_once(self, pages, acting, beginner):
        do(beginner, "KH8-KT")
        with acting():
            pages.b2.unpublish()
        assert ModuleCompletion.objects.filter(
            enrolment__person=beginner, module__code="KH8"
        ).exists()

    def test_published_again_it_is_the_same_activity(self, pages, acting):
        before = activity(pages.b2).pk
        with acting():
            pages.b2.unpublish()
        with acting():
            fresh(pages.b2).save_revision().publish()
        assert activity(pages.b2).pk == before
        assert rule_of(pages.b2).is_required

    def test_a_module_taken_down_completes_nobody(self, pages, acting, beginner):
        with acting():
            pages.kh8.unpublish()
        assert not Activity.objects.filter(module__code="KH8", is_published=True).exists()
        assert not ModuleCompletion.objects.filter(enrolment__person=beginner).exists()


class TestDeleting:
    def test_a_deleted_lesson_leaves_its_records(self, pages, acting):
        with acting():
            pages.b1.delete()
        row = Activity.objects.get(code="KH8-B1")
        assert not row.is_published
        assert row.evidence.count() == 2

    def test_a_deleted_module_goes_at_one_instant(self, pages, acting, beginner):
        with acting():
            pages.kh8.delete()
        withdrawn = ActivityRule.objects.filter(module__code="KH8", is_required=False)
        assert withdrawn.count() == 3
        assert withdrawn.values("effective_at").distinct().count() == 1
        assert not ModuleCompletion.objects.filter(enrolment__person=beginner).exists()


class TestPreviewing:
    def test_a_preview_records_nothing_and_shows_no_ones_records(self, pages, beginner, client):
        before = records()
        client.force_login(beginner.user)
        response = pages.b1.make_preview_request(client.get("/").wsgi_request, "")
        html = response.content.decode()
        assert "không ghi nhận gì" in html
        assert "Đã đọc xong ngày" not in html
        assert records() == before
