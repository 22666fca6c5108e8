"""What the pages behind a unit's page are asked, by GET; the unknown falls back to the usual."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.queries.breakdown import LABELS
from reports.queries.workplaces import Standing

USUAL_WEEKS, MOST_WEEKS = 8, 52


class ForecastForm(forms.Form):
    weeks = forms.IntegerField(
        label=_("Tính theo số tuần gần đây"),
        min_value=1,
        max_value=MOST_WEEKS,
        required=False,
        error_messages={
            "invalid": _("Hãy ghi số tuần từ 1 đến 52."),
            "min_value": _("Hãy ghi số tuần từ 1 đến 52."),
            "max_value": _("Hãy ghi số tuần từ 1 đến 52."),
        },
    )

    def __init__(self, query: Any) -> None:
        super().__init__({"weeks": query.get("weeks") or USUAL_WEEKS})

    @property
    def chosen_weeks(self) -> int:
        return self.cleaned_data["weeks"] if self.is_valid() else USUAL_WEEKS


class BreakdownForm(forms.Form):
    """`by` several times in the address: group, kind, sector."""

    by = forms.MultipleChoiceField(
        label=_("Chia theo"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, query: Any, *, axes: Sequence[str]) -> None:
        """`axes`: those that the viewer may ask for."""
        chosen = [axis for axis in axes if axis in query.getlist("by")]
        super().__init__({"by": chosen or list(axes[:1])})
        self.axes = self.data["by"]
        self.fields["by"].choices = [(axis, LABELS[axis]) for axis in axes]  # type: ignore[attr-defined]


class StandingForm(forms.Form):
    standing = forms.ChoiceField(choices=[(each.value, each.value) for each in Standing])

    @property
    def chosen(self) -> Standing:
        return Standing(self.cleaned_data["standing"]) if self.is_valid() else Standing.BEHIND
