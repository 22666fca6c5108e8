"""Which of a run's people a list shows, and how stages are called."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from people.models import Sex, StaffGroup
from reports.progress import Stage
from reports.queries.run_people import ProgressFilter

STAGE_LABELS = {
    Stage.COMPLETE: _("Đã hoàn thành"),
    Stage.AWAITING_QUIZ: _("Chờ bài kiểm tra"),
    Stage.IN_PROGRESS: _("Đang học"),
    Stage.STUCK: _("Hết lượt làm bài"),
    Stage.NOT_STARTED: _("Chưa học"),
    Stage.OVERDUE: _("Quá hạn"),
    Stage.NOTHING_DUE: _("Không có việc bắt buộc"),
}


class ProgressForm(forms.Form):
    """Sent by GET. Everything is optional, and an unknown value filters nothing.

    But for the unit: one that the viewer doesn't see holds nobody of hers.
    """

    NARROWING = ("unit", "group", "sex")

    q = forms.CharField(
        label=_("Tìm theo tên hoặc mã"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    unit = forms.ChoiceField(label=_("Đơn vị"), required=False)
    state = forms.ChoiceField(
        label=_("Tình trạng"),
        choices=[("", _("Mọi tình trạng")), *STAGE_LABELS.items()],
        required=False,
    )
    group = forms.ChoiceField(
        label=_("Nhóm"), choices=[("", _("Mọi nhóm")), *StaffGroup.choices], required=False
    )
    sex = forms.ChoiceField(
        label=_("Giới tính"), choices=[("", _("Nam và nữ")), *Sex.choices], required=False
    )

    def __init__(self, *args: Any, units: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [("", _("Mọi đơn vị")), *units]  # type: ignore[attr-defined]
        self.is_valid()

    @property
    def kept(self) -> dict[str, str]:
        """What was chosen, for links that keep it."""
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def stage(self) -> Stage | None:
        chosen = self.cleaned_data.get("state")
        return Stage(chosen) if chosen else None

    @property
    def narrowing(self) -> list[forms.BoundField]:
        return [self[name] for name in self.NARROWING]

    @property
    def narrows(self) -> bool:
        """By more than words and stage."""
        return any(self.data.get(name) for name in self.NARROWING)

    @property
    def asks_for_unseen_unit(self) -> bool:
        return "unit" in self.errors

    @property
    def people(self) -> ProgressFilter:
        chosen = self.cleaned_data
        return ProgressFilter(
            unit=chosen.get("unit", ""),
            sex=chosen.get("sex", ""),
            group=chosen.get("group", ""),
            words=chosen.get("q", ""),
        )
