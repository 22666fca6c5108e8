"""What every reorganisation begins and ends with: turns, rights, figures, scopes, the log."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NotRequired, TypedDict, Unpack

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from people.audit import AuditAction, record, record_each
from people.dates import day_before, local_day
from people.formats import local_date
from people.models import Membership, Scope, ScopeChange, Unit, UnitClosure, User
from people.queries.units import (
    day_within,
    later_joining_on,
    requests_waiting_in,
    scopes_ending_with,
)
from people.services.unit_closure import UnitTreeError, rebuild_closure
from people.services.unit_timelines import Timeline, timelines_of, write_timelines
from people.signals import memberships_changed, units_closing_asked

LONGEST_DOCUMENT = 200


class ChangedMeanwhileError(UnitTreeError):
    """It comes to something else than what was shown: show it again, and ask again."""


class Trial(TypedDict):
    """`is_dry_run`: everything is tried and measured, nothing is kept and nobody is told. `seen`:
    the fingerprint of what came of that; if it would be something else now,
    `ChangedMeanwhileError` is raised."""

    is_dry_run: NotRequired[bool]
    seen: NotRequired[str]


class Order(Trial):
    """A decision about units: from which day, by which document, who enters it and when."""

    on: date
    deciding_document: str
    by: User
    at: datetime


@dataclass(frozen=True, slots=True)
class Figure:
    """How many people count in a unit on the day, without and with the change."""

    code: str
    name: str
    before: int
    after: int


@dataclass(slots=True)
class Effects:
    """What a reorganisation did, or in a dry run would do."""

    on: date
    figures: list[Figure] = field(default_factory=list)
    places: list[Figure] = field(default_factory=list)  # of whole subtrees, where units move
    people: set[int] = field(default_factory=set)  # who count elsewhere now
    moved_units: list[Unit] = field(default_factory=list)  # which hang elsewhere now
    closed: list[Unit] = field(default_factory=list)
    scopes: list[Scope] = field(default_factory=list)  # which end
    waiting: int = 0  # requests for a place in a unit that closes
    notes: list[str] = field(default_factory=list)  # of the rooms above

    @property
    def before(self) -> int:
        return sum(figure.before for figure in self.figures)

    @property
    def after(self) -> int:
        return sum(figure.after for figure in self.figures)

    @property
    def fingerprint(self) -> str:
        """Of what was shown: what is confirmed is that, or it is shown again."""
        units = [sorted(each.pk for each in several) for several in (self.moved_units, self.closed)]
        told = (self.on, self.figures, sorted(self.people), units, [s.pk for s in self.scopes])
        return hashlib.sha256(repr(told).encode()).hexdigest()[:32]


class UnitAct:
    """One reorganisation under way, inside its transaction."""

    def __init__(
        self,
        *,
        on: date,
        deciding_document: str,
        by: User,
        at: datetime,
        is_dry_run: bool = False,
        seen: str | None = None,
    ) -> None:
        self.on, self.by, self.at = on, by, at
        self.document, self.is_dry_run, self.seen = deciding_document, is_dry_run, seen
        self.today = local_day(at)
        self.effects = Effects(on)
        self._involved: dict[int, Unit] = {}
        self._before: dict[int, int] = {}
        self._regrouped: set[int] = set()
        self._watched: dict[Unit, int] = {}

    def involve(self, *asked: Unit) -> list[Unit]:
        """What is measured, before anything of it changes; refused where it isn't hers.

        Gives them as they are now: what was tried before is not to be taken for what is.
        """
        known = Unit.objects.in_bulk([unit.pk for unit in asked])
        units = [known[unit.pk] for unit in asked]
        self._refuse_beyond_reach(units)
        self._before |= self._counted(units)
        self._involved |= {unit.pk: unit for unit in units}
        return units

    def involve_new(self, unit: Unit) -> None:
        self._involved[unit.pk] = unit

    def watch(self, *units: int | None) -> None:
        """What is told beside the figures: how many count in a whole subtree, before and after."""
        for unit in Unit.objects.filter(pk__in=[key for key in units if key is not None]):
            self._watched[unit] = self._people_below(unit)

    def timeline(self, unit: Unit) -> Timeline:
        return timelines_of([unit])[unit.pk]

    def change(self, unit: Unit, **facts: object) -> None:
        """From the day on, by the document; on a day that has one already both are named."""
        timeline = self.timeline(unit)
        current = timeline.on(self.on)
        document = self.document
        if current is not None and current.started_on == self.on:
            document = _both(current.deciding_document, document)
        timeline.change(on=self.on, deciding_document=document, **facts)
        write_timelines([timeline])

    def regroup(self, *units: Unit) -> None:
        """They hang elsewhere, or are of another kind: what is asked of their people may change."""
        self._regrouped |= {unit.pk for unit in units}

    def close(self, unit: Unit) -> None:
        """The day before is its last."""
        timeline = self.timeline(unit)
        timeline.end(day_before(self.on))
        timeline.unit.closing_document = self.document
        timeline.unit_fields.add("closing_document")
        write_timelines([timeline])
        self._regrouped.add(unit.pk)
        self.effects.closed.append(unit)

    def refuse_rewriting(self, units: Iterable[Unit], *, since: date | None = None) -> None:
        """A past on which later memberships are built is not for everybody to change."""
        since = since or self.on
        if since >= self.today or self.by.is_superuser:
            return
        later = later_joining_on(units, since)
        if later is not None:
            raise UnitTreeError(
                _(
                    "Sau ngày %(day)s đã có người vào các đơn vị này (gần nhất ngày %(later)s), "
                    "nên không đổi lùi ngày được. Hãy chọn một ngày sau ngày ấy, hoặc nhờ quản trị "
                    "hệ thống."
                )
                % {"day": local_date(since), "later": local_date(later)}
            )

    def log(self, action: AuditAction, unit: Unit, detail: Mapping[str, object]) -> None:
        if not self.is_dry_run:
            record(action, actor=self.by, subject=unit, detail=dict(detail))

    def finish(self) -> None:
        rebuild_closure(changed=self._regrouped | set(self._involved))
        self._measure()
        self._refuse_giving_away()
        self._foresee()
        if self.seen not in (None, self.effects.fingerprint):
            raise ChangedMeanwhileError(
                _("Có thay đổi từ lúc xem trước nên chưa ghi gì: hãy xem lại.")
            )
        if not self.is_dry_run:
            self._end_scopes()
            self._tell()

    def _measure(self) -> None:
        """Nobody is lost and nobody is counted twice, or nothing happens at all."""
        units = list(self._involved.values())
        after = self._counted(units)
        for unit in units:
            figure = Figure(
                unit.code,
                unit.name_on(self.on),
                self._before.get(unit.pk, 0),
                after.get(unit.pk, 0),
            )
            self.effects.figures.append(figure)
        self.effects.places = [
            Figure(unit.code, unit.name_on(self.on), before, self._people_below(unit))
            for unit, before in self._watched.items()
        ]
        if self.effects.before != self.effects.after:
            raise UnitTreeError(
                _(
                    "Tổng số người trước và sau không bằng nhau (%(before)s và %(after)s), nên "
                    "chưa đổi gì. Hãy báo quản trị hệ thống."
                )
                % {"before": self.effects.before, "after": self.effects.after}
            )

    def _people_below(self, unit: Unit) -> int:
        """Whom the doer manages: of the other sector she is told nothing."""
        rows = Membership.objects.primary_on(self.on).managed_by(self.by, on=self.on)
        return rows.below(unit, on=self.on).count()

    def _counted(self, units: Iterable[Unit]) -> dict[int, int]:
        rows = Membership.objects.primary_on(self.on).filter(unit__in=list(units))
        counted = rows.order_by().values("unit").annotate(people=Count("pk"))
        return dict(counted.values_list("unit", "people"))

    def _refuse_beyond_reach(self, units: Iterable[Unit]) -> None:
        """Hers today, and hers on the day if that is past: then others may have been in charge."""
        for unit in units:
            days = {day_within(unit, self.today), day_within(unit, min(self.on, self.today))}
            for day in days:
                mine = Unit.objects.restructurable_by(self.by, on=day)
                if not mine.filter(pk=unit.pk).exists():
                    raise _beyond_reach(unit)

    def _refuse_giving_away(self) -> None:
        """What she changes stays within her reach: another parent or sector is no way out."""
        open_units = [unit for unit in self._involved.values() if unit not in self.effects.closed]
        mine = Unit.objects.restructurable_by(self.by, on=self.on)
        kept = set(
            mine.filter(pk__in=[unit.pk for unit in open_units]).values_list("pk", flat=True)
        )
        for unit in open_units:
            if unit.pk not in kept:
                raise UnitTreeError(
                    _(
                        "Như vậy đơn vị %(code)s nằm ngoài phạm vi được thay đổi: hãy chọn ngành, "
                        "đơn vị cấp trên trong phạm vi ấy, hoặc nhờ người quản lý cấp trên."
                    )
                    % {"code": unit.code}
                )

    def _foresee(self) -> None:
        self._name(self.effects.closed, on=day_before(self.on))
        self._name(self.effects.moved_units, on=self.on)
        closed = self.effects.closed
        if closed:
            last_day = day_before(self.on)
            self.effects.scopes = list(scopes_ending_with(closed, last_day=last_day))
            self.effects.waiting = requests_waiting_in(closed)
            if self.is_dry_run:
                self.effects.notes = _told_by_other_rooms({each.pk for each in closed}, self.on)

    def _name(self, units: list[Unit], *, on: date) -> None:
        """As they are called that day, for whoever reads of it (1 query)."""
        named = Unit.objects.named_on(on).filter(pk__in=[unit.pk for unit in units])
        names = {unit.pk: unit.name for unit in named}  # type: ignore[attr-defined]
        for unit in units:
            unit.name = names.get(unit.pk) or unit.code  # type: ignore[attr-defined]

    def _end_scopes(self) -> None:
        """They would open nothing. Who manages the successor is for somebody to decide."""
        for scope in self.effects.scopes:
            before = scope.ended_on
            scope.ended_on = max(day_before(self.on), day_before(scope.started_on))
            scope.save(update_fields=["ended_on"])
            ScopeChange.objects.create(
                scope=scope,
                is_revocation=True,
                ended_before=before,
                ended_on=scope.ended_on,
                reason=self.document,
                changed_by=self.by,
                changed_at=self.at,
            )
        record_each(
            AuditAction.SCOPE_REVOKED,
            actor=self.by,
            subjects=[
                (
                    scope.user.person or scope.user,
                    {
                        "role": scope.role,
                        "unit": scope.unit.code,
                        "until": scope.ended_on.isoformat() if scope.ended_on else "",
                        "reason": self.document,
                    },
                )
                for scope in self.effects.scopes
            ],
        )

    def _tell(self) -> None:
        """Once, of everybody whose unit, or whatever it stands in, is another from the day on."""
        below = UnitClosure.objects.filter(ancestor__in=self._regrouped)
        below = below.exclude(ended_on__lt=self.on)
        reached = Q(unit__in=below.values("unit")) & ~Q(ended_on__lt=self.on)
        rows = Membership.objects.filter(reached, is_primary=True)
        people = self.effects.people | set(rows.values_list("person", flat=True))
        if people:
            memberships_changed.send(sender=Unit, person_ids=people)


@contextmanager
def unit_act(**order: Unpack[Order]) -> Iterator[UnitAct]:
    """One at a time; all of it or nothing. Raises `UnitTreeError`."""
    with transaction.atomic():
        list(Unit.objects.order_by("pk").select_for_update().values_list("pk"))
        act = UnitAct(**order)
        yield act
        act.finish()
        if act.is_dry_run:
            transaction.set_rollback(True)


def _beyond_reach(unit: Unit) -> UnitTreeError:
    return UnitTreeError(
        _(
            "Đơn vị %(code)s ngoài phạm vi được thay đổi: hãy nhờ người quản lý cấp trên hoặc quản "
            "trị hệ thống."
        )
        % {"code": unit.code}
    )


def _both(earlier: str, document: str) -> str:
    if not earlier or document in earlier:
        return document or earlier
    return f"{earlier}; {document}"[:LONGEST_DOCUMENT] if document else earlier


def _told_by_other_rooms(units: set[int], on: date) -> list[str]:
    answers = units_closing_asked.send(sender=Unit, unit_ids=units, on=on)
    return [sentence for _receiver, sentences in answers for sentence in sentences or []]
