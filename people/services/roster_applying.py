"""From a confirmed list to one that counts: all of it at one instant, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from people.audit import AuditAction, record, record_each
from people.imports.flip import StaleError, clashes_are_stale, put_in_force
from people.imports.flip_back import units_left
from people.imports.layout import Layout, signature_of
from people.imports.roster_accounts import know_accounts
from people.imports.roster_known import KnownUnit, know_again, known_units
from people.imports.staging import batches, get_on
from people.models import (
    ImportState,
    Person,
    RosterChange,
    RosterImport,
    RosterLayout,
    RosterList,
    Unit,
)
from people.services.roster_checking import check
from people.services.roster_import_files import BEGINNING, forget_file, kept_beginning
from people.services.roster_working import MOST_TRIES, claim, importer_of, working
from people.signals import memberships_changed

TOLD_AT_ONCE = 1000  # people


def apply(roster_import: RosterImport, *, at: datetime) -> None:
    """The list counts; then the other rooms are told whose memberships it changed.

    If what is known has changed since it was compared, it is compared again and waits to be
    confirmed again, with a word about it. May be called again after being killed at any point:
    either nothing counts yet, or everything does and only the telling is taken up. Does nothing
    for a list in another state.
    """
    attempt = claim(roster_import, ImportState.APPLYING)
    if attempt is not None:
        with working(roster_import, attempt):
            if not apply_checked(roster_import, attempt=attempt, at=at):
                _compare_again(roster_import, attempt, at=at)
    tell(roster_import)


def apply_checked(roster_import: RosterImport, *, attempt: int, at: datetime) -> bool:
    """False, and nothing is changed, if it was compared with something else than is there now."""
    units = _still_known(roster_import, at=at)
    if units is None:
        return False
    try:
        with clashes_are_stale(), transaction.atomic():
            get_on(roster_import, attempt)
            hold(roster_import)
            if known_units(units, roster_import.as_of) != units:
                raise StaleError
            put_in_force(roster_import, at=at)
            get_on(
                roster_import,
                attempt,
                state=ImportState.APPLIED,
                applied_at=at,
                problem="",
                tries=0,
            )
            _remember_layout(roster_import, at=at)
            _note_in_log(roster_import)
    except StaleError:
        return False
    roster_import.refresh_from_db()
    forget_file(roster_import)
    return True


def tell(roster_import: RosterImport) -> None:
    """Tells the other rooms of a list that was applied or undone, a thousand people at a time, each
    in transactions of its receivers.

    Whoever is killed in between begins again; telling twice does no harm. Should it fail too often,
    the daily chore of deciding open runs finds what it would have led to.
    """
    roster_import.refresh_from_db()
    is_to_tell = roster_import.state in (ImportState.APPLIED, ImportState.UNDONE)
    if not is_to_tell or roster_import.told_at is not None:
        return
    # An undoing meanwhile is another attempt, and to be told of itself.
    mine = RosterImport.objects.filter(pk=roster_import.pk, attempt=roster_import.attempt)
    mine.update(tries=F("tries") + 1, worked_at=Now())
    people = people_moved(roster_import) if roster_import.tries < MOST_TRIES else []
    for batch in batches(people, TOLD_AT_ONCE):
        memberships_changed.send(sender=RosterList, person_ids=set(batch))
        mine.update(worked_at=Now())
    mine.update(told_at=Now())
    roster_import.refresh_from_db()


def people_moved(roster_import: RosterImport) -> list[int]:
    """Keys of those on the roster whose memberships the list, or its undoing, changed."""
    touched = RosterChange.objects.filter(
        Q(opened_on__isnull=False) | Q(closed_id__isnull=False) | Q(withdrawn_id__isnull=False),
        roster_import=roster_import,
    ).order_by()
    known = touched.filter(person__isnull=False).values_list("person_id", flat=True)
    new = touched.filter(person__isnull=True).values("code")
    people = list(Person.objects.order_by().filter(code__in=new).values_list("pk", flat=True))
    return sorted({*known, *people})


def hold(roster_import: RosterImport) -> None:
    """People and units, also those that people leave or go back to, until the transaction ends:
    two lists of one unit take turns, and so does whoever changes one of the people or closes a
    unit. Always in one order, which is also that of `people.services.roster`. SQLite has one writer
    anyway."""
    if not connection.features.has_select_for_update:
        return
    keys = {*roster_import.listed_units.values_list("unit", flat=True)} | units_left(roster_import)
    units = Unit.objects.filter(pk__in=keys)
    people = Person.objects.filter(
        pk__in=roster_import.changes.filter(person__isnull=False).values("person")
    )
    for rows in (people, units):
        # No key: others may go on writing rows that refer to these.
        list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk"))


def _still_known(roster_import: RosterImport, *, at: datetime) -> dict[str, KnownUnit] | None:
    """The units of the list by code; None if not all is as it was when the list was compared."""
    units = set(roster_import.listed_units.values_list("unit__code", flat=True))
    codes = list(roster_import.changes.order_by().values_list("code", flat=True))
    importer = importer_of(roster_import, at=at)
    known = know_again(units, codes, as_of=roster_import.as_of, importer=importer)
    know_accounts(known, codes, importer)
    is_same = known.digest(codes, units=units) == roster_import.known_hash
    return known.units if is_same else None


def _compare_again(roster_import: RosterImport, attempt: int, *, at: datetime) -> None:
    problem = _(
        "Dữ liệu vừa thay đổi sau khi đối chiếu nên chưa áp dụng gì. Danh sách đã được đối chiếu "
        "lại: hãy xem và xác nhận lại."
    )
    with transaction.atomic():
        get_on(roster_import, attempt, state=ImportState.CHECKING, problem=problem, rows_done=0)
    check(roster_import, at=at)


def _remember_layout(roster_import: RosterImport, *, at: datetime) -> None:
    """Somebody has seen what it comes to: the unit's next list with these headers is read so."""
    sheet = kept_beginning(roster_import, rows=BEGINNING)
    unit, by = roster_import.unit, roster_import.confirmed_by
    if unit is None or by is None or sheet is None or not roster_import.layout:
        return
    layout = Layout.from_json(roster_import.layout)
    RosterLayout.objects.update_or_create(
        unit=unit,
        signature=signature_of(sheet, layout),
        defaults={"layout": layout.as_json(), "chosen_by": by, "chosen_at": at},
    )


def _note_in_log(roster_import: RosterImport) -> None:
    """Also on everybody taken over from a unit of somebody else, for its managers to read."""
    detail = {"as_of": roster_import.as_of.isoformat(), "people": roster_import.people_changed}
    by = roster_import.confirmed_by
    record(AuditAction.ROSTER_IMPORTED, actor=by, subject=roster_import, detail=detail)
    record_each(AuditAction.MOVED_BY_LIST, actor=by, subjects=list(_taken_over(roster_import)))


def _taken_over(roster_import: RosterImport) -> Iterator[tuple[Person, dict[str, str]]]:
    taken = roster_import.changes.moving_outsiders()
    changes = list(taken.select_related("person", "opened_unit", "closed_unit"))
    left = {change.before.get("closed_unit") for change in changes} - {None}
    codes = dict(Unit.objects.filter(pk__in=left).values_list("pk", "code"))
    for change in changes:
        unit, since = change.unit_entered, change.opened_on or change.closed_from
        if change.person and unit and since:
            detail = {
                "from_unit": codes.get(change.before.get("closed_unit"), ""),
                "unit": unit.code,
                "from": since.isoformat(),
            }
            yield change.person, detail
