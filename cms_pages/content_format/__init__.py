"""The course content format: strict reader and writer, free of Django and Wagtail.

The grammar, for editors, is docs/content-format.md. What one reads, `write_module` writes back
unchanged, so that content can be edited, compared and merged as text.
"""

from .archive import ARCHIVE_SUFFIX, opened_folder, write_archive
from .bases import bases_named_in, bases_of_lesson, bases_of_module
from .course import COURSE_FILE, load_course
from .course_writer import write_course
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
    option_id,
)
from .parser import parse_module, parse_question
from .writer import write_module, write_question

__all__ = [
    "ARCHIVE_SUFFIX",
    "COURSE_FILE",
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
    "bases_named_in",
    "bases_of_lesson",
    "bases_of_module",
    "inline_html",
    "load_course",
    "opened_folder",
    "option_id",
    "parse_module",
    "parse_question",
    "write_archive",
    "write_course",
    "write_module",
    "write_question",
]
