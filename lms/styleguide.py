"""`/styleguide/`: every piece that pages are made of, on one page, for whoever builds pages."""

from __future__ import annotations

import re

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
        },
    )


def icon_names() -> list[str]:
    """What the sprite holds, in its order."""
    path = finders.find(SPRITE)
    with open(str(path), encoding="utf-8") as sprite:
        return re.findall(r'<symbol id="([\w-]+)"', sprite.read())
