"""What every manager's page begins with: may this account ask, and what is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from people.grants import grants_of
from people.models import User
from reports.forms import AskForm, default_target
from reports.models import Target
from reports.periods import (
    Period,
    calendar_year,
    holding,
    school_year,
    school_year_of,
    usual_day,
    usual_period,
)

MOST_YEARS = 3  # of each kind, as links

View = Callable[..., HttpResponseBase]


def scope_required(view: View) -> View:
    """Only for accounts with a scope; others learn whom to ask, and nothing of what exists."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not grants_of(request):
            return render(request, "reports/no_permission.html", status=403)
        return view(request, *args, **kwargs)

    return guarded


def viewer_of(request: HttpRequest) -> User:
    return cast(User, request.user)


@dataclass(frozen=True, slots=True)
class Asked:
    """`target` is None only when there is no target at all.

    `targets` are those in use, and the one that was named. `is_dated`: the address named the day.
    `compared` is a second day or None. `known_due`: due days up to today of the targets that give
    the same figure as this one.
    """

    form: AskForm
    target: Target | None
    targets: list[Target]
    as_of: date
    today: date
    is_dated: bool
    compared: date | None
    known_due: list[date]

    @property
    def query(self) -> str:
        """For links that keep what was asked."""
        code = self.target.code if self.target else ""
        asked = {"target": code, "as_of": self.as_of.isoformat()}
        if self.compared:
            asked["with"] = self.compared.isoformat()
        return urlencode(asked)

    @property
    def ticks(self) -> list[int]:
        """Thresholds to draw on a bar."""
        return sorted({target.percent for target in self.targets})

    @property
    def years(self) -> list[YearView]:
        """The calendar years and school years that the target and today leave, the latest first."""
        if self.target is None:
            return []
        first = self.target.started_on
        calendar = [
            YearView(calendar_year(year), is_school_year=False)
            for year in range(self.today.year, first.year - 1, -1)
        ]
        school = [
            YearView(school_year(year), is_school_year=True)
            for year in range(school_year_of(self.today), school_year_of(first) - 1, -1)
        ]
        return calendar[:MOST_YEARS] + school[:MOST_YEARS]

    @property
    def year_queries(self) -> list[tuple[YearView, str]]:
        """Each as an address: its curve, and the figure at its end or today."""
        code = self.target.code if self.target else ""
        return [(year, year.query(code, today=self.today)) for year in self.years]

    @property
    def is_at_past_due(self) -> bool:
        """Whether nobody named the day and it is the target's due or cut-off day, which is past."""
        return not self.is_dated and self.as_of < self.today

    @property
    def period(self) -> Period | None:
        """Of the curve; it always holds the days asked about."""
        if self.target is None:
            return None
        usual = usual_period(
            self.target.started_on, due_on=self.target.due_on, known_due=self.known_due
        )
        chosen = self.form.cleaned_data
        first, last = chosen.get("since") or usual.first, chosen.get("until") or usual.last
        return holding(Period(first, max(first, last)), self._days)

    @property
    def marked(self) -> list[date]:
        """Days that the curve labels."""
        return sorted({*self._days, *self.known_due})

    @property
    def presets(self) -> list[Preset]:
        """Each target at its usual day, and this one today."""
        usual = [
            Preset(each.code, usual_day(each.looked_at_on, today=self.today))
            for each in self.targets
        ]
        now = [Preset(self.target.code, self.today)] if self.target else []
        return list(dict.fromkeys(usual + now))

    @property
    def preset(self) -> Preset | None:
        return Preset(self.target.code, self.as_of) if self.target else None

    @property
    def _days(self) -> list[date]:
        return [self.as_of, self.compared] if self.compared else [self.as_of]


@dataclass(frozen=True, slots=True)
class YearView:
    """A calendar year, by which the plan is reported, or a school year, by which schools work."""

    period: Period
    is_school_year: bool

    @property
    def span(self) -> str:
        first, last = self.period.first.year, self.period.last.year
        return f"{first} - {last}" if self.is_school_year else str(first)

    def query(self, target: str, *, today: date) -> str:
        ends = {"from": self.period.first.isoformat(), "to": self.period.last.isoformat()}
        day = min(self.period.last, today).isoformat()
        return urlencode({"target": target, "as_of": day, **ends})


@dataclass(frozen=True, slots=True)
class Preset:
    """A question that is asked often, as a link."""

    target: str
    day: date

    @property
    def query(self) -> str:
        return urlencode({"target": self.target, "as_of": self.day.isoformat()})


def ask(request: HttpRequest) -> Asked:
    """What can't be read falls back to the default and is said beside the field."""
    today = timezone.localdate()
    known = list(Target.objects.all())
    named = request.GET.get("target", "")
    targets = [each for each in known if each.code == named or each.is_in_use_on(today)]
    usual = default_target(targets, day=today)
    form = AskForm(request.GET, targets=targets, usual=usual, today=today)
    form.is_valid()
    chosen = form.cleaned_data
    target = next((each for each in targets if each.code == chosen.get("target")), usual)
    day = chosen.get("as_of")
    is_dated = day is not None or form.has_error("as_of")
    if not is_dated and target is not None:
        day = usual_day(target.looked_at_on, today=today)
    return Asked(
        form=form,
        target=target,
        targets=targets,
        as_of=day or today,
        today=today,
        is_dated=is_dated,
        compared=chosen.get("compared"),
        known_due=[
            each.due_on
            for each in known
            if target is not None and each.due_on <= today and each.measures_like(target)
        ],
    )
