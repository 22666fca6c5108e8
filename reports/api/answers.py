"""What may be asked. Each answer is noted as a share."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Query

from people.dates import held_on, local_day
from people.models import UnitVersion
from reports.api.access import TokenBearer
from reports.api.app import RefusedError
from reports.api.schemas import (
    Catalogue,
    Coverage,
    Error,
    File,
    Page,
    RunProgress,
    Target,
    Unit,
)
from reports.contract import (
    UnknownError,
    answer,
    axes_called,
    day_written,
    no_such_unit,
    target_called,
    unit_called,
)
from reports.data_dictionary import dictionary
from reports.indicators import INDICATORS
from reports.models import SharedFile, SharedWhat, SharingToken
from reports.models import Target as TargetRow
from reports.queries.run_shares import run_share, terms_for_token
from reports.queries.shared import shared_coverage
from reports.queries.sharing import files_for_token, sight_of_token, units_of_token
from reports.services.scheduled_exports import hand_out
from reports.services.sharing import note_share

MOST_A_PAGE = 500
USUAL_A_PAGE = 100
WRONG = dict.fromkeys((401, 404, 422, 429), Error)

IS_A_ZIP = {
    "responses": {
        200: {
            "description": "OK",
            "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}


def register(api: NinjaAPI) -> None:
    bearer = TokenBearer()
    api.get("/", url_name="root", include_in_schema=False)(root)
    for path, answers, schema in (
        ("/coverage", coverage, Coverage),
        ("/units", units, Page[Unit]),
        ("/targets", targets, Page[Target]),
        ("/indicators", indicators, Catalogue),
        ("/runs/{code}/progress", run_progress, RunProgress),
        ("/files", files, Page[File]),
    ):
        wrong = {**WRONG, 403: Error} if answers is coverage else WRONG
        api.get(
            path,
            auth=bearer,
            response={200: schema, **wrong},
            exclude_unset=True,
            url_name=answers.__name__.replace("_", "-"),
        )(answers)
    api.get(
        "/files/{int:pk}", auth=bearer, response=WRONG, openapi_extra=IS_A_ZIP, url_name="file"
    )(file)
    api.get("/{path:rest}", auth=bearer, include_in_schema=False, url_name="unknown")(unknown)


def root(request: HttpRequest) -> dict[str, str]:
    """Where the description is; it says nothing else, so it needs no token."""
    return {"openapi": "/api/openapi.json"}


def coverage(
    request: HttpRequest,
    target: str,
    as_of: str | None = None,
    unit: str | None = None,
    by: list[str] = Query([]),  # noqa: B008  (how ninja is told where it comes from)
    strict: bool = False,
) -> Any:
    """Tỷ lệ bao phủ của một chỉ tiêu tại một ngày, như lệnh `manage.py coverage`.

    Không có `unit` thì là đơn vị của khóa; không có `as_of` thì là hôm nay. `by` lặp lại được:
    unit, sex, group, kind, sector.
    """
    token, now = _token(request), timezone.now()
    chosen, day = target_called(target), _day(as_of)
    wanted, axes = token.unit if unit is None else unit_called(unit), axes_called(by)
    seen = sight_of_token(token, wanted, on=day)
    if seen is None:
        raise no_such_unit(wanted.code)
    if strict and not token.sees_small_cells:
        raise RefusedError(
            403,
            "strict_not_shared",
            _("Khóa này chỉ xem số liệu tổng hợp, nên không có cách tính chặt."),
        )
    shared = shared_coverage(chosen, seen, as_of=day, by=axes, is_strict=strict)
    note_share(
        token,
        SharedWhat.COVERAGE,
        asked={
            "target": target,
            "as_of": day.isoformat(),
            "unit": wanted.code,
            "by": list(axes),
            **({"strict": True} if strict else {}),
        },
        rows=len(shared.table.rows),
        withheld=len(shared.hidden),
        at=now,
    )
    return answer(shared.table, hidden=shared.hidden, is_total_hidden=shared.is_total_hidden)


def units(
    request: HttpRequest,
    as_of: str | None = None,
    page: int = 1,
    page_size: int = USUAL_A_PAGE,
) -> Any:
    """Các đơn vị mà khóa mở, như chúng là vào ngày ấy."""
    token, day = _token(request), _day(as_of)
    rows = units_of_token(token, on=day)
    found = _page(rows, page, page_size)
    parents = dict(
        UnitVersion.objects.filter(held_on(day), unit__in=[row.pk for row in found])
        .exclude(unit=token.unit_id)
        .values_list("unit", "parent__code")
    )
    items = [
        {
            "code": row.code,
            "name": row.name,
            "kind": row.kind,
            "sector": row.sector,
            "parent": parents.get(row.pk),
            "opened_on": row.opened_on,
            "closed_on": row.closed_on,
        }
        for row in found
    ]
    return _paged(request, SharedWhat.UNITS, found, items, {"as_of": day.isoformat()})


def targets(request: HttpRequest, page: int = 1, page_size: int = USUAL_A_PAGE) -> Any:
    """Các chỉ tiêu và cách tính của từng chỉ tiêu."""
    found = _page(TargetRow.objects.prefetch_related("courses"), page, page_size)
    names = [name for name in Target.model_fields if name != "courses"]
    items = [
        {
            **{name: getattr(row, name) for name in names},
            "courses": [course.code for course in row.courses.all()],
        }
        for row in found
    ]
    return _paged(request, SharedWhat.TARGETS, found, items, {})


def indicators(request: HttpRequest, page: int = 1, page_size: int = USUAL_A_PAGE) -> Any:
    """Danh mục chỉ số: mã, định nghĩa, công thức, nguồn, cách chia; và từ điển dữ liệu."""
    found = _page(INDICATORS, page, page_size)
    items = [
        {
            "code": each.code,
            "name": str(each.name),
            "definition": str(each.definition),
            "formula": str(each.formula),
            "source": str(each.source),
            "unit_of_measure": str(each.unit_of_measure),
            "disaggregation": list(each.disaggregation),
            "endpoint": each.endpoint,
        }
        for each in found
    ]
    told = _paged(request, SharedWhat.INDICATORS, found, items, {})
    return {**told, "dictionary": dictionary()}


def run_progress(request: HttpRequest, code: str) -> Any:
    """Tiến độ hôm nay của một đợt bồi dưỡng, tính trên người của các đơn vị mà khóa mở."""
    token, now = _token(request), timezone.now()
    terms = terms_for_token(token, code, at=now)
    if terms is None:
        words = _("Không có đợt bồi dưỡng “%(code)s”. Hãy kiểm tra lại mã đợt.")
        raise UnknownError("unknown_run", words % {"code": code})
    share = run_share(token, terms, at=now)
    is_withheld = share.coverage is None or share.stages is None
    note_share(
        token,
        SharedWhat.RUN_PROGRESS,
        asked={"run": code},
        rows=1,
        withheld=int(is_withheld),
        at=now,
    )
    return {
        "run": terms.run.code,
        "title": terms.run.title,
        "opens_on": terms.opens_on,
        "closes_on": terms.closes_on,
        "as_of": local_day(now),
        "required": share.coverage.required if share.coverage else None,
        "complete": share.coverage.complete if share.coverage else None,
        "stages": share.stages and {stage.value: count for stage, count in share.stages.items()},
        **({"withheld": True} if is_withheld else {}),
    }


def files(request: HttpRequest, page: int = 1, page_size: int = USUAL_A_PAGE) -> Any:
    """Các tệp định kỳ còn giữ cho khóa này, mới nhất trước."""
    found = _page(files_for_token(_token(request)), page, page_size)
    items = [
        {
            "id": row.pk,
            "name": row.name,
            "target": row.schedule.target.code,
            "by": row.schedule.by,
            "as_of": row.as_of,
            "made_at": row.made_at,
        }
        for row in found
    ]
    return _paged(request, SharedWhat.FILES, found, items, {})


def file(request: HttpRequest, pk: int) -> FileResponse:
    """Một tệp định kỳ: tệp ZIP gồm số liệu và từ điển dữ liệu."""
    found: SharedFile | None = files_for_token(_token(request)).filter(pk=pk).first()
    if found is None:
        words = _("Không có tệp số %(number)d, hoặc đã hết hạn giữ.")
        raise UnknownError("unknown_file", words % {"number": pk})
    return hand_out(found, to=None, at=timezone.now())


def unknown(request: HttpRequest, rest: str) -> None:
    raise Http404


def _token(request: HttpRequest) -> SharingToken:
    return request.auth  # type: ignore[attr-defined]


def _day(text: str | None) -> date:
    return timezone.localdate() if text is None else day_written(text)


def _page(rows: Any, number: int, size: int) -> Any:
    """Raises `UnknownError` of a page that isn't there."""
    paginator = Paginator(rows, min(max(size, 1), MOST_A_PAGE))
    if not 1 <= number <= paginator.num_pages:
        words = _("Không có trang %(number)d: có %(pages)d trang.")
        raise UnknownError("unknown_page", words % {"number": number, "pages": paginator.num_pages})
    return paginator.page(number)


def _paged(
    request: HttpRequest,
    what: SharedWhat,
    found: Any,
    items: list[dict[str, Any]],
    asked: dict[str, Any],
) -> dict[str, Any]:
    told = {**asked, "page": found.number} if found.paginator.num_pages > 1 else asked
    note_share(_token(request), what, asked=told, rows=len(items), at=timezone.now())
    return {
        "items": items,
        "count": found.paginator.count,
        "page": found.number,
        "pages": found.paginator.num_pages,
    }
