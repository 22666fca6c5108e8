"""From files to pages: once, and never over what an author has done since."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.models import GroupPagePermission, Locale, Page, Revision, Site

from activities.quiz.models import Question, QuizVersion
from cms_pages.loading import load_course_pages
from cms_pages.models import HomePage, LessonPage, QuizPage
from cms_pages.models.lesson import SYLLABLES_A_MINUTE
from courses.models import Activity, ActivityRule, ModuleRequirement
from people.dates import start_of_day
from people.trainers import TRAINERS
from reports.models import Target
from tests.cms_pages.conftest import do, fresh
from tests.cms_pages.test_serving import path_of


def load(folder, **options):
    return load_course_pages(folder, at=timezone.now(), **options)


def edit(folder, old: str, new: str, *, file: str = "kh8.md") -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def counts() -> dict[str, int]:
    return {model.__name__: model._base_manager.count() for model in apps.get_models()}


def as_a_trainer(page: Page, **changes) -> None:
    draft = fresh(page).get_latest_revision_as_object()
    for name, value in changes.items():
        setattr(draft, name, value)
    draft.save_revision().publish()


class TestTheFirstLoad:
    def test_puts_our_home_in_place_of_the_welcome_page(self, pages):
        site = Site.objects.get()
        assert site.root_page.specific_class is HomePage
        assert Page.objects.filter(depth=2).count() == 1

    def test_has_vietnamese_first_and_english_beside(self, pages):
        assert Locale.get_default().language_code == "vi"
        assert Locale.objects.filter(language_code="en").exists()

    def test_registers_everything_from_the_day_of_the_edition(self, pages):
        rules = ActivityRule.objects.all()
        assert Activity.objects.filter(is_published=True).count() == 6
        assert {rule.effective_at for rule in rules} == {start_of_day(date(2020, 1, 1))}

    def test_requires_the_modules_as_the_course_says(self, pages):
        requirement = ModuleRequirement.objects.get(module__code="KH8")
        assert (requirement.clauses, requirement.started_on) == ([{}], date(2016, 1, 1))

    def test_asks_only_what_can_be_asked_by_now(self, pages):
        quiz = QuizVersion.objects.get(activity__code="KH8-KT")
        asked = quiz.quiz_questions.values_list("question__code", flat=True)
        assert list(asked) == ["KH8-C01", "KH8-C02", "KH8-C03"]
        assert Question.objects.count() == 6

    def test_counts_what_waits(self, db, folder):
        loaded = load(folder)
        assert loaded.questions == {"KH8": 3, "KH9": 3}
        assert loaded.waiting_questions == {"KH8": 3, "KH9": 3}

    def test_makes_trainers_who_publish_below_the_course_index(self, pages):
        granted = GroupPagePermission.objects.filter(group__name=TRAINERS)
        codenames = granted.values_list("permission__codename", flat=True)
        assert set(codenames) == {"add_page", "change_page", "publish_page"}

    def test_counts_the_minutes_of_reading_of_all_that_is_read(self, db, folder):
        edit(folder, "Ngồi xuống ngang tầm bé.", f"Ngồi xuống.{' một' * SYLLABLES_A_MINUTE}")
        load(folder)
        minutes = dict(LessonPage.objects.values_list("code", "reading_minutes"))
        assert minutes == {"KH8-B1": 2, "KH8-B2": 1, "KH9-B1": 1, "KH9-B2": 1}


class TestLegalBases:
    def shown(self, page) -> list[str]:
        return [basis.value["abbreviation"] for basis in page.legal_bases]

    def lesson(self, code: str) -> LessonPage:
        return LessonPage.objects.get(code=code)

    def test_of_a_lesson_are_those_it_names(self, db, folder):
        edit(folder, "- Ý sau.", "- Theo **Luật Trẻ em** 2016.")
        load(folder)
        assert self.shown(self.lesson("KH8-B1")) == ["LTE"]
        assert self.shown(self.lesson("KH8-B2")) == []

    def test_of_a_module_are_those_of_its_lessons_and_questions(self, pages):
        assert self.shown(pages.kh8) == ["LTE"]

    def test_a_lesson_that_names_none_shows_its_modules(self, pages, client, learner):
        client.force_login(learner.user)
        context = client.get(path_of(pages.b1)).context
        assert context["are_modules_bases"]
        assert [basis.value["abbreviation"] for basis in context["bases"]] == ["LTE"]

    def test_a_lesson_that_names_some_shows_its_own(self, db, folder, client, learner):
        edit(folder, "- Ý sau.", "- Theo Luật Trẻ em 2016.")
        load(folder)
        client.force_login(learner.user)
        context = client.get(path_of(self.lesson("KH8-B1"))).context
        assert not context["are_modules_bases"]
        assert len(context["bases"]) == 1


class TestLoadingAgain:
    def test_changes_nothing(self, pages, folder):
        before = counts()
        loaded = load(folder)
        assert counts() == before
        assert (loaded.created, loaded.updated, loaded.kept) == (0, 0, [])

    def test_an_edited_file_updates_its_page_alone(self, pages, folder):
        revisions = Revision.objects.count()
        edit(folder, "Việc này quan trọng với lớp.", "Việc này quan trọng với cả trường.")
        loaded = load(folder)
        assert loaded.updated == 1
        assert Revision.objects.count() == revisions + 1
        assert "cả trường" in fresh(pages.b1).opening

    def test_an_edited_file_keeps_blocks_and_records(self, pages, folder, beginner):
        ids = [block.id for block in pages.b1.body]
        edit(folder, "- Ý sau.", "- Ý sau, rõ hơn.")
        load(folder)
        assert [block.id for block in fresh(pages.b1).body] == ids
        assert Activity.objects.get(code="KH8-B1").evidence.count() == 1

    def test_a_new_lesson_goes_before_the_quiz_and_counts_from_now(self, pages, folder):
        text = (folder / "kh8.md").read_text(encoding="utf-8")
        start, end = text.index("## KH8-B2."), text.index("## KH8 –")
        third = text[start:end].replace("KH8-B2", "KH8-B3")
        (folder / "kh8.md").write_text(text[:end] + third + text[end:], encoding="utf-8")
        before = timezone.now()
        load(folder)
        order = [page.specific.code for page in pages.kh8.get_children()]
        assert order == ["KH8-B1", "KH8-B2", "KH8-B3", "KH8-KT"]
        assert ActivityRule.objects.get(activity__code="KH8-B3").effective_at >= before

    def test_changed_requirements_are_another_row(self, pages, folder):
        edit(folder, "required = [{}]", 'required = [{ groups = ["teacher"] }]', file="course.toml")
        load(folder)
        rows = ModuleRequirement.objects.filter(module__code="KH8").order_by("pk")
        assert [row.clauses for row in rows] == [[{}], [{"groups": ["teacher"]}]]


class TestAfterAnAuthorWasThere:
    def test_an_edited_page_stays_and_is_named(self, pages, folder):
        as_a_trainer(pages.b1, opening="<p>Lời của giảng viên.</p>")
        edit(folder, "Việc này quan trọng với lớp.", "Lời của tệp.")
        loaded = load(folder)
        assert "Lời của giảng viên" in fresh(pages.b1).opening
        assert loaded.kept == ["KH8-B1: trang đã được sửa khi biên soạn nên giữ nguyên"]

    def test_a_draft_is_work_too(self, pages, folder):
        draft = fresh(pages.b1)
        draft.opening = "<p>Đang viết dở.</p>"
        draft.save_revision()
        edit(folder, "Việc này quan trọng với lớp.", "Lời của tệp.")
        assert len(load(folder).kept) == 1
        assert "viết dở" in fresh(pages.b1).get_latest_revision_as_object().opening

    def test_overwriting_is_asked_for_by_name(self, pages, folder):
        as_a_trainer(pages.b1, opening="<p>Lời của giảng viên.</p>")
        load(folder, overwrite=True)
        assert "quan trọng với lớp" in fresh(pages.b1).opening

    def test_a_page_taken_down_stays_down(self, pages, folder):
        fresh(pages.b1).unpublish()
        edit(folder, "Việc này quan trọng với lớp.", "Lời của tệp.")
        load(folder)
        assert not fresh(pages.b1).live

    def test_a_deleted_page_is_not_made_again(self, pages, folder):
        pages.b1.delete()
        loaded = load(folder)
        assert not LessonPage.objects.filter(code="KH8-B1").exists()
        assert loaded.kept == ["KH8-B1: trang đã bị xóa nên không tạo lại"]

    def test_a_page_that_was_moved_stays_where_it_is(self, pages, folder):
        pages.b1.move(pages.kh9, pos="last-child")
        edit(folder, "Việc này quan trọng với lớp.", "Lời của tệp.")
        load(folder)
        assert fresh(pages.b1).get_parent().specific == pages.kh9
        assert "Lời của tệp" in fresh(pages.b1).opening


class TestTheCommand:
    @pytest.fixture
    def output(self, db):
        out = StringIO()
        call_command("load_content", stdout=out)
        return out.getvalue()

    def test_loads_the_whole_course_and_leaves_nothing_to_sync(self, output):
        codes = ["KH1", "KH2", "KH3", "KH4", "KH5", "KH6"]
        assert list(QuizPage.objects.order_by("path").values_list("bank", flat=True)) == codes
        assert Target.objects.filter(courses__code="BVTE").count() == 4
        assert "23 chờ kiểu câu hỏi mới" in output
        call_command("sync_catalogue", check=True, stdout=StringIO())

    def test_refuses_a_broken_folder_and_changes_nothing(self, pages, folder):
        edit(folder, "**Mở bài:**", "**Mở  bài:**")
        before = counts()
        with pytest.raises(CommandError):
            call_command("load_content", folder=folder)
        assert counts() == before


def test_records_survive_a_reload(pages, folder, graduate):
    completed_by = timezone.now()
    edit(folder, "- Ý sau.", "- Ý khác.")
    load(folder)
    assert graduate.enrolments.get().course_completion.completed_at < completed_by
    assert do(graduate, "KH8-B1").evidence.enrolment == graduate.enrolments.get()
