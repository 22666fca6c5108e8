"""Which reports are expected of whom, what became of them, and who may act on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from people.dates import held_on, local_day
from people.models import Scope, Unit, UnitVersion, User
from people.models.scope import reach
from people.names import title_key
from reports.filing import (
    Place,
    Step,
    area_of,
    files_reports,
    last_day,
    receivers_of,
    step_of,
)
from reports.models import Report, ReportKind, ReportState, Target


@dataclass(frozen=True, slots=True)
class Term:
    """What a report is about: the kind and the days, both included."""

    kind: str
    started_on: date
    ended_on: date

    @classmethod
    def of_year(cls, year: int) -> Term:
        return cls(ReportKind.ANNUAL, date(year, 1, 1), date(year, 12, 31))

    @property
    def cut_off(self) -> date:
        """The day that its figures are of, unless the unit names another."""
        return last_day(settings.REPORT_CUT_OFF, year=self.ended_on.year)


class Chain:
    """The units of a day and who receives whose report (1 query)."""

    def __init__(self, day: date) -> None:
        self.day = day
        versions = UnitVersion.objects.filter(held_on(day)).select_related("unit")
        self.versions = {version.unit_id: version for version in versions}
        self.places = {
            unit: Place(unit, version.kind, version.sector, version.parent_id)
            for unit, version in self.versions.items()
        }
        self.receivers: Mapping[int, int | None] = receivers_of(self.places.values())

    def unit(self, key: int | None) -> Unit | None:
        return self.versions[key].unit if key in self.versions else None

    def name(self, key: int | None) -> str:
        return self.versions[key].name if key in self.versions else ""

    def step(self, unit: int) -> Step:
        return step_of(self.places[unit], self.receivers[unit])

    def due_on(self, unit: int, *, year: int) -> date:
        return last_day(settings.REPORT_DEADLINES[self.step(unit)], year=year)

    def area(self, unit: int) -> tuple[Unit, str]:
        """The unit whose subtree a report is about, and of which sector (empty: every)."""
        above, sector = area_of(self.places[unit])
        return self.versions[above].unit, sector

    @cached_property
    def senders(self) -> dict[int, list[int]]:
        """By receiver, the units that report to it."""
        found: dict[int, list[int]] = {}
        for unit, receiver in self.receivers.items():
            if receiver is not None and files_reports(self.places[unit]):
                found.setdefault(receiver, []).append(unit)
        return found


def chain_for(unit: Unit, *, on: date) -> Chain:
    """Of the day, or the unit's nearest day where it was not open then."""
    return Chain(min(max(on, unit.opened_on), unit.closed_on or date.max))


def reported_target(day: date) -> Target | None:
    """The target that runs on the day and is due first; else the last that was due before it."""
    known = [each for each in Target.objects.all() if each.started_on <= day]
    running = [each for each in known if day <= each.due_on]
    if running:
        return min(running, key=lambda each: (each.due_on, each.code))
    return max(known, key=lambda each: (each.due_on, each.code), default=None)


def may_write(viewer: User, unit: Unit, *, on: date) -> bool:
    """Whoever manages the unit writes and sends its report."""
    managed = Unit.objects.managed_by(viewer, on=on, or_nearest=True)
    return viewer.is_active and managed.filter(pk=unit.pk).exists()


def may_receive(viewer: User, report: Report, *, on: date) -> bool:
    """Whoever manages the receiving unit, but not for what she sent herself."""
    if report.receiver is None or report.submitted_by_id == viewer.pk:
        return False
    return may_write(viewer, report.receiver, on=on)


class Standing(StrEnum):
    """What a list of reports is filtered by."""

    MISSING = "missing"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    OVERDUE = "overdue"

    @property
    def label(self) -> str:
        return str(STANDINGS[self])


STANDINGS = {
    Standing.MISSING: _("Chưa lập"),
    Standing.DRAFT: _("Đang soạn"),
    Standing.SUBMITTED: _("Chờ tiếp nhận"),
    Standing.RETURNED: _("Bị trả lại"),
    Standing.ACCEPTED: _("Đã tiếp nhận"),
    Standing.OVERDUE: _("Quá hạn"),
}
IS_SENT = {Standing.SUBMITTED, Standing.ACCEPTED}


