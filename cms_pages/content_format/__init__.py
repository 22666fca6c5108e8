"""The course content format: strict reader and writer, free of Django and Wagtail.

The grammar, for editors, is docs/content-format.md. What one reads, `write_module` writes back
unchanged, so that content can be edited, compared and merged as text.
"""

from .course import load_course
from .errors import ContentError, Problem
from .inline import inline_html
from .model import (
    BodyBlock,
    Bullet,
    BulletList,
    CaseLevel,
    CaseScenario,
    CourseContent,
    CourseModule,
    Difficulty,
    ItemContent,
    LegalBasis,
    LessonContent,
    MatchingContent,
    ModuleContent,
    Notice,
    NoticeKind,
    OptionContent,
    OrderingContent,
    QuestionContent,
    QuestionKind,
    RequiredOf,
    Table,
)
from .parser import parse_module
from .writer import write_module

__all__ = [
    "BodyBlock",
    "Bullet",
    "BulletList",
    "CaseLevel",
    "CaseScenario",
    "ContentError",
    "CourseContent",
    "CourseModule",
    "Difficulty",
    "ItemContent",
    "LegalBasis",
    "LessonContent",
    "MatchingContent",
    "ModuleContent",
    "Notice",
    "NoticeKind",
    "OptionContent",
    "OrderingContent",
    "Problem",
    "QuestionContent",
    "QuestionKind",
    "RequiredOf",
    "Table",
    "inline_html",
    "load_course",
    "parse_module",
    "write_module",
]
