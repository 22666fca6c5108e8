"""What a course says, as plain values: no pages, no records, no file positions.

Text fields hold one line each and may carry inline markup (see `inline_html`), titles none.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID, uuid5

# Never change it: answers already given name options by ids made from it.
_OPTIONS = UUID("d86ea240-7f00-486a-b257-c9b4f0c0045a")


def option_id(question_code: str, letter: str) -> UUID:
    """The same for as long as the question keeps its code and the option its place in the file."""
    return uuid5(_OPTIONS, f"{question_code}/{letter}")


class QuestionKind(StrEnum):
    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"
    MATCHING = "matching"
    ORDERING = "ordering"
    SHORT_ANSWER = "short_answer"


class Difficulty(StrEnum):
    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


class CaseLevel(StrEnum):
    """Where, or to whom, a case scenario happens."""

    PRESCHOOL = "preschool"
    PRIMARY = "primary"
    LOWER_SECONDARY = "lower_secondary"
    SOCIAL_FACILITY = "social_facility"
    MANAGER = "manager"


class NoticeKind(StrEnum):
    MEDICAL = "medical"
    CONTENT_WARNING = "content_warning"


@dataclass(frozen=True, slots=True)
class OptionContent:
    id: UUID
    text: str
    is_correct: bool


@dataclass(frozen=True, slots=True)
class ItemContent:
    """Something to match or to put in order."""

    id: UUID
    text: str


@dataclass(frozen=True, slots=True)
class MatchingContent:
    """Both sides as in the file; `pairs` are (left id, right id) in the order of the left side."""

    left: tuple[ItemContent, ...]
    right: tuple[ItemContent, ...]
    pairs: tuple[tuple[UUID, UUID], ...]


@dataclass(frozen=True, slots=True)
class OrderingContent:
    """Items scrambled as in the file; `order` is the right order, never to be shown first."""

    items: tuple[ItemContent, ...]
    order: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class QuestionContent:
    """`options` is filled for single, multiple and true/false; the last three for their own kinds.

    `scenario` comes before the stem, or is None. `keep_order`: options run upwards (ages, dates,
    terms) or are true/false, and are not to be shuffled.
    """

    code: str
    kind: QuestionKind
    scenario: str | None
    stem: str
    feedback: str
    sources: tuple[str, ...]
    difficulty: Difficulty
    keep_order: bool = False
    options: tuple[OptionContent, ...] = ()
    matching: MatchingContent | None = None
    ordering: OrderingContent | None = None
    # Spellings of a short answer, the one to show first.
    accepted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bullet:
    """A bullet and the numbered items below it, often none."""

    text: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BulletList:
    bullets: tuple[Bullet, ...]


@dataclass(frozen=True, slots=True)
class Table:
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


BodyBlock = BulletList | Table


@dataclass(frozen=True, slots=True)
class CaseScenario:
    """A case from school life; `handling` is hidden until the reader asks for it."""

    level: CaseLevel
    text: str
    handling: str


@dataclass(frozen=True, slots=True)
class LessonContent:
    code: str
    title: str
    objectives: tuple[str, ...]
    opening: str
    body: tuple[BodyBlock, ...]
    case: CaseScenario
    practice: str
    key_points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """Shown on every lesson of the module."""

    kind: NoticeKind
    text: str


@dataclass(frozen=True, slots=True)
class ModuleContent:
    code: str
    title: str
    description: str
    outcomes: tuple[str, ...]
    notice: Notice | None
    lessons: tuple[LessonContent, ...]
    questions: tuple[QuestionContent, ...]


@dataclass(frozen=True, slots=True)
class RequiredOf:
    """One clause of who must take a module; None means any, so `RequiredOf()` is everyone.

    A person is required when any clause of the module holds for her; a clause holds when each of
    its given tuples contains her value.
    """

    groups: tuple[str, ...] | None = None
    positions: tuple[str, ...] | None = None
    kinds: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class CourseModule:
    """A module in its course. Periods are of 45 minutes; 50 tenths is a pass mark of 5,0.

    `required` is empty for a module that nobody must take.
    """

    file: str
    periods: int
    pass_mark_tenths: int
    # None: as many as one likes.
    attempt_limit: int | None
    required: tuple[RequiredOf, ...]
    content: ModuleContent
    always_shows_111: bool = False

    @property
    def code(self) -> str:
        return self.content.code


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """A document that the content draws on.

    `names` are what else a text may call it; a lesson has the bases that its text names by one of
    `all_names`, letter for letter.
    """

    document: str
    abbreviation: str | None = None
    # What it is about, in a few words; not its official title.
    about: str | None = None
    # Free text, as the documents have several: passed, in force, amended.
    dates: str | None = None
    names: tuple[str, ...] = ()

    @property
    def all_names(self) -> tuple[str, ...]:
        short = (self.abbreviation,) if self.abbreviation else ()
        return (self.document, *short, *self.names)


@dataclass(frozen=True, slots=True)
class CourseContent:
    """`required_from` is the first day the modules are required of anybody."""

    code: str
    title: str
    summary: str
    effective_from: date
    reviewed_on: date
    required_from: date
    abbreviations: tuple[tuple[str, str], ...]
    legal_bases: tuple[LegalBasis, ...]
    modules: tuple[CourseModule, ...]
    # None: its certificates don't lapse.
    validity_months: int | None = None
