"""Bringing a list of units in: the file and its day, then yes to what was shown."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from people.forms.fields import DayField
from people.forms.units import sensible_day
from people.models import User

LARGEST = 1024 * 1024  # bytes: it goes to the browser and back; ten thousand units are less
LONGEST = 24 * 60 * 60  # seconds between what was shown and yes to it
SALT = "people.unit-list"


class UnitListForm(forms.Form):
    file = forms.FileField(
        label=_("Tệp danh sách đơn vị"),
        help_text=_("XLSX, ODS hoặc CSV. Dòng đầu là tiêu đề cột."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.ods,.csv"}),
        error_messages={
            "required": _("Hãy chọn tệp."),
            "empty": _("Tệp trống: hãy chọn lại tệp có danh sách."),
        },
    )
    as_of = DayField(
        label=_("Danh sách tính đến ngày"),
        help_text=_("Những gì khác với đang ghi sẽ đúng từ ngày này; trước đó giữ như cũ."),
    )

    def clean_as_of(self) -> date | None:
        return sensible_day(self.cleaned_data["as_of"])

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise ValidationError(
                _(
                    "Tệp lớn hơn 1 MB: hãy bỏ hình ảnh và trang tính thừa, hoặc chia thành nhiều "
                    "tệp."
                )
            )
        return file

    def sent(self) -> SentList:
        file = self.cleaned_data["file"]
        return SentList(file.name or "", file.read(), self.cleaned_data["as_of"])


@dataclass(frozen=True, slots=True)
class SentList:
    """A list that was shown and is not applied yet; nothing of it is kept here meanwhile."""

    name: str
    content: bytes
    as_of: date

    def signed(self, *, by: User, seen: str) -> str:
        """To come back from the same person's browser. `seen` stands for what she was shown."""
        content = base64.b64encode(self.content).decode()
        told = [by.pk, self.name, content, self.as_of.isoformat(), seen]
        return signing.dumps(told, salt=SALT, compress=True)


def returned_list(text: str, *, by: User) -> tuple[SentList, str] | None:
    """The list and what was seen of it; None where it isn't hers, is too old or was altered."""
    try:
        key, name, content, day, seen = signing.loads(text, salt=SALT, max_age=LONGEST)
        sent = SentList(name, base64.b64decode(content), date.fromisoformat(day))
    except (signing.BadSignature, ValueError, binascii.Error):
        return None
    return (sent, seen) if key == by.pk else None
