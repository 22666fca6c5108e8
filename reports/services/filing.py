"""Writing, sending, returning, accepting, consolidating and amending reports.

Whoever manages a unit writes and sends its report; whoever manages the unit that receives it
returns or accepts it, but nobody her own. Each act is a row of the report and a line of the log.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from people.audit import AuditAction, record
from people.dates import local_day
from people.formats import local_date
from people.models import Unit, User
from reports.documents import wording
from reports.models import (
    Act,
    OutsideRow,
    Report,
    ReportAct,
    ReportSource,
    ReportState,
    Snapshot,
    Target,
)
from reports.queries.filing import (
    Chain,
    Term,
    chain_for,
    may_receive,
    may_write,
    reported_target,
    to_consolidate,
)
from reports.queries.snapshots import report_figures


class FilingError(Exception):
    """Why it isn't done, and what to do instead."""


@dataclass(frozen=True, slots=True)
class Writing:
    """What a draft says. `outside` are unsaved rows of the unit's own, without those taken over."""

    target: Target
    as_of: date
    sections: dict[str, str]
    letterhead: dict[str, str]
    outside: list[OutsideRow] = field(default_factory=list)


@transaction.atomic
def draft_report(unit: Unit, term: Term, *, by: User, at: datetime) -> Report:
    """The unit's open draft, a new one if there is none. Raises `FilingError`."""
    _hold(unit)
    today = local_day(at)
    _require(may_write(by, unit, on=today), _not_yours())
    last = _last(unit, term)
    if last is not None:
        if last.is_draft:
            return last
        raise FilingError(_("Báo cáo này đã gửi. Muốn sửa thì lập lần gửi mới."))
    report = unfiled_report(unit, term, today=today)
    report.created_by, report.created_at = by, at
    report.save()
    _note(report, Act.CREATED, by=by, at=at)
    return report


def unfiled_report(unit: Unit, term: Term, *, today: date) -> Report:
    """What a draft begins as; not saved. Raises `FilingError` when no target is to be told of."""
    as_of = min(term.cut_off, today)
    target = reported_target(as_of)
    if target is None:
        raise FilingError(_("Chưa có chỉ tiêu nào cho kỳ này: hãy nhờ quản trị hệ thống thêm."))
    chain = chain_for(unit, on=today)
    return Report(
        unit=unit,
        kind=term.kind,
        started_on=term.started_on,
        ended_on=term.ended_on,
        target=target,
        as_of=as_of,
        due_on=chain.due_on(unit.pk, year=term.ended_on.year),
        receiver=chain.unit(chain.receivers[unit.pk]),
        letterhead=_letterhead(chain, unit, term),
    )


@transaction.atomic
def save_draft(report: Report, writing: Writing, *, by: User, at: datetime) -> Report:
    """Raises `FilingError` once the report was sent."""
    report = _draft(report, by=by, at=at)
    report.target, report.as_of = writing.target, writing.as_of
    report.sections, report.letterhead = writing.sections, writing.letterhead
    report.save()
    report.outside_rows.filter(source=None).delete()
    for row in writing.outside:
        row.report = report
    OutsideRow.objects.bulk_create(writing.outside)
    return report


@transaction.atomic
def consolidate(report: Report, *, by: User, at: datetime) -> list[Report]:
    """Take the accepted reports into the draft, with their units outside the system; repeatable."""
    report = _draft(report, by=by, at=at)
    sources = to_consolidate(report)
    if not sources:
        raise FilingError(_("Chưa tiếp nhận báo cáo nào của kỳ này để tổng hợp."))
    report.sources.all().delete()
    ReportSource.objects.bulk_create(ReportSource(report=report, source=each) for each in sources)
    report.outside_rows.exclude(source=None).delete()
    for source in sources:
        _copy_outside(source, report, source=source)
    _note(report, Act.CONSOLIDATED, by=by, at=at)
    detail = {"version": report.version, "entries": len(sources)}
    record(AuditAction.REPORT_CONSOLIDATED, actor=by, subject=report, detail=detail)
    return sources


@transaction.atomic
def submit_report(report: Report, *, by: User, at: datetime) -> Report:
    """Freeze the figures and send. Raises `FilingError`."""
    report, today = _draft(report, by=by, at=at), local_day(at)
    if report.as_of > today:
        raise FilingError(
            _("Chưa đến ngày chốt số liệu (%(day)s): hãy gửi từ ngày ấy, hoặc chọn ngày sớm hơn.")
            % {"day": local_date(report.as_of)}
        )
    chain = chain_for(report.unit, on=today)
    figures = report_figures(report)
    if figures.content["note"]:
        raise FilingError(
            _("Ngày chốt số liệu này chưa có số liệu của đơn vị: hãy chọn một ngày khác.")
        )
    report.receiver = chain.unit(chain.receivers[report.unit_id])
    report.due_on = chain.due_on(report.unit_id, year=report.ended_on.year)
    report.state = ReportState.SUBMITTED
    report.submitted_by, report.submitted_at = by, at
    report.save()
    Snapshot.objects.create(
        report=report,
        taken_at=at,
        content=figures.content,
        content_hash=figures.content_hash,
        roster_hash=figures.roster_hash,
        certificates_hash=figures.certificates_hash,
    )
    _note(report, Act.SUBMITTED, by=by, at=at)
    detail = {"version": report.version, "as_of": report.as_of.isoformat()}
    record(AuditAction.REPORT_SUBMITTED, actor=by, subject=report, detail=detail)
    return report


