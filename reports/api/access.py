"""Who may ask: the bearer of a token, so many times an hour. No cookie opens anything here."""

from __future__ import annotations

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from people.dates import local_day
from people.throttling import HOUR, is_too_often, sender_of
from reports.api.app import RefusedError
from reports.models import SharingToken, TokenState
from reports.services.sharing import note_use, token_shown


class TokenBearer(HttpBearer):
    """Gives the token, which views find as `request.auth`."""

    def __call__(self, request: HttpRequest) -> SharingToken:
        token = super().__call__(request)
        if token is None:
            raise _unauthorised(
                "token_missing",
                _("Thiếu khóa chia sẻ: hãy gửi phần đầu “Authorization: Bearer …”."),
            )
        return token

    def authenticate(self, request: HttpRequest, token: str) -> SharingToken:
        """Raises `RefusedError`. Guesses are counted by sender, uses by token."""
        now = timezone.now()
        found = token_shown(token)
        if found is None:
            sender, limit = sender_of(request), settings.API_WRONG_TOKENS_AN_HOUR
            if is_too_often("api-wrong-token", sender, limit=limit):
                raise _too_often()
            raise _unauthorised("token_unknown", _("Không có khóa chia sẻ này."))
        state = found.state_on(local_day(now))
        if state is not TokenState.IN_FORCE:
            raise _unauthorised(f"token_{state.value}", _over(state))
        if is_too_often("api", str(found.pk), limit=settings.API_REQUESTS_AN_HOUR):
            raise _too_often()
        note_use(found, at=now)
        return found


def _over(state: TokenState) -> str:
    if state is TokenState.REVOKED:
        return _("Khóa chia sẻ này đã bị thu hồi: hãy liên hệ bên cấp.")
    return _("Khóa chia sẻ này đã hết hạn: hãy xin một khóa mới.")


def _unauthorised(code: str, message: str) -> RefusedError:
    return RefusedError(HTTPStatus.UNAUTHORIZED, code, message, WWW_Authenticate="Bearer")


def _too_often() -> RefusedError:
    words = _("Quá nhiều yêu cầu: hãy thử lại sau một giờ.")
    return RefusedError(
        HTTPStatus.TOO_MANY_REQUESTS, "too_many_requests", words, Retry_After=str(HOUR)
    )
