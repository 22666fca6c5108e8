"""What a unit writes in its report, what its receiver answers, and which reports to list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from people.forms.fields import CleanTextField, DayField, ReasonField
from people.forms.requests import CHOOSE
from people.models import Unit
from reports.models import OutsideRow, Report, ReportKind, Target
from reports.models.report import MOST_PEOPLE
from reports.queries.filing import STANDINGS, Term
from reports.services.filing import Writing

LONGEST_SECTION, LONGEST_LINE, LONGEST_LIST = 20_000, 200, 2_000  # characters
FIRST_YEAR = 2016
BLANK_ROWS, MOST_ROWS = 3, 100

SECTIONS = {
    "situation": _("I. Đặc điểm tình hình, công tác chỉ đạo"),
    "documents": _("II.1. Rà soát, cung cấp văn bản, tài liệu"),
    "training": _("II.2. Nhận xét về tập huấn, bồi dưỡng (số liệu đã điền sẵn)"),
    "communication": _("II.3. Truyền thông"),
    "counselling": _("II.4. Phòng tư vấn học đường"),
    "survey": _("II.5. Khảo sát"),
    "shortcomings": _("III. Tồn tại, nguyên nhân"),
    "plans": _("IV. Phương hướng, kiến nghị"),
    "commendation": _("V. Khen thưởng"),
}
LETTERHEAD = {
    "parent_body": _("Cơ quan chủ quản"),
    "issuer": _("Cơ quan ban hành"),
    "number": _("Số (văn thư ghi)"),
    "symbol": _("Ký hiệu"),
    "place": _("Địa danh"),
    "subject": _("Trích yếu"),
    "bases": _("Căn cứ (mỗi căn cứ một dòng)"),
    "recipients": _("Nơi nhận (mỗi nơi một dòng)"),
    "signatory": _("Chức danh người ký"),
    "signatory_name": _("Họ và tên người ký"),
    "second_signatory": _("Chức danh người cùng ký, nếu hai cơ quan cùng ban hành"),
    "second_signatory_name": _("Họ và tên người cùng ký"),
}
IN_LINES = {"bases", "recipients", "signatory", "second_signatory"}


class FilterForm(forms.Form):
    """Sent by GET; what can't be read filters nothing."""

    year = forms.TypedChoiceField(label=_("Năm"), coerce=int, required=False)
    standing = forms.ChoiceField(
        label=_("Tình trạng"),
        choices=[("", _("Tất cả")), *STANDINGS.items()],
        required=False,
    )

    def __init__(self, query: Any, *, today: date) -> None:
        super().__init__({"year": query.get("year") or today.year, **_only(query, "standing")})
        years = range(today.year, FIRST_YEAR - 1, -1)
        self.fields["year"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]
        self.is_valid()
        self.chosen_year: int = self.cleaned_data.get("year") or today.year
        self.chosen_standing: str = self.cleaned_data.get("standing") or ""


class NewReportForm(forms.Form):
    """Which unit, and which days: a year, or a period of several."""

    unit = forms.CharField(label=_("Mã đơn vị"), max_length=40, error_messages=CHOOSE)
    kind = forms.ChoiceField(label=_("Loại báo cáo"), choices=ReportKind)
    first_year = forms.IntegerField(
        label=_("Từ năm"),
        help_text=_("Chỉ dùng cho báo cáo sơ kết, tổng kết giai đoạn."),
        required=False,
        min_value=FIRST_YEAR,
    )
    year = forms.IntegerField(label=_("Năm báo cáo"), min_value=FIRST_YEAR)

    def __init__(self, *args: Any, units: Any, today: date, **kwargs: Any) -> None:
        """`units`: a queryset of those that the viewer may write for."""
        super().__init__(*args, **kwargs)
        self.units, self.today = units, today

    def clean_unit(self) -> Unit:
        unit: Unit | None = self.units.filter(code=self.cleaned_data["unit"].strip()).first()
        if unit is None:
            raise ValidationError(_("Không có đơn vị nào mang mã này trong phạm vi quản lý."))
        return unit

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if year > self.today.year:
            raise ValidationError(_("Năm này chưa đến."))
        return year

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first_year"), cleaned.get("year")
        if cleaned.get("kind") != ReportKind.ANNUAL and last and not (first and first < last):
            self.add_error("first_year", _("Hãy ghi năm đầu, trước năm báo cáo."))
        return cleaned

    @property
    def term(self) -> Term:
        chosen = self.cleaned_data
        if chosen["kind"] == ReportKind.ANNUAL:
            return Term.of_year(chosen["year"])
        return Term(chosen["kind"], date(chosen["first_year"], 1, 1), date(chosen["year"], 12, 31))


