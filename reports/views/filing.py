"""Reports of units: the list with its deadlines, one report, writing it, taking it along."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from people.audit import AuditAction, record
from people.dates import local_day
from people.models import Unit, User
from people.views.access import manager_required, people_seen_required, viewer_of
from reports.documents import CONTENT_TYPES, RENDERERS, paper_of
from reports.filing_forms import (
    AmendForm,
    DraftForm,
    FilterForm,
    NewReportForm,
    OutsideFormSet,
    ReturnForm,
    outside_initial,
    outside_rows,
)
from reports.models import Report, ReportKind, ReportState
from reports.queries.filing import (
    Filing,
    Standing,
    Term,
    filings,
    may_receive,
    may_write,
    to_consolidate,
)
from reports.queries.snapshots import content_of
from reports.services.filing import (
    FilingError,
    accept_report,
    amend_report,
    consolidate,
    draft_report,
    return_report,
    save_draft,
    submit_report,
)

UNITS_A_PAGE = 50


@people_seen_required
@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    viewer, today = viewer_of(request), timezone.localdate()
    form = FilterForm(request.GET, today=today)
    every = filings(viewer, Term.of_year(form.chosen_year), today=today)
    chosen = [each for each in every if _is_chosen(each, form.chosen_standing)]
    periods = Report.objects.visible_to(viewer, on=today).exclude(kind=ReportKind.ANNUAL)
    managed = Unit.objects.managed_by(viewer, on=today).values_list("pk", flat=True)
    context = {
        "form": form,
        "year": form.chosen_year,
        "page": Paginator(chosen, UNITS_A_PAGE).get_page(request.GET.get("page")),
        "query": f"year={form.chosen_year}&standing={form.chosen_standing}",
        "counts": _counts(every),
        "managed": set(managed),
        "periods": periods.select_related("unit")[:UNITS_A_PAGE],
        "today": today,
    }
    return render(request, "reports/filing/list.html", context)


@manager_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_report(request: HttpRequest) -> HttpResponse:
    viewer, now = viewer_of(request), timezone.now()
    today = local_day(now)
    initial = {
        "unit": request.GET.get("unit", ""),
        "kind": ReportKind.ANNUAL,
        "year": request.GET.get("year") or today.year,
    }
    units = Unit.objects.managed_by(viewer, on=today, or_nearest=True)
    form = NewReportForm(request.POST or None, units=units, today=today, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            report = draft_report(form.cleaned_data["unit"], form.term, by=viewer, at=now)
            return redirect("reports:report-edit", report.pk)
        except FilingError as error:
            form.add_error(None, str(error))
    return render(request, "reports/filing/new.html", {"form": form})


@people_seen_required
@require_http_methods(["GET", "HEAD", "POST"])
def report_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The report as it will be printed, what was done to it, and what may be done next."""
    viewer, now = viewer_of(request), timezone.now()
    today = local_day(now)
    report = _report(request, pk)
    writes = may_write(viewer, report.unit, on=today)
    receives = may_receive(viewer, report, on=today)
    forms = _forms(request, report)
    if request.method == "POST":
        if not (writes or receives):
            raise Http404
        done = _act(request, report, forms, viewer, now)
        if done is not None:
            return redirect("reports:report", done.pk)
    content = content_of(report)
    versions = Report.objects.visible_to(viewer, on=today).about(
        report.kind, report.started_on, report.ended_on
    )
    is_last = not _has_later(report)
    context = {
        "report": report,
        "name": content["unit"]["name"],
        "receiver_name": report.receiver.name_on(today) if report.receiver else "",
        "paper": paper_of(report, content),
        "acts": report.acts.select_related("by__person"),
        "versions": versions.filter(unit=report.unit).order_by("-version"),
        "days_left": (report.due_on - today).days,
        "may_edit": writes and report.is_draft,
        "may_answer": receives and is_last and report.state == ReportState.SUBMITTED,
        "may_amend": writes and is_last and not report.is_draft,
        "to_consolidate": to_consolidate(report) if writes and report.is_draft else [],
        "forms": forms,
    }
    return render(request, "reports/filing/report.html", context)


