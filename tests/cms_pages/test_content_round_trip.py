"""What is read is written back unchanged, and what is written is read back equal."""

from string import ascii_lowercase, ascii_uppercase

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cms_pages.content_format import (
    Bullet,
    BulletList,
    CaseLevel,
    CaseScenario,
    ContentError,
    Difficulty,
    ItemContent,
    LessonContent,
    MatchingContent,
    ModuleContent,
    Notice,
    NoticeKind,
    OptionContent,
    OrderingContent,
    QuestionContent,
    QuestionKind,
    Table,
    parse_module,
    write_module,
)
from cms_pages.content_format.model import option_id

from .content_samples import SMALL_MODULE
from .test_content_course import SHIPPED

# No separator of the format, so that each text stays one; no digit, so options may be shuffled.
plain = st.text(st.sampled_from("aăâeêơưđĐ \"'().?!–→=%"), min_size=1, max_size=20).map(
    lambda text: f"x{' '.join(text.split())}y"
)
texts = plain | plain.map("**{}**".format) | plain.map("a *{}* b".format)


def tuples(element, low, high):
    return st.lists(element, min_size=low, max_size=high).map(tuple)


def distinct(low, high):
    """Texts that stay different when case and blanks don't count."""
    numbered = [f"lựa chọn thứ {letter}" for letter in ascii_lowercase]
    return st.permutations(numbered).flatmap(
        lambda order: st.integers(low, high).map(lambda count: order[:count])
    )


bullet_lists = tuples(st.builds(Bullet, texts, tuples(texts, 0, 3)), 1, 3).map(BulletList)
tables = st.integers(1, 3).flatmap(
    lambda width: st.builds(
        Table, tuples(texts, width, width), tuples(tuples(texts, width, width), 1, 3)
    )
)
# Two lists that follow each other are one list; so are two tables.
bodies = st.tuples(bullet_lists, tables, bullet_lists).flatmap(
    lambda blocks: st.sampled_from([blocks, blocks[:2], blocks[1:], blocks[:1], blocks[1:2]])
)


def lessons(code):
    return st.builds(
        LessonContent,
        code=st.just(code),
        title=plain,
        objectives=tuples(texts, 1, 3),
        opening=texts,
        body=bodies,
        case=st.builds(CaseScenario, st.sampled_from(CaseLevel), texts, texts),
        practice=texts,
        key_points=tuples(texts, 2, 3),
    )


@st.composite
def questions(draw, code):
    kind = draw(st.sampled_from(QuestionKind))
    may_have_scenario = kind in (QuestionKind.SINGLE, QuestionKind.MULTIPLE)
    return QuestionContent(
        code=code,
        kind=kind,
        scenario=draw(st.none() | texts) if may_have_scenario else None,
        stem=draw(texts),
        feedback=draw(texts),
        sources=draw(tuples(texts, 1, 3)),
        difficulty=draw(st.sampled_from(Difficulty)),
        **draw(ANSWERS[kind](code)),
    )


def choices(low, high, right):
    """`right` maps the number of options to how many of them may be right."""

    @st.composite
    def answer(draw, code):
        options = draw(distinct(low, high))
        wanted = draw(st.integers(*right(len(options))))
        correct = draw(st.permutations(range(len(options))))[:wanted]
        return {
            "options": tuple(
                OptionContent(option_id(code, ascii_uppercase[place]), text, place in correct)
                for place, text in enumerate(options)
            )
        }

    return answer


@st.composite
def true_or_false(draw, code):
    right = draw(st.sampled_from(("Đúng", "Sai")))
    options = [
        OptionContent(option_id(code, text), text, text == right) for text in ("Đúng", "Sai")
    ]
    return {"options": tuple(options), "keep_order": True}


def items(code, marks, wording):
    return tuple(
        ItemContent(option_id(code, mark), text) for mark, text in zip(marks, wording, strict=False)
    )


@st.composite
def matchings(draw, code):
    wording = draw(distinct(2, 9))
    left, right = items(code, "123456789", wording), items(code, ascii_lowercase, wording[::-1])
    partners = draw(st.permutations([item.id for item in right]))
    pairs = tuple((item.id, partner) for item, partner in zip(left, partners, strict=True))
    return {"matching": MatchingContent(left, right, pairs)}


@st.composite
def orderings(draw, code):
    written = items(code, ascii_uppercase, draw(distinct(3, 9)))
    ids = [item.id for item in written]
    order = draw(st.permutations(ids).filter(lambda order: order != ids))
    return {"ordering": OrderingContent(written, tuple(order))}


ANSWERS = {
    QuestionKind.SINGLE: choices(4, 4, lambda count: (1, 1)),
    QuestionKind.MULTIPLE: choices(4, 5, lambda count: (2, count - 1)),
    QuestionKind.TRUE_FALSE: true_or_false,
    QuestionKind.MATCHING: matchings,
    QuestionKind.ORDERING: orderings,
    QuestionKind.SHORT_ANSWER: lambda code: distinct(1, 4).map(
        lambda spellings: {"accepted": tuple(spellings)}
    ),
}
modules = st.builds(
    ModuleContent,
    code=st.just("KH7"),
    title=plain,
    description=texts,
    outcomes=tuples(texts, 1, 3),
    notice=st.none() | st.builds(Notice, st.sampled_from(NoticeKind), texts),
    lessons=st.tuples(lessons("KH7-B1"), lessons("KH7-B2")),
    questions=st.tuples(questions("KH7-C01"), questions("KH7-C02"), questions("KH7-C03")),
)


class TestRoundTrip:
    @pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.md")), ids=lambda path: path.stem)
    def test_gives_back_the_shipped_file_byte_for_byte(self, path):
        shipped = path.read_bytes()
        module = parse_module(shipped.decode(), file=path.name)
        assert write_module(module).encode() == shipped

    def test_gives_back_every_kind_of_question_and_block(self):
        assert write_module(parse_module(SMALL_MODULE, file="kh9.md")) == SMALL_MODULE

    @settings(max_examples=60, deadline=None)
    @given(modules)
    def test_reads_back_what_it_wrote(self, module):
        assert parse_module(write_module(module), file="kh7.md") == module

    @settings(max_examples=200, deadline=None)
    @given(st.data())
    def test_never_reads_a_damaged_file_as_something_it_would_write_otherwise(self, data):
        lines = SMALL_MODULE.split("\n")
        place = data.draw(st.integers(0, len(lines) - 1))
        damaged = data.draw(
            st.sampled_from([lines[place] * 2, lines[place][1:], lines[place][:-1], lines[-place]])
        )
        text = "\n".join([*lines[:place], damaged, *lines[place + 1 :]])
        try:
            module = parse_module(text, file="kh9.md")
        except ContentError:
            return
        written = write_module(module)
        assert [line for line in written.split("\n") if line] == [
            line for line in text.split("\n") if line
        ]