class DraftForm(forms.Form):
    """The figures' target and day, the sections, and what stands around them."""

    target = forms.ModelChoiceField(
        label=_("Chỉ tiêu"), queryset=Target.objects.all(), error_messages=CHOOSE
    )
    as_of = DayField(label=_("Ngày chốt số liệu"))

    def __init__(self, said: Any, *, report: Report, today: date) -> None:
        initial = {
            "target": report.target_id,
            "as_of": report.as_of,
            **report.letterhead,
            **report.sections,
        }
        super().__init__(said, initial=initial)
        self.report, self.today = report, today
        for name, label in SECTIONS.items():
            self.fields[name] = forms.CharField(
                label=label,
                required=False,
                max_length=LONGEST_SECTION,
                widget=forms.Textarea({"rows": 5}),
            )
        for name, label in LETTERHEAD.items():
            is_long = name in IN_LINES
            self.fields[name] = forms.CharField(
                label=label,
                required=False,
                max_length=LONGEST_LIST if is_long else LONGEST_LINE,
                widget=forms.Textarea({"rows": 3}) if is_long else forms.TextInput(),
            )

    @property
    def counted(self) -> list[forms.BoundField]:
        return [self["target"], self["as_of"]]

    @property
    def written(self) -> list[forms.BoundField]:
        return [self[name] for name in SECTIONS]

    @property
    def around(self) -> list[forms.BoundField]:
        return [self[name] for name in LETTERHEAD]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        target, day = cleaned.get("target"), cleaned.get("as_of")
        if day and day > max(self.today, self.report.ended_on):
            self.add_error("as_of", _("Ngày chốt số liệu phải trong kỳ báo cáo."))
        if target and day and target.started_on > day:
            self.add_error("target", _("Chỉ tiêu này chưa bắt đầu vào ngày chốt số liệu."))
        return cleaned

    def writing(self, outside: list[OutsideRow]) -> Writing:
        chosen = self.cleaned_data
        return Writing(
            target=chosen["target"],
            as_of=chosen["as_of"],
            sections={name: chosen[name] for name in SECTIONS},
            letterhead={name: chosen[name] for name in LETTERHEAD},
            outside=outside,
        )


class OutsideForm(forms.Form):
    """A unit that is not in the system; without a name there is no row."""

    name = CleanTextField(label=_("Tên đơn vị"), required=False, max_length=200)
    required_male = forms.IntegerField(
        label=_("Tổng số nam"), required=False, min_value=0, max_value=MOST_PEOPLE
    )
    required_female = forms.IntegerField(
        label=_("Tổng số nữ"), required=False, min_value=0, max_value=MOST_PEOPLE
    )
    complete_male = forms.IntegerField(
        label=_("Nam đã hoàn thành"), required=False, min_value=0, max_value=MOST_PEOPLE
    )
    complete_female = forms.IntegerField(
        label=_("Nữ đã hoàn thành"), required=False, min_value=0, max_value=MOST_PEOPLE
    )
    evidence = CleanTextField(
        label=_("Căn cứ"),
        help_text=_("Ví dụ: công văn số 12 ngày 20/10/2026."),
        required=False,
        max_length=200,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("name") and any(cleaned.values()):
            self.add_error("name", _("Hãy ghi tên đơn vị, hoặc xóa cả dòng."))
        for sex in ("male", "female"):
            if (cleaned.get(f"complete_{sex}") or 0) > (cleaned.get(f"required_{sex}") or 0):
                self.add_error(f"complete_{sex}", _("Không thể nhiều hơn tổng số."))
        return cleaned

    @property
    def row(self) -> OutsideRow | None:
        chosen = self.cleaned_data
        if not chosen.get("name"):
            return None
        numbers = {name: chosen[name] or 0 for name in NUMBERS}
        return OutsideRow(name=chosen["name"], evidence=chosen["evidence"], **numbers)


NUMBERS = ("required_male", "required_female", "complete_male", "complete_female")


OutsideFormSet = forms.formset_factory(
    OutsideForm, extra=BLANK_ROWS, max_num=MOST_ROWS, validate_max=True
)


def outside_rows(formset: Any) -> list[OutsideRow]:
    """Of a valid set; a row whose name was cleared is gone."""
    rows = [form.row for form in formset.forms if form.has_changed() or form.initial]
    return [row for row in rows if row is not None]


def outside_initial(rows: Sequence[OutsideRow]) -> list[dict[str, Any]]:
    names = ("name", "evidence", *NUMBERS)
    return [{name: getattr(row, name) for name in names} for row in rows]


class ReturnForm(forms.Form):
    comment = forms.CharField(
        label=_("Ý kiến"),
        help_text=_("Đơn vị đọc ý kiến này để sửa; ý kiến được ghi vào nhật ký."),
        max_length=LONGEST_LIST,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": _("Hãy ghi ý kiến: đơn vị cần biết phải sửa gì.")},
    )


class AmendForm(forms.Form):
    """Of a returned report the comment says why; every other takes a reason."""

    reason = ReasonField()

    def __init__(self, *args: Any, is_returned: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_returned:
            del self.fields["reason"]


def _only(query: Any, *names: str) -> dict[str, Any]:
    return {name: query.get(name, "") for name in names}
