"""From pages back to files: whole, the same again, and honest about what has no place in them."""

from __future__ import annotations

import json
import uuid
import zipfile
from contextlib import contextmanager
from datetime import date
from io import BytesIO, StringIO

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given

from activities.quiz.models import QuestionVersion
from activities.quiz.services.questions import save_question
from cms_pages.content_format import inline_html
from cms_pages.exporting import Exported, ExportRefusedError, export_course
from cms_pages.exporting.findings import Findings
from cms_pages.exporting.text import PageText
from cms_pages.loading import CONTENT, load_course_pages
from cms_pages.models import CoursePage, LessonPage, WaitingQuestion
from cms_pages.richtext import paragraph
from people.models import AuditEntry
from tests.cms_pages.conftest import fresh
from tests.cms_pages.test_content_round_trip import texts as inline_texts
from tests.cms_pages.test_loading import as_a_trainer
from tests.cms_pages.test_serving import html
from tests.factories import make_account

DAY = date(2026, 11, 21)


class _BackError(Exception):
    pass


@contextmanager
def another_system():
    """What happens inside happens to a database of its own."""
    try:
        with transaction.atomic():
            yield
            raise _BackError
    except _BackError:
        cache.clear()


def load(folder):
    return load_course_pages(folder, at=timezone.now())


def export(code: str = "THU") -> Exported:
    return export_course(CoursePage.objects.get(code=code), on=DAY)


def unpacked(exported: Exported, folder):
    folder.mkdir()
    for name, text in exported.files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def losses(exported: Exported) -> list[str]:
    return [str(loss) for loss in exported.losses]


def body_of(page: LessonPage) -> list[dict]:
    return fresh(page).body.get_prep_value()


class TestRoundTrip:
    def test_what_is_loaded_is_exported_byte_for_byte(self, db):
        load(CONTENT)
        exported = export("BVTE")
        assert exported.losses == ()
        for name, text in exported.files.items():
            assert text.encode() == (CONTENT / name).read_bytes(), name
        assert sorted(exported.files) == sorted(path.name for path in CONTENT.iterdir())

    def test_an_export_loads_elsewhere_and_is_exported_the_same(self, db, folder, tmp_path):
        with another_system():
            load(folder)
            as_a_trainer(LessonPage.objects.get(code="KH8-B1"), **CHANGES)
            there = export()
        copy = unpacked(there, tmp_path / "copy")
        assert not CoursePage.objects.exists()
        loaded = load(copy)
        assert (loaded.updated, loaded.kept) == (0, [])
        assert export().files == there.files
        assert export().archive() == there.archive()

    def test_loading_it_again_changes_nothing(self, pages, tmp_path):
        as_a_trainer(pages.b1, **CHANGES)
        copy = unpacked(export(), tmp_path / "copy")
        loaded = load(copy)
        assert (loaded.created, loaded.updated, loaded.kept) == (0, 0, [])
        assert QuestionVersion.objects.filter(number__gt=1).count() == 0

    def test_questions_that_wait_come_along(self, pages):
        assert WaitingQuestion.objects.count() == 6
        text = export().files["kh8.md"]
        assert "#### KH8-C04 · Ghép đôi" in text
        assert "**Đáp án:** 111 | số 111" in text

    def test_a_question_taken_from_the_files_waits_no_longer(self, pages, folder):
        path = folder / "kh8.md"
        text = path.read_text(encoding="utf-8")
        path.write_text(text[: text.index("#### KH8-C06")].rstrip() + "\n", encoding="utf-8")
        load(folder)
        assert not WaitingQuestion.objects.filter(code="KH8-C06").exists()


CHANGES = {
    "opening": '<p data-block-key="x1">Lời <b>thật đậm </b>và&nbsp;<i>nghiêng</i>.</p>',
    "takeaways": "<ul><li>Một.</li><li>Hai &amp; ba.</li><li>Bốn.</li></ul>",
}


