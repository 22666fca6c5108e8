"""Where the marks of a chart stand. Pure: numbers in, coordinates out.

A chart is as wide as its place, so that its letters never shrink: across, everything is a share of
the width (per cent); down, it is pixels from the top. Shares and pixels are text with a point,
whatever the language, as SVG wants them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, Protocol

WHOLE = 1000  # tenths of a per cent: the top of the scale
NARROWEST = 270  # px of a plot on a 360 px screen: labels are placed so that they fit there
LABEL_WIDTH, LABEL_HEIGHT, LABEL_GAP = 84, 36, 10  # px
LABEL_SHIFTS = range(0, 64, 4)  # px away from the dot, tried in turn
MOST_YEARS, MOST_MONTHS = 6, 4  # whose names fit under the narrowest plot
STEPS = [0, 200, 400, 600, 800, 1000]

Anchor = Literal["start", "middle", "end"]


class Point(Protocol):
    """What a line goes through; `tenths` None is a gap."""

    @property
    def day(self) -> date: ...
    @property
    def tenths(self) -> int | None: ...
    @property
    def is_marked(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Scale:
    """Days across, tenths of a per cent up, from zero."""

    first: date
    last: date
    height: int

    def across(self, day: date) -> float:
        days = max((self.last - self.first).days, 1)
        return 100 * (day - self.first).days / days

    def down(self, tenths: int) -> float:
        return self.height * (WHOLE - tenths) / WHOLE

    def x(self, day: date) -> str:
        return f"{self.across(day):.2f}%"

    def y(self, tenths: int) -> str:
        return f"{self.down(tenths):.1f}"


@dataclass(frozen=True, slots=True)
class Label:
    """A marked point and the place of its words: `y` is the first line's foot, empty for none."""

    point: Point
    x: str
    dot_y: str
    y: str
    anchor: Anchor


@dataclass(frozen=True, slots=True)
class Tick:
    day: date
    x: str
    anchor: Anchor


def line_paths(points: Iterable[Point], scale: Scale) -> list[str]:
    """A path for every run of points without a gap, in a box of 1000 × the scale's height."""
    return [
        "M"
        + " L".join(f"{10 * scale.across(day):.1f} {scale.down(tenths):.1f}" for day, tenths in run)
        for run in _runs(points)
    ]


def area_paths(points: Iterable[Point], scale: Scale) -> list[str]:
    """The same, closed along the zero line."""
    return [
        f"M{10 * scale.across(run[0][0]):.1f} {scale.height}"
        + "".join(f" L{10 * scale.across(day):.1f} {scale.down(tenths):.1f}" for day, tenths in run)
        + f" L{10 * scale.across(run[-1][0]):.1f} {scale.height} Z"
        for run in _runs(points)
    ]


def steps_beside(thresholds: Iterable[int]) -> list[int]:
    """Even steps of the scale, without those whose labels would touch a threshold's."""
    drawn = [10 * percent for percent in thresholds]
    return [step for step in STEPS if all(abs(step - each) >= 80 for each in drawn)]


def time_ticks(first: date, last: date) -> list[date]:
    """First days of years, else of months, evenly apart; of a few weeks four days."""
    years = [date(year, 1, 1) for year in range(first.year, last.year + 1)]
    inside = [day for day in years if first <= day <= last]
    if len(inside) > 2:
        return inside[:: -(-len(inside) // MOST_YEARS)]
    months = [
        date(year, month, 1) for year in range(first.year, last.year + 1) for month in range(1, 13)
    ]
    inside = [day for day in months if first <= day <= last]
    if len(inside) > 2:
        return inside[
            :: next(step for step in (1, 2, 3, 6, 12) if len(inside) <= step * MOST_MONTHS)
        ]
    days = (last - first).days
    return [first + timedelta(days=days * number // 3) for number in range(4)]


def tick_format(days: Sequence[date]) -> str:
    """As the `date` filter takes it: years, months or days, by what the ticks stand on."""
    if all(day.day == day.month == 1 for day in days):
        return "Y"
    return "n/Y" if all(day.day == 1 for day in days) else "j/n"


def ticks_on(days: Sequence[date], scale: Scale) -> list[Tick]:
    return [Tick(day, scale.x(day), _anchor(scale.across(day))) for day in days]


def labels_on(
    points: Iterable[Point], scale: Scale, *, thresholds: Iterable[int] = ()
) -> list[Label]:
    """Marked points with their labels under the line, else over it, clear of the thresholds.

    The last ones are placed first; a label that would cover another is left out, its dot never.
    """
    lines = [scale.down(10 * percent) for percent in thresholds]
    placed: list[Label] = []
    taken: list[_Box] = []
    marked = [point for point in points if point.is_marked and point.tenths is not None]
    for point in reversed(marked):
        label, box = _placed(point, scale, taken, lines)
        placed.append(label)
        taken += [box] if box else []
    return placed[::-1]


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    top: float

    def touches(self, other: _Box) -> bool:
        return (
            abs(self.left - other.left) < LABEL_WIDTH and abs(self.top - other.top) < LABEL_HEIGHT
        )

    def lies_on(self, line: float) -> bool:
        return self.top - 2 < line < self.top + LABEL_HEIGHT - 2


def _placed(
    point: Point, scale: Scale, taken: list[_Box], lines: list[float]
) -> tuple[Label, _Box | None]:
    across, down = scale.across(point.day), scale.down(point.tenths or 0)
    anchor: Anchor = "start" if across < 69 else "end"
    left = NARROWEST * across / 100 - (LABEL_WIDTH if anchor == "end" else 0)
    x, dot_y = scale.x(point.day), scale.y(point.tenths or 0)
    below = [down + LABEL_GAP + shift for shift in LABEL_SHIFTS]
    above = [down - LABEL_GAP - LABEL_HEIGHT - shift for shift in LABEL_SHIFTS]
    for top in below + above:
        box = _Box(left, top)
        is_inside = 0 <= top <= scale.height - LABEL_HEIGHT
        if is_inside and not any(map(box.touches, taken)) and not any(map(box.lies_on, lines)):
            return Label(point, x, dot_y, f"{top + 14:.1f}", anchor), box
    return Label(point, x, dot_y, "", anchor), None


def _anchor(across: float) -> Anchor:
    """Words near the right edge stay inside it; on the left there is the scale's margin."""
    return "end" if across > 94 else "middle"


def _runs(points: Iterable[Point]) -> list[list[tuple[date, int]]]:
    runs: list[list[tuple[date, int]]] = [[]]
    for point in points:
        if point.tenths is None:
            runs.append([])
        else:
            runs[-1].append((point.day, point.tenths))
    return [run for run in runs if len(run) > 1]


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a bar chart: `length` is its share of the scale, from zero."""

    label: str
    text: str
    length: str


def bars(rows: Iterable[tuple[str, int, str]], *, whole: int = 0) -> list[Bar]:
    """Rows are (label, number, number in words); the scale ends at `whole`, else at the largest."""
    rows = list(rows)
    end = whole or max((number for _label, number, _text in rows), default=0) or 1
    return [
        Bar(label, text, f"{100 * min(number, end) / end:.2f}%") for label, number, text in rows
    ]
