"""`/styleguide/`: every piece that pages are made of, on one page, for whoever builds pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django import forms
from django.contrib.auth.decorators import permission_required
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from lms.templatetags.lms_tags import SPRITE

COLOURS = [
    "paper",
    "surface",
    "sunken",
    "line",
    "line-strong",
    "ink",
    "ink-soft",
    "jade",
    "jade-deep",
    "jade-soft",
    "turmeric",
    "turmeric-soft",
    "brick",
    "brick-soft",
    "focus",
]


class SpecimenForm(forms.Form):
    """One field of each sort, one of them with an error."""

    name = forms.CharField(label=_("Họ và tên"), help_text=_("Như trong hồ sơ nhân sự."))
    day = forms.DateField(label=_("Ngày sinh"), widget=forms.DateInput(attrs={"type": "date"}))
    sex = forms.ChoiceField(
        label=_("Giới tính"),
        choices=[("female", _("Nữ")), ("male", _("Nam"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("Ghi chú"), widget=forms.Textarea({"rows": 3}), required=False)


@dataclass(frozen=True, slots=True)
class SpecimenPoint:
    day: date
    tenths: int
    is_marked: bool = False


LINE = {
    "points": [
        SpecimenPoint(date(2026, 1, 1), 0),
        SpecimenPoint(date(2026, 4, 1), 180),
        SpecimenPoint(date(2026, 7, 1), 410, is_marked=True),
        SpecimenPoint(date(2026, 10, 1), 634),
        SpecimenPoint(date(2027, 1, 1), 712, is_marked=True),
    ],
    "first": date(2026, 1, 1),
    "last": date(2027, 12, 31),
    "known_until": date(2027, 1, 1),
    "due_on": date(2027, 12, 31),
    "thresholds": [80, 95],
}
BARS = [(_("Đã hoàn thành"), 31, "31"), (_("Đang học"), 12, "12"), (_("Chưa bắt đầu"), 5, "5")]


@permission_required("wagtailadmin.access_admin", raise_exception=True)
def styleguide(request: HttpRequest) -> HttpResponse:
    form = SpecimenForm({"name": "Nguyễn Thị Hạnh", "day": "32/13/2026", "sex": "female"})
    return render(
        request,
        "lms/styleguide.html",
        {
            "colours": COLOURS,
            "icons": icon_names(),
            "form": form,
            "page_of_list": Paginator(range(120), 50).page(2),
            "line": LINE,
            "bars": BARS,
        },
    )


def icon_names() -> list[str]:
    """What the sprite holds, in its order."""
    path = finders.find(SPRITE)
    with open(str(path), encoding="utf-8") as sprite:
        return re.findall(r'<symbol id="([\w-]+)"', sprite.read())
