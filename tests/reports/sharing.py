"""Tokens of the API, and asking with one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from people.models import Unit
from reports.models import ExportSchedule, SharedFile, SharingToken, Target
from reports.services.scheduled_exports import make_what_is_due, plan_export
from reports.sharing_secrets import SHOWN, digest, new_token
from tests.factories import make_account


def make_token(unit: Unit, **fields: Any) -> tuple[SharingToken, str]:
    """With the text that its bearer shows."""
    secret, now = new_token(), timezone.now()
    token = SharingToken.objects.create(
        unit=unit,
        begins=secret[:SHOWN],
        digest=digest(secret),
        **{
            "body": "Phòng Lao động",
            "purpose": "Báo cáo năm",
            "valid_until": timezone.localdate() + timedelta(days=30),
            "created_by": make_account(),
            "created_at": now,
            **fields,
        },
    )
    return token, secret


def make_shared_file(token: SharingToken) -> SharedFile:
    """What the worker made of a schedule for the token."""
    schedule = ExportSchedule(
        token=token, target=Target.objects.first(), by=["unit"], kind="csv", every="daily"
    )
    now = timezone.now()
    plan_export(schedule, by=token.created_by, at=now)
    make_what_is_due(at=now)
    return schedule.files.get()


def ask(secret: str, path: str, **parameters: Any) -> HttpResponse:
    return Client().get(f"/api/{path}", parameters, headers={"Authorization": f"Bearer {secret}"})


def error_of(response: HttpResponse) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]
