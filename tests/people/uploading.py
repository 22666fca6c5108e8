"""Staff lists that somebody brought in on screen, in the tests' words."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from people.models import ImportState, RosterImport, Unit, User


def make_import(unit: Unit | None, *, by: User, **facts: Any) -> RosterImport:
    """A list of today that was compared and waits for a yes."""
    return RosterImport.objects.create(
        **{
            "unit": unit,
            "as_of": timezone.localdate(),
            "file_name": "danh-sach.xlsx",
            "file_hash": "",
            "state": ImportState.CHECKED,
            "uploaded_by": by,
            "uploaded_at": timezone.now(),
            **facts,
        }
    )
