"""Opening a run, changing its terms, adding a person."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.access import can_offer_to, sectors_managed_by, units_managed_by
from courses.models import Course, CourseRun, Module, RunTerms
from courses.queries.unit_tree import UnitNode, unit_tree
from people.models import Person, Sector, StaffGroup, Unit, UnitKind, User

FEW_UNITS = 8  # up to here nobody needs to search


class DateInput(forms.DateInput):
    """The browser's own date chooser; it sends ISO dates."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class Choices(forms.ModelMultipleChoiceField):
    """Refuses, rather than fails on, keys that no database can hold."""

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except OverflowError:
            raise forms.ValidationError(_("Lựa chọn không có trong danh sách.")) from None


class TermsForm(forms.Form):
    """Window, modules and audience of a run; only the viewer's own units are on offer."""

    opens_on = forms.DateField(
        label=_("Mở từ ngày"),
        help_text=_("Việc học từ ngày này được ghi nhận."),
        widget=DateInput(),
    )
    closes_on = forms.DateField(
        label=_("Đến hết ngày"),
        help_text=_("Hạn hoàn thành mà học viên nhìn thấy; sau này có thể gia hạn."),
        widget=DateInput(),
    )
    grace_days = forms.IntegerField(
        label=_("Số ngày làm nốt sau khi đóng"),
        help_text=_("Ai đã bắt đầu trong đợt được làm nốt thêm từng này ngày."),
        min_value=0,
        max_value=90,
        initial=7,
    )
    modules = Choices(
        label=pgettext_lazy("plural", "Chuyên đề"),
        queryset=Module.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Hãy chọn ít nhất một chuyên đề.")},
    )
    units = Choices(
        label=pgettext_lazy("plural", "Đơn vị"),
        queryset=Unit.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Hãy chọn ít nhất một đơn vị.")},
    )
    sectors = forms.MultipleChoiceField(
        label=pgettext_lazy("plural", "Ngành"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Hãy chọn ít nhất một ngành.")},
    )
    staff_groups = forms.MultipleChoiceField(
        label=pgettext_lazy("plural", "Nhóm nhân sự"),
        choices=StaffGroup.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Không chọn nhóm nào: mọi nhóm."),
    )
    unit_kinds = forms.MultipleChoiceField(
        label=pgettext_lazy("plural", "Loại đơn vị"),
        choices=UnitKind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Không chọn loại nào: mọi loại."),
    )

    def __init__(
        self,
        *args: Any,
        viewer: User,
        course: Course,
        day: date,
        terms: RunTerms | None = None,
        **kwargs: Any,
    ) -> None:
        self.viewer, self.day = viewer, day
        if terms is not None:
            kwargs["initial"] = self.initial_of(terms)
        super().__init__(*args, **kwargs)
        offered = Q(is_published=True) | Q(pk__in=terms.modules.all() if terms else [])
        modules = Module.objects.filter(offered, course=course)
        self.fields["modules"].queryset = modules  # type: ignore[attr-defined]
        self.fields["modules"].initial = list(modules)
        self.offered_units = units_managed_by(viewer, on=day).named_on(day)  # type: ignore[attr-defined]
        self.fields["units"].queryset = self.offered_units  # type: ignore[attr-defined]
        sectors = sectors_managed_by(viewer)
        self.fields["sectors"].choices = [  # type: ignore[attr-defined]
            (value, label) for value, label in Sector.choices if value in sectors
        ]
        self.fields["sectors"].initial = sectors

    @cached_property
    def unit_tree(self) -> list[UnitNode]:
        return unit_tree(self.offered_units, on=self.day)

    @property
    def has_many_units(self) -> bool:
        return sum(1 + node.count for node in self.unit_tree) > FEW_UNITS

    @cached_property
    def ticked_units(self) -> set[int]:
        """Keys of what is ticked now; the only unit there is is ticked from the start."""
        chosen = {int(key) for key in self["units"].value() or [] if str(key).isdecimal()}
        is_only = len(self.unit_tree) == 1 and not self.unit_tree[0].children
        if is_only and not chosen and not self.is_bound:
            return {self.unit_tree[0].key}
        return chosen

    @cached_property
    def opened_units(self) -> set[int]:
        """Keys of units that have something ticked below them."""
        return set().union(*(_above_ticked(node, self.ticked_units) for node in self.unit_tree))

    @property
    def audience_in_words(self) -> str:
        """Sectors, groups and kinds as chosen now, for the fold's summary."""
        parts = [
            _named(self["sectors"], "sectors", _("mọi ngành")),
            _named(self["staff_groups"], "staff_groups", _("mọi nhóm nhân sự")),
            _named(self["unit_kinds"], "unit_kinds", _("mọi loại đơn vị")),
        ]
        return "; ".join(parts)

    def clean_sectors(self) -> list[str]:
        """All of them is stored as none: people of units common to both sectors are due too."""
        chosen = list(self.cleaned_data["sectors"])
        return [] if len(chosen) == len(Sector) else chosen

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        units, sectors = cleaned.get("units"), cleaned.get("sectors")
        if units is None or sectors is None:
            return cleaned
        if not can_offer_to(self.viewer, units=units, sectors=sectors, on=self.day):
            raise forms.ValidationError(
                _("Có đơn vị không thuộc phạm vi quản lý của ngành đã chọn: hãy chọn lại.")
            )
        return cleaned

    @property
    def audience(self) -> dict[str, Any]:
        """Of a valid form: what `courses.queries.audience_size` asks for."""
        names = ("units", "sectors", "staff_groups", "unit_kinds")
        return {name: self.cleaned_data[name] for name in names}

    @staticmethod
    def initial_of(terms: RunTerms) -> dict[str, Any]:
        return {
            "opens_on": terms.opens_on,
            "closes_on": terms.closes_on,
            "grace_days": terms.grace_days,
            "modules": list(terms.modules.all()),
            "units": list(terms.units.all()),
            "sectors": terms.sectors or [str(sector) for sector in Sector],
            "staff_groups": terms.staff_groups,
            "unit_kinds": terms.unit_kinds,
        }


def _above_ticked(node: UnitNode, ticked: set[int]) -> set[int]:
    below = set().union(*(_above_ticked(child, ticked) for child in node.children))
    if below or any(child.key in ticked for child in node.children):
        return {node.key, *below}
    return below


def _named(field: forms.BoundField, name: str, everything: Any) -> str:
    """Labels of what is ticked; all or none of them is everything."""
    choices = dict(field.field.choices)  # type: ignore[attr-defined]
    chosen = [str(choices[value]) for value in field.value() or [] if value in choices]
    only_choice = len(choices) == 1 and name == "sectors"
    if only_choice or 0 < len(chosen) < len(choices):
        return ", ".join(chosen)
    return str(everything)


class NewRunForm(TermsForm):
    title = forms.CharField(
        label=_("Tên đợt"),
        widget=forms.TextInput(attrs={"lang": settings.LANGUAGE_CODE}),
        max_length=200,
        help_text=_("Học viên thấy tên này ở trang việc học."),
    )
    code = forms.SlugField(
        label=_("Mã đợt"),
        max_length=40,
        help_text=_("Chữ không dấu, số và gạch nối, ví dụ he-2027."),
        error_messages={"invalid": _("Mã chỉ gồm chữ không dấu, số và gạch nối.")},
    )
    field_order = ["title", "code"]

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if code in ("new",) or CourseRun.objects.filter(code=code).exists():
            raise forms.ValidationError(_("Mã này đã được dùng: hãy chọn mã khác."))
        return str(code)


class ExtendForm(forms.Form):
    closes_on = forms.DateField(label=_("Hạn mới (đến hết ngày)"), widget=DateInput())
    reason = forms.CharField(label=_("Lý do"), max_length=200)


class AddPersonForm(forms.Form):
    """The person is found by code among those the viewer manages."""

    person_code = forms.CharField(label=_("Mã nhân sự"), max_length=40)
    reason = forms.CharField(label=_("Lý do"), max_length=200)

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people

    def clean_person_code(self) -> Person:
        person = self.people.filter(code=self.cleaned_data["person_code"].strip()).first()
        if person is None:
            raise forms.ValidationError(
                _("Không có mã này trong phạm vi quản lý: hãy kiểm tra lại mã trong danh sách.")
            )
        return person
