"""What a manager asks for: a target, a day, and which of the people behind a figure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.models import Module
from people.formats import local_date
from people.models import Sector, Sex, StaffGroup, UnitKind
from reports.models import Target
from reports.queries.people import SHARED

DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]
FIRST_DAY = date(2000, 1, 1)


class DayField(forms.DateField):
    """A day, optional; typed as in Vietnam or chosen from the browser's calendar."""

    default_error_messages = {"invalid": _("Không đọc được ngày này. Hãy viết như 21/11/2026.")}

    def __init__(self, *, label: Any) -> None:
        super().__init__(
            label=label,
            required=False,
            input_formats=DAY_FORMATS,
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        )


class AskForm(forms.Form):
    """Sent by GET, so that an address is a figure: it can be kept, sent and opened again.

    `as_of` empty: the target's usual day. `since` and `until` (`from` and `to` in the address) are
    the ends of the curve; `compared` (`with`) is a second day beside the first.
    """

    target = forms.ChoiceField(
        label=_("Chỉ tiêu"),
        widget=forms.Select(attrs={"lang": settings.LANGUAGE_CODE}),  # titles as they were decided
        error_messages={"invalid_choice": _("Không có chỉ tiêu này. Hãy chọn trong danh sách.")},
    )
    as_of = DayField(label=_("Tính đến hết ngày"))
    compared = DayField(label=_("So với ngày"))
    since = DayField(label=_("Biểu đồ từ ngày"))
    until = DayField(label=_("Biểu đồ đến ngày"))

    IN_ADDRESS: ClassVar = {"compared": "with", "since": "from", "until": "to"}

    def __init__(self, query: Any, *, targets: list[Target], usual: Target | None, today: date):
        """`usual` stands in for a target that the query leaves out."""
        asked = {name: query.get(name, "") for name in ("as_of", *self.IN_ADDRESS.values())}
        asked["target"] = query.get("target") or (usual.code if usual else "")
        super().__init__(asked)
        self.today = today
        self.fields["target"].choices = [(each.code, str(each)) for each in targets]  # type: ignore[attr-defined]

    def add_prefix(self, field_name: str) -> str:
        return self.IN_ADDRESS.get(field_name, field_name)

    @property
    def chosen(self) -> list[forms.BoundField]:
        """What says which figure it is; the rest says what is shown beside it."""
        return [self["target"], self["as_of"]]

    @property
    def beside(self) -> list[forms.BoundField]:
        return [self["compared"], self["since"], self["until"]]

    def clean_as_of(self) -> date | None:
        return self._known(self.cleaned_data["as_of"])

    def clean_compared(self) -> date | None:
        return self._known(self.cleaned_data["compared"])

    def clean(self) -> dict[str, Any]:
        """A curve that would end before it begins falls back to the usual one, and says so."""
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since >= until:
            self.add_error("until", _("Ngày cuối phải sau ngày đầu."))
            cleaned.pop("since", None)
        return cleaned

    def _known(self, day: date | None) -> date | None:
        """Up to today: what is not yet known can't be counted."""
        if day is not None and not FIRST_DAY <= day <= self.today:
            raise forms.ValidationError(
                _("Chỉ có số liệu đến hôm nay, ngày %(day)s: đang xem số liệu của ngày này.")
                % {"day": local_date(self.today)}
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
    kind = forms.ChoiceField(
        label=_("Loại đơn vị"), choices=[("", _("Mọi loại")), *UnitKind.choices], required=False
    )
    sector = forms.ChoiceField(
        label=_("Ngành"),
        choices=[("", _("Mọi ngành")), *Sector.choices, (SHARED, _("Chung hai ngành"))],
        required=False,
    )
    module = forms.ChoiceField(label=_("Đã xong chuyên đề"), required=False)
    without = forms.ChoiceField(label=_("Chưa xong chuyên đề"), required=False)
    done = forms.ChoiceField(
        label=_("Kết quả"),
        choices=[
            ("", _("Tất cả")),
            ("no", pgettext_lazy("coverage", "Chưa đạt")),
            ("yes", pgettext_lazy("coverage", "Đã đạt")),
        ],
        required=False,
    )
    q = forms.CharField(
        label=_("Tên hoặc mã"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )

    def __init__(self, query: Any, *, modules: Sequence[Module]) -> None:
        super().__init__(query)
        choices = [("", _("Mọi chuyên đề")), *((each.code, str(each)) for each in modules)]
        for name in ("module", "without"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
            self.fields[name].widget.attrs["lang"] = settings.LANGUAGE_CODE

    @property
    def asked(self) -> list[forms.BoundField]:
        """The fields that are filled in; the result is chosen by links."""
        return [self["q"], self["group"], self["sex"]]

    @property
    def more(self) -> list[forms.BoundField]:
        """What fewer look for, folded away."""
        return [self["kind"], self["sector"], self["module"], self["without"]]

    @property
    def asks_more(self) -> bool:
        return any(field.value() for field in self.more)


def default_target(targets: list[Target], *, day: date) -> Target | None:
    """The target that runs on the day and is due first; else the latest to begin."""
    running = [each for each in targets if each.started_on <= day <= each.due_on]
    if running:
        return min(running, key=lambda each: (each.due_on, each.code))
    return max(targets, key=lambda each: (each.started_on, each.due_on), default=None)