class TestWhatATrainerWrote:
    def test_is_in_the_files(self, pages):
        as_a_trainer(pages.b1, **CHANGES)
        text = export().files["kh8.md"]
        assert "**Mở bài:** Lời **thật đậm** và *nghiêng*." in text
        assert "**Ghi nhớ:**\n- Một.\n- Hai & ba.\n- Bốn.\n" in text

    def test_has_the_added_bullet_and_the_other_case(self, pages):
        body = body_of(pages.b1)
        value = {"text": "<p>Ý <b>mới</b>.</p>", "items": []}
        body[0]["value"].append({"type": "item", "value": value, "id": str(uuid.uuid4())})
        case = next(block for block in body if block["type"] == "case")
        case["value"]["text"] = "<p>Một tình huống khác.</p>"
        as_a_trainer(pages.b1, body=json.dumps(body))
        text = export().files["kh8.md"]
        assert "- Ý sau.\n- Ý **mới**.\n| Cấp" in text
        assert "**Tình huống (mầm non):** Một tình huống khác." in text

    def test_keeps_the_files_own_words_where_they_still_say_the_same(self, pages):
        as_a_trainer(pages.b1, objectives="<ul><li>Nêu ý chính</li><li>Vận dụng ở lớp</li></ul>")
        assert "**Mục tiêu:** nêu ý chính; vận dụng ở lớp.\n" in export().files["kh8.md"]

    def test_of_a_question_is_its_latest_version(self, pages):
        version = QuestionVersion.objects.get(question__code="KH8-C01")
        options = [(each.key, each.text, each.is_correct) for each in version.options.all()]
        save_question(
            "KH8-C01",
            bank="KH8",
            kind="single",
            stem="Tròn bao nhiêu tuổi?",
            options=options,
            feedback="Dưới 16.",
            sources=["CM"],
            difficulty="easy",
            keep_order=True,
            at=timezone.now(),
        )
        assert "**Hỏi:** Tròn bao nhiêu tuổi?" in export().files["kh8.md"]


class TestWhatHasNoPlace:
    @pytest.mark.parametrize(
        ("block", "said"),
        [
            (
                {"type": "callout", "value": {"tone": "bad", "text": "<p>Không!</p>"}},
                "Điều cần chú",
            ),
            ({"type": "paragraph", "value": "<p>Một đoạn.</p>"}, "Đoạn văn"),
            ({"type": "hotline", "value": None}, "Tổng đài 111"),
        ],
    )
    def test_a_block_is_named_with_its_page(self, pages, block, said):
        as_a_trainer(pages.b1, body=json.dumps([*body_of(pages.b1), block]))
        [line] = losses(export())
        assert line.startswith("KH8-B1: khối “")
        assert said in line

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"opening": '<p>Xem <a href="https://a.vn">ở đây</a>.</p>'}, "liên kết"),
            ({"opening": "<p>Một.</p><p>Hai.</p>"}, "nối thành một dòng"),
            ({"opening": "<p><b><i>Hai kiểu</i></b></p>"}, "vừa đậm vừa nghiêng"),
            ({"reviewed_on": date(2020, 2, 2)}, "ngày rà soát riêng"),
            ({"legal_bases": "[]"}, "căn cứ sửa riêng"),
        ],
    )
    def test_a_property_is_named_with_its_page(self, pages, fields, said):
        body = body_of(pages.b1)
        body[0]["value"][0]["value"]["text"] = "<p>Theo Luật Trẻ em 2016.</p>"
        as_a_trainer(pages.b1, body=json.dumps(body), legal_bases=LTE)
        assert losses(export()) == []
        as_a_trainer(pages.b1, **fields)
        [line] = losses(export())
        assert line.startswith("KH8-B1: ")
        assert said in line

    def test_drafts_and_pages_taken_down_are_named(self, pages):
        draft = fresh(pages.b1)
        draft.opening = "<p>Nháp.</p>"
        draft.save_revision()
        fresh(pages.kh9).get_children().last().unpublish()
        with pytest.raises(ExportRefusedError, match="KH9: chưa có bài kiểm tra"):
            export()
        fresh(pages.kh9).get_children().last().specific.save_revision().publish()
        exported = export()
        assert losses(exported) == ["KH8-B1: bản nháp chưa xuất bản; tệp có bản đang xuất bản"]
        assert "Nháp." not in exported.files["kh8.md"]


LTE = json.dumps(
    [
        {
            "type": "basis",
            "value": {
                "document": "Luật Trẻ em số 102/2016/QH13",
                "abbreviation": "LTE",
                "about": "",
                "dates": "05/4/2016",
            },
        }
    ]
)


class TestRefusal:
    def refused(self) -> str:
        with pytest.raises(ExportRefusedError) as caught:
            export()
        return str(caught.value)

    def test_names_the_lesson_without_a_case(self, pages):
        body = [block for block in body_of(pages.b1) if block["type"] != "case"]
        as_a_trainer(pages.b1, body=json.dumps(body))
        assert "KH8-B1: thiếu tình huống" in self.refused()

    def test_comes_for_an_asterisk_that_would_be_read_as_markup(self, pages):
        as_a_trainer(pages.b1, opening="<p>2 * 3 * 4</p>")
        assert "KH8-B1: có dấu *" in self.refused()

    def test_comes_for_a_list_that_would_be_read_as_another(self, pages):
        as_a_trainer(pages.b1, objectives="<ul><li>Nêu một; hai</li></ul>")
        assert "KH8-B1: có chữ mà tệp hiểu khác" in self.refused()

    def test_has_the_readers_own_words_and_the_lesson(self, pages):
        as_a_trainer(pages.b1, takeaways="<ul><li>Chỉ một</li></ul>")
        assert "KH8-B1: “Ghi nhớ” có 1 ý" in self.refused()


