"""What a manager asks for: a target, a day, and which of the people behind a figure."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from people.models import Sex, StaffGroup
from reports.models import Target

DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]
FIRST_DAY = date(2000, 1, 1)


class AskForm(forms.Form):
    """Sent by GET, so that an address is a figure: it can be kept, sent and opened again."""

    target = forms.ChoiceField(
        label=_("Chỉ tiêu"),
        error_messages={"invalid_choice": _("Không có chỉ tiêu này. Hãy chọn trong danh sách.")},
    )
    as_of = forms.DateField(
        label=_("Tính đến hết ngày"),
        input_formats=DAY_FORMATS,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("Không đọc được ngày này. Hãy viết như 21/11/2026.")},
    )

    def __init__(self, query: Any, *, targets: list[Target], usual: Target | None, today: date):
        """`usual` and `today` stand in for what the query leaves out."""
        asked = {
            "target": query.get("target") or (usual.code if usual else ""),
            "as_of": query.get("as_of") or today.isoformat(),
        }
        super().__init__(asked)
        self.today = today
        self.fields["target"].choices = [(each.code, str(each)) for each in targets]  # type: ignore[attr-defined]

    def clean_as_of(self) -> date:
        """Up to today: what is not yet known can't be counted."""
        day = self.cleaned_data["as_of"]
        if not FIRST_DAY <= day <= self.today:
            raise forms.ValidationError(
                _("Chỉ có số liệu đến hôm nay, ngày %(day)s: đang xem số liệu của ngày này.")
                % {"day": f"{self.today:%d/%m/%Y}"}
            )
        return day


class PeopleForm(forms.Form):
    """Everything is optional: an unknown value filters nothing."""

    group = forms.ChoiceField(
        label=_("Nhóm"),
        choices=[("", _("Thuộc chỉ tiêu")), *StaffGroup.choices],
        required=False,
    )
    sex = forms.ChoiceField(
        label=_("Giới tính"), choices=[("", _("Nam và nữ")), *Sex.choices], required=False
    )
    done = forms.ChoiceField(
        label=_("Kết quả"),
        choices=[("", _("Tất cả")), ("no", _("Chưa đạt")), ("yes", _("Đã đạt"))],
        required=False,
    )
    q = forms.CharField(
        label=_("Tìm theo tên hoặc mã"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


def default_target(targets: list[Target], *, day: date) -> Target | None:
    """The target that runs on the day and is due first; else the latest to begin."""
    running = [each for each in targets if each.started_on <= day <= each.due_on]
    if running:
        return min(running, key=lambda each: (each.due_on, each.code))
    return max(targets, key=lambda each: (each.started_on, each.due_on), default=None)
