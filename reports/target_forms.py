"""Setting a target, changing it, taking it out of use."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import model_to_dict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.models import Course
from people.forms.fields import CleanTextField, DayField, ReasonField
from people.models import MembershipStatus, Sector, StaffGroup, UnitKind
from reports.models import Target
from reports.services.targets import FACTS, LISTS, definition_of

CODE = re.compile(r"[A-Z0-9][A-Z0-9.\-]*")
ANY = _("Không chọn mục nào: mọi mục.")
CHOOSE_COURSE = {"required": _("Hãy chọn ít nhất một khóa.")}


class SeveralField(forms.MultipleChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.CheckboxSelectMultiple, **kwargs)


class TargetForm(forms.Form):
    """`target` None: a new one. `draft` is what the form asks for, not saved."""

    code = forms.CharField(
        label=_("Mã"), max_length=20, help_text=_("Ví dụ CT-2035. Sau này không đổi được.")
    )
    title = CleanTextField(label=_("Tên chỉ tiêu"), max_length=200)
    percent = forms.IntegerField(label=_("Tỷ lệ cần đạt (%)"), min_value=1, max_value=100)
    started_on = DayField(
        label=_("Tính giấy chứng nhận từ ngày"),
        help_text=_("Giấy chứng nhận trước ngày này không được tính."),
    )
    due_on = DayField(label=_("Hạn đạt"))
    ended_on = DayField(
        label=_("Tính giấy chứng nhận đến hết ngày"),
        help_text=_("Để trống: giấy chứng nhận sau hạn cũng được tính."),
        required=False,
    )
    cut_off_on = DayField(
        label=_("Ngày chốt số liệu"),
        help_text=_("Ngày thường được hỏi khi đã qua. Để trống: hạn đạt."),
        required=False,
    )
    courses = forms.ModelMultipleChoiceField(
        label=pgettext_lazy("plural", "Khóa được tính"),
        queryset=Course.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        error_messages=CHOOSE_COURSE,
    )
    staff_groups = SeveralField(label=_("Nhóm nhân sự"), choices=StaffGroup.choices, help_text=ANY)
    sectors = SeveralField(label=_("Ngành"), choices=Sector.choices, help_text=ANY)
    unit_kinds = SeveralField(label=_("Loại đơn vị"), choices=UnitKind.choices, help_text=ANY)
    excluded_unit_kinds = SeveralField(label=_("Trừ loại đơn vị"), choices=UnitKind.choices)
    excluded_statuses = SeveralField(label=_("Trừ trạng thái"), choices=MembershipStatus.choices)
    shows_strict = forms.BooleanField(
        label=_("Hiện cả cách tính chặt"),
        help_text=_("Giấy chứng nhận phủ đủ mọi chuyên đề bắt buộc; hiện bên cạnh tỷ lệ chính."),
        required=False,
    )
    reason = ReasonField(hint=_("Ví dụ: theo Kế hoạch số 12/KH-UBND."))

    def __init__(self, *args: Any, target: Target | None, like: Target | None = None) -> None:
        """`like`: a target to begin from, where a new one is a copy of it."""
        model = target or like
        kwargs: dict[str, Any] = {"initial": _initial(model) if model else {"shows_strict": True}}
        super().__init__(*args, **kwargs)
        self.target = target
        if target:
            del self.fields["code"]

    def clean_code(self) -> str:
        code = self.cleaned_data["code"].strip().upper()
        if not CODE.fullmatch(code):
            raise ValidationError(_("Mã chỉ gồm chữ không dấu, chữ số, dấu chấm và gạch nối."))
        if Target.objects.filter(code=code).exists():
            raise ValidationError(_("Đã có chỉ tiêu mang mã này: hãy chọn mã khác."))
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        started, due = cleaned.get("started_on"), cleaned.get("due_on")
        for name in ("due_on", "ended_on", "cut_off_on"):
            day = cleaned.get(name)
            if started and day and day < started:
                self.add_error(name, _("Phải từ ngày bắt đầu tính trở đi."))
        cut_off = cleaned.get("cut_off_on")
        if due and cut_off and cut_off > due:
            self.add_error("cut_off_on", _("Không được sau hạn đạt."))
        if set(cleaned.get("unit_kinds", [])) & set(cleaned.get("excluded_unit_kinds", [])):
            self.add_error("excluded_unit_kinds", _("Có loại vừa được chọn vừa bị trừ."))
        return cleaned

    def draft(self) -> Target:
        asked = {name: self.cleaned_data[name] for name in FACTS if name in self.cleaned_data}
        known = model_to_dict(self.target, fields=["id", "last_used_on"]) if self.target else {}
        code = self.target.code if self.target else self.cleaned_data["code"]
        draft = Target(code=code, **known, **asked)
        draft.proposed_courses = list(self.cleaned_data["courses"])
        return draft

    def fingerprint(self) -> str:
        """Of the definition asked for."""
        text = json.dumps(definition_of(self.draft()), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


class EndForm(forms.Form):
    last_used_on = DayField(
        label=_("Dùng đến hết ngày"),
        help_text=_("Sau ngày này chỉ tiêu không hiện để chọn nữa. Để trống: dùng tiếp."),
        required=False,
    )
    reason = ReasonField()


def _initial(target: Target) -> dict[str, Any]:
    facts = {name: getattr(target, name) for name in FACTS if name != "last_used_on"}
    lists = {name: list(facts[name]) for name in LISTS}
    return {**facts, **lists, "courses": list(target.courses.all())}
