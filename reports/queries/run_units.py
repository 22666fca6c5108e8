"""Units to choose from on a list of people."""

from __future__ import annotations

from courses.access import Sight
from people.models import Unit
from people.names import title_key


def unit_choices(sight: Sight) -> list[tuple[str, str]]:
    """(code, name) of the open units that the viewer sees, by name (1 query)."""
    units = Unit.objects.open_on(sight.on)
    if not sight.everyone:
        units = units.visible_to(sight.viewer, on=sight.on)
    named = units.named_on(sight.on).values_list("code", "name")  # type: ignore[misc]
    choices = ((code, name or code) for code, name in named)
    return sorted(choices, key=lambda each: title_key(each[1]))
