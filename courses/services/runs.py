"""Opening a run and changing its terms. Each change is another `RunTerms` row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import chain, count
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from courses.models import Course, CourseRun, Module, RunAddition, RunTerms
from courses.tasks import decide_runs_task
from people.dates import local_day
from people.formats import local_date
from people.models import Person, Unit, User

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)


class RunTermsError(Exception):
    """The terms make no sense; the message says what to do."""


def usual_terms(today: date) -> dict[str, Any]:
    """What a new run begins with until somebody changes it: this month and the next two.

    The code is the first that is free.
    """
    after = (today.replace(day=1) + timedelta(days=31 * 3)).replace(day=1)
    base = f"dot-{today:%Y-%m}"
    taken = set(CourseRun.objects.filter(code__startswith=base).values_list("code", flat=True))
    codes = chain([base], (f"{base}-{number}" for number in count(2)))
    with override(settings.LANGUAGE_CODE):  # learners read it, whoever opens the run
        title = _("Bồi dưỡng từ tháng %(month)s") % {"month": f"{today:%m/%Y}"}
    return {
        "title": title,
        "code": next(code for code in codes if code not in taken),
        "opens_on": today,
        "closes_on": after - timedelta(days=1),
    }


@transaction.atomic
def open_run(
    course: Course,
    *,
    code: str,
    title: str,
    opens_on: date,
    closes_on: date,
    units: Iterable[Unit],
    at: datetime,
    modules: Iterable[Module] | None = None,
    sectors: Sequence[str] = (),
    staff_groups: Sequence[str] = (),
    unit_kinds: Sequence[str] = (),
    grace_days: int = 0,
    by: User | None = None,
) -> CourseRun:
    """A new run of the course; `modules` None means all that are published now."""
    run = CourseRun.objects.create(course=course, code=code, title=title)
    set_terms(
        run,
        opens_on=opens_on,
        closes_on=closes_on,
        units=units,
        modules=course.modules.filter(is_published=True) if modules is None else modules,
        sectors=sectors,
        staff_groups=staff_groups,
        unit_kinds=unit_kinds,
        grace_days=grace_days,
        at=at,
        by=by,
    )
    return run


@transaction.atomic
def set_terms(
    run: CourseRun,
    *,
    opens_on: date,
    closes_on: date,
    units: Iterable[Unit],
    modules: Iterable[Module],
    at: datetime,
    sectors: Sequence[str] = (),
    staff_groups: Sequence[str] = (),
    unit_kinds: Sequence[str] = (),
    grace_days: int = 0,
    by: User | None = None,
    reason: str = "",
) -> RunTerms:
    """From the instant on the run has these terms; the worker decides its enrolments anew.

    Raises `RunTermsError` for an impossible window, or without modules or units.
    """
    modules, units = list(modules), list(units)
    if not EARLIEST <= opens_on <= LATEST or not EARLIEST <= closes_on <= LATEST:
        raise RunTermsError(_("Ngày phải nằm trong khoảng từ năm 2000 đến năm 2100: hãy sửa lại."))
    if closes_on < opens_on:
        raise RunTermsError(_("Ngày kết thúc phải từ ngày mở trở đi: hãy sửa lại hai ngày."))
    if not modules:
        raise RunTermsError(_("Đợt cần ít nhất một chuyên đề: hãy chọn chuyên đề."))
    if not units:
        raise RunTermsError(_("Đợt cần ít nhất một đơn vị: hãy chọn đơn vị."))
    if any(module.course_id != run.course_id for module in modules):
        raise RunTermsError(_("Có chuyên đề không thuộc khóa của đợt: hãy chọn lại."))
    before = run.terms_at(at)
    terms = RunTerms.objects.create(
        run=run,
        effective_at=at,
        opens_on=opens_on,
        closes_on=closes_on,
        grace_days=grace_days,
        sectors=list(sectors),
        staff_groups=list(staff_groups),
        unit_kinds=list(unit_kinds),
        decided_by=by,
        reason=reason,
    )
    terms.modules.set(modules)
    terms.units.set(units)
    if before is not None:
        decide_runs_task.enqueue([run.pk])
    return terms


@transaction.atomic
def extend_run(
    run: CourseRun, *, closes_on: date, at: datetime, by: User | None = None, reason: str = ""
) -> RunTerms:
    """The same terms with a later last day. Raises `RunTermsError` when it isn't later."""
    current = run.terms_at(at)
    if current is None:
        raise RunTermsError(_("Đợt chưa có thời gian: hãy sửa đợt trước khi gia hạn."))
    if closes_on <= current.closes_on:
        raise RunTermsError(
            _("Hạn mới phải sau ngày %(day)s: hãy chọn ngày muộn hơn.")
            % {"day": local_date(current.closes_on)}
        )
    return set_terms(
        run,
        opens_on=current.opens_on,
        closes_on=closes_on,
        units=current.units.all(),
        modules=current.modules.all(),
        sectors=current.sectors,
        staff_groups=current.staff_groups,
        unit_kinds=current.unit_kinds,
        grace_days=current.grace_days,
        at=at,
        by=by,
        reason=reason,
    )


@transaction.atomic
def add_person(
    run: CourseRun, person: Person, *, at: datetime, by: User | None = None, reason: str = ""
) -> RunAddition:
    """The person is due in this run, whatever its audience says.

    Raises `RunTermsError` when she is due already.
    """
    terms = run.terms_at(at)
    if terms and terms.audience(on=local_day(at)).filter(pk=person.pk).exists():
        raise RunTermsError(
            _("%(name)s đã thuộc diện của đợt này: không cần thêm.") % {"name": person.full_name}
        )
    addition, _is_new = RunAddition.objects.get_or_create(
        run=run, person=person, defaults={"added_at": at, "added_by": by, "reason": reason}
    )
    return addition
