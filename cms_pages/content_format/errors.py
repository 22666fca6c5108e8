"""What is wrong with a content file, where, and what to do about it."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

Source = TypeVar("Source")
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault; the message is Vietnamese, for the editor of the file. Lines count from 1."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}, dòng {self.line}: {self.message}"


class ContentError(ValueError):
    """A file, or a course folder, is refused; `problems` has every fault found, by file and line.

    `file`, `line` and `message` are those of the first.
    """

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))

    @property
    def file(self) -> str:
        return self.problems[0].file

    @property
    def line(self) -> int:
        return self.problems[0].line

    @property
    def message(self) -> str:
        return self.problems[0].message


class LineError(Exception):
    """Raised where a fault is seen, by code that does not know which file it reads."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


class Problems:
    """Gathers the faults of one file, so that its editor sees them all at once."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._found: list[Problem] = []

    def add(self, refusal: LineError) -> None:
        self._found.append(Problem(self._file, refusal.line, refusal.message))

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Notes a refusal raised inside and goes on after the block."""
        try:
            yield
        except LineError as refusal:
            self.add(refusal)

    def each(self, read: Callable[[Source], Read], sources: Iterable[Source]) -> list[Read]:
        """What could be read; what was refused is noted and left out."""
        results = []
        for source in sources:
            with self.noted():
                results.append(read(source))
        return results

    def raise_if_any(self) -> None:
        if self._found:
            raise ContentError(sorted(self._found, key=lambda problem: problem.line))
