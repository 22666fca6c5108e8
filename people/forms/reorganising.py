"""Merging and splitting units: which, into which, from which day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from people.forms.fields import CleanTextField, DayField
from people.forms.units import (
    DocumentField,
    UnitCodeField,
    UnitField,
    keep_to_sectors,
    offer,
    sensible_day,
    units_from,
)
from people.models import Membership, Sector, StaffGroup, Unit, UnitKind
from people.services.reorganising import NewUnit

NEW = ("new_code", "new_name", "new_kind", "new_sector", "new_parent")
SAYING_NEW = tuple(name for name in NEW if name != "new_sector")  # a browser always sends that


class ReceivingForm(forms.Form):
    """The unit that takes people in: one that is there, or a new one."""

    on = DayField(label=_("Từ ngày"), help_text=_("Trước ngày này mọi thứ giữ như cũ."))
    document = DocumentField()
    target = UnitField(label=_("Vào đơn vị đang có"), required=False)
    new_code = UnitCodeField(required=False)
    new_name = CleanTextField(label=_("Tên đơn vị"), max_length=200, required=False)
    new_kind = forms.ChoiceField(
        label=_("Loại"), choices=[("", _("Chọn loại")), *UnitKind.choices], required=False
    )
    new_sector = forms.ChoiceField(
        label=_("Ngành"),
        choices=[("", _("Chung của cả hai ngành")), *Sector.choices],
        required=False,
    )
    new_parent = UnitField(label=_("Đơn vị cấp trên"), required=False)

    def __init__(
        self,
        *args: Any,
        units: list[Unit],
        parents: list[Unit],
        sectors: set[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, units)
        self.fields["new_parent"].units = parents  # type: ignore[attr-defined]
        keep_to_sectors(self.fields["new_sector"], sectors)
        self.fields["new_sector"].required = False

    def clean_on(self) -> date | None:
        return sensible_day(self.cleaned_data["on"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        named = [name for name in SAYING_NEW if cleaned.get(name) or name in self.errors]
        if cleaned.get("target") and named:
            self.add_error("target", _("Hãy chọn một trong hai: đơn vị đang có hoặc đơn vị mới."))
        elif not cleaned.get("target") and "target" not in self.errors:
            self._require_new(cleaned, anything=bool(named))
        return cleaned

    def _require_new(self, cleaned: dict[str, Any], *, anything: bool) -> None:
        if not anything:
            self.add_error("target", _("Hãy ghi đơn vị nhận, hoặc điền phần đơn vị mới."))
            return
        for name in SAYING_NEW:
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("Đơn vị mới cần mục này: hãy điền."))

    @property
    def into(self) -> Unit | NewUnit:
        cleaned = self.cleaned_data
        target: Unit | None = cleaned.get("target")
        if target is not None:
            return target
        return NewUnit(
            code=cleaned["new_code"],
            name=cleaned["new_name"],
            kind=cleaned["new_kind"],
            sector=cleaned["new_sector"],
            parent=cleaned["new_parent"],
        )

    @property
    def new_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in NEW]

    @property
    def opens_new(self) -> bool:
        """Whether the part about a new unit is to be seen at once."""
        return any(self[name].value() or self[name].errors for name in SAYING_NEW)


class MergingForm(ReceivingForm):
    """`beside`: units to tick, those chosen already and those next to them."""

    sources = forms.MultipleChoiceField(
        label=_("Các đơn vị được sáp nhập"), required=False, widget=forms.CheckboxSelectMultiple
    )
    more = forms.CharField(
        label=_("Đơn vị khác"),
        help_text=_("Mã hoặc tên; nhiều đơn vị thì cách nhau dấu chấm phẩy."),
        required=False,
        max_length=1000,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    field_order = ("sources", "more", "on", "document", "target", *NEW)

    def __init__(self, *args: Any, beside: list[Unit], units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, units=units, **kwargs)
        self.beside, self.units = {unit.code: unit for unit in beside}, units
        self.fields["sources"].choices = [  # type: ignore[attr-defined]
            (unit.code, f"{unit.name} ({unit.code})")  # type: ignore[attr-defined]
            for unit in beside
        ]
        if not beside:
            del self.fields["sources"]

    def clean_more(self) -> list[Unit]:
        return units_from(self.cleaned_data["more"], self.units)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not self.chosen:
            raise ValidationError(_("Chưa chọn đơn vị nào để sáp nhập: hãy chọn ít nhất một."))
        return cleaned

    @property
    def chosen(self) -> list[Unit]:
        ticked = [self.beside[code] for code in self.cleaned_data.get("sources", [])]
        return list(dict.fromkeys([*ticked, *self.cleaned_data.get("more", [])]))


class SplittingForm(ReceivingForm):
    """`members`: rows of the unit that reach the day; somebody may hold more than one."""

    groups = forms.MultipleChoiceField(
        label=_("Cả nhóm"),
        choices=StaffGroup,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    people = forms.MultipleChoiceField(
        label=_("Từng người"), required=False, widget=forms.CheckboxSelectMultiple
    )
    rest = UnitField(
        label=_("Đơn vị nhận những người còn lại"),
        required=False,
        help_text=_(
            "Chỉ ghi khi đơn vị này ngừng hoạt động: người còn lại và đơn vị trực thuộc chuyển về "
            "đó. Để trống thì đơn vị này vẫn hoạt động."
        ),
    )

    field_order = ("on", "document", "groups", "people", "target", *NEW, "rest")

    def __init__(self, *args: Any, members: Iterable[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = list(members)
        named = {str(row.person_id): row for row in self.members}
        self.fields["people"].choices = [  # type: ignore[attr-defined]
            (key, f"{row.person.full_name} · {row.get_staff_group_display()}")
            for key, row in named.items()
        ]
        present = {row.staff_group for row in self.members}
        self.fields["groups"].choices = [  # type: ignore[attr-defined]
            each for each in StaffGroup.choices if each[0] in present
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not self.chosen:
            raise ValidationError(_("Chưa chọn ai để chuyển đi: hãy chọn người hoặc nhóm."))
        return cleaned

    @property
    def chosen(self) -> set[int]:
        """Keys of people."""
        groups = set(self.cleaned_data.get("groups", []))
        by_group = {row.person_id for row in self.members if row.staff_group in groups}
        return by_group | {int(key) for key in self.cleaned_data.get("people", [])}