class TestTheCommands:
    def test_write_a_folder_that_loads(self, pages, tmp_path):
        out = StringIO()
        call_command("export_content", "THU", "--to", str(tmp_path / "out"), stdout=out)
        assert "4 bài, 12 câu hỏi" in out.getvalue()
        assert load(tmp_path / "out").kept == []

    def test_write_an_archive_that_loads(self, pages, tmp_path):
        file = tmp_path / "thu.zip"
        call_command("export_content", "THU", "--to", str(file), stdout=StringIO())
        out = StringIO()
        call_command("load_content", "--from", str(file), "--json", stdout=out)
        report = json.loads(out.getvalue())
        assert (report["created"], report["updated"], report["kept"]) == (0, 0, [])
        assert report["waiting_questions"] == {"KH8": 3, "KH9": 3}

    def test_say_which_course_there_is_not(self, pages, tmp_path):
        with pytest.raises(CommandError, match="KHAC"):
            call_command("export_content", "KHAC", "--to", str(tmp_path / "out"))

    def test_write_nothing_beside_other_files(self, pages, tmp_path):
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "kh7.md").write_text("khác")
        with pytest.raises(CommandError, match=r"kh7\.md"):
            call_command("export_content", "THU", "--to", str(tmp_path / "out"))
        assert [path.name for path in (tmp_path / "out").iterdir()] == ["kh7.md"]


class TestTheAdmin:
    def urls(self, pages) -> list[str]:
        page = CoursePage.objects.get(code="THU")
        return [reverse(name, args=[page.pk]) for name in ADDRESSES]

    def test_a_trainer_sees_what_the_files_hold_and_takes_them(self, client, trainer, pages):
        client.force_login(trainer)
        preview, file = self.urls(pages)
        text = html(client.get(preview))
        assert "2 chuyên đề, 4 bài học và 12 câu hỏi" in text
        assert file in text
        response = client.get(file)
        assert response["Content-Type"] == "application/zip"
        names = zipfile.ZipFile(BytesIO(response.content)).namelist()
        assert names == ["course.toml", "kh8.md", "kh9.md"]

    def test_who_took_the_answers_along_is_logged(self, client, trainer, pages):
        client.force_login(trainer)
        preview, file = self.urls(pages)
        client.get(preview)
        client.get(file)
        entry = AuditEntry.objects.get(action="export")
        assert (entry.actor, entry.detail) == (trainer, {"course": "THU", "kind": "zip"})

    def test_a_trainer_finds_the_button_on_the_course(self, client, trainer, pages):
        client.force_login(trainer)
        page = CoursePage.objects.get(code="THU")
        for name in ("wagtailadmin_explore", "wagtailadmin_pages:edit"):
            text = html(client.get(reverse(name, args=[page.pk])))
            assert self.urls(pages)[0] in text

    def test_a_trainer_reads_what_to_mend(self, client, trainer, pages):
        as_a_trainer(pages.b1, opening="<p>2 * 3</p>")
        client.force_login(trainer)
        preview, file = self.urls(pages)
        assert "KH8-B1" in html(client.get(preview))
        assert client.get(file).status_code == 409

    def test_whoever_may_not_publish_finds_nothing(self, client, pages, trainer):
        writer = make_account(is_staff=True)
        admin_access = trainer.groups.get().permissions.get(codename="access_admin")
        writer.user_permissions.add(admin_access)
        client.force_login(writer)
        for url in self.urls(pages):
            assert client.get(url).status_code == 404

    def test_a_learner_and_a_visitor_are_sent_away(self, client, pages, learner):
        for url in self.urls(pages):
            assert client.get(url).status_code == 302
        client.force_login(learner.user)
        for url in self.urls(pages):
            assert client.get(url).status_code in (302, 403, 404)

    def test_the_editors_show_which_questions_wait(self, client, trainer, pages):
        client.force_login(trainer)
        for page in (pages.kh8, pages.quiz):
            text = html(client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])))
            assert "3 câu dùng được" in text
            assert "KH8-C04 · Ghép đôi" in text


ADDRESSES = ("cms_pages_export", "cms_pages_export_file")


class TestText:
    @given(inline_texts)
    def test_comes_back_from_the_page_as_the_file_had_it(self, text):
        found = Findings()
        assert PageText("KH8-B1", found).line(paragraph(inline_html(text))) == text
        assert not found.losses
        assert not found.faults

    @pytest.mark.parametrize(
        ("html", "text"),
        [
            ("<p><b>a </b>b</p>", "**a** b"),
            ("<p><strong>a</strong><em>b</em></p>", "**a***b*"),
            ("<p>a<br/>b</p>", "a b"),
            ("<p>a\u00a0\u200bb &lt; c</p>", "a b < c"),
            ("<p> </p><p>a</p>", "a"),
            ("", ""),
        ],
    )
    def test_is_one_clean_line(self, html, text):
        assert PageText("KH8-B1", Findings()).line(html) == text
