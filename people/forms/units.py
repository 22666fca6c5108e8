"""Finding units, and what is decided about them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from people.formats import local_date
from people.forms.fields import CODE, DAY_FORMATS, CleanTextField, DayField, ReasonField
from people.forms.requests import CHOOSE
from people.models import Attribute, Level, Sector, Unit, UnitKind, UnitVersion
from people.names import folded
from people.queries.units import Wanted

FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2200, 12, 31)
MOST_NAMED = 5
LABEL = re.compile(r".*\((?P<code>[^()]+)\)")  # as `label_of` writes it
STANDINGS = [("open", _("Đang hoạt động")), ("closed", _("Đã ngừng")), ("all", _("Tất cả"))]
FACTS = ("name", "kind", "sector", "levels", "attributes", "parent")


class StructureForm(forms.Form):
    """Sent by GET; what can't be read filters nothing and is said beside the field."""

    NARROWING = ("kind", "sector", "standing", "day")

    q = forms.CharField(
        label=_("Tên hoặc mã đơn vị"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(
        label=_("Loại"), choices=[("", _("Mọi loại")), *UnitKind.choices], required=False
    )
    sector = forms.ChoiceField(
        label=_("Ngành"), choices=[("", _("Mọi ngành")), *Sector.choices], required=False
    )
    standing = forms.ChoiceField(label=_("Tình trạng"), choices=STANDINGS, required=False)
    day = forms.DateField(
        label=_("Tính đến ngày"),
        required=False,
        input_formats=DAY_FORMATS,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("Không đọc được ngày này. Hãy viết như 21/11/2026.")},
    )

    def clean_day(self) -> date | None:
        return sensible_day(self.cleaned_data["day"])

    @property
    def narrowing(self) -> list[forms.BoundField]:
        return [self[name] for name in self.NARROWING]

    @property
    def narrows(self) -> bool:
        """By more than words. Units that are open are what anybody looks for."""
        chosen = {name: self[name].value() for name in self.NARROWING}
        return bool(self.errors) or any(
            value for name, value in chosen.items() if (name, value) != ("standing", "open")
        )

    @property
    def wanted(self) -> Wanted:
        known = self.cleaned_data
        return Wanted(
            words=known.get("q", "").strip(),
            kind=known.get("kind", ""),
            sector=known.get("sector", ""),
            standing=known.get("standing") or "open",
        )


class UnitField(forms.CharField):
    """A unit by its code or by words of its name, of those that are offered; gives the unit."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "help_text": _("Mã hoặc tên, ví dụ TH01."),
                "max_length": 200,
                "widget": forms.TextInput(attrs={"autocomplete": "off", "list": "units-offered"}),
                "error_messages": {"required": _("Hãy ghi mã hoặc tên đơn vị.")},
                **kwargs,
            }
        )
        self.units: list[Unit] = []

    def clean(self, value: Any) -> Unit | None:
        words = super().clean(value)
        return one_called(words, self.units) if words else None


def one_called(words: str, units: Iterable[Unit]) -> Unit:
    """`units` are named. Raises `ValidationError`, naming some when several are meant."""
    units, wanted = list(units), folded(words).split()
    written = LABEL.fullmatch(words.strip())
    code = (written["code"] if written else words.strip()).casefold()
    exact = [unit for unit in units if unit.code.casefold() == code]
    found = exact or [unit for unit in units if all(word in _text(unit) for word in wanted)]
    same = [unit for unit in found if folded(_name(unit)) == folded(words)]
    found = same if len(same) == 1 else found
    if len(found) == 1:
        return found[0]
    if not found:
        raise ValidationError(
            _("Không có đơn vị “%(words)s” trong phạm vi được thay đổi: hãy kiểm tra mã hoặc tên."),
            params={"words": words},
        )
    names = "; ".join(f"{unit.code} – {_name(unit)}" for unit in found[:MOST_NAMED])
    raise ValidationError(
        _("Có %(count)d đơn vị như vậy (%(names)s): hãy ghi mã của một đơn vị."),
        params={
            "count": len(found),
            "names": names + (" …" if len(found) > MOST_NAMED else ""),
        },
    )


class DocumentField(CleanTextField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "label": _("Văn bản quyết định"),
                "help_text": _("Số, ký hiệu và ngày, ví dụ 12/QĐ-UBND ngày 05/04/2026."),
                "max_length": 200,
                "error_messages": {"required": _("Hãy ghi số, ký hiệu văn bản quyết định.")},
                **kwargs,
            }
        )


class FactsForm(forms.Form):
    """What is true of a unit. `units` may be its parent; a root has none."""

    name = CleanTextField(
        label=_("Tên đơn vị"),
        max_length=200,
        error_messages={"required": _("Hãy ghi tên đơn vị.")},
    )
    kind = forms.ChoiceField(label=_("Loại"), choices=UnitKind, error_messages=CHOOSE)
    sector = forms.ChoiceField(
        label=_("Ngành"),
        choices=[("", _("Chung của cả hai ngành")), *Sector.choices],
        required=False,
    )
    parent = UnitField(label=_("Đơn vị cấp trên"))
    levels = forms.MultipleChoiceField(
        label=_("Cấp học"), choices=Level, required=False, widget=forms.CheckboxSelectMultiple
    )
    attributes = forms.MultipleChoiceField(
        label=_("Đặc điểm"), choices=Attribute, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *args: Any,
        units: list[Unit],
        sectors: set[str],
        version: UnitVersion | None = None,
        **kwargs: Any,
    ) -> None:
        self.version = version
        known = self._known(version) if version else {}
        kwargs["initial"] = {**known, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        if version is not None and version.parent_id is None:
            del self.fields["parent"]
        self.units = units
        offer(self, units)
        keep_to_sectors(self.fields["sector"], sectors)

    def facts(self) -> dict[str, Any]:
        """By the names of `UnitVersion`'s fields. Attributes that no box stands for stay."""
        cleaned = self.cleaned_data
        kept = self.version.attributes if self.version else {}
        other = {name: value for name, value in kept.items() if name not in Attribute.values}
        facts = {name: cleaned[name] for name in ("name", "kind", "sector", "levels")}
        facts["attributes"] = {**other, **dict.fromkeys(cleaned["attributes"], True)}
        if "parent" in cleaned:
            facts["parent_id"] = cleaned["parent"].pk
        return facts

    @property
    def differences(self) -> list[tuple[str, str, str]]:
        """Label, what is written, what will be: of whatever differs."""
        if self.version is None:
            return []
        before = self._known(self.version)
        found = []
        for name in FACTS:
            if name in self.fields:
                was, will = self._said(name, before[name]), self._said(name, self[name].data)
                found.append((str(self.fields[name].label), was, will))
        return [each for each in found if each[1] != each[2]]

    def _said(self, name: str, value: Any) -> str:
        field = self.fields[name]
        if name == "parent":
            is_kept = value == self.initial.get("parent")
            return label_of(_parent_of(self.version) if is_kept else self.cleaned_data["parent"])
        if isinstance(field, forms.MultipleChoiceField):
            labels = dict(field.choices)  # type: ignore[arg-type]
            return ", ".join(str(labels[each]) for each in labels if each in (value or [])) or "–"
        if isinstance(field, forms.ChoiceField):
            return str(dict(field.choices).get(value or "", ""))  # type: ignore[arg-type]
        return str(field.clean(value))

    @staticmethod
    def _known(version: UnitVersion) -> dict[str, Any]:
        return {
            "name": version.name,
            "kind": version.kind,
            "sector": version.sector,
            "levels": [each for each in Level.values if each in version.levels],
            "attributes": [each for each in Attribute.values if version.attributes.get(each)],
            "parent": label_of(_parent_of(version)) if version.parent else "",
        }


class RevisionForm(FactsForm):
    """From a day on."""

    on = DayField(label=_("Từ ngày"), help_text=_("Trước ngày này mọi thứ giữ như cũ."))
    document = DocumentField()

    field_order = ("on", "document", "name", "kind", "sector", "parent", "levels", "attributes")

    def clean_on(self) -> date | None:
        return sensible_day(self.cleaned_data["on"])


class CorrectionForm(FactsForm):
    """Of all the days it was said of."""

    deciding_document = DocumentField(required=False)
    reason = ReasonField(
        label=_("Sửa vì sao"),
        hint=_("Ví dụ: gõ nhầm tên."),
        error_messages={"required": _("Hãy ghi vì sao phải sửa.")},
    )

    def facts(self) -> dict[str, Any]:
        return {**super().facts(), "deciding_document": self.cleaned_data["deciding_document"]}

    @staticmethod
    def _known(version: UnitVersion) -> dict[str, Any]:
        return {**FactsForm._known(version), "deciding_document": version.deciding_document}


class UnitCodeField(CleanTextField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "label": _("Mã đơn vị"),
                "help_text": _("Không đổi được về sau. Chữ không dấu, chữ số, dấu chấm, gạch nối."),
                "max_length": 40,
                "error_messages": {"required": _("Hãy ghi mã đơn vị.")},
                **kwargs,
            }
        )

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not CODE.fullmatch(value):
            raise ValidationError(
                _("Mã đơn vị chỉ gồm chữ không dấu, chữ số, dấu chấm và gạch nối.")
            )