@people_seen_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_report(request: HttpRequest, pk: int) -> HttpResponse:
    viewer, now = viewer_of(request), timezone.now()
    report = _report(request, pk)
    if not may_write(viewer, report.unit, on=local_day(now)):
        raise Http404
    if not report.is_draft:
        messages.info(request, _("Báo cáo đã gửi thì không sửa được nữa: hãy lập lần gửi mới."))
        return redirect("reports:report", report.pk)
    form = DraftForm(request.POST or None, report=report, today=local_day(now))
    own = list(report.outside_rows.filter(source=None))
    outside = OutsideFormSet(request.POST or None, initial=outside_initial(own), prefix="outside")
    if request.method == "POST" and form.is_valid() and outside.is_valid():
        try:
            save_draft(report, form.writing(outside_rows(outside)), by=viewer, at=now)
            messages.success(request, _("Đã lưu bản nháp."))
            return redirect("reports:report", report.pk)
        except FilingError as error:
            form.add_error(None, str(error))
    content = content_of(report)
    context = {
        "report": report,
        "name": content["unit"]["name"],
        "tables": paper_of(report, content).tables[:1],
        "form": form,
        "outside": outside,
    }
    return render(request, "reports/filing/edit.html", context)


@people_seen_required
@require_safe
def download(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The report as a file; who took it is logged."""
    report = _report(request, pk)
    paper = paper_of(report, content_of(report))
    at = report.submitted_at or timezone.now()
    response = HttpResponse(RENDERERS[kind](paper, at=at), content_type=CONTENT_TYPES[kind])
    name = f"bao-cao-{report.unit.code}-{report.ended_on.year}-lan-{report.version}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    detail = {"kind": kind, "version": report.version}
    record(AuditAction.EXPORT, actor=viewer_of(request), subject=report, detail=detail)
    return response


def _report(request: HttpRequest, pk: int) -> Report:
    visible = Report.objects.visible_to(viewer_of(request), on=timezone.localdate())
    joined = visible.select_related(
        "unit", "receiver", "target", "snapshot", "submitted_by__person"
    )
    return get_object_or_404(joined, pk=pk)


def _forms(request: HttpRequest, report: Report) -> dict[str, Any]:
    action = request.POST.get("action", "")
    returned = report.state == ReportState.RETURNED
    return {
        "return": ReturnForm(request.POST if action == "return" else None),
        "amend": AmendForm(request.POST if action == "amend" else None, is_returned=returned),
    }


def _act(
    request: HttpRequest, report: Report, forms: dict[str, Any], by: User, at: datetime
) -> Report | None:
    """What was asked, done; None when there is something to mend or to say."""
    action = request.POST.get("action", "")
    act = ACTS.get(action)
    form = forms.get(action)
    if act is None or (form is not None and not form.is_valid()):
        return None
    try:
        done, said = act(report, form.cleaned_data if form else {}, by, at)
    except FilingError as error:
        messages.error(request, str(error))
        return None
    messages.success(request, said)
    return done


def _submitted(report: Report, _said: Any, by: User, at: datetime) -> tuple[Report, str]:
    return submit_report(report, by=by, at=at), _("Đã gửi báo cáo; số liệu đã chốt.")


def _returned(report: Report, said: Any, by: User, at: datetime) -> tuple[Report, str]:
    done = return_report(report, comment=said["comment"], by=by, at=at)
    return done, _("Đã trả lại báo cáo kèm ý kiến.")


def _accepted(report: Report, _said: Any, by: User, at: datetime) -> tuple[Report, str]:
    return accept_report(report, by=by, at=at), _("Đã tiếp nhận báo cáo.")


def _consolidated(report: Report, _said: Any, by: User, at: datetime) -> tuple[Report, str]:
    count = len(consolidate(report, by=by, at=at))
    return report, ngettext(
        "Đã tổng hợp %(count)d báo cáo.", "Đã tổng hợp %(count)d báo cáo.", count
    ) % {"count": count}


def _amended(report: Report, said: Any, by: User, at: datetime) -> tuple[Report, str]:
    done = amend_report(report, reason=said.get("reason", ""), by=by, at=at)
    return done, _("Đã lập lần gửi mới, bắt đầu từ lần trước.")


ACTS: dict[str, Callable[[Report, Any, User, datetime], tuple[Report, str]]] = {
    "submit": _submitted,
    "return": _returned,
    "accept": _accepted,
    "consolidate": _consolidated,
    "amend": _amended,
}


def _has_later(report: Report) -> bool:
    same = Report.objects.about(report.kind, report.started_on, report.ended_on)
    return same.filter(unit=report.unit, version__gt=report.version).exists()


def _is_chosen(filing: Filing, standing: str) -> bool:
    if standing == Standing.OVERDUE:
        return filing.is_overdue
    return not standing or filing.standing == standing


def _counts(rows: list[Filing]) -> dict[str, int]:
    """How many are expected, sent, returned, overdue."""
    return {
        "all": len(rows),
        "sent": sum(row.is_sent for row in rows),
        "accepted": sum(row.standing is Standing.ACCEPTED for row in rows),
        "returned": sum(row.standing is Standing.RETURNED for row in rows),
        "overdue": sum(row.is_overdue for row in rows),
    }
