"""The API itself: how it answers, and how it says no."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers, set_response_etag
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import ValidationError

from reports.contract import UnknownError

# Of what isn't there; everything else that can't be read was written wrongly.
MISSING = {"unknown_target", "unknown_unit", "unknown_run", "unknown_page", "unknown_file"}


class RefusedError(Exception):
    """Why a request gets no figures: a code for machines and a sentence for who runs them."""

    def __init__(self, status: int, code: str, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status, self.code, self.headers = status, code, headers


class FiguresAPI(NinjaAPI):
    def create_response(self, request: HttpRequest, data: Any, **kwargs: Any) -> HttpResponse:
        """What was answered before is not sent again (ETag), and no proxy keeps it for others."""
        response = super().create_response(request, data, **kwargs)
        response.headers["Cache-Control"] = "private, no-cache"
        patch_vary_headers(response, ["Authorization"])
        if request.method != "GET" or response.status_code != HTTPStatus.OK:
            return response
        set_response_etag(response)
        seen = get_conditional_response(request, etag=response["ETag"], response=response)
        return seen if isinstance(seen, HttpResponse) else response


api = FiguresAPI(
    title="Số liệu bồi dưỡng bảo vệ trẻ em",
    version="1.0",
    description=(
        "Chỉ để đọc. Mỗi yêu cầu mang khóa chia sẻ trong phần đầu "
        "`Authorization: Bearer …`; mỗi lần lấy số liệu được ghi lại."
    ),
    urls_namespace="api",
    docs_url=None,  # its page would load scripts that our policy refuses
)


@api.exception_handler(RefusedError)
def refused(request: HttpRequest, error: RefusedError) -> HttpResponse:
    response = _said(request, error.status, error.code, str(error))
    for name, value in error.headers.items():
        response.headers[name.replace("_", "-")] = value
    return response


@api.exception_handler(UnknownError)
def not_known(request: HttpRequest, error: UnknownError) -> HttpResponse:
    is_missing = error.code in MISSING
    status = HTTPStatus.NOT_FOUND if is_missing else HTTPStatus.UNPROCESSABLE_ENTITY
    return _said(request, status, error.code, str(error))


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    words = _("Không có địa chỉ này. Các địa chỉ ở /api/openapi.json.")
    return _said(request, HTTPStatus.NOT_FOUND, "unknown_address", words)


@api.exception_handler(ValidationError)
def not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    names = sorted({str(each["loc"][-1]) for each in error.errors})
    words = _("Tham số thiếu hoặc chưa đúng: %(names)s.") % {"names": ", ".join(names)}
    return _said(request, HTTPStatus.UNPROCESSABLE_ENTITY, "invalid_parameters", words)


def _said(request: HttpRequest, status: int, code: str, message: str) -> HttpResponse:
    return api.create_response(
        request, {"error": {"code": code, "message": message}}, status=status
    )
