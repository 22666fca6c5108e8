"""Which legal bases a text draws on: those that it names, and no guess."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from .model import BulletList, LegalBasis, LessonContent, ModuleContent


def bases_named_in(texts: Iterable[str], bases: Sequence[LegalBasis]) -> tuple[LegalBasis, ...]:
    """Those of the bases that the texts name, in the order of `bases`.

    A name stands by itself: “Nghị định 56” is not in “Nghị định 560” nor in “Nghị định 56/2019”.
    """
    whole = "\n".join(texts).replace("*", "")
    return tuple(
        basis for basis in bases if any(_form(name).search(whole) for name in basis.all_names)
    )


def bases_of_lesson(lesson: LessonContent, bases: Sequence[LegalBasis]) -> tuple[LegalBasis, ...]:
    return bases_named_in(_texts(lesson), bases)


def bases_of_module(module: ModuleContent, bases: Sequence[LegalBasis]) -> tuple[LegalBasis, ...]:
    """What its lessons name, and what its questions give as their sources."""
    texts = [text for lesson in module.lessons for text in _texts(lesson)]
    texts += [source for question in module.questions for source in question.sources]
    return bases_named_in(texts, bases)


def _texts(lesson: LessonContent) -> Iterator[str]:
    yield from (lesson.title, *lesson.objectives, lesson.opening)
    for block in lesson.body:
        if isinstance(block, BulletList):
            yield from (text for bullet in block.bullets for text in (bullet.text, *bullet.items))
        else:
            yield from (cell for row in (block.header, *block.rows) for cell in row)
    yield from (lesson.case.text, lesson.case.handling, lesson.practice, *lesson.key_points)


@cache
def _form(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name)}(?![\w/])")
