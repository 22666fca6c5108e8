"""Of whom modules are required on a day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from courses.models import ModuleRequirement


def requirements_on(day: date, keys: Collection[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """The clauses in force, by the module's key (1 query); a module never required is missing."""
    rows = ModuleRequirement.objects.filter(module__key__in=keys, started_on__lte=day)
    return dict(rows.order_by("started_on", "pk").values_list("module__key", "clauses"))
