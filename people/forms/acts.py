"""What a manager does about one person: each form says which change it asks for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from people.forms.asking import ActForm, ChangeForm, RowForm
from people.forms.fields import (
    LONGEST_MIDDLE,
    LONGEST_WORD,
    NAME,
    BirthDateField,
    CleanTextField,
    CodeField,
    DayField,
    EmailField,
    PhoneField,
    ReasonField,
)
from people.forms.people import UnitField
from people.forms.requests import CHOOSE
from people.models import MembershipStatus, Person, Position, Sex, StaffGroup
from people.models.membership import LeavingCause
from people.queries.care import is_over
from people.services.people import correct_record, foresee_correction
from people.services.roster import RosterError, position_called
from people.stays import Change, Ended, Redated, Restated, Returned, Stay, Withdrawn


class MoveForm(ChangeForm):
    on = DayField(label=_("Chuyển đến từ ngày"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = UnitField(units=self.asking.units, label=_("Chuyển đến đơn vị"))
        self.order_fields(["unit", "on"])

    @property
    def obstacle(self) -> str:
        post = self.asking.post
        if {unit.code for unit in self.asking.units} - {post.unit if post else ""}:
            return ""
        return str(
            _(
                "Mình không quản lý đơn vị nào khác, nên không chuyển được: hãy nhờ người quản lý "
                "cả hai đơn vị. Nếu người này đã đi, hãy cho rời đơn vị với lý do “Chuyển đi đơn "
                "vị khác”; nơi đến ghi tên người ấy vào danh sách của mình."
            )
        )

    def change(self) -> Change:
        return Restated(self.cleaned_data["on"], {"unit": self.cleaned_data["unit"]})


class PostForm(ChangeForm):
    """Group, position and status, filled in as they stand."""

    staff_group = forms.ChoiceField(label=_("Nhóm"), choices=StaffGroup, error_messages=CHOOSE)
    position_title = CleanTextField(label=_("Chức vụ"), max_length=100, required=False)
    status = forms.ChoiceField(
        label=_("Trạng thái"), choices=MembershipStatus, error_messages=CHOOSE
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.post = self.asking.post
        if self.post is not None:
            self.initial = {
                "staff_group": self.post.staff_group,
                "position_title": title_of(self.post),
                "status": self.post.status,
            }

    @property
    def facts(self) -> dict[str, Any]:
        """What the title says stays as it was where nobody touched it."""
        chosen = self.cleaned_data
        facts = {"staff_group": chosen["staff_group"], "status": chosen["status"]}
        if self.post is not None and chosen["position_title"] == title_of(self.post):
            return {
                **facts,
                "position": self.post.position,
                "position_title": self.post.position_title,
            }
        title = position_called(chosen["position_title"], group=chosen["staff_group"])
        return {**facts, **title}


class PostChangeForm(PostForm):
    on = DayField(label=_("Từ ngày"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["on"])

    def change(self) -> Change:
        return Restated(self.cleaned_data["on"], self.facts)


class EndForm(ChangeForm):
    left_on = DayField(
        label=_("Rời đơn vị từ ngày"),
        help_text=_("Ngày đầu tiên không còn làm việc; ngày trước đó vẫn được tính."),
    )
    why = forms.ChoiceField(
        label=_("Rời vì"),
        choices=lambda: [("", _("Chọn một mục")), *_causes()],
        error_messages=CHOOSE,
    )
    reason = ReasonField(label=_("Căn cứ, ghi thêm"), hint=_("Ví dụ số quyết định, ngày ký."))

    def change(self) -> Change:
        return Ended(self.cleaned_data["left_on"])

    @property
    def cause(self) -> LeavingCause | None:
        return LeavingCause(self.cleaned_data["why"])


class ReturnForm(PostForm):
    on = DayField(label=_("Làm việc trở lại từ ngày"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = self.asking.units
        self.fields["unit"] = UnitField(units=units)
        if self.post is not None and self.post.unit in {unit.code for unit in units}:
            self.initial["unit"] = self.post.unit
        self.order_fields(["unit", "on"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if (day := cleaned.get("on")) is not None and day > self.today:
            self.add_error("on", _("Ngày này chưa đến: hãy nhận trở lại vào ngày ấy."))
        return cleaned

    def change(self) -> Change:
        chosen = self.cleaned_data
        return Returned(Stay(unit=chosen["unit"], started_on=chosen["on"], **self.facts))


class DaysForm(RowForm):
    """The days of one row were written wrong."""

    started_on = DayField(label=_("Từ ngày"))
    ended_on = DayField(
        label=_("Đến hết ngày"), required=False, help_text=_("Để trống nếu còn làm việc ở đó.")
    )
    joins = forms.BooleanField(
        label=_("Dời cả dòng liền trước, liền sau cho khớp ngày"), required=False, initial=True
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"started_on": self.row.started_on, "ended_on": self.row.ended_on}

    def change(self) -> Change:
        chosen = self.cleaned_data
        return Redated(self.key, chosen["started_on"], chosen["ended_on"], joins=chosen["joins"])


class WithdrawForm(RowForm):
    joins = forms.BooleanField(
        label=_("Nơi công tác liền trước được tính tiếp"), required=False, initial=True
    )

    def change(self) -> Change:
        return Withdrawn(self.key, joins=self.cleaned_data["joins"])


class NamePartField(CleanTextField):
    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not NAME.fullmatch(value):
            raise ValidationError(_("Họ và tên chỉ gồm chữ: hãy kiểm tra lại."))


class CorrectForm(ActForm):
    """What was always so, and written wrong. What only an office changes is left out for others."""

    family_name = NamePartField(label=_("Họ"), max_length=LONGEST_WORD, required=False)
    middle_name = NamePartField(label=_("Tên đệm"), max_length=LONGEST_MIDDLE, required=False)
    given_name = NamePartField(
        label=_("Tên"), max_length=LONGEST_WORD, error_messages={"required": _("Hãy ghi tên.")}
    )
    sex = forms.ChoiceField(
        label=_("Giới tính"), choices=Sex, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    birth_date = BirthDateField(required=False)
    email = EmailField(widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    phone = PhoneField(widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}))
    code = CodeField(
        help_text=_("Tên đăng nhập đổi theo mã. Chỉ sửa khi mã đã ghi sai."),
        error_messages={"required": _("Hãy ghi mã nhân sự.")},
    )
    is_core_trainer = forms.BooleanField(label=_("Giảng viên nguồn"), required=False)
    is_core_teacher = forms.BooleanField(label=_("Giáo viên nòng cốt"), required=False)

    OFFICE_ONLY = ("code", "is_core_trainer", "is_core_teacher")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person, viewer = self.asking.person, self.asking.viewer
        self.initial = {name: getattr(person, name) for name in self.fields if name in FIELDS}
        if not is_over(viewer, person, on=self.today):
            for name in self.OFFICE_ONLY:
                del self.fields[name]

    @property
    def advice(self) -> str:
        if "code" in self.fields:
            return ""
        return str(_("Mã nhân sự và các danh hiệu ghi sai thì do cấp trên sửa: hãy nhờ cấp trên."))

    @property
    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name in FIELDS}

    def foresee(self) -> str:
        effect = foresee_correction(self.asking.person, self.facts)
        if not effect:
            raise RosterError(_("Không có gì khác với hồ sơ hiện tại: chưa ghi gì."))
        return effect

    def carry_out(self) -> None:
        correct_record(self.asking.person, self.facts, act=self.act)


def _causes() -> list[tuple[str, str]]:
    """As choices they stand alone; in a sentence they are small."""
    return [(cause.value, capfirst(str(cause.label))) for cause in LeavingCause]


FIELDS = {field.name for field in Person._meta.concrete_fields}


def title_of(post: Stay) -> str:
    """The position as it is shown: the roster's own words, else what we call it."""
    if post.position_title or post.position == Position.OTHER:
        return post.position_title
    return str(Position(post.position).label)
