"""The questions of a module's bank as the content format has them, those that wait included."""

from __future__ import annotations

from string import ascii_uppercase

from django.utils.translation import gettext as _

from activities.quiz.models import QuestionVersion
from cms_pages.content_format import (
    Difficulty,
    OptionContent,
    QuestionContent,
    QuestionKind,
    option_id,
    parse_question,
)
from cms_pages.exporting.findings import Findings
from cms_pages.models import QuizPage, WaitingQuestion
from cms_pages.models.quiz import bank_codes


def bank_content(quiz: QuizPage, findings: Findings) -> tuple[QuestionContent, ...]:
    """Of the questions that the quiz asks, and of the waiting ones of its bank, by code."""
    asked = list(quiz.question_codes) or bank_codes(quiz.bank)
    if asked != sorted(asked):
        findings.lose(quiz.code, _("thứ tự hỏi riêng: tệp xếp câu hỏi theo mã"))
    unasked = sorted(set(bank_codes(quiz.bank)) - set(asked))
    if unasked:
        findings.lose(quiz.code, _("câu không được hỏi: %(codes)s") % {"codes": ", ".join(unasked)})
    waiting = WaitingQuestion.objects.filter(bank=quiz.bank).exclude(code__in=asked)
    questions = [_question(version, findings) for version in _latest(asked)]
    questions += [parse_question(each.text, file=each.code) for each in waiting]
    return tuple(sorted(questions, key=lambda question: question.code))


def _latest(codes: list[str]) -> list[QuestionVersion]:
    """The version that a new paper would take, of each."""
    versions = (
        QuestionVersion.objects.filter(question__code__in=codes)
        .select_related("question")
        .prefetch_related("options")
        .order_by("number")
    )
    return list({version.question.code: version for version in versions}.values())


def _question(version: QuestionVersion, findings: Findings) -> QuestionContent:
    code, kind = version.question.code, QuestionKind(version.kind)
    if version.points != 1:
        findings.lose(code, _("số điểm riêng: trong tệp mỗi câu một điểm"))
    if version.scenario and kind == QuestionKind.TRUE_FALSE:
        findings.refuse(code, _("câu Đúng/Sai không có tình huống trong tệp; hãy đưa vào câu hỏi"))
    options = sorted(version.options.all(), key=lambda option: option.position)
    marks = [option.text for option in options] if kind == QuestionKind.TRUE_FALSE else None
    contents = tuple(
        OptionContent(option_id(code, mark), option.text, option.is_correct)
        for mark, option in zip(marks or ascii_uppercase, options, strict=False)
    )
    return QuestionContent(
        code=code,
        kind=kind,
        scenario=None if kind == QuestionKind.TRUE_FALSE else version.scenario or None,
        stem=version.stem,
        feedback=version.feedback,
        sources=tuple(version.sources),
        difficulty=Difficulty(version.difficulty),
        keep_order=version.keep_order,
        options=contents,
    )
