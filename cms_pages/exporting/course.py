"""A course whole, as it is published, in the files that `load_content` reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Min
from django.utils.translation import gettext as _
from wagtail.models import Page

from cms_pages.content_format import (
    COURSE_FILE,
    CourseContent,
    CourseModule,
    LegalBasis,
    bases_of_lesson,
    bases_of_module,
    write_archive,
    write_course,
    write_module,
)
from cms_pages.exporting.checking import check_export
from cms_pages.exporting.findings import Finding, Findings
from cms_pages.exporting.modules import Loads, module_content
from cms_pages.exporting.text import PageText
from cms_pages.loading.sources import basis_fields
from cms_pages.models import CoursePage, LessonPage, LoadedPage, ModulePage, QuizPage
from courses.models import ActivityRule, ModuleRequirement
from courses.queries import requirements_on
from people.dates import local_day


@dataclass(frozen=True, slots=True)
class Exported:
    """`files` by name; `losses` are what the format has no place for."""

    content: CourseContent
    files: Mapping[str, str]
    losses: tuple[Finding, ...]

    @property
    def lessons(self) -> int:
        return sum(len(module.content.lessons) for module in self.content.modules)

    @property
    def questions(self) -> int:
        return sum(len(module.content.questions) for module in self.content.modules)

    def archive(self) -> bytes:
        """A ZIP: the same bytes for the same course."""
        return write_archive(self.files)


def export_course(page: CoursePage, *, on: date) -> Exported:
    """What is published of the course; drafts and pages taken down stay behind, and are named.

    Requirements are those of the day. Raises `ExportRefusedError` when a page lacks what every
    lesson, question or course must have: files that can't be loaded are no export.
    """
    findings = Findings()
    content = _course(page, findings, on=on)
    findings.raise_if_any()
    files = {COURSE_FILE: write_course(content)}
    files |= {module.file: write_module(module.content) for module in content.modules}
    check_export(content, files, findings)
    findings.raise_if_any()
    return Exported(content, files, tuple(findings.losses))


def _course(page: CoursePage, findings: Findings, *, on: date) -> CourseContent:
    keys = Page.objects.descendant_of(page, inclusive=True).values("translation_key")
    loads = Loads(
        dict(LoadedPage.objects.filter(page_key__in=keys).values_list("page_key", "beside"))
    )
    beside = loads.of(page)
    _name_unpublished(page, findings)
    text = PageText(page.code or page.title, findings)
    bases = _bases(page, beside)
    modules = _modules(page, loads, findings, on=on)
    _compare_bases(page, modules, bases, findings)
    if page.reviewed_on is None:
        findings.refuse(page.code, _("chưa có ngày rà soát nội dung; hãy điền"))
    return CourseContent(
        code=page.code,
        title=text.plain(page.title),
        summary=text.plain(page.summary),
        effective_from=_effective_from(page, beside, on),
        reviewed_on=page.reviewed_on or on,
        required_from=_required_from(page, beside, findings, on=on),
        abbreviations=_abbreviations(beside, bases),
        legal_bases=bases,
        modules=modules,
        validity_months=page.validity_months,
    )


def _name_unpublished(page: CoursePage, findings: Findings) -> None:
    for below in Page.objects.descendant_of(page, inclusive=True).specific():
        name = getattr(below, "code", "") or below.title
        if not below.live:
            findings.lose(name, _("trang chưa xuất bản nên không có trong tệp"))
        elif below.has_unpublished_changes:
            findings.lose(name, _("bản nháp chưa xuất bản; tệp có bản đang xuất bản"))


def _modules(
    page: CoursePage, loads: Loads, findings: Findings, *, on: date
) -> tuple[CourseModule, ...]:
    pages = list(ModulePage.objects.child_of(page).live().order_by("path"))
    clauses = requirements_on(on, [each.translation_key for each in pages])
    return tuple(
        module_content(
            each,
            lessons=LessonPage.objects.child_of(each).live().order_by("path"),
            quizzes=QuizPage.objects.child_of(each).live().order_by("path"),
            clauses=clauses.get(each.translation_key, []),
            loads=loads,
            findings=findings,
        )
        for each in pages
    )


def _bases(page: CoursePage, beside: Mapping[str, Any]) -> tuple[LegalBasis, ...]:
    names = beside.get("names", {})
    return tuple(
        LegalBasis(
            document=basis.value["document"],
            abbreviation=basis.value["abbreviation"] or None,
            about=basis.value["about"] or None,
            dates=basis.value["dates"] or None,
            names=tuple(names.get(basis.value["document"], ())),
        )
        for basis in page.legal_bases
    )


def _abbreviations(
    beside: Mapping[str, Any], bases: tuple[LegalBasis, ...]
) -> tuple[tuple[str, str], ...]:
    """As loaded, and those of documents that were added since."""
    titles = dict(beside.get("abbreviations", []))
    for basis in bases:
        if basis.abbreviation:
            titles.setdefault(basis.abbreviation, basis.document)
    return tuple(titles.items())


def _effective_from(page: CoursePage, beside: Mapping[str, Any], on: date) -> date:
    if "effective_from" in beside:
        return date.fromisoformat(beside["effective_from"])
    rules = ActivityRule.objects.filter(module__course__key=page.translation_key)
    first = rules.aggregate(first=Min("effective_at"))["first"]
    return local_day(first) if first else on


def _required_from(
    page: CoursePage, beside: Mapping[str, Any], findings: Findings, *, on: date
) -> date:
    """The files have one day for all modules: the earliest."""
    rows = ModuleRequirement.objects.filter(
        module__course__key=page.translation_key, started_on__lte=on
    )
    days = dict(rows.order_by("started_on", "pk").values_list("module__code", "started_on"))
    first = min(days.values(), default=None)
    for code, day in days.items():
        if day != first:
            findings.lose(
                code, _("ngày bắt đầu bắt buộc riêng: %(day)s") % {"day": day.isoformat()}
            )
    loaded = beside.get("required_from")
    return first or (date.fromisoformat(loaded) if loaded else on)


def _compare_bases(
    page: CoursePage,
    modules: tuple[CourseModule, ...],
    bases: tuple[LegalBasis, ...],
    findings: Findings,
) -> None:
    """Bases of lessons and modules, and review days, follow from the course when it is loaded."""
    derived = {
        lesson.code: bases_of_lesson(lesson, bases)
        for module in modules
        for lesson in module.content.lessons
    }
    derived |= {module.code: bases_of_module(module.content, bases) for module in modules}
    below = [*_live(ModulePage, page), *_live(LessonPage, page)]
    for each in below:
        shown = [
            {key: value or "" for key, value in basis.value.items()} for basis in each.legal_bases
        ]
        if shown != [basis_fields(basis) for basis in derived.get(each.code, ())]:
            findings.lose(
                each.code, _("căn cứ sửa riêng: khi nạp, căn cứ lấy theo văn bản được nhắc tới")
            )
        if getattr(each, "reviewed_on", page.reviewed_on) != page.reviewed_on:
            findings.lose(each.code, _("ngày rà soát riêng: khi nạp, lấy ngày của khóa"))


def _live(model: type[Page], page: CoursePage) -> list[Any]:
    return list(model.objects.descendant_of(page).live().order_by("path"))
