"""What people ask for, in the tests' words."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.utils import timezone

from people.models import CorrectionRequest, Person, RosterRequest, Unit
from people.services.requests import ask_for_correction, ask_to_be_listed


def make_listing(unit: Unit, **facts: Any) -> RosterRequest:
    """Phạm Thị Lan, who says that she teaches in the unit."""
    asked = {
        "key": uuid.uuid4(),
        "full_name": "Phạm Thị Lan",
        "birth_date": date(1990, 5, 17),
        "sex": "female",
        "staff_group": "teacher",
        "phone": "0900000001",
        **facts,
    }
    return ask_to_be_listed(unit, at=timezone.now(), **asked)


def make_correction(
    person: Person, field: str = "birth_date", value: str = "17/05/1990"
) -> CorrectionRequest:
    return ask_for_correction(
        person, key=uuid.uuid4(), field=field, value=value, note="", at=timezone.now()
    )