@dataclass(frozen=True, slots=True)
class Filing:
    """A unit that is to report, and how far it is. `days_left` is negative when overdue."""

    unit: Unit
    name: str
    receiver_name: str
    due_on: date
    report: Report | None
    today: date

    @property
    def standing(self) -> Standing:
        return Standing(self.report.state) if self.report else Standing.MISSING

    @property
    def is_sent(self) -> bool:
        return self.standing in IS_SENT

    @property
    def days_left(self) -> int:
        return (self.due_on - self.today).days

    @property
    def is_overdue(self) -> bool:
        return not self.is_sent and self.days_left < 0

    @property
    def is_late(self) -> bool:
        """Sent, but after the last day."""
        if not self.is_sent or self.report is None or self.report.submitted_at is None:
            return False
        return local_day(self.report.submitted_at) > self.due_on


def filings(viewer: User, term: Term, *, today: date) -> list[Filing]:
    """Of every unit that is to report and that the viewer may know of: most urgent first.

    Seen are the units that her scopes open to people, and those that report to a unit she manages
    (4 queries).
    """
    chain = Chain(min(today, term.ended_on))
    managed = None if viewer.is_unlimited else _managed(viewer, today)
    units = _seen(viewer, chain, managed, today)
    reports = _newest(units, term, managed)
    found = [
        Filing(
            unit=chain.versions[key].unit,
            name=chain.name(key),
            receiver_name=chain.name(chain.receivers[key]),
            due_on=chain.due_on(key, year=term.ended_on.year),
            report=reports.get(key),
            today=today,
        )
        for key in units
    ]
    return sorted(found, key=_urgency)


def filings_to(receiver: Unit, term: Term, *, today: date) -> list[Filing]:
    """Of the units that report to this one."""
    chain = chain_for(receiver, on=min(today, term.ended_on))
    units = set(chain.senders.get(receiver.pk, []))
    reports = _newest(units, term, frozenset())
    found = [
        Filing(
            chain.versions[key].unit,
            chain.name(key),
            chain.name(receiver.pk),
            chain.due_on(key, year=term.ended_on.year),
            reports.get(key),
            today,
        )
        for key in units
    ]
    return sorted(found, key=_urgency)


def to_consolidate(report: Report) -> list[Report]:
    """Accepted reports of the same period that were sent to the unit, the newest of each."""
    term = (report.kind, report.started_on, report.ended_on)
    received = Report.objects.about(*term).filter(receiver=report.unit).latest_sent()
    accepted = received.filter(state=ReportState.ACCEPTED)
    return list(accepted.select_related("unit", "snapshot").order_by("unit__code"))


def _urgency(filing: Filing) -> tuple[object, ...]:
    order = list(Standing)
    is_settled = filing.standing is Standing.ACCEPTED
    waits_for_reader = filing.standing is Standing.SUBMITTED
    rank = 0 if waits_for_reader else 2 if is_settled else 1
    return (
        rank,
        not filing.is_overdue,
        order.index(filing.standing),
        title_key(filing.name),
        filing.unit.code,
    )


def _seen(viewer: User, chain: Chain, managed: frozenset[int] | None, today: date) -> set[int]:
    units = {unit for unit, place in chain.places.items() if files_reports(place)}
    if managed is None:
        return units
    scopes = Scope.objects.granted_to(viewer).seeing_people()
    opened = Unit.objects.filter(reach(scopes, on=today, or_nearest=True))
    keys = set(opened.values_list("pk", flat=True))
    received = {sender for unit in managed for sender in chain.senders.get(unit, [])}
    return units & (keys | received)


def _managed(viewer: User, today: date) -> frozenset[int]:
    managed = Unit.objects.managed_by(viewer, on=today, or_nearest=True)
    return frozenset(managed.values_list("pk", flat=True))


def _newest(units: Iterable[int], term: Term, drafts: frozenset[int] | None) -> dict[int, Report]:
    """By unit its newest version; drafts only of the units in `drafts` (None: of all)."""
    reports = Report.objects.about(term.kind, term.started_on, term.ended_on).order_by("version")
    wanted = set(units)
    return {
        report.unit_id: report
        for report in reports
        if report.unit_id in wanted
        and (not report.is_draft or drafts is None or report.unit_id in drafts)
    }