class NewUnitForm(FactsForm):
    code = UnitCodeField()
    kind = forms.ChoiceField(
        label=_("Loại"), choices=[("", _("Chọn loại")), *UnitKind.choices], error_messages=CHOOSE
    )
    on = DayField(label=_("Thành lập từ ngày"))
    document = DocumentField()

    field_order = (
        "code", "name", "kind", "sector", "parent", "on", "document", "levels", "attributes",
    )  # fmt: skip

    def clean_on(self) -> date | None:
        return sensible_day(self.cleaned_data["on"])


class ClosingForm(forms.Form):
    last_day = DayField(
        label=_("Ngày cuối cùng còn hoạt động"),
        error_messages={
            "required": _("Hãy ghi ngày cuối cùng, ví dụ 31/08/2026."),
            "invalid": _("Ngày chưa đúng: hãy ghi ngày/tháng/năm, ví dụ 31/08/2026."),
        },
    )
    document = DocumentField()

    def clean_last_day(self) -> date | None:
        return sensible_day(self.cleaned_data["last_day"])


def offer(form: forms.Form, units: list[Unit]) -> None:
    for field in form.fields.values():
        if isinstance(field, UnitField):
            field.units = units


def keep_to_sectors(field: forms.Field, sectors: set[str]) -> None:
    """Whoever manages some sectors only decides of units of these; the empty one: of all."""
    if "" not in sectors:
        field.choices = [each for each in Sector.choices if each[0] in sectors]  # type: ignore[attr-defined]
        field.required = True


def units_from(words: str, units: Iterable[Unit]) -> list[Unit]:
    """Several, between semicolons or lines."""
    units = list(units)
    return [one_called(each, units) for each in re.split(r"[;\n]", words) if each.strip()]


def sensible_day(day: date | None) -> date | None:
    if day is not None and not FIRST_DAY <= day <= LAST_DAY:
        raise ValidationError(
            _("Ngày %(day)s quá xa: hãy kiểm tra năm."), params={"day": local_date(day)}
        )
    return day


def _parent_of(version: UnitVersion | None) -> Unit | None:
    """As it was called when the version began."""
    parent = version.parent if version else None
    if version is not None and parent is not None:
        parent.name = parent.name_on(version.started_on)  # type: ignore[attr-defined]
    return parent


def label_of(unit: Unit | None) -> str:
    """ "Trường Một (TH01)": for people to read, and read back by `one_called`."""
    return f"{_name(unit)} ({unit.code})" if unit else str(_("không có"))


def _name(unit: Unit) -> str:
    return str(getattr(unit, "name", "") or unit.code)


def _text(unit: Unit) -> str:
    return folded(f"{_name(unit)} {unit.code}")
