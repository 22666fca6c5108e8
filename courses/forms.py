"""Opening a run, changing its terms, adding a person."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from courses.access import can_offer_to, sectors_managed_by, units_managed_by
from courses.models import Course, CourseRun, Module, RunTerms
from people.models import Person, Sector, StaffGroup, Unit, UnitKind, User


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


class UnitChoices(Choices):
    def label_from_instance(self, obj: Unit) -> str:
        return f"{obj.name} ({obj.code})"  # type: ignore[attr-defined]


class TermsForm(forms.Form):
    """Window, modules and audience of a run; only the viewer's own units are on offer."""

    opens_on = forms.DateField(label=_("Mở từ ngày"), widget=DateInput())
    closes_on = forms.DateField(label=_("Đến hết ngày"), widget=DateInput())
    grace_days = forms.IntegerField(
        label=_("Số ngày làm nốt sau khi đóng"),
        help_text=_("Ai đã bắt đầu trong đợt được làm nốt thêm từng này ngày."),
        min_value=0,
        max_value=90,
        initial=7,
    )
    modules = Choices(
        label=_("Chuyên đề"),
        queryset=Module.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Hãy chọn ít nhất một chuyên đề.")},
    )
    units = UnitChoices(
        label=_("Đơn vị"),
        queryset=Unit.objects.none(),
        widget=forms.SelectMultiple(attrs={"size": 12}),
        help_text=_("Mỗi đơn vị gồm cả các đơn vị trực thuộc. Giữ Ctrl để chọn nhiều."),
        error_messages={"required": _("Hãy chọn ít nhất một đơn vị.")},
    )
    sectors = forms.MultipleChoiceField(
        label=_("Ngành"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Hãy chọn ít nhất một ngành.")},
    )
    staff_groups = forms.MultipleChoiceField(
        label=_("Nhóm nhân sự"),
        choices=StaffGroup.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Không chọn nhóm nào: mọi nhóm."),
    )
    unit_kinds = forms.MultipleChoiceField(
        label=_("Loại đơn vị"),
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
        units = units_managed_by(viewer, on=day).named_on(day).order_by("code")  # type: ignore[attr-defined]
        self.fields["units"].queryset = units  # type: ignore[attr-defined]
        sectors = sectors_managed_by(viewer)
        self.fields["sectors"].choices = [  # type: ignore[attr-defined]
            (value, label) for value, label in Sector.choices if value in sectors
        ]
        self.fields["sectors"].initial = sectors

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


class NewRunForm(TermsForm):
    title = forms.CharField(label=_("Tên đợt"), max_length=200)
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