@transaction.atomic
def return_report(report: Report, *, comment: str, by: User, at: datetime) -> Report:
    """Back to the unit, which corrects it by a new version. Raises `FilingError`."""
    report = _received(report, by=by, at=at)
    if not comment.strip():
        raise FilingError(_("Hãy ghi ý kiến: đơn vị cần biết phải sửa gì."))
    report.state = ReportState.RETURNED
    report.save(update_fields=["state"])
    _note(report, Act.RETURNED, by=by, at=at, comment=comment.strip())
    detail = {"version": report.version, "reason": comment.strip()}
    record(AuditAction.REPORT_RETURNED, actor=by, subject=report, detail=detail)
    return report


@transaction.atomic
def accept_report(report: Report, *, by: User, at: datetime) -> Report:
    report = _received(report, by=by, at=at)
    report.state = ReportState.ACCEPTED
    report.save(update_fields=["state"])
    _note(report, Act.ACCEPTED, by=by, at=at)
    detail = {"version": report.version}
    record(AuditAction.REPORT_ACCEPTED, actor=by, subject=report, detail=detail)
    return report


@transaction.atomic
def amend_report(report: Report, *, reason: str, by: User, at: datetime) -> Report:
    """A new version to write, beginning as the one that was sent. Raises `FilingError`."""
    _hold(report.unit)
    sent = Report.objects.select_related("unit").get(pk=report.pk)
    _require(may_write(by, sent.unit, on=local_day(at)), _not_yours())
    term = Term(sent.kind, sent.started_on, sent.ended_on)
    if sent.is_draft or _last(sent.unit, term) != sent:
        raise FilingError(_("Đã có một lần sau của báo cáo này: hãy mở lần ấy."))
    if sent.state != ReportState.RETURNED and not reason.strip():
        raise FilingError(_("Hãy ghi lý do sửa một báo cáo đã gửi."))
    draft = Report.objects.create(
        unit=sent.unit,
        kind=sent.kind,
        started_on=sent.started_on,
        ended_on=sent.ended_on,
        version=sent.version + 1,
        target=sent.target,
        as_of=sent.as_of,
        due_on=sent.due_on,
        receiver=sent.receiver,
        sections=sent.sections,
        letterhead=sent.letterhead,
        created_by=by,
        created_at=at,
    )
    _copy_outside(sent, draft, source=None)
    ReportSource.objects.bulk_create(
        ReportSource(report=draft, source_id=key)
        for key in sent.sources.values_list("source", flat=True)
    )
    _note(draft, Act.AMENDED, by=by, at=at, comment=reason.strip())
    detail = {"version": draft.version, "reason": reason.strip()}
    record(AuditAction.REPORT_AMENDED, actor=by, subject=draft, detail=detail)
    return draft


def _hold(unit: Unit) -> None:
    """Whoever writes reports of the unit waits for the one before."""
    Unit.objects.select_for_update().get(pk=unit.pk)


def _last(unit: Unit, term: Term) -> Report | None:
    reports = Report.objects.about(term.kind, term.started_on, term.ended_on)
    return reports.filter(unit=unit).order_by("version").last()


def _draft(report: Report, *, by: User, at: datetime) -> Report:
    """As it is now, held until the transaction ends."""
    _hold(report.unit)
    report = Report.objects.select_related("unit", "receiver", "target").get(pk=report.pk)
    _require(may_write(by, report.unit, on=local_day(at)), _not_yours())
    if not report.is_draft:
        raise FilingError(_("Báo cáo đã gửi thì không sửa được nữa: hãy lập lần gửi mới."))
    return report


def _received(report: Report, *, by: User, at: datetime) -> Report:
    _hold(report.unit)
    report = Report.objects.select_related("unit", "receiver").get(pk=report.pk)
    _require(
        may_receive(by, report, on=local_day(at)),
        _("Chỉ người quản lý đơn vị nhận mới trả lại hay tiếp nhận được, và không với báo cáo do "
          "chính mình gửi."),
    )  # fmt: skip
    term = Term(report.kind, report.started_on, report.ended_on)
    newer = Report.objects.about(term.kind, term.started_on, term.ended_on).sent()
    if newer.filter(unit=report.unit, version__gt=report.version).exists():
        raise FilingError(_("Đơn vị đã gửi một lần sau: hãy mở lần ấy."))
    if report.state != ReportState.SUBMITTED:
        raise FilingError(_("Báo cáo này không còn chờ tiếp nhận."))
    return report


def _copy_outside(origin: Report, report: Report, *, source: Report | None) -> None:
    rows: Iterable[OutsideRow] = list(origin.outside_rows.all())
    for row in rows:
        row.pk, row.report = None, report
        row.source = source or row.source
    OutsideRow.objects.bulk_create(rows)


def _letterhead(chain: Chain, unit: Unit, term: Term) -> dict[str, str]:
    """What a clerk would type; all of it may be changed, and the number is never ours to give."""
    version = chain.versions[unit.pk]
    receiver = chain.name(chain.receivers[unit.pk])
    days = wording.of_period(term.kind, term.started_on, term.ended_on)
    return {
        "parent_body": chain.name(version.parent_id).upper(),
        "issuer": version.name.upper(),
        "number": "",
        "symbol": "BC",
        "place": chain.name(version.parent_id) or version.name,
        "subject": f"{wording.SUBJECT} {days}",
        "bases": wording.BASIS,
        "recipients": "\n".join(filter(None, [receiver, wording.FILE_COPY])),
        "signatory": wording.signatory_of(version.kind),
        "signatory_name": "",
        "second_signatory": "",
        "second_signatory_name": "",
    }


def _note(report: Report, act: Act, *, by: User, at: datetime, comment: str = "") -> None:
    ReportAct.objects.create(report=report, act=act, comment=comment, by=by, at=at)


def _require(is_allowed: bool, refusal: str) -> None:
    if not is_allowed:
        raise FilingError(refusal)


def _not_yours() -> str:
    return _("Chỉ người quản lý đơn vị mới lập và gửi được báo cáo của đơn vị.")
