"""`{% line_chart %}`, `{% bar_chart %}` and `{% bar %}`: inline SVG, labelled, with its table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import template
from django.template.loader import render_to_string

from lms import charts

register = template.Library()

HEIGHT = 300  # px of the plot


@register.simple_block_tag
def line_chart(
    content: str,
    *,
    title: str,
    description: str,
    points: Iterable[charts.Point],
    first: date,
    last: date,
    known_until: date,
    due_on: date,
    thresholds: Sequence[int] = (),
) -> str:
    """Shares over time; between the tags stands the table of the data, unfolded beneath.

    `thresholds` in per cent. After `known_until` the plot is empty: that is still to come.
    """
    points, scale = list(points), charts.Scale(first, last, HEIGHT)
    days = charts.time_ticks(first, last)
    return render_to_string(
        "components/charts/line.html",
        {
            "title": title,
            "description": description,
            "height": HEIGHT,
            "lines": charts.line_paths(points, scale),
            "areas": charts.area_paths(points, scale),
            "labels": charts.labels_on(points, scale, thresholds=thresholds),
            "steps": [(step // 10, scale.y(step)) for step in charts.steps_beside(thresholds)],
            "thresholds": [(each, scale.y(10 * each)) for each in thresholds],
            "ticks": charts.ticks_on(days, scale),
            "tick_format": charts.tick_format(days),
            "due": _due(scale, due_on),
            "to_come": _to_come(scale, known_until),
            "table": content,
        },
    )


@register.inclusion_tag("components/charts/bars.html")
def bar_chart(
    *, title: str, rows: Iterable[tuple[str, int, str]], whole: int = 0
) -> dict[str, Any]:
    """Numbers side by side, from zero; rows are (label, number, number in words).

    Labels and numbers are text of the page: they are the chart's table.
    """
    return {"title": title, "bars": charts.bars(rows, whole=whole)}


@register.inclusion_tag("components/charts/bar.html")
def bar(tenths: int | None, thresholds: Sequence[int] = ()) -> dict[str, Any]:
    """A small bar beside a percentage that is written out: it is hidden from screen readers."""
    tenths = min(tenths or 0, charts.WHOLE)
    return {
        "length": f"{tenths // 10}.{tenths % 10}%",
        "thresholds": [f"{each}%" for each in thresholds],
    }


def _due(scale: charts.Scale, due_on: date) -> dict[str, Any] | None:
    """The due day's line; its words stand on the side where there is room."""
    across = scale.across(due_on)
    if not 0 <= across <= 100:
        return None
    side = {"dx": -6, "anchor": "end"} if across > 60 else {"dx": 6, "anchor": "start"}
    return {"day": due_on, "x": scale.x(due_on), **side}


def _to_come(scale: charts.Scale, known_until: date) -> dict[str, Any] | None:
    """The empty end of the plot; its words only where they fit."""
    across = scale.across(known_until)
    if across >= 100:
        return None
    return {
        "x": f"{across:.2f}%",
        "width": f"{100 - across:.2f}%",
        "middle": f"{(across + 100) / 2:.2f}%",
        "is_wide": across < 75,
    }
